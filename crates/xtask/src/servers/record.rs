//! `servers.json`: what runs, and how to reach it.
//!
//! An object of name → [`Record`], written whole and renamed into place, so that a reader never sees half.
//! `testkit::servers` reads the same fields.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use crate::paths;

/// One running server.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    /// `postgres://…` or `mysql://…` with user and password, of the administrator.
    pub url: String,
    pub host: String,
    pub port: u16,
    pub user: String,
    pub password: String,
    pub pid: u32,
    /// As the server itself words it, e.g. `15.18 (Debian 15.18-0+deb12u1)`.
    pub version: String,
    /// PEM of the authority that signed the server's certificate (for 127.0.0.1 and localhost).
    pub ca_file: PathBuf,
    /// PEM of a client certificate of the same authority, common name `basalt_client`.
    pub client_cert_file: PathBuf,
    pub client_key_file: PathBuf,
    /// Also what proves that a process of this pid is ours: its command line names this folder.
    pub data_dir: PathBuf,
    pub log: PathBuf,
}

impl Record {
    /// Whether the process still runs and is the one we started.
    pub fn is_alive(&self) -> bool {
        // A pid is used again sooner or later; our data directory on the command line is not.
        let Ok(command_line) = fs::read(format!("/proc/{}/cmdline", self.pid)) else {
            return false;
        };
        String::from_utf8_lossy(&command_line).contains(&*self.data_dir.to_string_lossy())
    }
}

/// The whole file.
pub struct Servers {
    path: PathBuf,
    records: BTreeMap<String, Record>,
}

impl Servers {
    /// The recorded servers; none if there is no file.
    pub fn read() -> Result<Self> {
        let path = paths::servers_file();
        let records = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).with_context(|| {
                format!(
                    "{} is not a list of servers: stop them by hand and delete it",
                    path.display()
                )
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", path.display()));
            }
        };
        Ok(Self { path, records })
    }

    pub fn get(&self, name: &str) -> Option<&Record> {
        self.records.get(name)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&String, &Record)> {
        self.records.iter()
    }

    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Records a server at once, so that `down` finds it even if the next one fails to start.
    pub fn insert(&mut self, name: &str, record: Record) -> Result<()> {
        self.records.insert(name.to_owned(), record);
        self.write()
    }

    pub fn remove(&mut self, name: &str) -> Result<()> {
        self.records.remove(name);
        self.write()
    }

    /// Deletes the file.
    pub fn forget(self) -> Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot delete {}", self.path.display()))
            }
            _ => Ok(()),
        }
    }

    fn write(&self) -> Result<()> {
        let json = serde_json::to_vec_pretty(&self.records)?;
        write_whole(&self.path, &json)
    }
}

fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let partial = path.with_extension("json.partial");
    fs::write(&partial, bytes)
        .and_then(|()| fs::rename(&partial, path))
        .with_context(|| format!("cannot write {}", path.display()))
}
