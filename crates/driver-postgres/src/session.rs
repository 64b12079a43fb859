//! One connection, as the rest of Basalt sees it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use std::collections::BTreeMap;

use engine::{
    Cancel, Failure, Finding, InstanceInfo, Lock, Mark, Outbound, Preflight, Proof, Queried,
    Reading, Reply, Row, ServerInfo, Session, SessionActivity, Setting, Sink, StatementFailure,
    Target, Transaction, Verdict, Witness,
};
use schema::Catalog;
use sql::SyntaxError;
use tokio::task::JoinHandle;
use tokio_postgres::Client;

use crate::cancel::CancelRunning;
use crate::connect::Notices;
use crate::{
    activity, estimate, execute, instance, lock, preflight, progress, proof, query, rows, settings,
    sync, witness,
};

/// An orderly goodbye takes one packet; a server that does not answer is left.
const GOODBYE: Duration = Duration::from_secs(2);

pub struct PostgresSession {
    client: Client,
    task: JoinHandle<()>,
    notices: Notices,
    canceller: Arc<CancelRunning>,
    /// The way to a second connection like this one.
    outbound: Outbound,
    target: Target,
    /// Process id at the server.
    pub(crate) backend: String,
    /// Version of the server.
    pub(crate) major: u32,
    /// The role may ask for the system identifier.
    pub(crate) identifiable: bool,
    /// The system identifier, once it was asked for: a connection is to one server.
    identity: Option<String>,
    /// It has taken the lock of its database.
    locked: bool,
    /// How it reads, while it is in a transaction for that; with the name of its time zone.
    reading: Option<(Reading, Arc<str>)>,
}

impl PostgresSession {
    pub(crate) fn new(
        client: Client,
        task: JoinHandle<()>,
        notices: Notices,
        canceller: Arc<CancelRunning>,
        (outbound, target): (&Outbound, &Target),
    ) -> Self {
        Self {
            client,
            task,
            notices,
            canceller,
            outbound: outbound.clone(),
            target: target.clone(),
            backend: String::new(),
            major: 0,
            identifiable: false,
            identity: None,
            locked: false,
            reading: None,
        }
    }

    async fn identity(&mut self) -> Result<String, Failure> {
        if let Some(known) = &self.identity {
            return Ok(known.clone());
        }
        let told =
            if self.identifiable { proof::identity(&self.client).await? } else { String::new() };
        self.identity = Some(told.clone());
        Ok(told)
    }

    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }
}

impl PostgresSession {
    /// `first` is run before it, in the same round trip.
    async fn proof(
        &self,
        when: proof::When,
        first: &str,
    ) -> Result<BTreeMap<String, String>, StatementFailure> {
        // Asked before the first transaction of a run, by lock; an error here would end the transaction.
        let identity = self.identity.clone().unwrap_or_default();
        proof::prepare(&self.client, &identity, self.locked, when, first).await
    }
}

fn begin(transaction: &Transaction) -> String {
    match transaction.isolation {
        Some(level) => format!("BEGIN ISOLATION LEVEL {}", level.as_sql()),
        None => "BEGIN".to_owned(),
    }
}

#[async_trait]
impl Session for PostgresSession {
    async fn ping(&mut self) -> Result<ServerInfo, Failure> {
        let identity = self.identity().await?;
        instance::server(&self.client, identity).await
    }

    async fn sync_instance(&mut self) -> Result<InstanceInfo, Failure> {
        let identity = self.identity().await?;
        instance::sync_instance(&self.client, identity).await
    }

    async fn sync_database(&mut self) -> Result<Catalog, Failure> {
        sync::sync_database(&self.client, self.major).await
    }

    async fn apply_settings(&mut self, settings: &[Setting]) -> Result<(), Failure> {
        if settings.is_empty() {
            return Ok(());
        }
        let all: Vec<_> = settings.iter().map(settings::statement).collect();
        rows::run(&self.client, &all.join(";")).await
    }

    async fn statement(&mut self, sql: &str) -> Result<Reply, StatementFailure> {
        execute::statement(&self.client, &self.notices, sql).await
    }

    async fn fetch(&mut self, sql: &str, limit: usize) -> Result<Vec<Row>, StatementFailure> {
        rows::fetch(&self.client, sql, limit).await
    }

    async fn begin_reading(&mut self, reading: &Reading) -> Result<(), StatementFailure> {
        query::begin(&self.client, reading).await?;
        let zone = rows::text(&self.client, "SHOW TimeZone").await;
        let zone = zone.map_err(|f| StatementFailure::new(f.kind, f.message))?;
        self.reading = Some((reading.clone(), zone.into()));
        Ok(())
    }

