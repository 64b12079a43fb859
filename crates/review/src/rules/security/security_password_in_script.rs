//! A password is written into the script.

use sql::tree::Body;

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::SecurityPasswordInScript,
    group: Group::Security,
    engines: &[EngineKind::Postgres],
    codes: &[RuleType::SecurityPasswordInScript.number()],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "A password is written into the script.",
        why: "It stays in the plan, in the logs of the server, and in whoever's hands these come.",
        example: "CREATE ROLE app LOGIN PASSWORD 'secret';",
        instead: "CREATE ROLE app LOGIN;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for statement in &cx.script.statements {
        if let Body::RolePassword { role, password } = &statement.body {
            let content = format!("The password of the role \"{role}\" is written out");
            cx.report(RULE.rule.number(), *password, content);
        }
    }
    Ok(())
}
