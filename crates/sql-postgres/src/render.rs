//! A whole catalog as SQL that makes the same schema in an empty database.
//!
//! Invariants: the same catalog gives the same text; every object stands behind what it needs; names are qualified, so
//! that the search path does not matter. Bodies of routines are not checked while they are made, because they may
//! name what comes later. Owners and grants are left out: their roles belong to the server, not to the database.

mod order;
mod table;
mod tail;

use schema::{Catalog, Routine, Schema, Sequence};

use crate::quote::{identifier, literal, qualified};
use order::{Node, Shown, in_order};

/// Statements, one after another, separated by blank lines.
#[derive(Default)]
pub(crate) struct Out {
    text: String,
}

impl Out {
    /// Adds a statement; the terminator is added where it is missing.
    pub(crate) fn push(&mut self, statement: impl AsRef<str>) {
        let statement = statement.as_ref().trim_end();
        let statement = statement.trim_end_matches(';');
        self.text.push_str(statement);
        self.text.push_str(";\n\n");
    }

    pub(crate) fn comment(&mut self, what: &str, name: &str, comment: &str) {
        if !comment.is_empty() {
            self.push(format!("COMMENT ON {what} {name} IS {}", literal(comment)));
        }
    }
}

pub fn render(catalog: &Catalog) -> String {
    let mut out = Out::default();
    out.push("SET check_function_bodies = off");
    for schema in &catalog.schemas {
        let unless = if schema.name == "public" { "IF NOT EXISTS " } else { "" };
        out.push(format!("CREATE SCHEMA {unless}{}", identifier(&schema.name)));
    }
    for extension in &catalog.extensions {
        out.push(format!(
            "CREATE EXTENSION IF NOT EXISTS {} WITH SCHEMA {}",
            identifier(&extension.name),
            identifier(&extension.schema)
        ));
    }
    enums(catalog, &mut out);
    for (schema, sequence) in each(catalog, |s| &s.sequences) {
        out.push(create_sequence(&schema.name, sequence));
    }
    types_and_routines(catalog, &mut out);
    table::tables(catalog, &mut out);
    queries(catalog, &mut out);
    tail::indexes(catalog, &mut out);
    for (schema, sequence) in each(catalog, |s| &s.sequences) {
        if !sequence.owner_table.is_empty() {
            out.push(format!(
                "ALTER SEQUENCE {} OWNED BY {}.{}",
                qualified(&schema.name, &sequence.name),
                qualified(&schema.name, &sequence.owner_table),
                identifier(&sequence.owner_column)
            ));
        }
    }
    tail::triggers_rules_and_policies(catalog, &mut out);
    tail::foreign_keys(catalog, &mut out);
    tail::comments(catalog, &mut out);
    out.push("RESET check_function_bodies");
    out.text.truncate(out.text.trim_end().len());
    out.text.push('\n');
    out.text
}

/// Views and materialized views alone, with what belongs to them.
pub fn queries_of(catalog: &Catalog) -> String {
    let mut out = Out::default();
    queries(catalog, &mut out);
    tail::indexes(catalog, &mut out);
    tail::triggers_rules_and_policies(catalog, &mut out);
    tail::comments(catalog, &mut out);
    out.text
}

/// Every object of one kind with its schema, in the catalog's order.
pub(crate) fn each<'a, T: 'a>(
    catalog: &'a Catalog,
    list: impl Fn(&'a Schema) -> &'a Vec<T> + 'a,
) -> impl Iterator<Item = (&'a Schema, &'a T)> {
    catalog.schemas.iter().flat_map(move |s| list(s).iter().map(move |o| (s, o)))
}

fn enums(catalog: &Catalog, out: &mut Out) {
    for (schema, e) in each(catalog, |s| &s.enums) {
        let values: Vec<_> = e.values.iter().map(|v| literal(v)).collect();
        out.push(format!(
            "CREATE TYPE {} AS ENUM ({})",
            qualified(&schema.name, &e.name),
            values.join(", ")
        ));
    }
}

/// Domains, composite and range types, and the routines that need no relation: they may need one another.
fn types_and_routines(catalog: &Catalog, out: &mut Out) {
    let types = each(catalog, |s| &s.types).map(|(schema, t)| Node {
        schema: &schema.name,
        name: &t.name,
        needs: Vec::new(),
        shown: Shown::ByName,
        text: t.definition.clone(),
    });
    let routines = each(catalog, |s| &s.routines)
        .filter(|(_, r)| r.depends_on.is_empty())
        .map(|(schema, r)| routine(schema, r));
    in_order(types.chain(routines).collect()).into_iter().for_each(|text| out.push(text));
}

fn create_sequence(schema: &str, s: &Sequence) -> String {
    let mut sql = format!("CREATE SEQUENCE {}", qualified(schema, &s.name));
    if !s.data_type.is_empty() && s.data_type != "bigint" {
        sql += &format!(" AS {}", s.data_type);
    }
    for (word, value) in [
        ("INCREMENT BY", &s.increment),
        ("MINVALUE", &s.min_value),
        ("MAXVALUE", &s.max_value),
        ("START WITH", &s.start),
        ("CACHE", &s.cache_size),
    ] {
        if !value.is_empty() {
            sql += &format!(" {word} {value}");
        }
    }
    if s.cycle {
        sql += " CYCLE";
    }
    sql
}

/// Views, materialized views and the routines that need relations, each behind what it names.
fn queries(catalog: &Catalog, out: &mut Out) {
    let relations = |list: &[(String, String, String)]| {
        list.iter().map(|d| (d.0.clone(), d.1.clone())).collect::<Vec<_>>()
    };
    let mut nodes = Vec::new();
    for (schema, view) in each(catalog, |s| &s.views) {
        let name = qualified(&schema.name, &view.name);
        let options = if view.options.is_empty() {
            String::new()
        } else {
            format!(" WITH ({})", view.options)
        };
        nodes.push(Node {
            schema: &schema.name,
            name: &view.name,
            needs: relations(&view.depends_on),
            shown: Shown::InNeeds,
            text: format!("CREATE VIEW {name}{options} AS\n{}", view.definition),
        });
    }
    for (schema, view) in each(catalog, |s| &s.materialized_views) {
        nodes.push(Node {
            schema: &schema.name,
            name: &view.name,
            needs: relations(&view.depends_on),
            shown: Shown::InNeeds,
            text: format!(
                "CREATE MATERIALIZED VIEW {} AS\n{}",
                qualified(&schema.name, &view.name),
                view.definition
            ),
        });
    }
    for (schema, r) in each(catalog, |s| &s.routines) {
        if !r.depends_on.is_empty() {
            nodes.push(routine(schema, r));
        }
    }
    in_order(nodes).into_iter().for_each(|text| out.push(text));
}

fn routine<'a>(schema: &'a Schema, routine: &'a Routine) -> Node<'a> {
    Node {
        schema: &schema.name,
        name: &routine.name,
        needs: routine.depends_on.clone(),
        shown: Shown::ByCall,
        text: routine.definition.clone(),
    }
}
