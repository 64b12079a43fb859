//! Reading for people, on the session's thread: rows go over a channel that holds a few, so that the thread waits for who
//! takes them.

use engine::{Cell, Column, Flow, Sink, StatementFailure};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use tokio::sync::mpsc::{Receiver, Sender};

use crate::classify_error::statement_failure;
use crate::execute::one_statement;

/// Rows under way.
pub(crate) const AHEAD: usize = 16;

/// What the thread sends.
pub(crate) enum Item {
    Columns(Vec<Column>),
    Row(Vec<Cell>),
}

/// Steps through the statement until it ends or nobody takes its rows any more.
pub(crate) fn query(
    conn: &Connection,
    sql: &str,
    out: &Sender<Item>,
) -> Result<(), StatementFailure> {
    if !one_statement(sql)? {
        return Ok(());
    }
    run(conn, sql, out).map_err(statement_failure)
}

fn run(conn: &Connection, sql: &str, out: &Sender<Item>) -> rusqlite::Result<()> {
    let mut prepared = conn.prepare(sql)?;
    let columns = prepared.columns().into_iter().map(|column| Column {
        name: column.name().to_owned(),
        type_name: column.decl_type().unwrap_or_default().to_lowercase(),
    });
    let columns: Vec<_> = columns.collect();
    let count = columns.len();
    let mut open = out.blocking_send(Item::Columns(columns)).is_ok();
    let mut rows = prepared.query(())?;
    while open && let Some(row) = rows.next()? {
        let cells = (0..count).map(|at| row.get_ref(at).map(cell)).collect::<Result<_, _>>()?;
        open = out.blocking_send(Item::Row(cells)).is_ok();
    }
    Ok(())
}

/// Hands what the thread sends to the sink. Closes the channel when that has enough.
pub(crate) async fn feed(mut items: Receiver<Item>, sink: &mut dyn Sink) {
    while let Some(item) = items.recv().await {
        match item {
            Item::Columns(columns) => sink.columns(columns),
            Item::Row(cells) => {
                if sink.row(cells) == Flow::Enough {
                    return;
                }
            }
        }
    }
}

/// A value has a type of its own here, whatever its column says.
fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(n) => Cell::Int64(n),
        ValueRef::Real(n) => Cell::Double(n),
        ValueRef::Blob(bytes) => Cell::Bytes(bytes.to_vec()),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Cell::Text(text.to_owned()),
            Err(_) => Cell::Bytes(bytes.to_vec()),
        },
    }
}
