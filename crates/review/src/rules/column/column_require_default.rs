//! A new column has no default.

use sql::tree::ConstraintKind;

use crate::declared;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::ColumnRequireDefault,
    group: Group::Column,
    engines: &[EngineKind::Postgres],
    codes: &[code::NO_DEFAULT],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "A new column has no default.",
        why: "Rows that do not name the column get NULL, or fail.",
        example: "CREATE TABLE book (id serial PRIMARY KEY, a int);",
        instead: "CREATE TABLE book (id serial PRIMARY KEY, a int DEFAULT 1);",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for made in declared::columns(cx) {
        let given = declared::is_serial(made.column)
            || made.column.constraints.iter().any(|c| {
                matches!(
                    c.kind,
                    ConstraintKind::Default { .. }
                        | ConstraintKind::Generated { .. }
                        | ConstraintKind::PrimaryKey { .. }
                )
            });
        let name = &made.column.name.name;
        let in_key = made.made.is_some_and(|t| {
            t.constraints.iter().any(|c| {
                matches!(&c.kind, ConstraintKind::PrimaryKey { columns, .. }
                    if columns.iter().any(|k| k.name == *name))
            })
        });
        if !given && !in_key {
            let content =
                format!("The column \"{name}\" of \"{}\" has no default", made.table.written());
            cx.report(code::NO_DEFAULT, made.column.span, content);
        }
    }
    Ok(())
}
