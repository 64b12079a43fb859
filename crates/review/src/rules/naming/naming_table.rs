//! A table gets a name that does not match the format, or is too long.

use base::Span;
use sql::tree::{AlterKind, Body, RelationKind};

use crate::naming::Format;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::NamingTable,
    group: Group::Naming,
    engines: &[EngineKind::Postgres],
    codes: &[code::NAMING_TABLE],
    payload: PayloadKind::Naming,
    needs: Needs::Script,
    doc: Doc {
        what: "A table gets a name that does not match the format, or is too long.",
        why: "Names that follow one format can be found, typed and generated without looking them up.",
        example: "CREATE TABLE \"TechBook\" (id int);",
        instead: "CREATE TABLE tech_book (id int);",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    let format = Format::new(cx.naming()?)?;
    for (_, body) in cx.bodies() {
        match body {
            Body::CreateTable(made) => {
                name(cx, &format, &made.name.name, made.name.span)?;
            }
            Body::AlterTable(alter) if alter.relation == RelationKind::Table => {
                for action in &alter.actions {
                    if let AlterKind::RenameTo { to } = &action.kind {
                        name(cx, &format, &to.name, to.span)?;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn name(cx: &mut Cx<'_>, format: &Format<'_>, name: &str, span: Span) -> Checked {
    if !format.matches(name, &[])? {
        let expected = format.expanded(&[]);
        cx.report(
            code::NAMING_TABLE,
            span,
            format!("The table name \"{name}\" does not match \"{expected}\""),
        );
    }
    if format.is_too_long(name) {
        let most = format.max_length;
        cx.report(
            code::NAMING_TABLE,
            span,
            format!("The table name \"{name}\" is longer than {most} bytes"),
        );
    }
    Ok(())
}
