//! A foreign key is declared ON DELETE CASCADE.

use sql::tree::ConstraintKind;

use crate::declared;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementDisallowOnDelCascade,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    codes: &[code::DISALLOW_CASCADE],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "A foreign key is declared ON DELETE CASCADE.",
        why: "One DELETE then takes rows of other tables along, unseen.",
        example: "CREATE TABLE book (author_id int REFERENCES author ON DELETE CASCADE);",
        instead: "CREATE TABLE book (author_id int REFERENCES author ON DELETE RESTRICT);",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    let mut last = None;
    for made in declared::constraints(cx) {
        let cascades =
            matches!(made.constraint.kind, ConstraintKind::ForeignKey { on_delete: "CASCADE", .. });
        // Once a statement.
        if cascades && last.replace(made.statement.span()) != Some(made.statement.span()) {
            let content =
                format!("A foreign key of \"{}\" is ON DELETE CASCADE", made.table.written());
            cx.report_statement(code::DISALLOW_CASCADE, made.statement, content);
        }
    }
    Ok(())
}
