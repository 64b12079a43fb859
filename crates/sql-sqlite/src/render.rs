//! A whole catalog as SQL that makes the same schema in an empty file.
//!
//! SQLite keeps the statements that made its objects: they come back as they were written. Only tables must be there
//! before what belongs to them; nothing else is looked up before it is used.

use schema::Catalog;

use crate::quote_identifier;

pub(crate) fn render(catalog: &Catalog) -> String {
    let mut out = String::new();
    for schema in &catalog.schemas {
        for table in &schema.tables {
            push(&mut out, &table.definition);
        }
        for table in &schema.tables {
            for index in &table.indexes {
                push(&mut out, &index.definition);
            }
        }
        for view in &schema.views {
            let options = &view.options;
            let name = quote_identifier(&view.name);
            push(&mut out, &format!("CREATE VIEW {name}{options} AS {}", view.definition));
        }
        let of_tables = schema.tables.iter().flat_map(|t| &t.triggers);
        for trigger in of_tables.chain(schema.views.iter().flat_map(|v| &v.triggers)) {
            push(&mut out, &trigger.body);
        }
    }
    out
}

/// Indexes that a constraint made have no statement.
fn push(out: &mut String, statement: &str) {
    let statement = statement.trim().trim_end_matches(';');
    if !statement.is_empty() {
        // A comment at the end would swallow the semicolon.
        let line = statement.rsplit('\n').next().unwrap_or("");
        let end = if line.contains("--") { "\n;\n\n" } else { ";\n\n" };
        *out += statement;
        *out += end;
    }
}
