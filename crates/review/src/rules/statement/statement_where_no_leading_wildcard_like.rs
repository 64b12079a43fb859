//! A LIKE pattern begins with a wildcard.

use sql::tree::{Expr, ExprKind, visit_body_exprs};

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementWhereNoLeadingWildcardLike,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    codes: &[code::LEADING_WILDCARD_LIKE],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "A LIKE pattern begins with a wildcard.",
        why: "An index on the column cannot be used: every row is read.",
        example: "SELECT id FROM book WHERE name LIKE '%x';",
        instead: "SELECT id FROM book WHERE name LIKE 'x%';",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for statement in &cx.script.statements {
        let mut found = false;
        visit_body_exprs(&statement.body, &mut |expr| found |= is_leading_wildcard(expr));
        if found {
            let content = "A LIKE pattern begins with a wildcard: no index helps".to_owned();
            cx.report_statement(code::LEADING_WILDCARD_LIKE, statement, content);
        }
    }
    Ok(())
}

fn is_leading_wildcard(expr: &Expr) -> bool {
    let ExprKind::Operator { op, operands } = &expr.kind else { return false };
    if !matches!(op.as_str(), "LIKE" | "ILIKE" | "NOT LIKE" | "NOT ILIKE") {
        return false;
    }
    matches!(
        operands.get(1).map(|p| &p.kind),
        Some(ExprKind::String(pattern)) if pattern.starts_with(['%', '_'])
    )
}
