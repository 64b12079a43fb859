//! A table is made without a column that every table must have, or loses it.

use std::collections::HashMap;

use sql::tree::{AlterKind, Body};

use crate::cx::TableKey;
use crate::declared;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::ColumnRequired,
    group: Group::Column,
    engines: &[EngineKind::Postgres],
    codes: &[code::NO_REQUIRED_COLUMN],
    payload: PayloadKind::StringArray,
    needs: Needs::Script,
    doc: Doc {
        what: "A table is made without a column that every table must have, or loses it.",
        why: "Who relies on these columns (audit, sync, clean-up) relies on all tables.",
        example: "CREATE TABLE book (name text);",
        instead: "CREATE TABLE book (id int, created_ts timestamp, updated_ts timestamp, creator_id int, updater_id int);",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    let required = cx.list()?;
    let added = added(cx);
    for (statement, body) in cx.bodies() {
        match body {
            // What CREATE … AS, LIKE, INHERITS and PARTITION OF give is not written there.
            Body::CreateTable(made)
                if made.query.is_none()
                    && made.partition_of.is_none()
                    && made.likes.is_empty()
                    && made.inherits.is_empty() =>
            {
                let later = added.get(&cx.key(&made.name));
                let has = |name: &str| {
                    made.columns.iter().any(|c| c.name.name == name)
                        || later.is_some_and(|l| l.contains(&name))
                };
                let missing: Vec<&str> =
                    required.iter().map(String::as_str).filter(|r| !has(r)).collect();
                if !missing.is_empty() {
                    let content = format!(
                        "The table \"{}\" lacks the columns: {}",
                        made.name.written(),
                        missing.join(", ")
                    );
                    cx.report_statement(code::NO_REQUIRED_COLUMN, statement, content);
                }
            }
            Body::AlterTable(alter) => {
                let lost: Vec<&str> = alter
                    .actions
                    .iter()
                    .filter_map(|a| match &a.kind {
                        AlterKind::DropColumn { column, .. } => Some(column.name.as_str()),
                        AlterKind::RenameColumn { from, to } if from.name != to.name => {
                            Some(from.name.as_str())
                        }
                        _ => None,
                    })
                    .filter(|name| required.iter().any(|r| r == name))
                    .collect();
                if !lost.is_empty() {
                    let content = format!(
                        "The table \"{}\" loses the columns: {}",
                        alter.name.written(),
                        lost.join(", ")
                    );
                    cx.report_statement(code::NO_REQUIRED_COLUMN, statement, content);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Columns that the script adds to tables.
fn added<'a>(cx: &Cx<'a>) -> HashMap<TableKey, Vec<&'a str>> {
    let mut added: HashMap<TableKey, Vec<&'a str>> = HashMap::new();
    for column in declared::columns(cx).into_iter().filter(|c| c.made.is_none()) {
        added.entry(cx.key(column.table)).or_default().push(&column.column.name.name);
    }
    added
}
