//! A column of type CHAR is longer than the limit.

use base::Span;
use sql::tree::{AlterKind, Body, TypeName};

use crate::declared;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::ColumnMaximumCharacterLength,
    group: Group::Column,
    engines: &[EngineKind::Postgres],
    codes: &[code::CHARACTER_LENGTH],
    payload: PayloadKind::Number,
    needs: Needs::Script,
    doc: Doc {
        what: "A column of type CHAR is longer than the limit.",
        why: "CHAR is padded with blanks to its full length: VARCHAR or TEXT is not.",
        example: "CREATE TABLE book (a char(225));",
        instead: "CREATE TABLE book (a varchar(225));",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    let limit = cx.number()?;
    for made in declared::columns(cx) {
        if let Some(ty) = &made.column.ty {
            judge(cx, limit, ty, &made.column.name.name, made.column.span);
        }
    }
    for (_, body) in cx.bodies() {
        let Body::AlterTable(alter) = body else { continue };
        for action in &alter.actions {
            if let AlterKind::ColumnType { column, ty, .. } = &action.kind {
                judge(cx, limit, ty, &column.name, action.span);
            }
        }
    }
    Ok(())
}

fn judge(cx: &mut Cx<'_>, limit: i64, ty: &TypeName, column: &str, span: Span) {
    let length = ty.args.first().copied().unwrap_or(1);
    if ty.name == "character" && length > limit {
        let content =
            format!("The column \"{column}\" is CHAR({length}), the limit is {limit}; use VARCHAR");
        cx.report(code::CHARACTER_LENGTH, span, content);
    }
}
