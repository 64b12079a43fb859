//! An INSERT does not name its columns.

use sql::tree::Body;

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementInsertMustSpecifyColumn,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "An INSERT does not name its columns.",
        why: "It breaks, or puts values into the wrong columns, when the table changes.",
        example: "INSERT INTO book VALUES (1, 'x');",
        instead: "INSERT INTO book (id, name) VALUES (1, 'x');",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for statement in &cx.script.statements {
        let Body::Insert(insert) = &statement.body else { continue };
        if insert.columns.is_empty() && insert.source.is_some() {
            let content =
                format!("The INSERT into \"{}\" does not name its columns", insert.table.written());
            cx.report_statement(code::INSERT_NO_COLUMNS, statement, content);
        }
    }
    Ok(())
}
