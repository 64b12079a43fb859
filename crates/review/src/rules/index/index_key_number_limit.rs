//! A key or index has more columns than the limit.

use base::Span;
use sql::tree::Body;

use crate::declared;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::IndexKeyNumberLimit,
    group: Group::Index,
    engines: &[EngineKind::Postgres],
    codes: &[code::INDEX_KEY_NUMBER],
    payload: PayloadKind::Number,
    needs: Needs::Script,
    doc: Doc {
        what: "A key or index has more columns than the limit.",
        why: "Wide indexes are large, slow to write, and seldom used beyond their first columns.",
        example: "CREATE INDEX i ON book (a, b, c, d, e, f);",
        instead: "CREATE INDEX i ON book (a, b);",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    let limit = cx.number()?;
    for made in declared::constraints(cx) {
        judge(cx, limit, "key", &made.table.name, made.columns().len(), made.constraint.span);
    }
    for (_, body) in cx.bodies() {
        if let Body::CreateIndex(index) = body {
            let span = index.name.as_ref().map_or(index.table.span, |n| n.span);
            judge(cx, limit, "index", &index.table.name, index.keys.len(), span);
        }
    }
    Ok(())
}

fn judge(cx: &mut Cx<'_>, limit: i64, what: &str, table: &str, columns: usize, span: Span) {
    if i64::try_from(columns).is_ok_and(|n| n > limit) {
        let content =
            format!("The {what} of \"{table}\" has {columns} columns, the limit is {limit}");
        cx.report(code::INDEX_KEY_NUMBER, span, content);
    }
}
