//! One connection, as the rest of Basalt sees it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use engine::{
    Cancel, DatabaseInfo, Failure, FailureKind, Finding, InstanceInfo, Lock, Mark, Outbound,
    Preflight, Proof, Queried, Reading, Reply, Row, ServerInfo, Session, SessionActivity, Setting,
    Sink, StatementFailure, Target, Transaction, Verdict, Witness,
};
use rusqlite::InterruptHandle;
use schema::Catalog;
use sql::SyntaxError;

use crate::files::Folder;
use crate::worker::Worker;
use crate::{connect, execute, lock, marker, preflight, query, settings, sync, witness};

/// Tells sessions of this process apart.
static NEXT: AtomicU64 = AtomicU64::new(1);

pub(crate) struct SqliteSession {
    worker: Worker,
    folder: Folder,
    database: Option<String>,
    /// The database's file.
    file: Option<PathBuf>,
    /// The lock of the database, while this session has it.
    lock: lock::Slot,
    registration: lock::Registration,
    read_only: bool,
    /// Longest run of a statement.
    limit: Option<Duration>,
    /// How it reads, while it is in a transaction for that.
    reading: Option<Reading>,
}

impl SqliteSession {
    pub async fn open(outbound: &Outbound, target: &Target) -> Result<Self, Failure> {
        if let Some(name) = target.parameters.keys().next() {
            let why = format!("{name:?} is no parameter of this engine, which has none");
            return Err(Failure::new(FailureKind::Unsupported, why));
        }
        let folder = Folder::open(outbound, &target.host)?;
        let path = target.database.as_deref().map(|name| folder.existing(name)).transpose()?;
        let read_only = target.read_only;
        let (file, lock) = (path.clone(), lock::Slot::default());
        let freed = Arc::clone(&lock);
        let opening = Worker::start(
            move || match &path {
                Some(path) => connect::open(path, read_only),
                None => connect::open_none(),
            },
            move || drop(lock::slot(&freed).take()),
        );
        let worker =
            tokio::time::timeout(target.connect_timeout, opening).await.map_err(|_| {
                Failure::new(FailureKind::Timeout, "the file could not be opened in time")
            })??;
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Ok(Self {
            worker,
            folder,
            database: target.database.clone(),
            file,
            lock,
            read_only,
            registration: lock::Registration(format!("{}-{number}", std::process::id())),
            limit: None,
            reading: None,
        })
    }

    async fn server(&self) -> Result<ServerInfo, Failure> {
        let lives = self.worker.call(|conn| conn.query_row("SELECT 1", (), |_| Ok(()))).await?;
        lives.map_err(crate::classify_error::failure)?;
        let read_only = self.folder.path.metadata().is_ok_and(|m| m.permissions().readonly());
        Ok(ServerInfo {
            version: rusqlite::version().to_owned(),
            // The folder is the instance, and on one machine its path is its identity.
            identity: self.folder.path.to_string_lossy().into_owned(),
            read_only,
        })
    }

    /// The database's file, and what a session without one is told.
    fn file(&self) -> Result<PathBuf, Failure> {
        let none = || Failure::new(FailureKind::NoDatabase, "the session is in no database");
        self.file.clone().ok_or_else(none)
    }

    /// Runs it, and interrupts it at the limit.
    async fn limited(&self, sql: String) -> Result<Reply, StatementFailure> {
        let done = self.until_limit(sql).await;
        // Whoever ended the session interrupted its statement first.
        done.map_err(|failure| StatementFailure {
            connection_lost: failure.connection_lost || self.worker.is_stopped(),
            ..failure
        })
    }

    async fn until_limit(&self, sql: String) -> Result<Reply, StatementFailure> {
        let call = self.worker.call(move |conn| execute::statement(conn, &sql));
        self.within(self.limit, async { call.await.unwrap_or_else(|f| Err(lost(f))) }).await
    }

    /// Waits for what runs on the thread, and interrupts it at the limit.
    async fn within<T>(
        &self,
        limit: Option<Duration>,
        running: impl Future<Output = Result<T, StatementFailure>>,
    ) -> Result<T, StatementFailure> {
        let mut running = std::pin::pin!(running);
        let Some(limit) = limit else { return running.await };
        tokio::select! {
            done = &mut running => return done,
            () = tokio::time::sleep(limit) => self.worker.interrupt().interrupt(),
        }
        running.await.map_err(|failure| match failure.kind {
            FailureKind::Canceled => StatementFailure {
                kind: FailureKind::Timeout,
                message: format!("the statement ran longer than {} s", limit.as_secs_f32()),
                ..failure
            },
            _ => failure,
        })
    }

