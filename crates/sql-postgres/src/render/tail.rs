//! What is added to tables once they are all there.

use schema::{Catalog, ForeignKey, Index, Named, Partition, Trigger};

use super::table::schema_of;
use super::{Out, each};
use crate::quote::{identifier, qualified};

/// Every table and partition with its schema and what it has of its own.
struct Relation<'a> {
    schema: &'a str,
    name: &'a str,
    indexes: &'a [Index],
    foreign_keys: &'a [ForeignKey],
    triggers: &'a [Trigger],
    comment: &'a str,
}

fn relations(catalog: &Catalog) -> Vec<Relation<'_>> {
    let mut out = Vec::new();
    for (schema, t) in each(catalog, |s| &s.tables) {
        out.push(Relation {
            schema: &schema.name,
            name: &t.name,
            indexes: &t.indexes,
            foreign_keys: &t.foreign_keys,
            triggers: &t.triggers,
            comment: &t.comment,
        });
        partitions(&schema.name, &t.partitions, &mut out);
    }
    out
}

fn partitions<'a>(schema: &'a str, list: &'a [Partition], out: &mut Vec<Relation<'a>>) {
    for p in list {
        out.push(Relation {
            schema: schema_of(p, schema),
            name: &p.name,
            indexes: &p.indexes,
            foreign_keys: &p.foreign_keys,
            triggers: &p.triggers,
            comment: &p.comment,
        });
        partitions(schema, &p.subpartitions, out);
    }
}

pub(super) fn indexes(catalog: &Catalog, out: &mut Out) {
    let relations = relations(catalog);
    let of_views = each(catalog, |s| &s.materialized_views).flat_map(|(_, v)| &v.indexes);
    for index in relations.iter().flat_map(|r| r.indexes).chain(of_views) {
        if !index.constraint {
            out.push(&index.definition);
        }
    }
}

pub(super) fn triggers_rules_and_policies(catalog: &Catalog, out: &mut Out) {
    for r in relations(catalog) {
        triggers(&qualified(r.schema, r.name), "TABLE", r.triggers, out);
    }
    for (schema, view) in each(catalog, |s| &s.views) {
        triggers(&qualified(&schema.name, &view.name), "VIEW", &view.triggers, out);
    }
    for (schema, table) in each(catalog, |s| &s.tables) {
        let definitions = |list: &[Named], out: &mut Out| {
            list.iter().for_each(|n| out.push(&n.definition));
        };
        definitions(&table.rules, out);
        definitions(&table.policies, out);
        let name = qualified(&schema.name, &table.name);
        match table.row_security.as_str() {
            "" => {}
            "FORCE" => {
                out.push(format!("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"));
                out.push(format!("ALTER TABLE {name} FORCE ROW LEVEL SECURITY"));
            }
            _ => out.push(format!("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")),
        }
    }
}

fn triggers(on: &str, what: &str, list: &[Trigger], out: &mut Out) {
    for t in list {
        out.push(&t.body);
        if !t.state.is_empty() {
            out.push(format!("ALTER {what} {on} {} TRIGGER {}", t.state, identifier(&t.name)));
        }
    }
}

pub(super) fn foreign_keys(catalog: &Catalog, out: &mut Out) {
    for r in relations(catalog) {
        for key in r.foreign_keys {
            out.push(format!(
                "ALTER TABLE {} ADD CONSTRAINT {} {}",
                qualified(r.schema, r.name),
                identifier(&key.name),
                key.definition
            ));
        }
    }
}

pub(super) fn comments(catalog: &Catalog, out: &mut Out) {
    for e in &catalog.extensions {
        out.comment("EXTENSION", &identifier(&e.name), &e.description);
    }
    for s in &catalog.schemas {
        out.comment("SCHEMA", &identifier(&s.name), &s.comment);
        let name = |n: &str| qualified(&s.name, n);
        s.enums.iter().for_each(|o| out.comment("TYPE", &name(&o.name), &o.comment));
        for t in &s.types {
            let what = if t.definition.starts_with("CREATE DOMAIN") { "DOMAIN" } else { "TYPE" };
            out.comment(what, &name(&t.name), &t.comment);
        }
        s.sequences.iter().for_each(|o| out.comment("SEQUENCE", &name(&o.name), &o.comment));
        for t in &s.tables {
            for c in &t.columns {
                let column = format!("{}.{}", name(&t.name), identifier(&c.name));
                out.comment("COLUMN", &column, &c.comment);
            }
        }
        for v in &s.views {
            out.comment("VIEW", &name(&v.name), &v.comment);
            for c in &v.columns {
                let column = format!("{}.{}", name(&v.name), identifier(&c.name));
                out.comment("COLUMN", &column, &c.comment);
            }
            trigger_comments(&name(&v.name), &v.triggers, out);
        }
        for v in &s.materialized_views {
            out.comment("MATERIALIZED VIEW", &name(&v.name), &v.comment);
            v.indexes.iter().for_each(|i| out.comment("INDEX", &name(&i.name), &i.comment));
        }
        for r in &s.routines {
            let what = match r.kind {
                schema::RoutineKind::Function => "FUNCTION",
                schema::RoutineKind::Procedure => "PROCEDURE",
            };
            let arguments = r.signature.get(r.signature.find('(').unwrap_or(0)..).unwrap_or("");
            out.comment(what, &format!("{}{arguments}", name(&r.name)), &r.comment);
        }
    }
    for r in relations(catalog) {
        let name = qualified(r.schema, r.name);
        out.comment("TABLE", &name, r.comment);
        r.indexes.iter().for_each(|i| {
            out.comment("INDEX", &qualified(r.schema, &i.name), &i.comment);
        });
        trigger_comments(&name, r.triggers, out);
    }
}

fn trigger_comments(on: &str, list: &[Trigger], out: &mut Out) {
    for t in list {
        out.comment("TRIGGER", &format!("{} ON {on}", identifier(&t.name)), &t.comment);
    }
}
