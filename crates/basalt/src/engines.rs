//! The engines of this binary: one line each, nothing hidden.

use std::sync::Arc;

use engine::{Outbound, Registry};

/// All drivers, each judging addresses by `outbound`.
pub fn registry(outbound: &Outbound) -> Registry {
    Registry::new(vec![
        Arc::new(driver_postgres::PostgresEngine::new(outbound.clone())),
        Arc::new(driver_mysql::MysqlEngine::new(outbound.clone())),
        Arc::new(driver_sqlite::SqliteEngine::new(outbound.clone())),
    ])
}
