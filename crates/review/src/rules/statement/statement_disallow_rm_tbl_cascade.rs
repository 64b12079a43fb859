//! DROP TABLE or TRUNCATE says CASCADE.

use sql::tree::Body;

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementDisallowRmTblCascade,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "DROP TABLE or TRUNCATE says CASCADE.",
        why: "It takes away, or empties, what depends on the table, whatever that is on this server.",
        example: "DROP TABLE book CASCADE;",
        instead: "DROP TABLE book;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for (statement, body) in cx.bodies() {
        let word = match body {
            Body::Drop(drop) if drop.kind == "table" && drop.cascade => "DROP TABLE",
            Body::Truncate(truncate) if truncate.cascade => "TRUNCATE",
            _ => continue,
        };
        let content = format!("{word} CASCADE removes what depends on the table, too");
        cx.report_statement(code::DISALLOW_CASCADE, statement, content);
    }
    Ok(())
}
