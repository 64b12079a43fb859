//! The script commits for itself.

use sql::tree::Body;

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementDisallowCommit,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    codes: &[code::DISALLOW_COMMIT],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "The script commits for itself.",
        why: "Transactions are opened and closed by whoever runs the script: a COMMIT in it leaves half of it behind when the rest fails.",
        example: "COMMIT;",
        instead: "UPDATE book SET name = 'x' WHERE id = 1;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for statement in &cx.script.statements {
        if matches!(statement.body, Body::Commit) {
            let content = "The script commits for itself".to_owned();
            cx.report_statement(code::DISALLOW_COMMIT, statement, content);
        }
    }
    Ok(())
}
