//! SHOW CREATE for many objects in few messages.
//!
//! The server's own statement is the only faithful one, and there is no table of them: a hundred are asked for at a time.

use engine::Failure;
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Error, Row};

use crate::classify_error::failure;
use crate::rows::{Cells, cells};

const BATCH: usize = 100;

/// The row for each name, in the same order; None for what has gone meanwhile and what this account may not see.
pub(super) async fn create(
    conn: &mut Conn,
    kind: &str,
    names: &[&str],
) -> Result<Vec<Option<Cells>>, Failure> {
    let mut out = Vec::with_capacity(names.len());
    while out.len() < names.len() {
        let batch = &names[out.len()..names.len().min(out.len() + BATCH)];
        let texts: Vec<_> = batch
            .iter()
            .map(|name| format!("SHOW CREATE {kind} {}", sql_mysql::quote_identifier(name)))
            .collect();
        let before = out.len();
        match shown(conn, &texts.join(";"), &mut out).await {
            Ok(()) if out.len() == before + batch.len() => {}
            Ok(()) => out.push(None),
            // The server stops at the first that fails; the next message goes on behind it.
            Err(Error::Server(e)) if is_tolerable(e.code) => {
                tracing::debug!(kind, name = names[out.len()], message = %e.message, "not shown");
                out.push(None);
            }
            Err(e) => return Err(failure(e)),
        }
    }
    Ok(out)
}

async fn shown(conn: &mut Conn, sql: &str, out: &mut Vec<Option<Cells>>) -> Result<(), Error> {
    let mut result = conn.query_iter(sql).await?;
    while !result.is_empty() {
        let rows: Vec<Row> = result.collect().await?;
        out.push(rows.into_iter().next().map(cells));
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
