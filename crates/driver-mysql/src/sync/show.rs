//! SHOW CREATE for many objects in few messages.
//!
//! The server's own statement is the only faithful one, and there is no table of them: a hundred are asked for at a time.

use engine::Failure;
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Error, Row, ServerError};

use crate::classify_error::failure;
use crate::rows::{Cells, cells};

const BATCH: usize = 100;

/// The row for each name, in the same order; None for what has gone meanwhile and what this account may not see.
pub(super) async fn create(
    conn: &mut Conn,
    kind: &str,
    names: &[&str],
) -> Result<Vec<Option<Cells>>, Failure> {
    let statement =
        |name: &&str| format!("SHOW CREATE {kind} {}", sql_mysql::quote_identifier(name));
    let statements: Vec<_> = names.iter().map(statement).collect();
    let mut out = Vec::with_capacity(names.len());
    for (name, answer) in names.iter().zip(each(conn, &statements).await?) {
        out.push(match answer {
            Ok(rows) => rows.into_iter().next(),
            Err(e) if is_tolerable(e.code) => {
                tracing::debug!(kind, name, message = %e.message, "not shown");
                None
            }
            Err(e) => return Err(failure(Error::Server(e))),
        });
    }
    Ok(out)
}

/// Runs statements in as few messages as can be, and gives the rows or the error of each, in the same order.
pub(crate) async fn each(
    conn: &mut Conn,
    statements: &[String],
) -> Result<Vec<Result<Vec<Cells>, ServerError>>, Failure> {
    let mut out = Vec::with_capacity(statements.len());
    while out.len() < statements.len() {
        let batch = &statements[out.len()..statements.len().min(out.len() + BATCH)];
        let before = out.len();
        match answers(conn, &batch.join(";"), &mut out).await {
            Ok(()) if out.len() == before + batch.len() => {}
            Ok(()) => out.push(Ok(Vec::new())),
            // The server stops at the first that fails; the next message goes on behind it.
            Err(Error::Server(e)) => out.push(Err(e)),
            Err(e) => return Err(failure(e)),
        }
    }
    Ok(out)
}

async fn answers(
    conn: &mut Conn,
    sql: &str,
    out: &mut Vec<Result<Vec<Cells>, ServerError>>,
) -> Result<(), Error> {
    let mut result = conn.query_iter(sql).await?;
    while !result.is_empty() {
        let rows: Vec<Row> = result.collect().await?;
        out.push(Ok(rows.into_iter().map(cells).collect()));
    }
    result.drop_result().await
}

/// Gone (table, view, routine, event, sequence), not allowed, or a view whose tables are gone.
const fn is_tolerable(code: u16) -> bool {
    matches!(
        code,
        1146 | 1305 | 1347 | 1356 | 1539 | 4091 | 1044 | 1142 | 1143 | 1227 | 1370 | 1449
    )
}
