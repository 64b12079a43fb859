//! A privilege is granted to PUBLIC.

use sql::tree::Body;

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::SecurityGrantToPublic,
    group: Group::Security,
    engines: &[EngineKind::Postgres],
    codes: &[RuleType::SecurityGrantToPublic.number()],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "A privilege is granted to PUBLIC.",
        why: "Everybody who can connect has it, now and later.",
        example: "GRANT SELECT ON book TO PUBLIC;",
        instead: "GRANT SELECT ON book TO reader;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for statement in &cx.script.statements {
        let Body::Grant(grant) = &statement.body else { continue };
        if grant.to.iter().any(|r| r == "public") {
            let content = format!("{} is granted to everybody", grant.what);
            cx.report_statement(RULE.rule.number(), statement, content);
        }
    }
    Ok(())
}
