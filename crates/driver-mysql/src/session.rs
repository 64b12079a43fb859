//! One connection, as the rest of Basalt sees it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use engine::{
    Cancel, Failure, Finding, InstanceInfo, Lock, Mark, Outbound, Preflight, Proof, Queried,
    Reading, Reply, Row, ServerInfo, Session, SessionActivity, Setting, Sink, StatementFailure,
    Target, Transaction, Verdict, Witness,
};
use mysql_async::Conn;
use schema::Catalog;
use sql::SyntaxError;

use crate::cancel::Canceller;
use crate::classify_error::failure;
use crate::flavor::Flavor;
use crate::xa::{self, Transactions};
use crate::{
    activity, connect, execute, explain, lag, lock, mark, preflight, query, rows, settings, sync,
    syntax, witness,
};

pub(crate) struct MysqlSession {
    conn: Conn,
    flavor: Flavor,
    /// Knows the way back to the server.
    canceller: Canceller,
    /// Longest run of a statement, where the server cannot keep it.
    limit: Option<Duration>,
    transactions: Transactions,
    /// It is in a transaction for reading.
    reading: bool,
}

impl MysqlSession {
    pub async fn open(outbound: &Outbound, target: &Target) -> Result<Self, Failure> {
        let mut conn = connect::connect(outbound, target).await?;
        let flavor = sync::instance::flavor(&mut conn).await?;
        let canceller =
            Canceller { outbound: outbound.clone(), target: target.clone(), id: conn.id() };
        Ok(Self {
            conn,
            flavor,
            canceller,
            limit: None,
            transactions: Transactions::default(),
            reading: false,
        })
    }

    fn lock_name(&self) -> String {
        lock::name(self.canceller.target.database.as_deref())
    }
}

#[async_trait]
impl Session for MysqlSession {
    async fn ping(&mut self) -> Result<ServerInfo, Failure> {
        sync::instance::server(&mut self.conn, self.flavor).await
    }

    async fn sync_instance(&mut self) -> Result<InstanceInfo, Failure> {
        sync::instance::instance(&mut self.conn, self.flavor).await
    }

    async fn sync_database(&mut self) -> Result<Catalog, Failure> {
        sync::database(&mut self.conn, self.flavor).await
    }

    async fn apply_settings(&mut self, settings: &[Setting]) -> Result<(), Failure> {
        if let Some(limit) = settings::apply(&mut self.conn, self.flavor, settings).await? {
            self.limit = limit;
        }
        Ok(())
    }

    async fn statement(&mut self, sql: &str) -> Result<Reply, StatementFailure> {
        let limit = self.limit.map(|limit| (limit, self.canceller.clone()));
        self.transactions.see(sql);
        execute::statement(&mut self.conn, sql, limit)
            .await
            .map_err(|failure| xa::explained(failure, self.flavor, &self.transactions))
    }

    async fn fetch(&mut self, sql: &str, limit: usize) -> Result<Vec<Row>, StatementFailure> {
        rows::fetch(&mut self.conn, sql, limit).await
    }

    async fn begin_reading(&mut self, reading: &Reading) -> Result<(), StatementFailure> {
        query::begin(&mut self.conn, self.flavor, reading).await?;
        self.reading = true;
        Ok(())
    }

    async fn query(&mut self, sql: &str, sink: &mut dyn Sink) -> Result<Queried, StatementFailure> {
        // Until it is known to have ended well.
        if !std::mem::take(&mut self.reading) {
            return Err(engine::query::not_reading());
        }
        let queried = query::query(&mut self.conn, sql, sink, &self.canceller).await?;
        self.reading = true;
        Ok(queried)
    }

    async fn begin(&mut self, transaction: &Transaction) -> Result<(), StatementFailure> {
        self.transactions.begin(&mut self.conn, self.flavor, transaction).await
    }

    fn outlives(&self) -> bool {
        true
    }

    async fn prepare(
        &mut self,
        _transaction: &Transaction,
    ) -> Result<BTreeMap<String, String>, StatementFailure> {
        self.transactions.prepare(&mut self.conn, self.flavor).await
    }

    async fn commit(&mut self) -> Result<(), StatementFailure> {
        self.transactions.commit(&mut self.conn).await
    }

    async fn rollback(&mut self) -> Result<(), StatementFailure> {
        self.transactions.rollback(&mut self.conn).await
    }

    async fn lock(&mut self) -> Result<Lock, Failure> {
        let name = self.lock_name();
        lock::take(&mut self.conn, &name).await
    }

    async fn evict(&mut self, backend: &str) -> Result<(), Failure> {
        let name = self.lock_name();
        lock::evict(&mut self.conn, &name, backend).await
    }

    async fn verdict(&mut self, proof: &Proof) -> Result<Verdict, Failure> {
        let ability = self
            .transactions
            .ability(&mut self.conn, self.flavor)
            .await
            .map_err(|f| Failure::new(f.kind, f.message))?;
        let name = self.lock_name();
        xa::verdict(&mut self.conn, self.flavor, ability, &name, proof).await
    }

    async fn witness(&mut self, statement: &str) -> Result<Witness, Failure> {
        let home = self.canceller.target.database.as_deref().unwrap_or_default();
        witness::witness(&mut self.conn, self.flavor, home, statement).await
    }

    async fn preflight(&mut self, ask: &Preflight<'_>) -> Result<Vec<Finding>, Failure> {
        preflight::preflight(&mut self.conn, self.flavor, ask).await
    }

    async fn replica_lag(&mut self) -> Result<Option<Duration>, Failure> {
        lag::behind(&mut self.conn, self.flavor).await
    }

    async fn mark(&mut self) -> Result<Mark, Failure> {
        mark::mark(&mut self.conn, self.flavor).await
    }

    async fn check_syntax(&mut self, statement: &str) -> Result<Option<Vec<SyntaxError>>, Failure> {
        syntax::check(&mut self.conn, statement).await.map(Some)
    }

    async fn estimate_rows(&mut self, statement: &str) -> Result<Option<i64>, Failure> {
        explain::estimate_rows(&mut self.conn, self.flavor, statement).await
    }

    fn canceller(&self) -> Arc<dyn Cancel> {
        Arc::new(self.canceller.clone())
    }

    async fn activity(&mut self, backend: &str) -> Result<Option<SessionActivity>, Failure> {
        activity::around(&mut self.conn, self.flavor, backend).await
    }

    fn backend(&self) -> String {
        self.conn.id().to_string()
    }

    async fn close(self: Box<Self>) {
        if let Err(e) = self.conn.disconnect().await.map_err(failure) {
            tracing::debug!(error = %e, "the session did not end in an orderly way");
        }
    }
}
