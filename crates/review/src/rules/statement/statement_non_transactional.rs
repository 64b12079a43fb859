//! A statement cannot run inside a transaction.

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementNonTransactional,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    codes: &[code::NON_TRANSACTIONAL],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "A statement cannot run inside a transaction.",
        why: "The script then runs statement by statement: when one fails, those before it stay.",
        example: "VACUUM book;",
        instead: "ANALYZE book;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for statement in &cx.script.statements {
        if cx.dialect.classify(cx.statement_text(statement)).outside_transaction {
            let content = "The statement cannot run inside a transaction".to_owned();
            cx.report_statement(code::NON_TRANSACTIONAL, statement, content);
        }
    }
    Ok(())
}
