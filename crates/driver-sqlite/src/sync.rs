//! The catalog of a file, in one read transaction: sqlite_schema joined with the pragmas as tables.

mod columns;
mod indexes;
mod keys;
mod objects;

use std::collections::BTreeMap;

use engine::Failure;
use rusqlite::{Connection, Row};
use schema::{Catalog, CheckConstraint, Schema, Table, View};

use crate::classify_error::failure;

/// Tables and views by name, as they are put together.
#[derive(Default)]
struct Draft {
    tables: BTreeMap<String, Table>,
    views: BTreeMap<String, View>,
    /// Names of the primary key's columns of each table, in the order of the key.
    primary: BTreeMap<String, Vec<String>>,
}

pub(crate) fn catalog(conn: &Connection, name: String) -> Result<Catalog, Failure> {
    // Inside a transaction of the script its own changes are seen, and it is not ours to end.
    let own = conn.is_autocommit();
    if own {
        conn.execute_batch("BEGIN").map_err(failure)?;
    }
    let read = read(conn, name).map_err(failure);
    if own {
        conn.execute_batch("ROLLBACK").map_err(failure)?;
    }
    read
}

fn read(conn: &Connection, name: String) -> rusqlite::Result<Catalog> {
    let pragma = |sql: &str| conn.query_row(sql, (), |r| r.get::<_, i64>(0));
    let size = pragma("PRAGMA page_count")?.saturating_mul(pragma("PRAGMA page_size")?);
    let character_set = conn.query_row("PRAGMA encoding", (), |r| r.get(0))?;
    let mut draft = Draft::default();
    objects::read(conn, &mut draft)?;
    columns::read(conn, &mut draft)?;
    indexes::read(conn, &mut draft)?;
    keys::read(conn, &mut draft)?;
    for table in draft.tables.values_mut() {
        let shown = sql_sqlite::shown::table(&table.definition);
        table.engine = shown.module;
        table.checks = shown
            .checks
            .into_iter()
            .map(|(name, expression)| CheckConstraint { name, expression })
            .collect();
    }
    let schema = Schema {
        tables: draft.tables.into_values().map(Into::into).collect(),
        views: draft.views.into_values().map(Into::into).collect(),
        ..Schema::default()
    };
    Ok(Catalog { name, character_set, size, schemas: vec![schema], ..Catalog::default() })
}

/// Runs a question about all objects at once, and one by one when one of them spoils it: a view of a dropped table, a
/// virtual table of a module that is not here. `sql` has `{names}` where a condition on `m` can stand.
fn each<T>(
    conn: &Connection,
    sql: &str,
    names: &[String],
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    let ask = |condition: &str, name: Option<&String>| -> rusqlite::Result<Vec<T>> {
        let mut prepared = conn.prepare(&sql.replace("{names}", condition))?;
        let mapped = prepared.query_map(rusqlite::params_from_iter(name), |r| read(r))?;
        mapped.collect()
    };
    if let Ok(all) = ask("1", None) {
        return Ok(all);
    }
    let mut out = Vec::new();
    for name in names {
        match ask("m.name = ?1", Some(name)) {
            Ok(rows) => out.extend(rows),
            Err(error) if is_local(&error) => {
                tracing::debug!(%name, %error, "SQLite cannot describe it");
            }
            Err(error) => return Err(error),
        }
    }
    Ok(out)
}

/// An error of one object, not of the file or the session.
fn is_local(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error().map(|e| e.code),
        Some(rusqlite::ErrorCode::Unknown | rusqlite::ErrorCode::AuthorizationForStatementDenied)
    ) || matches!(error, rusqlite::Error::SqlInputError { .. })
}
