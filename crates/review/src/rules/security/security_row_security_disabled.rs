//! Row security of a table is turned off.

use sql::tree::{AlterKind, Body};

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::SecurityRowSecurityDisabled,
    group: Group::Security,
    engines: &[EngineKind::Postgres],
    codes: &[RuleType::SecurityRowSecurityDisabled.number()],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "Row security of a table is turned off.",
        why: "Everybody with SELECT then sees all rows.",
        example: "ALTER TABLE book DISABLE ROW LEVEL SECURITY;",
        instead: "ALTER TABLE book ENABLE ROW LEVEL SECURITY;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for (_, body) in cx.bodies() {
        let Body::AlterTable(alter) = body else { continue };
        for action in &alter.actions {
            if matches!(action.kind, AlterKind::RowSecurity { state: "DISABLE" }) {
                let content = format!("Row security of \"{}\" is turned off", alter.name.written());
                cx.report(RULE.rule.number(), action.span, content);
            }
        }
    }
    Ok(())
}
