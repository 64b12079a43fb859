//! Reads rows of the server's own tables as text. Servers of the family differ in the types of such columns and in the
//! case of their names, so cells are taken by their place in the SELECT.

use engine::{Failure, FailureKind, StatementFailure};
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Row, Value};

use crate::classify_error::{failure, statement_failure};

/// One row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cells(Vec<Option<String>>);

impl Cells {
    /// The text of a cell; empty for NULL and for a cell that is not there.
    pub fn text(&mut self, at: usize) -> String {
        self.opt(at).unwrap_or_default()
    }

    /// The text of a cell, None for NULL. The cell is taken: a second read finds nothing.
    pub fn opt(&mut self, at: usize) -> Option<String> {
        self.0.get_mut(at).and_then(Option::take)
    }

    /// A whole number, or None for anything else.
    pub fn int(&mut self, at: usize) -> Option<i64> {
        self.opt(at)?.parse().ok()
    }

    /// `YES` or `1`.
    pub fn flag(&mut self, at: usize) -> bool {
        matches!(self.text(at).to_ascii_uppercase().as_str(), "YES" | "1")
    }
}

/// All rows of the first result.
pub(crate) async fn read(conn: &mut Conn, sql: &str) -> Result<Vec<Cells>, Failure> {
    let rows: Vec<Row> = conn.query(sql).await.map_err(failure)?;
    Ok(rows.into_iter().map(cells).collect())
}

/// None when the server has no such table or does not show it to this account.
pub(crate) async fn permitted(conn: &mut Conn, sql: &str) -> Result<Option<Vec<Cells>>, Failure> {
    match read(conn, sql).await {
        Ok(rows) => Ok(Some(rows)),
        Err(f) if matches!(f.kind, FailureKind::Server | FailureKind::Permission) => {
            tracing::debug!(failure = %f.message, "not shown to this account");
            Ok(None)
        }
        Err(f) => Err(f),
    }
}

/// At most `limit` rows as text.
pub(crate) async fn fetch(
    conn: &mut Conn,
    sql: &str,
    limit: usize,
) -> Result<Vec<engine::Row>, StatementFailure> {
    let mut result = conn.query_iter(sql).await.map_err(|e| statement_failure(e, sql))?;
    let mut found = Vec::new();
    let read = result.for_each(|row| {
        if found.len() < limit {
            found.push(cells(row).0);
        }
    });
    read.await.map_err(|e| statement_failure(e, sql))?;
    result.drop_result().await.map_err(|e| statement_failure(e, sql))?;
    Ok(found)
}

pub(crate) fn cells(row: Row) -> Cells {
    Cells(row.unwrap().into_iter().map(text).collect())
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::NULL => None,
        Value::Bytes(bytes) => Some(match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(e) => String::from_utf8_lossy(e.as_bytes()).into_owned(),
        }),
        Value::Int(n) => Some(n.to_string()),
        Value::UInt(n) => Some(n.to_string()),
        Value::Float(n) => Some(n.to_string()),
        Value::Double(n) => Some(n.to_string()),
        other => Some(other.as_sql(true).trim_matches('\'').to_owned()),
    }
}

/// A string literal under the session's default modes.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}
