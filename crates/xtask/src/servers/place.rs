//! Where a server keeps its files.
//!
//! `target/servers/NAME`, unless the server's user cannot enter it (a target directory under `/root`, which
//! is 0700): then `/var/cache/basalt-servers/TARGET/NAME`. The authority and its certificates lie beside the
//! servers and live as long as they do.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::account::Account;
use super::certs;
use super::record::Record;
use crate::paths;

/// Folder that every user of the machine may enter, for what lies under a closed home otherwise.
const OPEN_CACHE: &str = "/var/cache/basalt-servers";

/// The files of one server that is about to start.
pub struct Place {
    name: &'static str,
    /// The server waits for the disk, as people run it.
    pub durable: bool,
}

/// The prepared folders of one server.
pub struct Home {
    pub account: Account,
    pub dir: PathBuf,
    pub data: PathBuf,
    pub log: PathBuf,
    /// The server's own copies of certificate and key: PostgreSQL insists on owning its key.
    pub tls: certs::ServerFiles,
    shared_tls: certs::Files,
}

impl Place {
    pub fn new(name: &'static str, durable: bool) -> Self {
        Self { name, durable }
    }

    /// Empty folders owned by `account`. What an earlier server of this name left is removed.
    pub fn home(&self, account: Account) -> Result<Home> {
        let base = base_for(account)?;
        let dir = base.join(self.name);
        if dir.exists() {
            fs::remove_dir_all(&dir).with_context(|| format!("cannot remove {}", dir.display()))?;
        }
        fs::create_dir_all(&dir).with_context(|| format!("cannot create {}", dir.display()))?;
        account.own(&dir)?;
        let shared_tls = certs::ensure(&base.join("tls"))?;
        let tls = shared_tls.copy_for_server(&dir, account)?;
        Ok(Home { account, data: dir.join("data"), log: dir.join("log"), tls, shared_tls, dir })
    }
}

impl Home {
    /// The line for `servers.json`.
    pub fn record(
        &self,
        scheme: &str,
        user: &str,
        password: &str,
        port: u16,
        pid: u32,
        version: String,
    ) -> Record {
        let database = if scheme == "postgres" { "postgres" } else { "" };
        Record {
            url: format!("{scheme}://{user}:{password}@127.0.0.1:{port}/{database}"),
            host: "127.0.0.1".to_owned(),
            port,
            user: user.to_owned(),
            password: password.to_owned(),
            pid,
            version,
            ca_file: self.shared_tls.ca.clone(),
            client_cert_file: self.shared_tls.client_cert.clone(),
            client_key_file: self.shared_tls.client_key.clone(),
            data_dir: self.data.clone(),
            log: self.log.clone(),
        }
    }
}

/// A cache folder that `account` can enter: in our own cache, else in the machine's.
pub fn program_cache(account: Account, name: &str) -> Result<PathBuf> {
    first_enterable(account, [paths::cache_dir().join(name), Path::new(OPEN_CACHE).join(name)])
}

/// Removes all servers' files, wherever they lay.
pub fn remove_all() -> Result<()> {
    for base in bases() {
        if base.exists() {
            fs::remove_dir_all(&base)
                .with_context(|| format!("cannot remove {}", base.display()))?;
        }
    }
    Ok(())
}

fn base_for(account: Account) -> Result<PathBuf> {
    first_enterable(account, bases())
}

fn bases() -> [PathBuf; 2] {
    // Next to servers.json, so that two sets (two target directories, or BASALT_SERVERS) do not meet.
    let beside = paths::servers_file().with_extension("");
    let flat = beside.to_string_lossy().trim_start_matches('/').replace('/', "-");
    [beside, Path::new(OPEN_CACHE).join(flat)]
}

fn first_enterable(account: Account, candidates: [PathBuf; 2]) -> Result<PathBuf> {
    let [wanted, fallback] = candidates;
    for dir in [&wanted, &fallback] {
        fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
        if account.can_enter(dir)? {
            return Ok(dir.clone());
        }
    }
    anyhow::bail!(
        "the server's user may enter neither {} nor {}",
        wanted.display(),
        fallback.display()
    )
}
