//! The two traits that a driver implements. Adding an engine: docs/howto/engine.md.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use base::EngineKind;
use schema::Catalog;
use sql::{Dialect, Facts, Reader, SyntaxError};

use crate::failure::{Failure, StatementFailure};
use crate::proof::{Finding, Lock, Mark, Outcome, Progress, Proof, Transaction, Verdict, Witness};
use crate::query::{Queried, Reading, Sink, unsupported};
use crate::settings::{Setting, SettingsRequest};
use crate::target::Target;

/// A driver: makes sessions.
#[async_trait]
pub trait Engine: Send + Sync {
    /// The kinds it serves; one driver may serve a family.
    fn kinds(&self) -> &'static [EngineKind];

    fn dialect(&self) -> &'static dyn Dialect;

    /// What tells whether a statement of this kind only reads. None: people cannot query it.
    fn reader(&self, _kind: EngineKind) -> Option<&'static dyn Reader> {
        None
    }

    /// The statement that shows how `statement` would be run, without running it.
    fn explain(&self, statement: &str) -> String {
        format!("EXPLAIN {statement}")
    }

    /// Opens a session. Whatever fails is classified. Dropping the future leaves nothing behind.
    async fn connect(&self, target: &Target) -> Result<Box<dyn Session>, Failure>;

    /// The settings a change runs under, in the order in which they are set: the engine's defaults for changes, the
    /// request's timeouts, then its overrides. Refuses an override that the engine does not list.
    fn settings(&self, request: &SettingsRequest) -> Result<Vec<Setting>, base::Error>;
}

/// One connection to one database.
#[async_trait]
pub trait Session: Send {
    /// Version and identity; also proves that the session lives.
    async fn ping(&mut self) -> Result<ServerInfo, Failure>;

    /// Version, roles and databases of the instance.
    async fn sync_instance(&mut self) -> Result<InstanceInfo, Failure>;

    /// The whole catalog of the connected database, by a fixed number of set-based queries in one consistent view.
    async fn sync_database(&mut self) -> Result<Catalog, Failure>;

    /// Sets session settings; each is in force for the rest of the session.
    async fn apply_settings(&mut self, settings: &[Setting]) -> Result<(), Failure>;

    /// Runs one statement in the session's present transaction state.
    async fn statement(&mut self, sql: &str) -> Result<Reply, StatementFailure>;

    /// Reads rows as text, at most `limit`, for Basalt's own questions.
    async fn fetch(&mut self, sql: &str, limit: usize) -> Result<Vec<Row>, StatementFailure>;

    /// Begins a transaction in which the server itself refuses to write, for [`Session::query`]. It ends with the session.
    async fn begin_reading(&mut self, _reading: &Reading) -> Result<(), StatementFailure> {
        Err(unsupported())
    }

    /// Runs one statement, and hands what it gives to `sink`. When that has enough, the statement is stopped at the server
    /// and the session can go on. After a failure it cannot.
    async fn query(
        &mut self,
        _sql: &str,
        _sink: &mut dyn Sink,
    ) -> Result<Queried, StatementFailure> {
        Err(unsupported())
    }

    async fn begin(&mut self, transaction: &Transaction) -> Result<(), StatementFailure>;

    /// The last step before COMMIT, inside the transaction, ours or the script's own: gives what [`Session::verdict`] will ask by.
    /// The caller makes it durable before it commits. An engine that can prove nothing gives nothing.
    async fn prepare(
        &mut self,
        _transaction: &Transaction,
    ) -> Result<BTreeMap<String, String>, StatementFailure> {
        Ok(BTreeMap::new())
    }

    /// Begins a transaction, and gives at once what [`Session::prepare`] would give at its end, so that it can be recorded while the
    /// statements run: then `prepare` is not called. None: the engine knows it only at the end.
    async fn begin_proven(
        &mut self,
        transaction: &Transaction,
    ) -> Result<Option<BTreeMap<String, String>>, StatementFailure> {
        self.begin(transaction).await.map(|()| None)
    }

    /// A transaction that was prepared outlives its session, and holds its locks until somebody ends it by its name. Once its
    /// proof is recorded it is committed, by its session or by [`Session::verdict`].
    fn outlives(&self) -> bool {
        false
    }

    async fn commit(&mut self) -> Result<(), StatementFailure>;

    async fn rollback(&mut self) -> Result<(), StatementFailure>;

    /// Tries to take the lock that keeps two executors from changing this database at a time. Never waits.
    async fn lock(&mut self) -> Result<Lock, Failure> {
        Ok(Lock::Unavailable)
    }

    /// Ends another session, if it holds that lock: its executor is gone or lost its claim.
    async fn evict(&mut self, _backend: &str) -> Result<(), Failure> {
        Ok(())
    }

