//! PostgreSQL: several servers may share one store.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgListener, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};
use tokio::sync::broadcast;
use tokio::task::JoinHandle;

use super::migrate::{self, BOOKKEEPING};
use super::wake::{Topic, Wake};
use crate::error::{Result, StoreError};

const CONNECTIONS: u32 = 12;
const PATIENCE: Duration = Duration::from_secs(10);
pub(super) const BEGIN: &str = "BEGIN";
/// Its commit does not wait for the disk; a later one that does takes it along.
pub(super) const BEGIN_UNSYNCED: &str = "BEGIN; SET LOCAL synchronous_commit = off";
/// The channel of NOTIFY.
const CHANNEL: &str = "basalt";

pub(super) struct Postgres {
    pub(super) pool: PgPool,
    pub(super) listener: Option<JoinHandle<()>>,
}

pub(super) struct Opening {
    options: PgConnectOptions,
    conn: PgConnection,
}

impl Opening {
    pub(super) async fn begin(url: &str) -> Result<Self> {
        let options = PgConnectOptions::from_str(url)?
            .application_name("basalt")
            .options([("idle_in_transaction_session_timeout", "60s"), ("lock_timeout", "30s")]);
        let mut conn = tokio::time::timeout(PATIENCE, options.connect())
            .await
            .map_err(|_| StoreError::Unreachable(sqlx::Error::PoolTimedOut))??;
        let version: i64 =
            sqlx::query_scalar("SELECT CAST(current_setting('server_version_num') AS BIGINT)")
                .fetch_one(&mut conn)
                .await?;
        if version < 140_000 {
            return Err(StoreError::TooOld((version / 10_000).to_string()));
        }
        Ok(Self { options, conn })
    }

    pub(super) async fn version(&mut self) -> Result<i64> {
        let there: bool = sqlx::query_scalar("SELECT to_regclass($1) IS NOT NULL")
            .bind(BOOKKEEPING)
            .fetch_one(&mut self.conn)
            .await?;
        if !there {
            return Ok(0);
        }
        let text = format!("SELECT coalesce(max(version), 0) FROM {BOOKKEEPING}");
        Ok(sqlx::query_scalar(AssertSqlSafe(text)).fetch_one(&mut self.conn).await?)
    }

    pub(super) async fn fingerprint(&mut self) -> Result<Option<String>> {
        let text = "SELECT value FROM meta WHERE key = 'key_fingerprint'";
        Ok(sqlx::query_scalar(text).fetch_optional(&mut self.conn).await?)
    }

    pub(super) async fn migrate(&mut self, target: i64) -> Result<()> {
        migrate::run(&mut self.conn, migrate::for_postgres, target).await
    }

    /// `wakes` gets what any server of this store notifies; None for a mere reader.
    pub(super) async fn finish(self, wakes: Option<broadcast::Sender<Wake>>) -> Result<Postgres> {
        self.conn.close().await?;
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .idle_timeout(Duration::from_secs(60))
            .connect_lazy_with(self.options);
        let listener = wakes.map(|wakes| tokio::spawn(listen(pool.clone(), wakes)));
        Ok(Postgres { pool, listener })
    }
}

impl Postgres {
    pub(super) async fn close(&self) {
        if let Some(listener) = &self.listener {
            listener.abort();
        }
        self.pool.close().await;
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(listener) = &self.listener {
            listener.abort();
        }
    }
}

/// Passes notifications on until the store is closed. After a broken connection everybody is woken once, because
/// notifications may have been missed.
async fn listen(pool: PgPool, wakes: broadcast::Sender<Wake>) {
    while !pool.is_closed() {
        if let Err(e) = listen_once(&pool, &wakes).await {
            tracing::warn!(error = %e, "lost the connection that wakes us; trying again");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn listen_once(pool: &PgPool, wakes: &broadcast::Sender<Wake>) -> sqlx::Result<()> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    for topic in Topic::ALL {
        // No receiver is no error.
        let _ = wakes.send(Wake { topic, subject: String::new() });
    }
    while let Some(notification) = listener.try_recv().await? {
        if let Some(wake) = Wake::parse(notification.payload()) {
            let _ = wakes.send(wake);
        }
    }
    Ok(())
}
