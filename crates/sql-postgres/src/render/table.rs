//! CREATE TABLE, with what cannot be added later; parents before children, partitions behind their table.

use schema::{Catalog, Column, GenerationKind, Partition, Table};

use super::order::{Node, Shown, in_order};
use super::{Out, each};
use crate::quote::{identifier, qualified};

pub(super) fn tables(catalog: &Catalog, out: &mut Out) {
    let nodes = each(catalog, |s| &s.tables).map(|(schema, table)| {
        let mut own = Out::default();
        own.push(create_table(&schema.name, table));
        for partition in &table.partitions {
            create_partition(&schema.name, &table.name, &schema.name, partition, &mut own);
        }
        for check in table.checks.iter().filter(|c| is_late(&c.expression)) {
            own.push(format!(
                "ALTER TABLE {} ADD CONSTRAINT {} CHECK {}",
                qualified(&schema.name, &table.name),
                identifier(&check.name),
                check.expression
            ));
        }
        Node {
            schema: &schema.name,
            name: &table.name,
            needs: table.inherits.clone(),
            shown: Shown::InNeeds,
            text: own.text,
        }
    });
    in_order(nodes.collect()).into_iter().for_each(|text| out.push(text));
}

/// Only ALTER TABLE keeps a constraint NOT VALID.
fn is_late(expression: &str) -> bool {
    expression.ends_with(" NOT VALID")
}

fn create_table(schema: &str, table: &Table) -> String {
    let (unlogged, options) = match table.create_options.strip_prefix("UNLOGGED") {
        Some(rest) => ("UNLOGGED ", rest.trim_start()),
        None => ("", table.create_options.as_str()),
    };
    let mut lines: Vec<String> = table.columns.iter().map(column).collect();
    for check in table.checks.iter().filter(|c| !is_late(&c.expression)) {
        lines.push(format!("CONSTRAINT {} CHECK {}", identifier(&check.name), check.expression));
    }
    for index in table.indexes.iter().filter(|i| i.constraint) {
        lines.push(format!("CONSTRAINT {} {}", identifier(&index.name), index.definition));
    }
    let mut sql = format!("CREATE {unlogged}TABLE {} (", qualified(schema, &table.name));
    if !lines.is_empty() {
        sql += &format!("\n    {}\n", lines.join(",\n    "));
    }
    sql.push(')');
    if !table.inherits.is_empty() {
        let parents: Vec<_> = table.inherits.iter().map(|(s, t)| qualified(s, t)).collect();
        sql += &format!(" INHERITS ({})", parents.join(", "));
    }
    if !table.partition_by.is_empty() {
        sql += &format!(" PARTITION BY {}", table.partition_by);
    }
    if !options.is_empty() {
        sql += &format!(" {options}");
    }
    sql
}

fn column(c: &Column) -> String {
    let mut sql = format!("{} {}", identifier(&c.name), c.r#type);
    if !c.collation.is_empty() {
        sql += &format!(" COLLATE {}", c.collation);
    }
    if let Some(generation) = &c.generation {
        let kind = match generation.kind {
            GenerationKind::Stored => "STORED",
            GenerationKind::Virtual => "VIRTUAL",
        };
        sql += &format!(" GENERATED ALWAYS AS ({}) {kind}", generation.expression);
    } else if let Some(identity) = &c.identity {
        let when = if identity.always { "ALWAYS" } else { "BY DEFAULT" };
        let mut options =
            format!("START WITH {} INCREMENT BY {}", identity.start, identity.increment);
        if !identity.options.is_empty() {
            options += &format!(" {}", identity.options);
        }
        sql += &format!(" GENERATED {when} AS IDENTITY ({options})");
    } else if let Some(default) = &c.default {
        sql += &format!(" DEFAULT {default}");
    }
    if !c.nullable {
        sql += " NOT NULL";
    }
    sql
}

/// The partition and those below it.
fn create_partition(
    parent_schema: &str,
    parent: &str,
    table_schema: &str,
    partition: &Partition,
    out: &mut Out,
) {
    let schema = schema_of(partition, table_schema);
    let mut constraints: Vec<String> = partition
        .checks
        .iter()
        .map(|c| format!("CONSTRAINT {} CHECK {}", identifier(&c.name), c.expression))
        .collect();
    constraints.extend(
        partition
            .indexes
            .iter()
            .filter(|i| i.constraint)
            .map(|i| format!("CONSTRAINT {} {}", identifier(&i.name), i.definition)),
    );
    let mut sql = format!(
        "CREATE TABLE {} PARTITION OF {}",
        qualified(schema, &partition.name),
        qualified(parent_schema, parent)
    );
    if !constraints.is_empty() {
        sql += &format!(" (\n    {}\n)", constraints.join(",\n    "));
    }
    sql += &format!(" {}", partition.value);
    if !partition.partition_by.is_empty() {
        sql += &format!(" PARTITION BY {}", partition.partition_by);
    }
    out.push(sql);
    for below in &partition.subpartitions {
        create_partition(schema, &partition.name, table_schema, below, out);
    }
}

pub(super) fn schema_of<'a>(partition: &'a Partition, table_schema: &'a str) -> &'a str {
    if partition.schema.is_empty() { table_schema } else { &partition.schema }
}
