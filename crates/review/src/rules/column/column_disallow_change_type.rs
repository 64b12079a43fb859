//! A column changes its type.

use sql::tree::{AlterKind, Body};

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::ColumnDisallowChangeType,
    group: Group::Column,
    engines: &[EngineKind::Postgres],
    codes: &[code::CHANGE_COLUMN_TYPE],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "A column changes its type.",
        why: "Most changes of type rewrite the table and its indexes under an exclusive lock, and readers may break.",
        example: "ALTER TABLE book ALTER COLUMN id TYPE bigint;",
        instead: "ALTER TABLE book ADD COLUMN new_id bigint;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for (_, body) in cx.bodies() {
        let Body::AlterTable(alter) = body else { continue };
        for action in &alter.actions {
            if let AlterKind::ColumnType { column, .. } = &action.kind {
                let content = format!("The column \"{}\" changes its type", column.name);
                cx.report(code::CHANGE_COLUMN_TYPE, action.span, content);
            }
        }
    }
    Ok(())
}
