//! UPDATE and DELETE of large tables, in batches: each a transaction that holds its rows for a moment.

use sql::tree::{Name, Parsed};
use sql::{Batch, Edit};

use super::{Known, Rewrite};
use crate::split::RULES;

/// Fewer rows are changed before anybody has waited for long.
const MANY: i64 = 100_000;

pub fn in_batches(known: &Known<'_>, statement: &Parsed, table: &Name) -> Option<Rewrite> {
    let table = known.table(table).filter(|t| t.stats.rows >= MANY)?;
    let key = only_key(table)?;
    sql::batch::parts(known.text_of(statement), key, RULES).ok()?;
    Some(Rewrite {
        title: "Run it in batches",
        edits: vec![Edit::insert(statement.span().start, directive(key))],
        needs_own_transactions: false,
        // A failure half way leaves the batches that are done.
        look: true,
    })
}

/// The comment above a statement that is run in batches.
pub fn directive(key: &str) -> String {
    Batch { key: key.to_owned(), rows: 5_000, pause_ms: 100, max_lag_s: None }.directive() + "\n"
}

/// The column of a primary key that has only one.
pub fn only_key(table: &schema::Table) -> Option<&str> {
    let primary = table.indexes.iter().find(|i| i.primary)?;
    let [key] = &primary.keys[..] else { return None };
    let column = table.columns.iter().find(|c| c.name == key.expression)?;
    Some(&column.name)
}
