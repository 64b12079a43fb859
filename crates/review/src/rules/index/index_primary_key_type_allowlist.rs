//! A column of a primary key has a type that is not on the list.

use std::collections::HashMap;

use sql::tree::{ColumnDef, ConstraintKind};

use crate::cx::TableKey;
use crate::declared;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::IndexPrimaryKeyTypeAllowlist,
    group: Group::Index,
    engines: &[EngineKind::Postgres],
    codes: &[code::INDEX_PRIMARY_KEY_TYPE],
    payload: PayloadKind::StringArray,
    needs: Needs::Catalog,
    doc: Doc {
        what: "A column of a primary key has a type that is not on the list.",
        why: "Keys are copied into each index and reference: their type decides size and speed.",
        example: "CREATE TABLE book (id varchar(20) PRIMARY KEY);",
        instead: "CREATE TABLE book (id bigint PRIMARY KEY);",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    let list: Vec<String> = cx.list()?.iter().map(|t| cx.dialect.type_name(t)).collect();
    let mut columns: HashMap<(TableKey, &str), &ColumnDef> = HashMap::new();
    for made in declared::columns(cx) {
        columns.insert((cx.key(made.table), made.column.name.name.as_str()), made.column);
    }
    for made in declared::constraints(cx) {
        if !matches!(made.constraint.kind, ConstraintKind::PrimaryKey { .. }) {
            continue;
        }
        let key = cx.key(made.table);
        for name in made.columns() {
            let written = columns.get(&(key.clone(), name.as_str()));
            // Where the script makes the column, it is at fault; else the key is.
            let (ty, span) = match written {
                Some(column) => {
                    let span = if made.added { made.constraint.span } else { column.span };
                    (column.ty.as_ref().map(|t| t.name.clone()), span)
                }
                None => {
                    let known = cx.table_before(made.table).into_iter().flat_map(|t| &t.columns);
                    let ty = known.filter(|c| c.name == name).map(|c| base_type(&c.r#type)).next();
                    (ty.map(|t| cx.dialect.type_name(t)), made.constraint.span)
                }
            };
            let Some(ty) = ty else { continue };
            if !list.contains(&ty) {
                let content = format!(
                    "The column \"{name}\" of the primary key of \"{}\" has the type {ty}; allowed: {}",
                    made.table.written(),
                    list.join(", ")
                );
                cx.report(code::INDEX_PRIMARY_KEY_TYPE, span, content);
            }
        }
    }
    Ok(())
}

/// Without its arguments.
fn base_type(ty: &str) -> &str {
    ty.split('(').next().unwrap_or(ty).trim()
}
