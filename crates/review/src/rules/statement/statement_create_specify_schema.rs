//! CREATE TABLE does not name the schema.

use sql::tree::Body;

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementCreateSpecifySchema,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    codes: &[code::CREATE_WITHOUT_SCHEMA],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "CREATE TABLE does not name the schema.",
        why: "The search path of the session decides where the table goes.",
        example: "CREATE TABLE book (id int);",
        instead: "CREATE TABLE public.book (id int);",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for statement in &cx.script.statements {
        let Body::CreateTable(made) = &statement.body else { continue };
        if made.name.schema.is_empty() && !made.temporary {
            let content =
                format!("The table \"{}\" is made without naming its schema", made.name.name);
            cx.report_statement(code::CREATE_WITHOUT_SCHEMA, statement, content);
            cx.fix(cx.with_schema(&[&made.name]));
        }
    }
    Ok(())
}
