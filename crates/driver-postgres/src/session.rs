//! One connection, as the rest of Basalt sees it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use engine::{
    Cancel, Failure, InstanceInfo, Reply, ServerInfo, Session, SessionActivity, Setting,
    StatementFailure,
};
use schema::Catalog;
use sql::SyntaxError;
use tokio::task::JoinHandle;
use tokio_postgres::Client;

use crate::cancel::CancelRunning;
use crate::connect::Notices;
use crate::{activity, estimate, execute, instance, rows, settings, sync};

/// An orderly goodbye takes one packet; a server that does not answer is left.
const GOODBYE: Duration = Duration::from_secs(2);

pub struct PostgresSession {
    client: Client,
    task: JoinHandle<()>,
    notices: Notices,
    canceller: Arc<CancelRunning>,
    /// Process id at the server.
    pub(crate) backend: String,
}

impl PostgresSession {
    pub(crate) fn new(
        client: Client,
        task: JoinHandle<()>,
        notices: Notices,
        canceller: Arc<CancelRunning>,
    ) -> Self {
        Self { client, task, notices, canceller, backend: String::new() }
    }

    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }
}

#[async_trait]
impl Session for PostgresSession {
    async fn ping(&mut self) -> Result<ServerInfo, Failure> {
        instance::server(&self.client).await
    }

    async fn sync_instance(&mut self) -> Result<InstanceInfo, Failure> {
        instance::sync_instance(&self.client).await
    }

    async fn sync_database(&mut self) -> Result<Catalog, Failure> {
        sync::sync_database(&self.client).await
    }

    async fn apply_settings(&mut self, settings: &[Setting]) -> Result<(), Failure> {
        for setting in settings {
            rows::run(&self.client, &settings::statement(setting)).await?;
        }
        Ok(())
    }

    async fn statement(&mut self, sql: &str) -> Result<Reply, StatementFailure> {
        execute::statement(&self.client, &self.notices, sql).await
    }

    async fn begin(&mut self) -> Result<(), StatementFailure> {
        execute::statement(&self.client, &self.notices, "BEGIN").await.map(drop)
    }

    async fn commit(&mut self) -> Result<(), StatementFailure> {
        execute::statement(&self.client, &self.notices, "COMMIT").await.map(drop)
    }

    async fn rollback(&mut self) -> Result<(), StatementFailure> {
        execute::statement(&self.client, &self.notices, "ROLLBACK").await.map(drop)
    }

    /// The dialect has a parser of its own, and asking the server would take locks.
    async fn check_syntax(&mut self, _: &str) -> Result<Option<Vec<SyntaxError>>, Failure> {
        Ok(None)
    }

    async fn estimate_rows(&mut self, statement: &str) -> Result<Option<i64>, Failure> {
        estimate::estimate_rows(&self.client, statement).await
    }

    fn canceller(&self) -> Arc<dyn Cancel> {
        Arc::clone(&self.canceller) as _
    }

    async fn activity(&mut self, backend: &str) -> Result<Option<SessionActivity>, Failure> {
        activity::activity(&self.client, backend).await
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
