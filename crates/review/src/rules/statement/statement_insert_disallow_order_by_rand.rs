//! An INSERT … SELECT orders by a random number.

use sql::tree::{Body, Expr, ExprKind, visit_exprs, visit_subqueries};

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementInsertDisallowOrderByRand,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    codes: &[code::INSERT_ORDER_BY_RAND],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "An INSERT … SELECT orders by a random number.",
        why: "Every row is read and sorted, and no two runs insert the same.",
        example: "INSERT INTO book (id) SELECT id FROM old_book ORDER BY random();",
        instead: "INSERT INTO book (id) SELECT id FROM old_book ORDER BY id;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for statement in &cx.script.statements {
        let Body::Insert(insert) = &statement.body else { continue };
        let mut found = false;
        if let Some(query) = &insert.source {
            found |= query.order_by.iter().any(is_random);
            visit_subqueries(query, &mut |q| found |= q.order_by.iter().any(is_random));
        }
        if found {
            let content = "The INSERT orders by a random number".to_owned();
            cx.report_statement(code::INSERT_ORDER_BY_RAND, statement, content);
        }
    }
    Ok(())
}

fn is_random(expr: &Expr) -> bool {
    let mut found = false;
    visit_exprs(expr, &mut |e| {
        found |=
            matches!(&e.kind, ExprKind::Call { name, .. } if name == "random" || name == "rand");
    });
    found
}
