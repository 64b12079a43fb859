//! Indexes with their keys.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row};
use schema::{Index, IndexKey};
use sql_sqlite::shown;

use super::{Draft, each};

/// A row of index_list joined with index_xinfo.
struct Found {
    table: String,
    index: String,
    unique: bool,
    /// c: CREATE INDEX, u: UNIQUE constraint, pk: PRIMARY KEY.
    origin: String,
    position: usize,
    column: Option<String>,
    descending: bool,
}

pub(super) fn read(conn: &Connection, draft: &mut Draft) -> rusqlite::Result<()> {
    let definitions = definitions(conn)?;
    let names: Vec<String> = draft.tables.keys().cloned().collect();
    let sql = "SELECT m.name, l.name, l.\"unique\", l.origin, x.seqno, x.name, x.\"desc\"
         FROM sqlite_schema m, pragma_index_list(m.name) l, pragma_index_xinfo(l.name) x
         WHERE m.type = 'table' AND x.key = 1 AND {names}
         ORDER BY m.name, l.origin <> 'pk', l.name, x.seqno";
    for f in each(conn, sql, &names, found)? {
        let Some(table) = draft.tables.get_mut(&f.table) else { continue };
        if table.indexes.last().is_none_or(|i| i.name != f.index) {
            table.indexes.push(Index {
                unique: f.unique,
                primary: f.origin == "pk",
                constraint: f.origin != "c",
                r#type: "btree".to_owned(),
                visible: true,
                valid: true,
                definition: definitions.get(&f.index).cloned().unwrap_or_default(),
                name: f.index,
                ..Index::default()
            });
        }
        if let Some(index) = table.indexes.last_mut() {
            let expression = f.column.unwrap_or_else(|| {
                let keys = shown::index_keys(&index.definition);
                keys.get(f.position).map(|k| format!("({k})")).unwrap_or_default()
            });
            index.keys.push(IndexKey { expression, length: 0, descending: f.descending });
        }
    }
    // An INTEGER PRIMARY KEY is the table itself and has no index; people look for one.
    for (name, columns) in &draft.primary {
        let Some(table) = draft.tables.get_mut(name) else { continue };
        if table.indexes.iter().any(|i| i.primary) {
            continue;
        }
        let key = |c: &String| IndexKey { expression: c.clone(), length: 0, descending: false };
        let primary = Index {
            name: "PRIMARY".to_owned(),
            keys: columns.iter().map(key).collect(),
            unique: true,
            primary: true,
            constraint: true,
            visible: true,
            valid: true,
            ..Index::default()
        };
        table.indexes.insert(0, primary);
    }
    Ok(())
}

fn found(r: &Row<'_>) -> rusqlite::Result<Found> {
    Ok(Found {
        table: r.get(0)?,
        index: r.get(1)?,
        unique: r.get(2)?,
        origin: r.get(3)?,
        position: usize::try_from(r.get::<_, i64>(4)?).unwrap_or(0),
        column: r.get(5)?,
        descending: r.get(6)?,
    })
}

fn definitions(conn: &Connection) -> rusqlite::Result<BTreeMap<String, String>> {
    let mut prepared = conn
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")?;
    let rows = prepared.query_map((), |r| Ok((r.get(0)?, r.get(1)?)))?;
    rows.collect()
}
