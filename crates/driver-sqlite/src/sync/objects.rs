//! Tables, views and triggers by name, with the statements that made them.

use std::collections::BTreeMap;

use rusqlite::Connection;
use schema::{Table, TableStats, Trigger, View};
use sql_sqlite::shown;

use super::Draft;
use crate::marker::TABLE;

/// A row of sqlite_schema.
struct Object {
    kind: String,
    name: String,
    table: String,
    sql: String,
}

pub(super) fn read(conn: &Connection, draft: &mut Draft) -> rusqlite::Result<()> {
    let kinds = kinds(conn)?;
    let rows = row_counts(conn)?;
    let mut prepared = conn.prepare(
        "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema
         WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> ?1 ORDER BY type, name",
    )?;
    let objects = prepared.query_map([TABLE], |r| {
        Ok(Object { kind: r.get(0)?, name: r.get(1)?, table: r.get(2)?, sql: r.get(3)? })
    })?;
    let objects: Vec<Object> = objects.collect::<rusqlite::Result<_>>()?;
    for o in objects.iter().filter(|o| o.kind == "table") {
        let (kind, options) = kinds.get(&o.name).cloned().unwrap_or_default();
        // Tables that a virtual table keeps its content in come and go with it.
        if kind != "shadow" {
            let stats = TableStats {
                rows: rows.get(&o.name).copied().unwrap_or(-1),
                ..TableStats::default()
            };
            let table = Table {
                name: o.name.clone(),
                definition: o.sql.clone(),
                create_options: options,
                stats,
                ..Table::default()
            };
            draft.tables.insert(o.name.clone(), table);
        }
    }
    for o in objects.iter().filter(|o| o.kind == "view") {
        let found = shown::view(&o.sql);
        let view = View {
            name: o.name.clone(),
            definition: found.query,
            options: found.columns,
            ..View::default()
        };
        draft.views.insert(o.name.clone(), view);
    }
    for o in objects.into_iter().filter(|o| o.kind == "trigger") {
        let found = shown::trigger(&o.sql);
        let trigger = Trigger {
            name: o.name,
            timing: found.timing,
            event: found.event,
            body: o.sql,
            ..Trigger::default()
        };
        if let Some(t) = draft.tables.get_mut(&o.table) {
            t.triggers.push(trigger);
        } else if let Some(v) = draft.views.get_mut(&o.table) {
            v.triggers.push(trigger);
        }
    }
    Ok(())
}

/// Table → its kind (table, virtual, shadow…) and options.
fn kinds(conn: &Connection) -> rusqlite::Result<BTreeMap<String, (String, String)>> {
    let mut prepared =
        conn.prepare("SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main'")?;
    let rows = prepared.query_map((), |r| {
        let flags = [(r.get::<_, bool>(2)?, "WITHOUT ROWID"), (r.get(3)?, "STRICT")];
        let options: Vec<_> = flags.iter().filter(|f| f.0).map(|f| f.1).collect();
        Ok((r.get(0)?, (r.get(1)?, options.join(", "))))
    })?;
    rows.collect()
}

/// Rows of each table at the last ANALYZE. Counting them would read the whole file.
fn row_counts(conn: &Connection) -> rusqlite::Result<BTreeMap<String, i64>> {
    let analyzed = conn.query_row(
        "SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'",
        (),
        |r| r.get::<_, i64>(0),
    )?;
    if analyzed == 0 {
        return Ok(BTreeMap::new());
    }
    let mut prepared =
        conn.prepare("SELECT tbl, max(CAST(stat AS INTEGER)) FROM sqlite_stat1 GROUP BY tbl")?;
    let rows = prepared.query_map((), |r| Ok((r.get(0)?, r.get(1)?)))?;
    rows.collect()
}
