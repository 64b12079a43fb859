//! Foreign keys. SQLite keeps no names of them.

use rusqlite::{Connection, Row};
use schema::ForeignKey;

use super::{Draft, each};

/// A row of foreign_key_list.
struct Found {
    table: String,
    id: i64,
    referenced: String,
    from: String,
    to: Option<String>,
    on_update: String,
    on_delete: String,
    matching: String,
}

pub(super) fn read(conn: &Connection, draft: &mut Draft) -> rusqlite::Result<()> {
    let names: Vec<String> = draft.tables.keys().cloned().collect();
    // The last one written has number 0.
    let sql = "SELECT m.name, f.id, f.\"table\", f.\"from\", f.\"to\", f.on_update, f.on_delete, f.\"match\"
         FROM sqlite_schema m, pragma_foreign_key_list(m.name) f
         WHERE m.type = 'table' AND {names} ORDER BY m.name, f.id DESC, f.seq";
    let mut last = None;
    for f in each(conn, sql, &names, found)? {
        let Some(table) = draft.tables.get_mut(&f.table) else { continue };
        let this = Some((f.table.clone(), f.id));
        if last != this {
            last = this;
            table.foreign_keys.push(ForeignKey {
                referenced_table: f.referenced.clone(),
                on_update: f.on_update,
                on_delete: f.on_delete,
                match_type: f.matching,
                ..ForeignKey::default()
            });
        }
        let Some(key) = table.foreign_keys.last_mut() else { continue };
        // Without a list of columns the key refers to the primary key.
        let primary = draft.primary.get(&f.referenced).and_then(|c| c.get(key.columns.len()));
        key.referenced_columns.push(f.to.or_else(|| primary.cloned()).unwrap_or_default());
        key.columns.push(f.from);
    }
    Ok(())
}

fn found(r: &Row<'_>) -> rusqlite::Result<Found> {
    Ok(Found {
        table: r.get(0)?,
        id: r.get(1)?,
        referenced: r.get(2)?,
        from: r.get(3)?,
        to: r.get(4)?,
        on_update: r.get(5)?,
        on_delete: r.get(6)?,
        matching: r.get(7)?,
    })
}
