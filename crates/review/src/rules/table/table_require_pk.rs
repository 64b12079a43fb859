//! A table is without a primary key after the script.

use std::collections::BTreeMap;

use schema::Table;
use sql::tree::{AlterKind, Body, Name, Parsed};

use crate::cx::TableKey;
use crate::declared;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::TableRequirePk,
    group: Group::Table,
    engines: &[EngineKind::Postgres],
    codes: &[code::TABLE_NO_PRIMARY_KEY],
    payload: PayloadKind::None,
    needs: Needs::Catalog,
    doc: Doc {
        what: "A table is without a primary key after the script.",
        why: "Rows without a key cannot be addressed: replication, changes in batches and clean-up need one.",
        example: "CREATE TABLE author (id int);",
        instead: "CREATE TABLE author (id int PRIMARY KEY);",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    let mut created = declared::created_tables(cx);
    // The last statement that concerns the key of a table.
    let mut touched: BTreeMap<TableKey, (Name, &Parsed)> = BTreeMap::new();
    for (statement, body) in cx.bodies() {
        if let Body::AlterTable(alter) = body
            && let Some(to) = alter.actions.iter().find_map(|a| renamed(&a.kind))
        {
            let name = Name { name: to.clone(), ..alter.name.clone() };
            let from = cx.key(&alter.name);
            if created.remove(&from) {
                created.insert(cx.key(&name));
            }
            if let Some((_, last)) = touched.remove(&from) {
                touched.insert(cx.key(&name), (name, last));
            }
            continue;
        }
        let name = match body {
            Body::CreateTable(made) => &made.name,
            Body::AlterTable(alter) if alter.actions.iter().any(|a| takes_away(&a.kind)) => {
                &alter.name
            }
            _ => continue,
        };
        touched.insert(cx.key(name), (name.clone(), statement));
    }
    for (key, (name, last)) in touched {
        let had_key = cx.table_before(&name).is_some_and(has_key);
        let concerned = had_key || created.contains(&key);
        if concerned && cx.table_after(&name).is_some_and(|t| !has_key(t)) {
            let content = format!("The table \"{}\" has no primary key", name.written());
            cx.report_statement(code::TABLE_NO_PRIMARY_KEY, last, content);
        }
    }
    Ok(())
}

const fn renamed(kind: &AlterKind) -> Option<&String> {
    match kind {
        AlterKind::RenameTo { to } => Some(&to.name),
        _ => None,
    }
}

const fn takes_away(kind: &AlterKind) -> bool {
    matches!(kind, AlterKind::DropConstraint { .. } | AlterKind::DropColumn { .. })
}

fn has_key(table: &Table) -> bool {
    table.indexes.iter().any(|i| i.primary)
}
