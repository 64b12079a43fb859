//! Connects to MySQL and MariaDB, and works there.
//!
//! Invariants: one statement a message; an address is judged before it is connected to, and never resolved again; TLS
//! never falls back to plain text; LOAD DATA LOCAL never reads a file of ours.

mod activity;
mod cancel;
mod cell;
mod classify_error;
mod connect;
mod execute;
mod explain;
mod flavor;
mod history;
mod lag;
mod lock;
mod mark;
mod preflight;
mod query;
mod rows;
mod session;
mod settings;
mod sync;
mod syntax;
mod tunnel;
mod witness;
mod xa;

use async_trait::async_trait;
use base::EngineKind;
use engine::{Engine, Failure, Outbound, Session, Setting, SettingsRequest, Target};
use sql::Dialect;

pub use flavor::Flavor;

/// The driver of the family. Cheap to clone.
#[derive(Debug, Clone)]
pub struct MysqlEngine {
    outbound: Outbound,
}

impl MysqlEngine {
    pub const fn new(outbound: Outbound) -> Self {
        Self { outbound }
    }
}

#[async_trait]
impl Engine for MysqlEngine {
    fn kinds(&self) -> &'static [EngineKind] {
        &[EngineKind::Mysql, EngineKind::Mariadb]
    }

    fn dialect(&self) -> &'static dyn Dialect {
        &sql_mysql::DIALECT
    }

    fn reader(&self, kind: EngineKind) -> Option<&'static dyn sql::Reader> {
        sql_mysql::reader(kind)
    }

    async fn connect(&self, target: &Target) -> Result<Box<dyn Session>, Failure> {
        Ok(Box::new(session::MysqlSession::open(&self.outbound, target).await?))
    }

    fn settings(&self, request: &SettingsRequest) -> Result<Vec<Setting>, base::Error> {
        settings::for_request(request)
    }
}
