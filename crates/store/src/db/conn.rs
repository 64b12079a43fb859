//! A connection, whatever is behind it: what every query function takes.

use futures_util::TryStreamExt as _;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgConnection};
use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{AssertSqlSafe, Postgres, Sqlite, Transaction};

use super::row::Row;
use super::wake::{Topic, Wake};
use crate::error::{Result, StoreError};
use crate::sql::{Sql, Value};
use crate::vault::Vault;

/// A connection of the store: plain for reading, or inside a transaction (a [`super::Tx`] derefs to it).
///
/// A concrete type on purpose: `impl Trait` arguments of async functions break under `tokio::spawn`.
pub struct Conn {
    pub(super) link: Link,
    pub(super) vault: Vault,
    /// Sent after commit (SQLite).
    pub(super) wakes: Vec<Wake>,
}

pub(super) enum Link {
    Sqlite(PoolConnection<Sqlite>),
    SqliteTx(Transaction<'static, Sqlite>),
    Postgres(PoolConnection<Postgres>),
    PostgresTx(Transaction<'static, Postgres>),
}

/// The driver's own connection.
pub(super) enum Raw<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

/// What the backends say differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Words {
    /// After a text expression in ORDER BY or a comparison of order: bytes, not the locale.
    pub(crate) by_bytes: &'static str,
    /// After a SELECT: keeps the row until the end of the transaction.
    pub(crate) for_update: &'static str,
    /// After a SELECT: the same, passing over rows that others keep.
    pub(crate) skip_locked: &'static str,
    /// The database's clock, microseconds since 1970.
    pub(crate) now: &'static str,
    /// In an INSERT between columns and VALUES: lets an identity column take a given value.
    pub(crate) overriding: &'static str,
    /// A statement to run after such an INSERT, if one is needed: goes on counting above what was given.
    pub(crate) reset_identity: &'static str,
}

const SQLITE: Words = Words {
    by_bytes: "",
    for_update: "",
    skip_locked: "",
    now: "CAST(unixepoch('subsec') * 1000000 AS INTEGER)",
    overriding: "",
    reset_identity: "",
};

const POSTGRES: Words = Words {
    by_bytes: " COLLATE \"C\"",
    for_update: " FOR UPDATE",
    skip_locked: " FOR UPDATE SKIP LOCKED",
    now: "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)",
    overriding: " OVERRIDING SYSTEM VALUE",
    reset_identity: "SELECT setval(pg_get_serial_sequence('event', 'id'), max(id)) FROM event",
};

macro_rules! with_query {
    ($self:ident, $sql:ident, |$query:ident, $conn:ident| $body:expr) => {{
        let persistent = $sql.is_fixed();
        let Sql { text, values } = $sql;
        match $self.raw() {
            Raw::Sqlite($conn) => {
                let $query = sqlx::query_with(AssertSqlSafe(text), sqlite_arguments(values)?)
                    .persistent(persistent);
                $body
            }
            Raw::Postgres($conn) => {
                let $query = sqlx::query_with(AssertSqlSafe(text), postgres_arguments(values)?)
                    .persistent(persistent);
                $body
            }
        }
    }};
}

impl Conn {
    /// All rows.
    pub(crate) async fn all(&mut self, sql: Sql) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        self.each(sql, |row| {
            rows.push(row);
            Ok(())
        })
        .await?;
        Ok(rows)
    }

    /// The first row, if there is one.
    pub(crate) async fn optional(&mut self, sql: Sql) -> Result<Option<Row>> {
        Ok(with_query!(self, sql, |query, conn| query.fetch_optional(conn).await?.map(Row::from)))
    }

    /// The one row that the statement always has.
    pub(crate) async fn one(&mut self, sql: Sql) -> Result<Row> {
        Ok(with_query!(self, sql, |query, conn| Row::from(query.fetch_one(conn).await?)))
    }