    async fn create_database(&self, name: &str) -> Result<Reply, StatementFailure> {
        let refuse = |f: Failure| StatementFailure::new(f.kind, f.message);
        if self.read_only {
            let why = "the session is for reading only";
            return Err(StatementFailure::new(FailureKind::Permission, why));
        }
        let path = self.folder.place(name).map_err(refuse)?;
        let made = self.worker.call(move |_| connect::create(&path)).await.map_err(lost)?;
        made.map_err(refuse)?;
        Ok(Reply::default())
    }
}

fn lost(failure: Failure) -> StatementFailure {
    StatementFailure {
        connection_lost: true,
        ..StatementFailure::new(failure.kind, failure.message)
    }
}

#[async_trait]
impl Session for SqliteSession {
    async fn ping(&mut self) -> Result<ServerInfo, Failure> {
        self.server().await
    }

    async fn sync_instance(&mut self) -> Result<InstanceInfo, Failure> {
        let server = self.server().await?;
        let folder = self.folder.clone();
        let names = self.worker.call(move |_| folder.databases()).await??;
        let databases = names
            .into_iter()
            .map(|name| DatabaseInfo {
                name,
                character_set: "UTF-8".to_owned(),
                ..DatabaseInfo::default()
            })
            .collect();
        Ok(InstanceInfo { server, databases, roles: Vec::new() })
    }

    async fn sync_database(&mut self) -> Result<Catalog, Failure> {
        let Some(name) = self.database.clone() else {
            return Err(Failure::new(FailureKind::NoDatabase, "the session is in no database"));
        };
        self.worker.call(move |conn| sync::catalog(conn, name)).await?
    }

    async fn apply_settings(&mut self, settings: &[Setting]) -> Result<(), Failure> {
        let list = settings.to_vec();
        self.worker.call(move |conn| settings::apply(conn, &list)).await??;
        if let Some(limit) = settings::statement_limit(settings) {
            self.limit = limit;
        }
        Ok(())
    }

    async fn statement(&mut self, sql: &str) -> Result<Reply, StatementFailure> {
        match sql_sqlite::new_database(sql) {
            Some(name) => self.create_database(&name).await,
            None => self.limited(sql.to_owned()).await,
        }
    }

    async fn fetch(&mut self, sql: &str, limit: usize) -> Result<Vec<Row>, StatementFailure> {
        let sql = sql.to_owned();
        self.worker
            .call(move |conn| execute::fetch(conn, &sql, limit))
            .await
            .unwrap_or_else(|f| Err(lost(f)))
    }

    /// The file was opened so that nothing can be written to it.
    async fn begin_reading(&mut self, reading: &Reading) -> Result<(), StatementFailure> {
        if !self.read_only {
            return Err(engine::query::not_reading());
        }
        self.limited("BEGIN".to_owned()).await?;
        self.reading = Some(reading.clone());
        Ok(())
    }

    async fn query(&mut self, sql: &str, sink: &mut dyn Sink) -> Result<Queried, StatementFailure> {
        let reading = self.reading.take().ok_or_else(engine::query::not_reading)?;
        let (out, items) = tokio::sync::mpsc::channel(query::AHEAD);
        let sql = sql.to_owned();
        let call = self.worker.call(move |conn| query::query(conn, &sql, &out));
        let running = async {
            let (done, ()) = tokio::join!(call, query::feed(items, sink));
            done.unwrap_or_else(|f| Err(lost(f)))
        };
        self.within(Some(reading.timeout), running).await?;
        self.reading = Some(reading);
        Ok(Queried::default())
    }

    async fn begin(&mut self, _transaction: &Transaction) -> Result<(), StatementFailure> {
        // A transaction that starts by reading can fail in the middle, when it wants to write and another one does.
        let begin = if self.read_only { "BEGIN" } else { "BEGIN IMMEDIATE" };
        self.limited(begin.to_owned()).await.map(|_| ())
    }

    async fn prepare(
        &mut self,
        transaction: &Transaction,
    ) -> Result<BTreeMap<String, String>, StatementFailure> {
        let file = self.file().map_err(|f| StatementFailure::new(f.kind, f.message))?;
        let (transaction, read_only) = (transaction.clone(), self.read_only);
        self.worker
            .call(move |conn| marker::prepare(conn, &transaction, &file, read_only))
            .await
            .unwrap_or_else(|f| Err(lost(f)))
    }

