//! A column is added with a default that calls a function.

use sql::tree::{ConstraintKind, ExprKind, visit_exprs};

use crate::declared;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::ColumnDefaultDisallowVolatile,
    group: Group::Column,
    engines: &[EngineKind::Postgres],
    codes: &[code::NO_DEFAULT],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "A column is added with a default that calls a function.",
        why: "A volatile default is computed for each row: the table is rewritten under an exclusive lock.",
        example: "ALTER TABLE book ADD COLUMN a timestamp DEFAULT now();",
        instead: "ALTER TABLE book ADD COLUMN a timestamp DEFAULT CURRENT_TIMESTAMP;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for made in declared::columns(cx).into_iter().filter(|c| c.made.is_none()) {
        let mut called = None;
        for constraint in &made.column.constraints {
            if let ConstraintKind::Default { expr, .. } = &constraint.kind {
                visit_exprs(expr, &mut |e| {
                    if let ExprKind::Call { name, .. } = &e.kind {
                        called.get_or_insert_with(|| name.clone());
                    }
                });
            }
        }
        if let Some(name) = called {
            let content = format!(
                "The default of the added column \"{}\" calls {name}()",
                made.column.name.name
            );
            cx.report(code::NO_DEFAULT, made.column.span, content);
        }
    }
    Ok(())
}
