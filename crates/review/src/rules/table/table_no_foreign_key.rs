//! A foreign key is declared.

use crate::declared;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::TableNoForeignKey,
    group: Group::Table,
    engines: &[EngineKind::Postgres],
    codes: &[code::TABLE_FOREIGN_KEY],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "A foreign key is declared.",
        why: "Each change of a row is checked against another table, which costs locks; some keep references in the application.",
        example: "CREATE TABLE book (author_id int REFERENCES author (id));",
        instead: "CREATE TABLE book (author_id int);",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for made in declared::constraints(cx) {
        if made.is_foreign_key() {
            let content = format!("The table \"{}\" gets a foreign key", made.table.written());
            cx.report(code::TABLE_FOREIGN_KEY, made.constraint.span, content);
        }
    }
    Ok(())
}
