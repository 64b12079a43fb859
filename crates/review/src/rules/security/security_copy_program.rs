//! COPY runs a program on the server's machine.

use sql::tree::Body;

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::SecurityCopyProgram,
    group: Group::Security,
    engines: &[EngineKind::Postgres],
    codes: &[RuleType::SecurityCopyProgram.number()],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "COPY runs a program on the server's machine.",
        why: "Whoever may change the script may then run anything there.",
        example: "COPY book FROM PROGRAM 'cat /tmp/x';",
        instead: "COPY book FROM STDIN;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for statement in &cx.script.statements {
        if let Body::CopyProgram { command } = &statement.body {
            let content = "COPY runs a program on the server's machine".to_owned();
            cx.report(RULE.rule.number(), *command, content);
        }
    }
    Ok(())
}
