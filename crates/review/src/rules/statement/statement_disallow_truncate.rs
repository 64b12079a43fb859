//! A table is truncated.

use sql::tree::Body;

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementDisallowTruncate,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    codes: &[code::DISALLOW_TRUNCATE],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "A table is truncated.",
        why: "It is empty at once, for everybody, and no WHERE says what goes.",
        example: "TRUNCATE TABLE book;",
        instead: "DELETE FROM book WHERE id = 1;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for statement in &cx.script.statements {
        let Body::Truncate(truncate) = &statement.body else { continue };
        for table in &truncate.tables {
            let content = format!("The table \"{}\" is truncated", table.written());
            cx.report(code::DISALLOW_TRUNCATE, table.span, content);
        }
    }
    Ok(())
}
