//! ALTER TABLE adds a NOT NULL column without a default.

use sql::tree::{ColumnDef, ConstraintKind, ExprKind};

use crate::declared;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::ColumnAddNotNullRequireDefault,
    group: Group::Column,
    engines: &[EngineKind::Postgres],
    codes: &[code::NOT_NULL_WITHOUT_DEFAULT],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "ALTER TABLE adds a NOT NULL column without a default.",
        why: "The server refuses it as soon as the table has a row, and writers that do not know the column fail.",
        example: "ALTER TABLE book ADD COLUMN b int NOT NULL;",
        instead: "ALTER TABLE book ADD COLUMN b int NOT NULL DEFAULT 0;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    // A table that the script makes has no rows yet.
    let created = declared::created_tables(cx);
    for made in declared::columns(cx) {
        let is_new = made.made.is_some() || created.contains(&cx.key(made.table));
        if !is_new && is_required(made.column) && !is_given(made.column) {
            let content = format!(
                "The column \"{}\" of \"{}\" is NOT NULL and has no default: existing rows have no value for it",
                made.column.name.name,
                made.table.written()
            );
            cx.report(code::NOT_NULL_WITHOUT_DEFAULT, made.column.span, content);
        }
    }
    Ok(())
}

fn is_required(column: &ColumnDef) -> bool {
    let required = |kind: &ConstraintKind| {
        matches!(kind, ConstraintKind::NotNull { .. } | ConstraintKind::PrimaryKey { .. })
    };
    column.constraints.iter().any(|c| required(&c.kind))
}

/// Whether existing rows get a value.
fn is_given(column: &ColumnDef) -> bool {
    let given = |kind: &ConstraintKind| match kind {
        ConstraintKind::Default { expr, .. } => !matches!(expr.kind, ExprKind::Null),
        ConstraintKind::Generated { .. } => true,
        _ => false,
    };
    declared::is_serial(column) || column.constraints.iter().any(|c| given(&c.kind))
}
