//! A key or index lists a column twice.

use base::Span;
use sql::tree::{Body, Key};

use crate::declared;
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::IndexNoDuplicateColumn,
    group: Group::Index,
    engines: &[EngineKind::Postgres],
    codes: &[code::DUPLICATE_COLUMN_IN_INDEX],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "A key or index lists a column twice.",
        why: "The second mention does nothing: another column was meant.",
        example: "CREATE INDEX i ON book (id, id);",
        instead: "CREATE INDEX i ON book (id, name);",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for made in declared::constraints(cx) {
        let columns = made.columns();
        judge(cx, "key", &made.table.name, &columns, made.constraint.span);
    }
    for (_, body) in cx.bodies() {
        if let Body::CreateIndex(index) = body {
            let columns: Vec<String> = index.keys.iter().filter_map(|k| k.column.clone()).collect();
            let span = index.name.as_ref().map_or(index.table.span, |n| n.span);
            if judge(cx, "index", &index.table.name, &columns, span) {
                cx.fix(without_second(&index.keys));
            }
        }
    }
    Ok(())
}

/// The key that comes again, with the comma before it.
fn without_second(keys: &[Key]) -> Option<Fix> {
    let again =
        |n: usize| keys[..n].iter().any(|k| k.column.is_some() && k.column == keys[n].column);
    let second = (1..keys.len()).find(|n| again(*n))?;
    let span = Span::new(keys[second - 1].span.end, keys[second].span.end);
    let title = "Leave the second mention out";
    Some(Fix::new(title, Safety::Look, vec![Edit::remove(span)]))
}

fn judge(cx: &mut Cx<'_>, what: &str, table: &str, columns: &[String], span: Span) -> bool {
    let twice = columns.iter().enumerate().find(|(n, c)| columns[..*n].contains(c));
    if let Some((_, column)) = twice {
        let content = format!("The {what} of \"{table}\" lists the column \"{column}\" twice");
        cx.report(code::DUPLICATE_COLUMN_IN_INDEX, span, content);
    }
    twice.is_some()
}