    async fn query(&mut self, sql: &str, sink: &mut dyn Sink) -> Result<Queried, StatementFailure> {
        // Taken: after a failure the transaction is of no use.
        let (reading, zone) = self.reading.take().ok_or_else(engine::query::not_reading)?;
        let stop = || async {
            let stopped = self.canceller.cancel().await;
            if let Err(failure) = &stopped {
                tracing::warn!(%failure, "a query that had given enough could not be stopped: its connection is cut");
                self.task.abort();
            }
            stopped.is_ok()
        };
        let (queried, end) =
            query::query(&self.client, &self.notices, &zone, sql, sink, stop).await?;
        if end == query::End::Stopped {
            // What was stopped took its transaction with it.
            self.rollback().await?;
            query::begin(&self.client, &reading).await?;
        }
        if end != query::End::Running {
            self.reading = Some((reading, zone));
        }
        Ok(queried)
    }

    async fn begin(&mut self, transaction: &Transaction) -> Result<(), StatementFailure> {
        execute::statement(&self.client, &self.notices, &begin(transaction)).await.map(drop)
    }

    async fn begin_proven(
        &mut self,
        transaction: &Transaction,
    ) -> Result<Option<BTreeMap<String, String>>, StatementFailure> {
        drop(self.notices.take());
        let facts = self.proof(proof::When::First, &format!("{};", begin(transaction))).await;
        if facts.is_err() {
            // Its first half may have taken effect. That failure is the one to tell.
            if let Err(failure) = self.rollback().await {
                tracing::debug!(%failure, "a transaction without its proof could not be rolled back");
            }
        }
        facts.map(Some)
    }

    async fn prepare(
        &mut self,
        _: &Transaction,
    ) -> Result<BTreeMap<String, String>, StatementFailure> {
        self.proof(proof::When::Last, "").await
    }

    async fn commit(&mut self) -> Result<(), StatementFailure> {
        execute::statement(&self.client, &self.notices, "COMMIT").await.map(drop)
    }

    async fn rollback(&mut self) -> Result<(), StatementFailure> {
        execute::statement(&self.client, &self.notices, "ROLLBACK").await.map(drop)
    }

    async fn lock(&mut self) -> Result<Lock, Failure> {
        self.identity().await?;
        let lock = lock::lock(&self.client).await?;
        self.locked |= lock == Lock::Taken;
        Ok(lock)
    }

    async fn evict(&mut self, backend: &str) -> Result<(), Failure> {
        lock::evict(&self.client, backend).await
    }

    async fn verdict(&mut self, proof: &Proof) -> Result<Verdict, Failure> {
        let identity = self.identity().await?;
        proof::verdict(&self.client, &identity, proof).await
    }

    async fn witness(&mut self, statement: &str) -> Result<Witness, Failure> {
        witness::witness(&self.client, self.major, statement).await
    }

    async fn preflight(&mut self, ask: &Preflight<'_>) -> Result<Vec<Finding>, Failure> {
        let connection = preflight::Connection {
            client: &self.client,
            token: &self.canceller.token,
            outbound: &self.outbound,
            target: &self.target,
            has_tls: self.canceller.route.tls.is_some(),
            backend: &self.backend,
        };
        preflight::preflight(&self.client, self.major, &connection, ask).await
    }

    async fn replica_lag(&mut self) -> Result<Option<Duration>, Failure> {
        progress::replica_lag(&self.client).await
    }

    async fn mark(&mut self) -> Result<Mark, Failure> {
        let identity = self.identity().await?;
        proof::mark(&self.client, &identity).await
    }

    /// The dialect has a parser of its own, and asking the server would take locks.
    async fn check_syntax(&mut self, _: &str) -> Result<Option<Vec<SyntaxError>>, Failure> {
        Ok(None)
    }

    async fn estimate_rows(&mut self, statement: &str) -> Result<Option<i64>, Failure> {
        estimate::estimate_rows(&self.client, statement).await
    }

    async fn roles(&mut self) -> Result<Option<Vec<String>>, Failure> {
        instance::roles(&self.client).await.map(Some)
    }

    fn canceller(&self) -> Arc<dyn Cancel> {
        Arc::clone(&self.canceller) as _
    }

    async fn activity(&mut self, backend: &str) -> Result<Option<SessionActivity>, Failure> {
        activity::activity(&self.client, self.major, backend).await
    }

    fn backend(&self) -> String {
        self.backend.clone()
    }

    async fn close(self: Box<Self>) {
        let Self { client, mut task, .. } = *self;
        // The connection says goodbye when nobody can ask it anything any more.
        drop(client);
        if tokio::time::timeout(GOODBYE, &mut task).await.is_err() {
            task.abort();
        }
    }
}
