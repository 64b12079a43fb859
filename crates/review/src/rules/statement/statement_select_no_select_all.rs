//! A query selects `*`.

use sql::tree::{ExprKind, FromItem, QueryBody, Select, Target, visit_queries};

use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementSelectNoSelectAll,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    codes: &[code::SELECT_ALL],
    payload: PayloadKind::None,
    needs: Needs::Script,
    doc: Doc {
        what: "A query selects `*`.",
        why: "What comes back changes with the table: readers break, and more is read than is needed.",
        example: "SELECT * FROM book;",
        instead: "SELECT id, name FROM book;",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for statement in &cx.script.statements {
        let mut found = Vec::new();
        visit_queries(&statement.body, &mut |query| {
            let QueryBody::Select(select) = &query.body else { return };
            let star = |t: &Target| matches!(&t.expr.kind, ExprKind::Star(of) if of.is_empty());
            if select.targets.iter().any(star) {
                found.push(select);
            }
        });
        for select in found {
            let content = "The query selects *; name the columns".to_owned();
            cx.report(code::SELECT_ALL, select.span, content);
            cx.fix(columns(cx, select));
        }
    }
    Ok(())
}

/// What `*` stands for today, where it stands alone and for one table of the catalog.
fn columns(cx: &Cx<'_>, select: &Select) -> Option<Fix> {
    let ([target], [FromItem::Table { name, columns, .. }]) =
        (&select.targets[..], &select.from[..])
    else {
        return None;
    };
    // A CTE may hide a table of the same name: a schema tells them apart, or the server's order of columns does.
    let table = cx.table_before(name).filter(|t| !t.columns.is_empty() && columns.is_empty())?;
    let named: Vec<String> =
        table.columns.iter().map(|c| cx.dialect.quote_identifier(&c.name)).collect();
    let edit = Edit::replace(target.expr.span, named.join(", "));
    Some(Fix::new("Name the columns", Safety::Look, vec![edit]))
}
