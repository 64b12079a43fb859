//! Finds a server in `servers.json`, or has `cargo xtask servers up` start the set.
//!
//! `xtask/src/paths.rs` and `xtask/src/servers/record.rs` are the writing side: same steps, same fields.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use tokio::sync::OnceCell;

use super::{Product, Server};
use crate::environment::{is_judged, say, variable};

/// The name of a server → how to reach it, or an empty map with the reason.
type Set = Result<BTreeMap<String, Server>, String>;

/// Read once a test process: servers neither come nor go while tests run.
static SET: OnceCell<Set> = OnceCell::const_new();

/// The server, or a loud line and `None`; a panic with `CI=true`.
pub(super) async fn or_skip(name: &str, product: Product) -> Option<Server> {
    match look_up(name, product).await {
        Ok(server) => Some(server),
        Err(reason) if is_judged() => {
            panic!("{name} is obligatory in CI: {reason}")
        }
        Err(reason) => {
            say(&format!("SKIPPED: no {name}: {reason}"));
            None
        }
    }
}

pub(super) async fn look_up(name: &str, product: Product) -> Result<Server, String> {
    let set = SET
        .get_or_init(|| async {
            tokio::task::spawn_blocking(find).await.expect("find does not panic")
        })
        .await;
    let servers = set.as_ref().map_err(Clone::clone)?;
    let server = servers
        .get(name)
        .ok_or_else(|| format!("`cargo xtask servers up` did not start {name}"))?;
    Ok(Server { product, ..server.clone() })
}

fn find() -> Set {
    let file = servers_file();
    if let Some(servers) = read(&file)?
        && ["postgres", "mariadb"].iter().all(|name| servers.contains_key(*name))
        && servers.values().all(is_alive)
    {
        return Ok(servers);
    }
    say("starting the test servers; `cargo xtask servers down` stops them");
    // It takes a file lock, so that test binaries which start together start one set.
    let output = Command::new(env!("CARGO"))
        .args(["xtask", "servers", "up"])
        .current_dir(workspace())
        .output()
        .map_err(|error| format!("cannot run cargo xtask servers up: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "cargo xtask servers up failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        ));
    }
    read(&file)?.ok_or_else(|| format!("cargo xtask servers up left no {}", file.display()))
}

fn read(file: &Path) -> Result<Option<BTreeMap<String, Server>>, String> {
    match std::fs::read(file) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| format!("{}: {error}", file.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{}: {error}", file.display())),
    }
}

fn is_alive(server: &Server) -> bool {
    let Ok(command_line) = std::fs::read(format!("/proc/{}/cmdline", server.pid)) else {
        return false;
    };
    String::from_utf8_lossy(&command_line).contains(&*server.data_dir.to_string_lossy())
}

fn servers_file() -> PathBuf {
    let target =
        workspace().join(variable("CARGO_TARGET_DIR").unwrap_or_else(|| "target".to_owned()));
    variable("BASALT_SERVERS")
        .map_or_else(|| target.join("servers.json"), |file| workspace().join(file))
}

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("this crate lies two folders below the root")
}
