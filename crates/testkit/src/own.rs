//! Servers of one test's own, which it may stop, copy, restore and promote: a PostgreSQL cluster, and a pooler before a server.
//!
//! As in [`crate::servers`], what cannot be had prints `SKIPPED: …` and gives `None`, and panics with `CI=true`. What a test started ends with it.

mod account;
mod cluster;
mod pooler;

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use base::Rng as _;

use crate::environment::{is_judged, say};

pub use cluster::Cluster;
pub use pooler::Pooler;

/// Whether the program is installed.
fn is_there(program: &Path, package: &str) -> bool {
    let there = program.exists();
    if !there {
        let why = format!("no {}: apt-get install {package}", program.display());
        assert!(!is_judged(), "obligatory in CI: {why}");
        say(&format!("SKIPPED: {why}"));
    }
    there
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").port()
}

/// A new folder that the servers' user may enter.
fn folder() -> PathBuf {
    let mut bytes = [0; 8];
    base::System.fill(&mut bytes);
    let path = std::env::temp_dir().join(format!("basalt-own-{:016x}", u64::from_ne_bytes(bytes)));
    std::fs::create_dir(&path).expect("a temporary folder");
    account::own(&path);
    path
}
