//! An UPDATE or DELETE has no WHERE.

use sql::tree::{Body, Cte};

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementWhereRequireUpdateDelete,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    codes: &[code::NO_WHERE],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "An UPDATE or DELETE has no WHERE.",
        why: "It changes every row, and most often a condition was forgotten.",
        example: "DELETE FROM book;",
        instead: "DELETE FROM book WHERE id = 1;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for statement in &cx.script.statements {
        for word in all_rows(&statement.body) {
            let content = format!("The {word} has no WHERE: it changes all rows");
            cx.report_statement(code::NO_WHERE, statement, content);
        }
    }
    Ok(())
}

/// UPDATE and DELETE without a condition: the statement itself, and those in its CTEs.
fn all_rows(body: &Body) -> Vec<&'static str> {
    let mut found = Vec::new();
    let ctes: &[Cte] = match body {
        Body::Update(update) => {
            if update.filter.is_none() && !update.current_of {
                found.push("UPDATE");
            }
            &update.ctes
        }
        Body::Delete(delete) => {
            if delete.filter.is_none() && !delete.current_of {
                found.push("DELETE");
            }
            &delete.ctes
        }
        Body::Insert(insert) => &insert.ctes,
        Body::Query(query) => &query.ctes,
        Body::Explain(inner) => return all_rows(inner),
        _ => &[],
    };
    found.extend(ctes.iter().flat_map(|c| all_rows(&c.body)));
    found
}
