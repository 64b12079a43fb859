//! A change can break what runs against the schema as it is.

use std::collections::HashSet;

use sql::tree::{AlterKind, Body, ConstraintKind, Name, RelationKind};

use crate::cx::TableKey;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::SchemaBackwardCompatibility,
    group: Group::Schema,
    engines: &[EngineKind::Postgres],
    codes: &[
        code::COMPATIBILITY_DROP_DATABASE,
        code::COMPATIBILITY_RENAME_TABLE,
        code::COMPATIBILITY_DROP_TABLE,
        code::COMPATIBILITY_RENAME_COLUMN,
        code::COMPATIBILITY_DROP_COLUMN,
        code::COMPATIBILITY_ADD_PRIMARY_KEY,
        code::COMPATIBILITY_ADD_UNIQUE_KEY,
        code::COMPATIBILITY_ADD_FOREIGN_KEY,
        code::COMPATIBILITY_ADD_CHECK,
        code::COMPATIBILITY_ALTER_COLUMN,
    ],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "A change can break what runs against the schema as it is.",
        why: "Old and new versions of an application run side by side during a rollout, and a rollback needs the old schema.",
        example: "ALTER TABLE book RENAME COLUMN name TO title;",
        instead: "ALTER TABLE book ADD COLUMN title text;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    let mut created: HashSet<TableKey> = HashSet::new();
    for (statement, body) in cx.bodies() {
        let is_new = |name: &Name| created.contains(&cx.key(name));
        let found = match body {
            Body::CreateTable(made) => {
                created.insert(cx.key(&made.name));
                None
            }
            Body::Drop(drop) => match drop.kind {
                "database" => Some(code::COMPATIBILITY_DROP_DATABASE),
                // A materialized view holds rows, as a table does.
                "table" | "materialized view" if !drop.names.iter().all(is_new) => {
                    Some(code::COMPATIBILITY_DROP_TABLE)
                }
                _ => None,
            },
            Body::AlterTable(alter) if !is_new(&alter.name) => {
                alter.actions.iter().find_map(|a| breaks(&a.kind, alter.relation))
            }
            Body::CreateIndex(index) if index.unique && !is_new(&index.table) => {
                Some(code::COMPATIBILITY_ADD_UNIQUE_KEY)
            }
            _ => None,
        };
        if let Some(found) = found {
            let text: String = cx.statement_text(statement).chars().take(200).collect();
            let content = format!("{text:?} may break what runs against the schema as it is");
            cx.report_statement(found, statement, content);
        }
    }
    Ok(())
}

fn breaks(kind: &AlterKind, relation: RelationKind) -> Option<i32> {
    match kind {
        AlterKind::RenameTo { .. } if relation == RelationKind::Table => {
            Some(code::COMPATIBILITY_RENAME_TABLE)
        }
        AlterKind::RenameColumn { .. } => Some(code::COMPATIBILITY_RENAME_COLUMN),
        AlterKind::DropColumn { .. } => Some(code::COMPATIBILITY_DROP_COLUMN),
        AlterKind::ColumnType { .. } => Some(code::COMPATIBILITY_ALTER_COLUMN),
        AlterKind::AddConstraint(constraint) => match &constraint.kind {
            // What an index guarantees already is no new condition.
            ConstraintKind::PrimaryKey { .. } => Some(code::COMPATIBILITY_ADD_PRIMARY_KEY),
            ConstraintKind::Unique { .. } => Some(code::COMPATIBILITY_ADD_UNIQUE_KEY),
            ConstraintKind::ForeignKey { .. } => Some(code::COMPATIBILITY_ADD_FOREIGN_KEY),
            ConstraintKind::Check { .. } if !constraint.not_valid => {
                Some(code::COMPATIBILITY_ADD_CHECK)
            }
            _ => None,
        },
        _ => None,
    }
}