    /// What became of a transaction whose session is gone. May end what is left of it at the target: an answer other
    /// than [`Outcome::Open`] does not change any more.
    async fn verdict(&mut self, _proof: &Proof) -> Result<Verdict, Failure> {
        Ok(Verdict::new(Outcome::Unknown, "this engine cannot tell what became of a transaction"))
    }

    /// Proofs leave something at the target, for [`Session::forget`].
    fn leaves_proofs(&self) -> bool {
        false
    }

    /// Removes what a proof left at the target. Called when the outcome is on our own disk.
    async fn forget(&mut self, _proof: &Proof) -> Result<(), Failure> {
        Ok(())
    }

    /// The state of what `statement`, which commits by itself, changes.
    async fn witness(&mut self, _statement: &str) -> Result<Witness, Failure> {
        Ok(Witness::default())
    }

    async fn mark(&mut self) -> Result<Mark, Failure> {
        Ok(Mark::default())
    }

    /// How far the slowest replica is behind; None when there is none, or the server does not tell.
    async fn replica_lag(&mut self) -> Result<Option<Duration>, Failure> {
        Ok(None)
    }

    /// Looks at what could stop or slow the change, before its first statement.
    async fn preflight(&mut self, _ask: &Preflight<'_>) -> Result<Vec<Finding>, Failure> {
        Ok(Vec::new())
    }

    /// Asks the server whether it can read the statement, without running it. None when the engine has no way to tell.
    async fn check_syntax(&mut self, statement: &str) -> Result<Option<Vec<SyntaxError>>, Failure>;

    /// Rows that an INSERT, UPDATE or DELETE would touch by the planner's estimate. None when it does not say.
    async fn estimate_rows(&mut self, statement: &str) -> Result<Option<i64>, Failure>;

    /// The roles as which the session may act: its own, and those it is a member of. None when the engine does not tell.
    async fn roles(&mut self) -> Result<Option<Vec<String>>, Failure> {
        Ok(None)
    }

    /// Cancels what this session runs, from outside it.
    fn canceller(&self) -> Arc<dyn Cancel>;

    /// This session and those that block it or wait for it, seen from another session of the same instance.
    async fn activity(&mut self, backend: &str) -> Result<Option<SessionActivity>, Failure>;

    /// The server's id of this session: for [`Session::activity`] and people who look at the server.
    fn backend(&self) -> String;

    /// Ends the session in an orderly way.
    async fn close(self: Box<Self>);
}

/// Stops a running statement. May be called at any time, also when nothing runs.
#[async_trait]
pub trait Cancel: Send + Sync {
    async fn cancel(&self) -> Result<(), Failure>;
}

/// A row as text; None is NULL.
pub type Row = Vec<Option<String>>;

/// What [`Session::preflight`] looks at.
#[derive(Debug, Clone, Copy)]
pub struct Preflight<'a> {
    /// Statements that are going to run, in order.
    pub statements: &'a [(&'a str, &'a Facts)],
    /// Transactions open for longer than this are told when they hold what the change needs.
    pub blockers_older_than: Duration,
}

/// What the server is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerInfo {
    /// `15.18`, `10.11.19-MariaDB`.
    pub version: String,
    /// What tells this server's data from every other's, where the engine has it (system identifier, server UUID).
    pub identity: String,
    /// Refuses writes: a replica, or set read-only.
    pub read_only: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InstanceInfo {
    pub server: ServerInfo,
    pub databases: Vec<DatabaseInfo>,
    pub roles: Vec<RoleInfo>,
}

/// A database as the instance lists it. The engine's own system databases are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DatabaseInfo {
    pub name: String,
    pub owner: String,
    pub character_set: String,
    pub collation: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleInfo {
    pub name: String,
    /// Attributes as the engine names them: `SUPERUSER, CREATEDB`.
    pub attributes: String,
}

/// What a statement did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// Rows changed (or returned, for reads); None when the server does not say.
    pub rows: Option<i64>,
    /// Notices and warnings, in order.
    pub notices: Vec<String>,
}

/// Sessions around one, as the server shows them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionActivity {
    pub session: Option<SessionRow>,
    pub blocking: Vec<SessionRow>,
    pub blocked: Vec<SessionRow>,
    pub progress: Option<Progress>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionRow {
    pub id: String,
    pub blocked_by: Vec<String>,
    pub query: String,
    pub state: Option<String>,
    pub wait_event_type: Option<String>,
    pub wait_event: Option<String>,
    pub database: Option<String>,
    pub user: Option<String>,
    pub application_name: String,
    pub client_address: Option<String>,
    pub client_port: Option<String>,
    pub session_start: Option<base::Time>,
    pub transaction_start: Option<base::Time>,
    pub query_start: Option<base::Time>,
}
