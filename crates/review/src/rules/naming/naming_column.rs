//! A column gets a name that does not match the format, or is too long.

use base::Span;
use sql::tree::{AlterKind, Body, Name};

use crate::declared;
use crate::naming::Format;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::NamingColumn,
    group: Group::Naming,
    engines: &[EngineKind::Postgres],
    codes: &[code::NAMING_COLUMN],
    payload: PayloadKind::Naming,
    needs: Needs::Script,
    doc: Doc {
        what: "A column gets a name that does not match the format, or is too long.",
        why: "Names that follow one format can be found, typed and generated without looking them up.",
        example: "CREATE TABLE book (\"creatorId\" int);",
        instead: "CREATE TABLE book (creator_id int);",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    let format = Format::new(cx.naming()?)?;
    for made in declared::columns(cx) {
        name(cx, &format, made.table, &made.column.name.name, made.column.span)?;
    }
    for (_, body) in cx.bodies() {
        let Body::AlterTable(alter) = body else { continue };
        for action in &alter.actions {
            if let AlterKind::RenameColumn { to, .. } = &action.kind {
                name(cx, &format, &alter.name, &to.name, action.span)?;
            }
        }
    }
    Ok(())
}

fn name(cx: &mut Cx<'_>, format: &Format<'_>, table: &Name, name: &str, span: Span) -> Checked {
    let table = table.written();
    if !format.matches(name, &[])? {
        let expected = format.expanded(&[]);
        let content =
            format!("The column name \"{table}\".\"{name}\" does not match \"{expected}\"");
        cx.report(code::NAMING_COLUMN, span, content);
    }
    if format.is_too_long(name) {
        let most = format.max_length;
        let content = format!("The column name \"{table}\".\"{name}\" is longer than {most} bytes");
        cx.report(code::NAMING_COLUMN, span, content);
    }
    Ok(())
}
