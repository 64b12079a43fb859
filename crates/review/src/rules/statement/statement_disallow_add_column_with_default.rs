//! ALTER TABLE adds a column with a default.

use sql::tree::ConstraintKind;

use crate::declared;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementDisallowAddColumnWithDefault,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    codes: &[code::ADD_COLUMN_WITH_DEFAULT],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "ALTER TABLE adds a column with a default.",
        why: "Before PostgreSQL 11, and with a volatile default ever since, the whole table is rewritten under an exclusive lock.",
        example: "ALTER TABLE book ADD COLUMN a int DEFAULT 1;",
        instead: "ALTER TABLE book ADD COLUMN a int;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for made in declared::columns(cx) {
        let has_default = made
            .column
            .constraints
            .iter()
            .any(|c| matches!(c.kind, ConstraintKind::Default { .. }));
        if made.made.is_none() && has_default {
            let content = format!(
                "The column \"{}\" is added with a default; add it without, set the default, then fill it in batches",
                made.column.name.name
            );
            cx.report(code::ADD_COLUMN_WITH_DEFAULT, made.column.span, content);
        }
    }
    Ok(())
}
