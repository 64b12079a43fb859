//! Runs one statement.

use std::time::Duration;

use engine::{Cancel as _, FailureKind, Reply, StatementFailure};
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Error};
use sql::lex::{Lexer, Rules};
use sql_mysql::parse::Words;

use crate::cancel::Canceller;
use crate::classify_error::{LOCAL_FILE, code, statement_failure};

/// Warnings that are fetched; a statement can make tens of thousands.
const MAX_NOTICES: u16 = 100;

/// Bytes of a statement that every server takes: 1 MiB was the lowest default ever.
const ALWAYS_FITS: usize = 1_000_000;

/// Runs `sql`. A `limit` is kept by cancelling from a second connection, for servers that cannot keep it themselves.
pub(crate) async fn statement(
    conn: &mut Conn,
    sql: &str,
    limit: Option<(Duration, Canceller)>,
) -> Result<Reply, StatementFailure> {
    refuse_what_is_no_statement(conn, sql).await?;
    let Some((limit, canceller)) = limit else {
        return run(conn, sql).await;
    };
    let mut running = std::pin::pin!(run(conn, sql));
    tokio::select! {
        done = &mut running => return done,
        () = tokio::time::sleep(limit) => {}
    }
    if let Err(failure) = canceller.cancel().await {
        tracing::warn!(%failure, "a statement ran past its limit and could not be cancelled: waiting for it");
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

/// What must not be sent.
pub(crate) async fn refuse_what_is_no_statement(
    conn: &mut Conn,
    sql: &str,
) -> Result<(), StatementFailure> {
    refuse_local_files(sql)?;
    refuse_too_large(conn, sql).await?;
    refuse_a_second_statement(conn, sql).await
}

async fn run(conn: &mut Conn, sql: &str) -> Result<Reply, StatementFailure> {
    match rows(conn, sql).await {
        Ok(rows) => {
            let notices = notices(conn).await.map_err(|e| statement_failure(e, sql))?;
            Ok(Reply { rows: Some(rows), notices })
        }
        Err(Error::Server(e)) if e.code == code::EMPTY_QUERY => Ok(Reply::default()),
        Err(e) => Err(statement_failure(e, sql)),
    }
}

/// Rows returned, when the statement returns any kind of rows; else rows changed.
async fn rows(conn: &mut Conn, sql: &str) -> mysql_async::Result<i64> {
    let mut result = conn.query_iter(sql).await?;
    let (mut returned, mut sets) = (0i64, false);
    while !result.is_empty() {
        sets |= !result.columns_ref().is_empty();
        result.for_each(|_| returned += 1).await?;
    }
    let changed = result.affected_rows();
    result.drop_result().await?;
    Ok(if sets { returned } else { i64::try_from(changed).unwrap_or(i64::MAX) })
}

pub(crate) async fn notices(conn: &mut Conn) -> mysql_async::Result<Vec<String>> {
    let count = conn.get_warnings();
    if count == 0 {
        return Ok(Vec::new());
    }
    let rows: Vec<(String, u32, String)> =
        conn.query(format!("SHOW WARNINGS LIMIT {MAX_NOTICES}")).await?;
    let mut notices: Vec<_> =
        rows.into_iter().map(|(level, code, text)| format!("{level} {code}: {text}")).collect();
    if count > MAX_NOTICES {
        notices.push(format!("and {} more", count - MAX_NOTICES));
    }
    Ok(notices)
}

/// The library closes the session over a statement that the server would not take.
async fn refuse_too_large(conn: &mut Conn, sql: &str) -> Result<(), StatementFailure> {
    if sql.len() < ALWAYS_FITS {
        return Ok(());
    }
    let limit: Option<usize> = conn
        .query_first("SELECT @@max_allowed_packet")
        .await
        .map_err(|e| statement_failure(e, sql))?;
    match limit {
        Some(limit) if sql.len() >= limit => {
            let why = format!(
                "the statement has {} bytes and the server takes {limit}: split it, or raise max_allowed_packet there",
                sql.len()
            );
            Err(StatementFailure::new(FailureKind::Server, why))
        }
        _ => Ok(()),
    }
}

/// Before the server asks for the file: the library has no way to say no but to close the session.
fn refuse_local_files(sql: &str) -> Result<(), StatementFailure> {
    let mut words = Words::new(sql);
    if words.eat("LOAD") && words.eat_any(&["DATA", "XML"]) {
        words.eat_any(&["LOW_PRIORITY", "CONCURRENT"]);
        if words.eat("LOCAL") {
            return Err(StatementFailure::new(FailureKind::Permission, LOCAL_FILE));
        }
    }
    Ok(())
}

/// Scripts are cut under the server's default modes. Under NO_BACKSLASH_ESCAPES or ANSI_QUOTES the same text may hold a
/// second statement, that nobody reviewed as one: such text is not sent.
async fn refuse_a_second_statement(conn: &mut Conn, sql: &str) -> Result<(), StatementFailure> {
    if !is_ambiguous(sql) {
        return Ok(());
    }
    let mode: Option<String> = conn
        .query_first("SELECT @@SESSION.sql_mode")
        .await
        .map_err(|e| statement_failure(e, sql))?;
    let mode = mode.unwrap_or_default();
    match ["NO_BACKSLASH_ESCAPES", "ANSI_QUOTES"].into_iter().find(|m| mode.contains(m)) {
        None => Ok(()),
        Some(mode) => Err(StatementFailure::new(
            FailureKind::Unsupported,
            format!(
                "under sql_mode {mode} this text ends elsewhere than it was cut: write its quotes without backslashes, \
                 or run it under another sql_mode"
            ),
        )),
    }
}

/// Whether a semicolon that is quoted under one mode is not under another.
fn is_ambiguous(sql: &str) -> bool {
    if !sql.contains('\\') || !sql.contains(';') {
        return false;
    }
    let rules = sql_mysql::RULES;
    let semicolons = |rules: Rules| Lexer::new(sql, rules).filter(|t| t.is(sql, b';')).count();
    let usual = semicolons(rules);
    usual != semicolons(Rules { backslash: false, ..rules })
        || usual != semicolons(Rules { double_quoted_strings: false, ..rules })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_text_that_modes_read_differently() {
        assert!(is_ambiguous(r"select '\'; drop table t; -- '"));
        assert!(is_ambiguous(r#"select "\"; drop table t; -- ""#));
        for plain in [
            "select ';'",
            r"select '\n'",
            "create procedure p() begin select 1; end",
            r"select 'a\\;'",
        ] {
            assert!(!is_ambiguous(plain), "{plain}");
        }
    }
}
