//! One connection, as the rest of Basalt sees it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use engine::{
    Cancel, Failure, InstanceInfo, Outbound, Reply, ServerInfo, Session, SessionActivity, Setting,
    StatementFailure, Target,
};
use mysql_async::Conn;
use mysql_async::prelude::Queryable as _;
use schema::Catalog;
use sql::SyntaxError;

use crate::cancel::Canceller;
use crate::classify_error::{failure, statement_failure};
use crate::flavor::Flavor;
use crate::{activity, connect, execute, explain, settings, sync, syntax};

pub(crate) struct MysqlSession {
    conn: Conn,
    flavor: Flavor,
    /// Knows the way back to the server.
    canceller: Canceller,
    /// Longest run of a statement, where the server cannot keep it.
    limit: Option<Duration>,
}

impl MysqlSession {
    pub async fn open(outbound: &Outbound, target: &Target) -> Result<Self, Failure> {
        let mut conn = connect::connect(outbound, target).await?;
        let flavor = sync::instance::flavor(&mut conn).await?;
        let canceller =
            Canceller { outbound: outbound.clone(), target: target.clone(), id: conn.id() };
        Ok(Self { conn, flavor, canceller, limit: None })
    }

    async fn control(&mut self, sql: &str) -> Result<(), StatementFailure> {
        self.conn.query_drop(sql).await.map_err(|e| statement_failure(e, sql))
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
        execute::statement(&mut self.conn, sql, limit).await
    }

    async fn begin(&mut self) -> Result<(), StatementFailure> {
        self.control("START TRANSACTION").await
    }

    async fn commit(&mut self) -> Result<(), StatementFailure> {
        self.control("COMMIT").await
    }

    async fn rollback(&mut self) -> Result<(), StatementFailure> {
        self.control("ROLLBACK").await
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
