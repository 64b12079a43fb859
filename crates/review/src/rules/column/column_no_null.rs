//! A column may be NULL after the script.

use std::collections::BTreeMap;

use base::Span;
use sql::tree::{AlterKind, Body, ColumnDef, ConstraintKind, Name};

use crate::cx::TableKey;
use crate::declared;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::ColumnNoNull,
    group: Group::Column,
    engines: &[EngineKind::Postgres],
    codes: &[code::COLUMN_NULL],
    payload: PayloadKind::None,
    needs: Needs::Catalog,
    doc: Doc {
        what: "A column may be NULL after the script.",
        why: "NULL is a third truth value that conditions and sums forget.",
        example: "CREATE TABLE book (id int);",
        instead: "CREATE TABLE book (id int NOT NULL);",
    },
    check,
};

/// Columns that may be NULL, table by table, with the place where they became so.
type Nullable = BTreeMap<TableKey, Vec<(String, Span)>>;

fn check(cx: &mut Cx<'_>) -> Checked {
    let mut nullable = Nullable::new();
    for (_, body) in cx.bodies() {
        match body {
            Body::CreateTable(made) if made.partition_of.is_none() => {
                let key = cx.key(&made.name);
                let columns = nullable.entry(key).or_default();
                let found = made.columns.iter().filter(|c| !is_not_null(c));
                columns.extend(found.map(|c| (c.name.name.clone(), c.span)));
                for constraint in &made.constraints {
                    keep_others(cx, columns, &made.name, &constraint.kind);
                }
            }
            Body::AlterTable(alter) => {
                let columns = nullable.entry(cx.key(&alter.name)).or_default();
                for action in &alter.actions {
                    match &action.kind {
                        AlterKind::AddColumn { column, .. } if !is_not_null(column) => {
                            columns.push((column.name.name.clone(), column.span));
                        }
                        AlterKind::DropNotNull { column } => {
                            columns.push((column.name.clone(), action.span));
                        }
                        AlterKind::SetNotNull { column } | AlterKind::DropColumn { column, .. } => {
                            columns.retain(|(c, _)| *c != column.name);
                        }
                        AlterKind::AddConstraint(constraint) => {
                            keep_others(cx, columns, &alter.name, &constraint.kind);
                        }
                        _ => {}
                    }
                }
            }
            Body::Drop(drop) if drop.kind == "table" => {
                for name in &drop.names {
                    nullable.remove(&cx.key(name));
                }
            }
            _ => {}
        }
    }
    for ((_, table), columns) in nullable {
        for (column, span) in columns {
            let content = format!("The column \"{column}\" of \"{table}\" may be NULL");
            cx.report(code::COLUMN_NULL, span, content);
        }
    }
    Ok(())
}

fn is_not_null(column: &ColumnDef) -> bool {
    declared::is_serial(column)
        || column.constraints.iter().any(|c| {
            matches!(c.kind, ConstraintKind::NotNull { .. } | ConstraintKind::PrimaryKey { .. })
        })
}

/// Columns of a primary key are not nullable, nor those of NOT NULL as a constraint of the table.
fn keep_others(
    cx: &Cx<'_>,
    nullable: &mut Vec<(String, Span)>,
    table: &Name,
    kind: &ConstraintKind,
) {
    let columns: Vec<String> = match kind {
        ConstraintKind::PrimaryKey { columns, using_index: None } => {
            columns.iter().map(|c| c.name.clone()).collect()
        }
        ConstraintKind::PrimaryKey { using_index: Some(index), .. } => {
            let known = cx.table_before(table).or_else(|| cx.table_after(table));
            let indexes = known.into_iter().flat_map(|t| &t.indexes);
            let keys = indexes.filter(|i| i.name == index.name).flat_map(|i| &i.keys);
            keys.map(|k| k.expression.clone()).collect()
        }
        ConstraintKind::NotNull { column: Some(column) } => vec![column.name.clone()],
        _ => return,
    };
    nullable.retain(|(c, _)| !columns.contains(c));
}
