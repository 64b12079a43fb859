//! A catalog as lines that a person can read and a test can name.

use schema::{Catalog, Column, Index, Partition, Table, Trigger};

/// One line for each object and part of one, in the catalog's order:
///
/// ```text
/// table app.customer
/// column app.customer.name text not null default 'x'::text
/// index app.customer.customer_pkey (id) primary unique
/// foreign key app.orders.orders_fk (customer_id) -> app.customer (id) on delete CASCADE
/// ```
pub fn outline(catalog: &Catalog) -> Vec<String> {
    let mut out: Vec<String> =
        catalog.extensions.iter().map(|e| format!("extension {}", e.name)).collect();
    for s in &catalog.schemas {
        let at = |name: &str| {
            if s.name.is_empty() { name.to_owned() } else { format!("{}.{name}", s.name) }
        };
        if !s.name.is_empty() {
            out.push(format!("schema {}{}", s.name, comment(&s.comment)));
        }
        for t in &s.tables {
            table(&at(&t.name), t, &mut out);
        }
        for v in &s.views {
            out.push(format!("view {}{}", at(&v.name), comment(&v.comment)));
            columns(&at(&v.name), &v.columns, &mut out);
            triggers(&at(&v.name), &v.triggers, &mut out);
        }
        for v in &s.materialized_views {
            out.push(format!("materialized view {}{}", at(&v.name), comment(&v.comment)));
            indexes(&at(&v.name), &v.indexes, &mut out);
        }
        for r in &s.routines {
            let kind = format!("{:?}", r.kind).to_lowercase();
            out.push(format!("{kind} {}{}", at(&r.signature), comment(&r.comment)));
        }
        for q in &s.sequences {
            let owner = match q.owner_table.as_str() {
                "" => String::new(),
                table => format!(" owned by {table}.{}", q.owner_column),
            };
            out.push(format!("sequence {}{owner}", at(&q.name)));
        }
        out.extend(s.enums.iter().map(|e| format!("enum {} {}", at(&e.name), e.values.join("|"))));
        out.extend(s.types.iter().map(|t| format!("type {}", at(&t.name))));
        out.extend(s.events.iter().map(|e| format!("event {}", at(&e.name))));
    }
    out
}

fn table(name: &str, t: &Table, out: &mut Vec<String>) {
    out.push(format!("table {name}{}", comment(&t.comment)));
    columns(name, &t.columns, out);
    indexes(name, &t.indexes, out);
    for k in &t.foreign_keys {
        let mut target = k.referenced_table.clone();
        if !k.referenced_schema.is_empty() {
            target = format!("{}.{target}", k.referenced_schema);
        }
        let action = |word: &str, action: &str| match action {
            "" | "NO ACTION" | "RESTRICT" => String::new(),
            action => format!(" on {word} {action}"),
        };
        out.push(format!(
            "foreign key {name}.{} ({}) -> {target} ({}){}{}",
            k.name,
            k.columns.join(", "),
            k.referenced_columns.join(", "),
            action("delete", &k.on_delete),
            action("update", &k.on_update)
        ));
    }
    out.extend(t.checks.iter().map(|c| format!("check {name}.{} {}", c.name, c.expression)));
    triggers(name, &t.triggers, out);
    out.extend(t.rules.iter().map(|r| format!("rule {name}.{}", r.name)));
    out.extend(t.policies.iter().map(|p| format!("policy {name}.{}", p.name)));
    if !t.partition_by.is_empty() {
        out.push(format!("partitioned {name} by {}", t.partition_by));
    }
    partitions(name, &t.partitions, out);
}

fn columns(of: &str, list: &[Column], out: &mut Vec<String>) {
    for c in list {
        let mut line = format!("column {of}.{} {}", c.name, c.r#type);
        if !c.nullable {
            line += " not null";
        }
        if let Some(default) = &c.default {
            line += &format!(" default {default}");
        }
        if let Some(generation) = &c.generation {
            let kind = format!("{:?}", generation.kind).to_lowercase();
            line += &format!(" generated {} {kind}", generation.expression);
        }
        if c.identity.is_some() || c.auto_increment {
            line += " identity";
        }
        out.push(line + &comment(&c.comment));
    }
}

fn indexes(of: &str, list: &[Index], out: &mut Vec<String>) {
    for i in list {
        let keys: Vec<_> = i
            .keys
            .iter()
            .map(|k| {
                let length = if k.length > 0 { format!("({})", k.length) } else { String::new() };
                let order = if k.descending { " desc" } else { "" };
                format!("{}{length}{order}", k.expression)
            })
            .collect();
        let mut line = format!("index {of}.{} ({})", i.name, keys.join(", "));
        for (word, holds) in [(" primary", i.primary), (" unique", i.unique)] {
            line += if holds { word } else { "" };
        }
        out.push(line + &comment(&i.comment));
    }
}

fn triggers(of: &str, list: &[Trigger], out: &mut Vec<String>) {
    for t in list {
        let mut line = format!("trigger {of}.{} {} {}", t.name, t.timing, t.event);
        if !t.state.is_empty() {
            line += &format!(" {}", t.state.to_lowercase());
        }
        out.push(line + &comment(&t.comment));
    }
}

fn partitions(of: &str, list: &[Partition], out: &mut Vec<String>) {
    for p in list {
        out.push(format!("partition {of}.{} {}", p.name, p.value));
        indexes(&format!("{of}.{}", p.name), &p.indexes, out);
        partitions(&format!("{of}.{}", p.name), &p.subpartitions, out);
    }
}

fn comment(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" -- {text}") }
}
