//! PostgreSQL: connect, sync, execute, cancel, over tokio-postgres.
//!
//! Invariants: one statement a message, never two; values reach the server as quoted literals or through `set_config`,
//! never pasted; all connections, also those that cancel, are dialled through [`engine::tunnel`], which judges addresses.

mod activity;
mod backend_key;
mod cancel;
mod cell;
mod connect;
mod estimate;
mod execute;
mod failure;
mod instance;
mod lock;
mod preflight;
mod progress;
mod proof;
mod query;
mod rows;
mod session;
mod settings;
mod sync;
mod tls;
mod witness;

use async_trait::async_trait;
use base::EngineKind;
use engine::{Failure, Outbound, Session, Setting, SettingsRequest, Target};

/// The driver. Versions 10 to 18 by its queries; see the README for those that tests ran on.
#[derive(Debug, Clone)]
pub struct PostgresEngine {
    outbound: Outbound,
}

impl PostgresEngine {
    pub const fn new(outbound: Outbound) -> Self {
        Self { outbound }
    }
}

#[async_trait]
impl engine::Engine for PostgresEngine {
    fn kinds(&self) -> &'static [EngineKind] {
        &[EngineKind::Postgres]
    }

    fn dialect(&self) -> &'static dyn sql::Dialect {
        &sql_postgres::DIALECT
    }

    fn reader(&self, kind: EngineKind) -> Option<&'static dyn sql::Reader> {
        sql_postgres::reader(kind)
    }

    async fn connect(&self, target: &Target) -> Result<Box<dyn Session>, Failure> {
        Ok(Box::new(connect::connect(&self.outbound, target).await?))
    }

    fn settings(&self, request: &SettingsRequest) -> Result<Vec<Setting>, base::Error> {
        settings::settings(request)
    }
}
