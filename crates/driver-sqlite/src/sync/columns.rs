//! Columns of tables and views.

use rusqlite::{Connection, Row};
use schema::{Column, Generation, GenerationKind};
use sql_sqlite::shown::{self, ShownColumn};

use super::{Draft, each};

/// A row of table_xinfo.
struct Found {
    table: String,
    key: i64,
    hidden: i64,
    column: Column,
}

pub(super) fn read(conn: &Connection, draft: &mut Draft) -> rusqlite::Result<()> {
    for (kind, names) in [
        ("table", draft.tables.keys().cloned().collect::<Vec<_>>()),
        ("view", draft.views.keys().cloned().collect()),
    ] {
        let sql = format!(
            "SELECT m.name, p.cid, p.name, p.type, p.\"notnull\", p.dflt_value, p.pk, p.hidden
             FROM sqlite_schema m, pragma_table_xinfo(m.name) p
             WHERE m.type = '{kind}' AND {{names}} ORDER BY m.name, p.cid"
        );
        let found = each(conn, &sql, &names, column)?;
        let mut primary: Vec<(String, i64, String)> = Vec::new();
        for f in found {
            if f.key > 0 {
                primary.push((f.table.clone(), f.key, f.column.name.clone()));
            }
            if let Some(t) = draft.tables.get_mut(&f.table) {
                t.columns.push(with_hidden(f.column, f.hidden));
            } else if let Some(v) = draft.views.get_mut(&f.table) {
                v.columns.push(f.column);
            }
        }
        primary.sort();
        for (table, _, column) in primary {
            draft.primary.entry(table).or_default().push(column);
        }
    }
    for table in draft.tables.values_mut() {
        let mut shown = shown::table(&table.definition).columns;
        for column in &mut table.columns {
            if let Some(more) = shown.remove(&column.name.to_lowercase()) {
                add(column, more);
            }
        }
    }
    Ok(())
}

fn column(r: &Row<'_>) -> rusqlite::Result<Found> {
    let position: i32 = r.get(1)?;
    Ok(Found {
        table: r.get(0)?,
        key: r.get(6)?,
        hidden: r.get(7)?,
        column: Column {
            position: position.saturating_add(1),
            name: r.get(2)?,
            r#type: r.get::<_, Option<String>>(3)?.unwrap_or_default(),
            nullable: !r.get::<_, bool>(4)?,
            default: r.get(5)?,
            ..Column::default()
        },
    })
}

/// 1: hidden column of a virtual table; 2: virtual generated; 3: stored generated.
fn with_hidden(mut column: Column, hidden: i64) -> Column {
    column.invisible = hidden == 1;
    if hidden > 1 {
        let kind = if hidden == 3 { GenerationKind::Stored } else { GenerationKind::Virtual };
        column.generation = Some(Generation { kind, expression: String::new() });
    }
    column
}

fn add(column: &mut Column, more: ShownColumn) {
    column.collation = more.collation;
    column.auto_increment = more.autoincrement;
    if let (Some(generation), Some(expression)) = (&mut column.generation, more.generated) {
        generation.expression = expression;
    }
}
