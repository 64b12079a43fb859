//! A column gets a type that is not allowed.

use base::Span;
use sql::tree::{AlterKind, Body, TypeName};

use crate::declared;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::ColumnTypeDisallowList,
    group: Group::Column,
    engines: &[EngineKind::Postgres],
    codes: &[code::DISABLED_COLUMN_TYPE],
    payload: PayloadKind::StringArray,
    needs: Needs::Script,
    doc: Doc {
        what: "A column gets a type that is not allowed.",
        why: "The list says which types make trouble here.",
        example: "CREATE TABLE book (a json);",
        instead: "CREATE TABLE book (a jsonb);",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    let list: Vec<String> = cx.list()?.iter().map(|t| cx.dialect.type_name(t)).collect();
    for made in declared::columns(cx) {
        if let Some(ty) = &made.column.ty {
            judge(cx, &list, ty, &made.column.name.name, made.column.span);
        }
    }
    for (_, body) in cx.bodies() {
        let Body::AlterTable(alter) = body else { continue };
        for action in &alter.actions {
            if let AlterKind::ColumnType { column, ty, .. } = &action.kind {
                judge(cx, &list, ty, &column.name, action.span);
            }
        }
    }
    Ok(())
}

fn judge(cx: &mut Cx<'_>, list: &[String], ty: &TypeName, column: &str, span: Span) {
    if list.iter().any(|t| *t == ty.name || *t == ty.text) {
        let content = format!("The type {} of the column \"{column}\" is not allowed", ty.text);
        cx.report(code::DISABLED_COLUMN_TYPE, span, content);
    }
}
