//! A query reads a table without WHERE.

use sql::tree::{QueryBody, visit_queries};

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementWhereRequireSelect,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    codes: &[code::NO_WHERE],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "A query reads a table without WHERE.",
        why: "It reads every row, however many there will be.",
        example: "SELECT id FROM book;",
        instead: "SELECT id FROM book WHERE id = 1;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for statement in &cx.script.statements {
        let mut found = Vec::new();
        visit_queries(&statement.body, &mut |query| match &query.body {
            QueryBody::Select(s) if !s.from.is_empty() && s.filter.is_none() => found.push(s.span),
            QueryBody::Table(_) => found.push(query.span),
            _ => {}
        });
        for span in found {
            cx.report(code::NO_WHERE, span, "The query has no WHERE: it reads all rows".to_owned());
        }
    }
    Ok(())
}
