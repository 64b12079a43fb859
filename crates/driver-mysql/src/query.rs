//! Reading for people: rows as they come over the text protocol, which runs every statement, with the types of their columns.

use engine::{Cancel as _, Flow, Queried, Reading, Sink, StatementFailure};
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Error};

use crate::cancel::Canceller;
use crate::cell::{Kind, cell, column};
use crate::classify_error::{code, statement_failure};
use crate::execute::{notices, refuse_what_is_no_statement};
use crate::flavor::Flavor;

/// The time limit, then a transaction that cannot write.
pub(crate) async fn begin(
    conn: &mut Conn,
    flavor: Flavor,
    reading: &Reading,
) -> Result<(), StatementFailure> {
    let limit = if flavor.is_mariadb() {
        format!("SET SESSION max_statement_time = {}", reading.timeout.as_secs_f64().max(0.001))
    } else {
        let ms = reading.timeout.as_millis().clamp(1, u128::from(u32::MAX));
        format!("SET SESSION max_execution_time = {ms}")
    };
    for sql in [&*limit, "SET SESSION TRANSACTION READ ONLY", "START TRANSACTION READ ONLY"] {
        conn.query_drop(sql).await.map_err(|e| statement_failure(e, sql))?;
    }
    Ok(())
}

/// Hands the rows to the sink, and stops the statement when that has enough.
pub(crate) async fn query(
    conn: &mut Conn,
    sql: &str,
    sink: &mut dyn Sink,
    canceller: &Canceller,
) -> Result<Queried, StatementFailure> {
    refuse_what_is_no_statement(conn, sql).await?;
    let failed = |e| statement_failure(e, sql);
    let mut result = match conn.query_iter(sql).await {
        Ok(result) => result,
        Err(Error::Server(e)) if e.code == code::EMPTY_QUERY => return Ok(Queried::default()),
        Err(e) => return Err(failed(e)),
    };
    let kinds: Vec<_> = result.columns_ref().iter().map(Kind::of).collect();
    sink.columns(result.columns_ref().iter().map(column).collect());
    let mut enough = false;
    while let Some(row) = result.next().await.map_err(failed)? {
        let cells = kinds.iter().zip(row.unwrap()).map(|(kind, value)| cell(*kind, value));
        if sink.row(cells.collect()) == Flow::Enough {
            enough = true;
            break;
        }
    }
    if !enough {
        result.drop_result().await.map_err(failed)?;
        return Ok(Queried { notices: notices(conn).await.map_err(failed)? });
    }
    canceller.cancel().await.map_err(|failure| {
        let why =
            format!("a query that had given enough could not be stopped: {}", failure.message);
        StatementFailure { connection_lost: true, ..StatementFailure::new(failure.kind, why) }
    })?;
    // What was under way before the server heard of it, up to its word that it was interrupted.
    while let Ok(Some(_)) = result.next().await {}
    Ok(Queried::default())
}
