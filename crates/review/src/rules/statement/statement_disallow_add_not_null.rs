//! ALTER TABLE sets a column NOT NULL.

use sql::tree::{AlterKind, Body};

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementDisallowAddNotNull,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "ALTER TABLE sets a column NOT NULL.",
        why: "All rows are read under an exclusive lock.",
        example: "ALTER TABLE book ALTER COLUMN name SET NOT NULL;",
        instead: "ALTER TABLE book ADD CONSTRAINT name_not_null CHECK (name IS NOT NULL) NOT VALID;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for (_, body) in cx.bodies() {
        let Body::AlterTable(alter) = body else { continue };
        for action in &alter.actions {
            if let AlterKind::SetNotNull { column } = &action.kind {
                let content = format!(
                    "Setting \"{}\" NOT NULL reads all rows under an exclusive lock; add a check NOT VALID and validate it",
                    column.name
                );
                cx.report(code::ADD_NOT_NULL, action.span, content);
            }
        }
    }
    Ok(())
}
