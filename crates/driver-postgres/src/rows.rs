//! Reading the answer to one of our own queries, row by row, as text.
//!
//! The simple protocol: one message, no prepared statement left behind, nothing to decode, and rows that are gone when the
//! next one comes.

use engine::{Failure, StatementFailure};
use futures_util::TryStreamExt as _;
use tokio_postgres::{Client, SimpleQueryMessage, SimpleQueryRow};

use crate::failure::{failure, statement_failure};

/// One row, read column by column from the left.
pub struct Row {
    row: SimpleQueryRow,
    at: usize,
}

impl Row {
    /// The next column; None is NULL.
    pub fn opt(&mut self) -> Option<String> {
        let value = self.row.get(self.at).map(str::to_owned);
        self.at += 1;
        value
    }

    /// The next column, empty when NULL.
    pub fn text(&mut self) -> String {
        self.opt().unwrap_or_default()
    }

    pub fn bool(&mut self) -> bool {
        let value = self.row.get(self.at) == Some("t");
        self.at += 1;
        value
    }

    /// The next column as a number; None when NULL or none.
    pub fn number<T: std::str::FromStr>(&mut self) -> Option<T> {
        let value = self.row.get(self.at).and_then(|v| v.parse().ok());
        self.at += 1;
        value
    }

    /// The next column, an array of texts that was written with `to_json`.
    pub fn list(&mut self) -> Vec<String> {
        let value = self.row.get(self.at).and_then(|v| serde_json::from_str(v).ok());
        self.at += 1;
        value.unwrap_or_default()
    }
}

/// Hands each row to `take`.
pub async fn each(
    client: &Client,
    sql: &str,
    mut take: impl FnMut(&mut Row),
) -> Result<(), Failure> {
    each_of(client, sql, |_, row| take(row)).await
}

/// Hands each row of several statements in one message to `take`, with the number of its statement.
pub async fn each_of(
    client: &Client,
    sql: &str,
    mut take: impl FnMut(usize, &mut Row),
) -> Result<(), Failure> {
    let stream = client.simple_query_raw(sql).await.map_err(|e| failure(&e))?;
    futures_util::pin_mut!(stream);
    let mut number = 0;
    while let Some(message) = stream.try_next().await.map_err(|e| failure(&e))? {
        match message {
            SimpleQueryMessage::Row(row) => take(number, &mut Row { row, at: 0 }),
            SimpleQueryMessage::CommandComplete(_) => number += 1,
            _ => {}
        }
    }
    Ok(())
}

/// The first column of the only row, empty when NULL.
pub async fn text(client: &Client, sql: &str) -> Result<String, Failure> {
    let mut found = String::new();
    each(client, sql, |row| found = row.text()).await?;
    Ok(found)
}

/// Runs one of our own statements that gives nothing.
pub async fn run(client: &Client, sql: &str) -> Result<(), Failure> {
    each(client, sql, |_| ()).await
}

/// At most `limit` rows as text.
pub async fn fetch(
    client: &Client,
    sql: &str,
    limit: usize,
) -> Result<Vec<engine::Row>, StatementFailure> {
    let stream = client.simple_query_raw(sql).await.map_err(|e| statement_failure(&e, sql))?;
    futures_util::pin_mut!(stream);
    let mut found = Vec::new();
    while let Some(message) = stream.try_next().await.map_err(|e| statement_failure(&e, sql))? {
        if let SimpleQueryMessage::Row(row) = message
            && found.len() < limit
        {
            found.push((0..row.len()).map(|i| row.get(i).map(str::to_owned)).collect());
        }
    }
    Ok(found)
}
