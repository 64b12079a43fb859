//! A query selects `*`.

use sql::tree::{ExprKind, QueryBody, Target, visit_queries};

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementSelectNoSelectAll,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "A query selects `*`.",
        why: "What comes back changes with the table: readers break, and more is read than is needed.",
        example: "SELECT * FROM book;",
        instead: "SELECT id, name FROM book;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for statement in &cx.script.statements {
        let mut found = Vec::new();
        visit_queries(&statement.body, &mut |query| {
            let QueryBody::Select(select) = &query.body else { return };
            let star = |t: &Target| matches!(&t.expr.kind, ExprKind::Star(of) if of.is_empty());
            if select.targets.iter().any(star) {
                found.push(select.span);
            }
        });
        for span in found {
            cx.report(code::SELECT_ALL, span, "The query selects *; name the columns".to_owned());
        }
    }
    Ok(())
}
