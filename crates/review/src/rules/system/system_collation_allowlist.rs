//! A collation is named that is not on the list.

use sql::tree::{AlterKind, Body, Ident};

use crate::declared;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::SystemCollationAllowlist,
    group: Group::System,
    engines: &[EngineKind::Postgres],
    codes: &[code::DISABLED_COLLATION],
    payload: PayloadKind::StringArray,
    needs: Needs::Script,
    doc: Doc {
        what: "A collation is named that is not on the list.",
        why: "Columns of different collations cannot be compared, and an index serves one only.",
        example: "CREATE TABLE book (a text COLLATE \"C\");",
        instead: "CREATE TABLE book (a text);",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    let list = cx.list()?;
    for made in declared::columns(cx) {
        judge(cx, list, made.column.collation.as_ref());
    }
    for (_, body) in cx.bodies() {
        match body {
            Body::AlterTable(alter) => {
                for action in &alter.actions {
                    if let AlterKind::ColumnType { collation, .. } = &action.kind {
                        judge(cx, list, collation.as_ref());
                    }
                }
            }
            Body::CreateDatabase { collation, .. } => judge(cx, list, collation.as_ref()),
            _ => {}
        }
    }
    Ok(())
}

fn judge(cx: &mut Cx<'_>, list: &[String], collation: Option<&Ident>) {
    if let Some(collation) = collation.filter(|c| !list.contains(&c.name)) {
        let content = format!(
            "The collation \"{}\" is not allowed; allowed: {}",
            collation.name,
            list.join(", ")
        );
        cx.report(code::DISABLED_COLLATION, collation.span, content);
    }
}
