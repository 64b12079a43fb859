//! Running one statement of the user's.

use engine::{FailureKind, Reply, StatementFailure};
use futures_util::TryStreamExt as _;
use sql::{Dialect as _, StatementClass};
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::connect::Notices;
use crate::failure::statement_failure;

/// Runs it over the simple protocol, which takes every kind of statement. Rows are counted and thrown away.
pub async fn statement(
    client: &Client,
    notices: &Notices,
    sql: &str,
) -> Result<Reply, StatementFailure> {
    refuse_what_is_no_statement(sql)?;
    drop(notices.take());
    let mut rows: u64 = 0;
    let stream = client.simple_query_raw(sql).await.map_err(|e| statement_failure(&e, sql))?;
    futures_util::pin_mut!(stream);
    while let Some(message) = stream.try_next().await.map_err(|e| statement_failure(&e, sql))? {
        if let SimpleQueryMessage::CommandComplete(count) = message {
            rows = count;
        }
    }
    // The count is 0 also for statements that have none.
    let class = sql_postgres::DIALECT.classify(sql).kind.class();
    let counts = rows > 0 || matches!(class, StatementClass::Dml | StatementClass::Query);
    Ok(Reply {
        rows: counts.then(|| i64::try_from(rows).unwrap_or(i64::MAX)),
        notices: notices.take(),
    })
}

/// What one message of the simple protocol must not hold.
pub fn refuse_what_is_no_statement(sql: &str) -> Result<(), StatementFailure> {
    refuse_many(sql)?;
    refuse_copy(sql)
}

/// The simple protocol would run all statements of a message in a transaction of its own making.
fn refuse_many(sql: &str) -> Result<(), StatementFailure> {
    let second = sql_postgres::split::segments(sql).filter_map(|s| s.statement).nth(1);
    match second {
        None => Ok(()),
        Some(span) => Err(StatementFailure {
            offset: Some(span.start),
            ..StatementFailure::new(FailureKind::Unsupported, "a message holds one statement only")
        }),
    }
}

/// COPY from and to the client would wait for data that no script holds.
fn refuse_copy(sql: &str) -> Result<(), StatementFailure> {
    let mut tokens =
        sql::lex::Lexer::new(sql, sql_postgres::split::RULES).filter(|t| !t.is_trivia());
    if !tokens.next().is_some_and(|t| t.is_word(sql, "copy")) {
        return Ok(());
    }
    let client = ["stdin", "stdout"];
    match tokens.find(|t| client.iter().any(|w| t.is_word(sql, w))) {
        None => Ok(()),
        Some(token) => Err(StatementFailure {
            offset: Some(token.span.start),
            ..StatementFailure::new(
                FailureKind::Unsupported,
                "COPY with STDIN or STDOUT moves data to and from a client, which a change does not have; write INSERT statements instead",
            )
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copy_with_the_client_is_refused_in_its_place() {
        let failed = refuse_copy("COPY t FROM /* x */ stdin").unwrap_err();
        assert_eq!(failed.offset, Some(20));
        assert!(refuse_copy("COPY t FROM '/tmp/stdin'").is_ok());
        assert!(refuse_copy("INSERT INTO stdin VALUES (1)").is_ok());
    }
}
