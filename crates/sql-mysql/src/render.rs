//! A whole catalog as SQL that makes the same schema in an empty database, by our own runner and by the mysql client.
//!
//! Definers are left out: who restores becomes the definer. Foreign keys are not checked meanwhile, so tables may come in
//! any order; views come after what they read. Bodies run under the modes they were made under.

mod bodies;
mod database;
mod sequence;
mod table;
mod view;

use schema::{Catalog, Schema};

pub(crate) use database::create_database;

/// Settings that the script changes, with the names that keep the old values meanwhile.
const KEPT: [&str; 6] = [
    "foreign_key_checks",
    "unique_checks",
    "sql_mode",
    "time_zone",
    "character_set_client",
    "collation_connection",
];

pub(crate) fn render(catalog: &Catalog) -> String {
    let mut out = String::new();
    if catalog.schemas.iter().all(is_empty) {
        return out;
    }
    for name in KEPT {
        out += &format!("SET @basalt_{name} = @@{name};\n");
    }
    out += "SET NAMES utf8mb4;\nSET foreign_key_checks = 0;\nSET unique_checks = 0;\n";
    // Zero dates and the like are in old tables: they must come back as they are.
    out += "SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO';\n\n";
    for schema in &catalog.schemas {
        for sequence in &schema.sequences {
            out += &sequence::render(sequence);
        }
        for table in &schema.tables {
            out += &table::render(table);
        }
        let mut bodies = bodies::Bodies::default();
        for routine in &schema.routines {
            bodies.routine(routine);
        }
        out += &bodies.finish();
        for view in view::in_order(&schema.views) {
            out += &view::render(view);
        }
        let mut bodies = bodies::Bodies::default();
        for table in &schema.tables {
            for trigger in &table.triggers {
                bodies.trigger(&table.name, trigger);
            }
        }
        for event in &schema.events {
            bodies.event(event);
        }
        out += &bodies.finish();
    }
    for name in KEPT {
        out += &format!("SET {name} = @basalt_{name};\n");
    }
    out
}

fn is_empty(s: &Schema) -> bool {
    s.tables.is_empty()
        && s.views.is_empty()
        && s.routines.is_empty()
        && s.sequences.is_empty()
        && s.events.is_empty()
}

/// A string literal under any of the modes that the script sets: a backslash is doubled, because none of them is
/// NO_BACKSLASH_ESCAPES where literals of ours stand.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''").replace('\0', "\\0"))
}
