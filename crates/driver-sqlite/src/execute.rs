//! Runs one statement on the session's thread.

use engine::{FailureKind, Reply, StatementFailure};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use sql::{Dialect as _, StatementClass, SyntaxError};
use sql_sqlite::DIALECT;

use crate::classify_error::{is_syntax, statement_failure};

pub(crate) fn statement(conn: &Connection, sql: &str) -> Result<Reply, StatementFailure> {
    match one_statement(sql)? {
        true => run(conn, sql).map_err(statement_failure),
        false => Ok(Reply::default()),
    }
}

/// False for nothing but comments. SQLite would stop after the first of several, and at a NUL.
pub(crate) fn one_statement(sql: &str) -> Result<bool, StatementFailure> {
    let refuse = |why: &str| Err(StatementFailure::new(FailureKind::Unsupported, why));
    if sql.contains('\0') {
        return refuse("the text holds a NUL character: take it out");
    }
    match DIALECT.split(sql).len() {
        0 => Ok(false),
        1 => Ok(true),
        _ => refuse("one statement at a time"),
    }
}

fn run(conn: &Connection, sql: &str) -> rusqlite::Result<Reply> {
    let mut prepared = conn.prepare(sql)?;
    let returns = prepared.column_count() > 0;
    let mut count = 0i64;
    let mut rows = prepared.query(())?;
    while rows.next()?.is_some() {
        count += 1;
    }
    drop(rows);
    let is_dml = DIALECT.classify(sql).kind.class() == StatementClass::Dml;
    let rows = match (returns, is_dml) {
        (true, _) => Some(count),
        // For other statements SQLite still says what the last DML changed.
        (false, true) => Some(i64::try_from(conn.changes()).unwrap_or(i64::MAX)),
        (false, false) => None,
    };
    Ok(Reply { rows, notices: Vec::new() })
}

/// At most `limit` rows as text.
pub(crate) fn fetch(
    conn: &Connection,
    sql: &str,
    limit: usize,
) -> Result<Vec<engine::Row>, StatementFailure> {
    let read = || -> rusqlite::Result<Vec<engine::Row>> {
        let mut prepared = conn.prepare(sql)?;
        let columns = prepared.column_count();
        let mut rows = prepared.query(())?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()?
            && found.len() < limit
        {
            let mut cells = Vec::with_capacity(columns);
            for at in 0..columns {
                cells.push(text(row.get_ref(at)?));
            }
            found.push(cells);
        }
        Ok(found)
    };
    read().map_err(statement_failure)
}

fn text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(n) => Some(n.to_string()),
        ValueRef::Real(n) => Some(n.to_string()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            Some(String::from_utf8_lossy(bytes).into_owned())
        }
    }
}

/// Prepares the statement and throws it away.
pub(crate) fn check_syntax(conn: &Connection, sql: &str) -> Vec<SyntaxError> {
    // Some pragmas act while they are prepared.
    let is_pragma = DIALECT.split(sql).first().is_some_and(|s| {
        s.text(sql).get(..6).is_some_and(|word| word.eq_ignore_ascii_case("pragma"))
    });
    if is_pragma || sql_sqlite::new_database(sql).is_some() {
        return Vec::new();
    }
    let Err(error) = conn.prepare(sql) else { return Vec::new() };
    let failure = statement_failure(error);
    if !is_syntax(&failure.message) {
        return Vec::new();
    }
    // Incomplete input has no place but the end.
    let start = failure.offset.unwrap_or(sql.len()).min(sql.len());
    let word = sql[start..].split(|c: char| c.is_whitespace() || c == ',').next().unwrap_or("");
    vec![SyntaxError {
        span: base::Span::new(start, start + word.len()),
        position: base::LineIndex::new(sql).position(sql, start),
        message: failure.message,
    }]
}
