//! DROP TABLE or TRUNCATE says CASCADE.

use base::Span;
use sql::tree::{Body, Parsed};

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementDisallowRmTblCascade,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    codes: &[code::DISALLOW_CASCADE],
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
        cx.fix(without_cascade(cx, statement));
    }
    Ok(())
}

/// CASCADE is the last word.
fn without_cascade(cx: &Cx<'_>, statement: &Parsed) -> Option<Fix> {
    let text = cx.statement_text(statement).trim_end();
    let (before, last) = text.rsplit_once(char::is_whitespace)?;
    let start = statement.span().start;
    let span = Span::new(start + before.trim_end().len(), start + text.len());
    last.eq_ignore_ascii_case("cascade")
        .then(|| Fix::new("Leave CASCADE out", Safety::Look, vec![Edit::remove(span)]))
}
