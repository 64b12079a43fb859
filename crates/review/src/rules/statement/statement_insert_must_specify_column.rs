//! An INSERT does not name its columns.

use sql::tree::{Body, ExprKind, Insert, QueryBody, Target};

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementInsertMustSpecifyColumn,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    codes: &[code::INSERT_NO_COLUMNS],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "An INSERT does not name its columns.",
        why: "It breaks, or puts values into the wrong columns, when the table changes.",
        example: "INSERT INTO book VALUES (1, 'x');",
        instead: "INSERT INTO book (id, name) VALUES (1, 'x');",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for statement in &cx.script.statements {
        let Body::Insert(insert) = &statement.body else { continue };
        if insert.columns.is_empty() && insert.source.is_some() {
            let content =
                format!("The INSERT into \"{}\" does not name its columns", insert.table.written());
            cx.report_statement(code::INSERT_NO_COLUMNS, statement, content);
            cx.fix(columns(cx, insert));
        }
    }
    Ok(())
}

/// The columns that the values go into, where the catalog tells: the first ones of the table.
fn columns(cx: &Cx<'_>, insert: &Insert) -> Option<Fix> {
    let table = cx.table_before(&insert.table).or_else(|| cx.table_after(&insert.table))?;
    let width = match &insert.source.as_ref()?.body {
        QueryBody::Values { width, .. } => *width,
        QueryBody::Select(select) => {
            let is_star = |t: &Target| matches!(t.expr.kind, ExprKind::Star(_));
            (!select.targets.iter().any(is_star)).then_some(select.targets.len())?
        }
        _ => return None,
    };
    let named = table.columns.get(..width).filter(|c| !c.is_empty())?;
    let named: Vec<String> = named.iter().map(|c| cx.dialect.quote_identifier(&c.name)).collect();
    let at = insert.alias.as_ref().map_or(insert.table.span.end, |a| a.span.end);
    let edit = Edit::insert(at, format!(" ({})", named.join(", ")));
    Some(Fix::new("Name the columns", Safety::Safe, vec![edit]))
}