    async fn commit(&mut self) -> Result<(), StatementFailure> {
        self.limited("COMMIT".to_owned()).await.map(|_| ())
    }

    async fn rollback(&mut self) -> Result<(), StatementFailure> {
        // Some errors (a full disk) have rolled back already, and then there is nothing to roll back.
        let open = self.worker.call(|conn| !conn.is_autocommit()).await.map_err(lost)?;
        if open { self.limited("ROLLBACK".to_owned()).await.map(|_| ()) } else { Ok(()) }
    }

    /// A session of an instance has no file to lock.
    async fn lock(&mut self) -> Result<Lock, Failure> {
        let Some(file) = self.file.clone() else { return Ok(Lock::Unavailable) };
        if self.worker.is_stopped() {
            return Err(Failure::new(FailureKind::Server, "the session was ended from outside"));
        }
        let taken = lock::take(&file, &self.backend(), &self.lock, self.worker.stopper())?;
        if taken == Lock::Taken {
            self.worker.call(move |conn| marker::clean(conn, &file)).await?;
        }
        Ok(taken)
    }

    async fn evict(&mut self, backend: &str) -> Result<(), Failure> {
        match &self.file {
            Some(file) if backend != self.backend() => lock::evict(file, backend).await,
            _ => Ok(()),
        }
    }

    async fn verdict(&mut self, proof: &Proof) -> Result<Verdict, Failure> {
        let (file, proof, read_only) = (self.file()?, proof.clone(), self.read_only);
        self.worker.call(move |conn| marker::verdict(conn, &proof, &file, read_only)).await?
    }

    fn leaves_proofs(&self) -> bool {
        true
    }

    async fn forget(&mut self, proof: &Proof) -> Result<(), Failure> {
        let (file, proof) = (self.file()?, proof.clone());
        self.worker.call(move |conn| marker::forget(conn, &proof, &file)).await
    }

    async fn witness(&mut self, statement: &str) -> Result<Witness, Failure> {
        if let Some(name) = sql_sqlite::new_database(statement) {
            return Ok(self
                .folder
                .place(&name)
                .map_or_else(|_| Witness::default(), |p| witness::of_file(&p)));
        }
        let sql = statement.to_owned();
        self.worker.call(move |conn| witness::witness(conn, &sql)).await?
    }

    async fn preflight(&mut self, ask: &Preflight<'_>) -> Result<Vec<Finding>, Failure> {
        let (file, wants) = (self.file()?, preflight::Wants::of(ask));
        self.worker.call(move |conn| preflight::preflight(conn, &file, wants)).await?
    }

    /// The number of the schema only grows, also by VACUUM, and a driver of ours lets nobody set it.
    async fn mark(&mut self) -> Result<Mark, Failure> {
        let timeline = self.file.as_deref().map(marker::timeline).unwrap_or_default();
        let version = self
            .worker
            .call(|conn| conn.query_row("PRAGMA schema_version", (), |r| r.get::<_, i64>(0)))
            .await?
            .map_err(crate::classify_error::failure)?;
        Ok(Mark {
            identity: self.folder.path.to_string_lossy().into_owned(),
            timeline,
            position: u64::try_from(version).ok(),
        })
    }

    async fn check_syntax(&mut self, statement: &str) -> Result<Option<Vec<SyntaxError>>, Failure> {
        let sql = statement.to_owned();
        self.worker.call(move |conn| execute::check_syntax(conn, &sql)).await.map(Some)
    }

    async fn estimate_rows(&mut self, _statement: &str) -> Result<Option<i64>, Failure> {
        Ok(None)
    }

    fn canceller(&self) -> Arc<dyn Cancel> {
        Arc::new(Interrupt(self.worker.interrupt()))
    }

    async fn activity(&mut self, _backend: &str) -> Result<Option<SessionActivity>, Failure> {
        Ok(None)
    }

    fn backend(&self) -> String {
        self.registration.0.clone()
    }

    async fn close(self: Box<Self>) {
        let Self { worker, registration, .. } = *self;
        drop(registration);
        worker.close().await;
    }
}

struct Interrupt(Arc<InterruptHandle>);

#[async_trait]
impl Cancel for Interrupt {
    async fn cancel(&self) -> Result<(), Failure> {
        self.0.interrupt();
        Ok(())
    }
}
