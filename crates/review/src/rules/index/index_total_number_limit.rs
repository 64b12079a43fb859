//! A table has more indexes than the limit after the script.

use std::collections::HashSet;

use base::Span;
use sql::tree::{Body, ConstraintKind, Name};

use crate::declared;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::IndexTotalNumberLimit,
    group: Group::Index,
    engines: &[EngineKind::Postgres],
    codes: &[code::INDEX_COUNT],
    payload: PayloadKind::Number,
    needs: Needs::Catalog,
    doc: Doc {
        what: "A table has more indexes than the limit after the script.",
        why: "Each index is written with each row.",
        example: "CREATE TABLE wide (a int PRIMARY KEY, b int UNIQUE, c int UNIQUE, d int UNIQUE, e int UNIQUE, f int UNIQUE);",
        instead: "CREATE TABLE wide (a int PRIMARY KEY, b int UNIQUE);",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    let limit = cx.number()?;
    let mut touched: Vec<(&Name, Span)> = Vec::new();
    for made in declared::constraints(cx) {
        let is_key = matches!(
            made.constraint.kind,
            ConstraintKind::PrimaryKey { .. }
                | ConstraintKind::Unique { .. }
                | ConstraintKind::Exclude { .. }
        );
        if is_key {
            touched.push((made.table, made.constraint.span));
        }
    }
    for (_, body) in cx.bodies() {
        if let Body::CreateIndex(index) = body {
            touched.push((&index.table, index.table.span));
        }
    }
    // The last place in the script speaks for the table.
    touched.sort_by_key(|(_, span)| std::cmp::Reverse(span.start));
    let mut seen = HashSet::new();
    for (name, span) in touched {
        if !seen.insert(cx.key(name)) {
            continue;
        }
        let count = cx.table_after(name).map_or(0, |t| t.indexes.len());
        if i64::try_from(count).is_ok_and(|n| n > limit) {
            let content = format!(
                "The table \"{}\" has {count} indexes, the limit is {limit}",
                name.written()
            );
            cx.report(code::INDEX_COUNT, span, content);
        }
    }
    Ok(())
}
