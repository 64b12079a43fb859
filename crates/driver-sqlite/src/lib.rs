//! SQLite files as databases: an instance is a folder, a database a file in it.
//!
//! Invariants: no file outside the folder is opened, neither by a name nor by SQL (ATTACH and VACUUM INTO are refused);
//! a missing file is an error and never a new database; each session has a thread and a connection of its own.
//!
//! A new database is made by the statement `CREATE DATABASE "name"`, on any session of the instance. `Target.host` is
//! the absolute path of the folder; a target without a database gives a session that can only do that, and `ping`.

mod classify_error;
mod connect;
mod execute;
mod files;
mod lock;
mod marker;
mod preflight;
mod query;
mod session;
mod settings;
mod sync;
mod witness;
mod worker;

use async_trait::async_trait;
use base::EngineKind;
use engine::{Engine, Failure, Outbound, Session, Setting, SettingsRequest, Target};
use sql::Dialect;

/// The driver. Cheap to clone.
#[derive(Debug, Clone)]
pub struct SqliteEngine {
    outbound: Outbound,
}

impl SqliteEngine {
    pub const fn new(outbound: Outbound) -> Self {
        Self { outbound }
    }
}

#[async_trait]
impl Engine for SqliteEngine {
    fn kinds(&self) -> &'static [EngineKind] {
        &[EngineKind::Sqlite]
    }

    fn dialect(&self) -> &'static dyn Dialect {
        &sql_sqlite::DIALECT
    }

    fn reader(&self, kind: EngineKind) -> Option<&'static dyn sql::Reader> {
        sql_sqlite::reader(kind)
    }

    /// Bare EXPLAIN lists instructions of its machine.
    fn explain(&self, statement: &str) -> String {
        format!("EXPLAIN QUERY PLAN {statement}")
    }

    async fn connect(&self, target: &Target) -> Result<Box<dyn Session>, Failure> {
        Ok(Box::new(session::SqliteSession::open(&self.outbound, target).await?))
    }

    fn settings(&self, request: &SettingsRequest) -> Result<Vec<Setting>, base::Error> {
        settings::for_request(request)
    }
}
