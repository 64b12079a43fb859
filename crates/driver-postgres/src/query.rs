//! Reading for people: columns with their types by preparing the statement, rows as the server's own text, which every type
//! has and which is exact.

use std::sync::Arc;

use engine::{Column, Flow, Queried, Reading, Sink, StatementFailure};
use futures_util::TryStreamExt as _;
use sql_postgres::quote::literal;
use tokio_postgres::{Client, SimpleQueryMessage, Statement};

use crate::cell::{Kind, cell};
use crate::connect::Notices;
use crate::execute::refuse_what_is_no_statement;
use crate::failure::statement_failure;

/// The settings that cells are read by, then a transaction that cannot write.
pub async fn begin(client: &Client, reading: &Reading) -> Result<(), StatementFailure> {
    let timeout = reading.timeout.as_millis().clamp(1, i32::MAX as u128);
    let mut settings = vec![
        ("default_transaction_read_only", "on".to_owned()),
        ("statement_timeout", timeout.to_string()),
        ("bytea_output", "hex".to_owned()),
        ("DateStyle", "ISO, YMD".to_owned()),
        // Before version 12 the default rounds.
        ("extra_float_digits", "3".to_owned()),
    ];
    if let Some(schema) = &reading.schema {
        settings.push(("search_path", sql_postgres::quote::identifier(schema)));
    }
    let calls: Vec<_> = settings
        .iter()
        .map(|(name, value)| {
            format!("pg_catalog.set_config({}, {}, false)", literal(name), literal(value))
        })
        .collect();
    let set = format!("SELECT {}", calls.join(", "));
    for sql in [set.as_str(), "BEGIN READ ONLY"] {
        client.batch_execute(sql).await.map_err(|e| statement_failure(&e, sql))?;
    }
    Ok(())
}

/// How it ended: the sink has all, or had enough and the statement was stopped, or could not be stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    All,
    Stopped,
    Running,
}

/// Hands the rows to the sink. `stop` is awaited when that has enough, and must make the statement end.
pub async fn query<S: Future<Output = bool>>(
    client: &Client,
    notices: &Notices,
    zone: &Arc<str>,
    sql: &str,
    sink: &mut dyn Sink,
    stop: impl FnOnce() -> S,
) -> Result<(Queried, End), StatementFailure> {
    refuse_what_is_no_statement(sql)?;
    drop(notices.take());
    let failed = |e| statement_failure(&e, sql);
    let prepared = client.prepare(sql).await.map_err(failed)?;
    let kinds: Vec<_> = prepared.columns().iter().map(|c| Kind::of(c.type_())).collect();
    sink.columns(columns(client, &prepared).await?);
    let stream = client.simple_query_raw(sql).await.map_err(failed)?;
    let mut stream = std::pin::pin!(stream);
    let mut enough = false;
    while let Some(message) = stream.try_next().await.map_err(failed)? {
        let SimpleQueryMessage::Row(row) = message else { continue };
        let cells = kinds.iter().enumerate().map(|(at, kind)| cell(*kind, row.get(at), zone));
        if sink.row(cells.collect()) == Flow::Enough {
            enough = true;
            break;
        }
    }
    let end = if !enough {
        End::All
    } else if stop().await {
        // What was under way before the server heard of it.
        while let Ok(Some(_)) = stream.try_next().await {}
        End::Stopped
    } else {
        End::Running
    };
    Ok((Queried { notices: notices.take() }, end))
}

/// Names and types, with what a type was declared with: `numeric(10,2)`.
async fn columns(client: &Client, prepared: &Statement) -> Result<Vec<Column>, StatementFailure> {
    if prepared.columns().is_empty() {
        return Ok(Vec::new());
    }
    let formats: Vec<_> = prepared
        .columns()
        .iter()
        .map(|c| format!("pg_catalog.format_type({}, {})", c.type_().oid(), c.type_modifier()))
        .collect();
    let sql = format!("SELECT pg_catalog.unnest(ARRAY[{}])", formats.join(", "));
    let names = crate::rows::fetch(client, &sql, formats.len()).await?;
    let columns = prepared.columns().iter().zip(names);
    Ok(columns
        .map(|(column, mut name)| Column {
            name: column.name().to_owned(),
            type_name: name.pop().flatten().unwrap_or_default(),
        })
        .collect())
}