    /// Row by row, without keeping them. Read each at once: the connection waits.
    pub(crate) async fn each(
        &mut self,
        sql: Sql,
        mut take: impl FnMut(Row) -> Result<()> + Send,
    ) -> Result<()> {
        with_query!(self, sql, |query, conn| {
            let mut rows = query.fetch(conn);
            while let Some(row) = rows.try_next().await? {
                take(Row::from(row))?;
            }
        });
        Ok(())
    }

    /// Runs a statement; gives the number of rows it touched.
    pub(crate) async fn run(&mut self, sql: Sql) -> Result<u64> {
        Ok(with_query!(self, sql, |query, conn| query.execute(conn).await?.rows_affected()))
    }

    /// Says after commit that something changed. Call it in the transaction that changes.
    pub async fn wake(&mut self, topic: Topic, subject: &str) -> Result<()> {
        let wake = Wake { topic, subject: subject.to_owned() };
        if self.wakes.contains(&wake) {
            return Ok(());
        }
        match &self.link {
            Link::SqliteTx(_) => {}
            Link::PostgresTx(_) => {
                let text = crate::sql::sql("SELECT pg_notify('basalt', $1)").bind(wake.to_string());
                self.run(text).await?;
            }
            Link::Sqlite(_) | Link::Postgres(_) => {
                return Err(StoreError::Mistake("wake-ups belong into a transaction".to_owned()));
            }
        }
        self.wakes.push(wake);
        Ok(())
    }

    /// Whether this transaction is the only one of all servers that holds `name`, until it ends. On SQLite always, as
    /// there is one writer.
    pub async fn try_exclusive(&mut self, name: &str) -> Result<bool> {
        if matches!(self.link, Link::Sqlite(_) | Link::SqliteTx(_)) {
            return Ok(true);
        }
        let text = "SELECT CAST(pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS INT)::BIGINT AS mine";
        self.one(crate::sql::sql(text).bind(format!("basalt {name}"))).await?.bool("mine")
    }

    /// The database's clock: what leases are measured by.
    pub async fn now(&mut self) -> Result<base::Time> {
        let mut text = crate::sql::sql("SELECT ");
        text.push(self.words().now).push(" AS now");
        self.one(text).await?.time("now")
    }

    /// Encrypts and authenticates with the store's key.
    pub(crate) const fn vault(&self) -> &Vault {
        &self.vault
    }

    pub(crate) const fn words(&self) -> &'static Words {
        match self.link {
            Link::Sqlite(_) | Link::SqliteTx(_) => &SQLITE,
            Link::Postgres(_) | Link::PostgresTx(_) => &POSTGRES,
        }
    }

    pub(super) fn raw(&mut self) -> Raw<'_> {
        match &mut self.link {
            Link::Sqlite(c) => Raw::Sqlite(c),
            Link::SqliteTx(c) => Raw::Sqlite(c),
            Link::Postgres(c) => Raw::Postgres(c),
            Link::PostgresTx(c) => Raw::Postgres(c),
        }
    }
}

impl From<sqlx::sqlite::SqliteRow> for Row {
    fn from(row: sqlx::sqlite::SqliteRow) -> Self {
        Self::Sqlite(row)
    }
}

impl From<sqlx::postgres::PgRow> for Row {
    fn from(row: sqlx::postgres::PgRow) -> Self {
        Self::Postgres(row)
    }
}

macro_rules! arguments {
    ($name:ident, $type:ty) => {
        fn $name(values: Vec<Value>) -> Result<$type> {
            use sqlx::Arguments as _;
            let mut arguments = <$type>::default();
            for value in values {
                match value {
                    Value::Int(v) => arguments.add(v),
                    Value::Text(v) => arguments.add(v),
                    Value::Bytes(v) => arguments.add(v),
                }
                .map_err(|e| StoreError::Mistake(format!("a value cannot be bound: {e}")))?;
            }
            Ok(arguments)
        }
    };
}

arguments!(sqlite_arguments, SqliteArguments);
arguments!(postgres_arguments, PgArguments);
