//! The script does not begin with SET ROLE (or search_path).

use sql::tree::Body;

use crate::cx::Place;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementCheckSetRoleVariable,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    codes: &[code::CHECK_SET_ROLE],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "The script does not begin with SET ROLE (or search_path).",
        why: "What it makes then belongs to whoever ran it.",
        example: "CREATE TABLE book (id int);",
        instead: "SET ROLE app;\nCREATE TABLE book (id int);",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for statement in &cx.script.statements {
        match &statement.body {
            Body::Set { name } if name == "role" || name == "search_path" => return Ok(()),
            Body::Set { .. } => {}
            _ => break,
        }
    }
    if !cx.script.statements.is_empty() {
        let content = "The script does not begin with SET ROLE".to_owned();
        cx.report_place(code::CHECK_SET_ROLE, Place::Script, content);
    }
    Ok(())
}
