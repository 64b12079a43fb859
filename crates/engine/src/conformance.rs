//! The suite that every driver passes on a real server: one [`Fixture`] says what the engine's SQL looks like, the suite
//! says what must hold. Feature `conformance`; for tests only, so a broken promise is a panic that says which.
//!
//! ```ignore
//! engine::conformance::run(&engine, &fixture).await;
//! ```

mod catalog;
mod connect;
mod outline;
mod proof;
mod query;
mod run;
mod sessions;

use std::time::Duration;

use crate::query::Cell;
use crate::session::{Engine, Session};
use crate::target::{Target, Tls};

pub use outline::outline;

/// What the suite needs to know of an engine. All databases are empty, the suite's own, and dropped by the caller.
pub struct Fixture<'a> {
    /// An administrator; `database` is set by the suite.
    pub target: Target,
    /// How to reach the server with a verified certificate, where it has one.
    pub tls: Option<Tls>,
    /// For the rich schema, for its copy, and for work.
    pub databases: [String; 3],
    /// A script with at least one object of every kind that the engine has.
    pub rich: &'a str,
    /// Lines that the [`outline`] of the rich schema must have.
    pub outline: &'a [&'a str],
    /// Makes a table `work (id, name)` of 1,000 rows with ids from 1 and fresh statistics.
    pub work: &'a str,
    pub failing: Failing<'a>,
    /// Runs for 30 seconds.
    pub sleep: &'a str,
    pub lock: Option<Lock<'a>>,
    pub in_force: Option<InForce<'a>>,
    /// An UPDATE or DELETE of `work`, and the number of rows it touches.
    pub estimate: Option<(&'a str, i64)>,
    /// Statements on `work` of which one may not run inside a transaction.
    pub alone: Option<&'a str>,
    /// Queries of one value each, with the name of its type and the cell that it is.
    pub values: &'a [(&'a str, &'a str, Cell)],
    /// The name of a database that does not exist. The suite makes it.
    pub new_database: Option<String>,
}

/// A script of three statements: it makes a table `half`, changes it, and fails in the last.
pub struct Failing<'a> {
    pub sql: &'a str,
    /// Line and column of the error, from 1.
    pub position: (u32, u32),
    /// Statements that stay applied: 0 where DDL is transactional.
    pub applied: usize,
}

/// Two sessions in each other's way.
pub struct Lock<'a> {
    /// Run inside a transaction, takes the lock.
    pub holder: &'a str,
    /// Waits for it.
    pub waiter: &'a str,
}

/// A setting and a statement that fails unless it is in force.
pub struct InForce<'a> {
    pub name: &'a str,
    pub value: &'a str,
    pub probe: &'a str,
}

/// What an engine cannot promise about its proofs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unproven {
    /// It has no lock, and says so.
    Lock,
    /// It cannot end a session that holds the lock.
    Evict,
    /// It cannot tell what became of a transaction that wrote rows.
    Transaction,
    /// CREATE TABLE and DROP TABLE do not show in a witness.
    CreateTable,
}

/// Runs the whole suite. Panics at the first promise that is not kept.
pub async fn run(engine: &dyn Engine, fixture: &Fixture<'_>) {
    run_without(engine, fixture, &[]).await;
}

/// [`run`] for an engine that cannot prove everything.
pub async fn run_without(engine: &dyn Engine, fixture: &Fixture<'_>, unproven: &[Unproven]) {
    Box::pin(connect::check(engine, fixture)).await;
    Box::pin(catalog::check(engine, fixture)).await;
    Box::pin(run::check(engine, fixture)).await;
    Box::pin(query::check(engine, fixture)).await;
    Box::pin(sessions::check(engine, fixture)).await;
    Box::pin(proof::check(engine, fixture, unproven)).await;
}

/// Nothing in the suite takes longer, unless it hangs.
const PATIENCE: Duration = Duration::from_secs(60);

async fn in_time<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(PATIENCE, future).await {
        Ok(value) => value,
        Err(_) => panic!("{what}: no answer within {PATIENCE:?}"),
    }
}

impl Fixture<'_> {
    /// The target with the database of that number.
    fn at(&self, database: usize) -> Target {
        Target { database: Some(self.databases[database].clone()), ..self.target.clone() }
    }

    async fn session(&self, engine: &dyn Engine, database: usize) -> Box<dyn Session> {
        in_time("connect", engine.connect(&self.at(database)))
            .await
            .unwrap_or_else(|e| panic!("connect to {}: {e}", self.databases[database]))
    }
}
