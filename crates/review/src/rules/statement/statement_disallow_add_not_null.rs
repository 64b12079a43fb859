//! ALTER TABLE sets a column NOT NULL.

use sql::tree::{AlterKind, Body, ConstraintKind};

use crate::cx::TableKey;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementDisallowAddNotNull,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    codes: &[code::ADD_NOT_NULL],
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
    // Since version 12 the server believes a check: it reads no rows then.
    let mut checked: Vec<(TableKey, &ConstraintKind)> = Vec::new();
    for (statement, body) in cx.bodies() {
        let Body::AlterTable(alter) = body else { continue };
        let table = cx.key(&alter.name);
        for action in &alter.actions {
            if let AlterKind::AddConstraint(constraint) = &action.kind {
                checked.push((table.clone(), &constraint.kind));
            }
            if let AlterKind::SetNotNull { column } = &action.kind {
                if checked
                    .iter()
                    .any(|(t, kind)| *t == table && kind.is_not_null_check(&column.name))
                {
                    continue;
                }
                let content = format!(
                    "Setting \"{}\" NOT NULL reads all rows under an exclusive lock; prove it with a check before",
                    column.name
                );
                cx.report(code::ADD_NOT_NULL, action.span, content);
                cx.fix(cx.safer(statement));
            }
        }
    }
    Ok(())
}
