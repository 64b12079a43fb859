//! A statement names an object without its schema.

use sql::StatementClass;
use sql::tree::{Body, FromItem, Name, Query, QueryBody, queries_in_body, queries_in_query};

use crate::rule::prelude::*;
use crate::scope::Scope;

pub const RULE: Rule = Rule {
    rule: RuleType::NamingFullyQualified,
    group: Group::Naming,
    engines: &[EngineKind::Postgres],
    codes: &[code::NOT_FULLY_QUALIFIED],
    payload: PayloadKind::None,
    needs: Needs::Catalog,
    doc: Doc {
        what: "A statement names an object without its schema.",
        why: "Without a schema the search path of the session decides which object is meant.",
        example: "CREATE TABLE book (id int);",
        instead: "CREATE TABLE public.book (id int);",
    },
    check,
};

/// Kinds of objects that live in a schema, but for indexes, triggers and the like, which stand where their table does.
const IN_SCHEMA: [&str; 10] = [
    "table",
    "view",
    "materialized view",
    "sequence",
    "function",
    "procedure",
    "type",
    "aggregate",
    "collation",
    "statistics",
];

fn check(cx: &mut Cx<'_>) -> Checked {
    for statement in &cx.script.statements {
        let mut names: Vec<String> = Vec::new();
        let facts = cx.dialect.classify(cx.statement_text(statement));
        if facts.kind.class() != StatementClass::Query {
            let has_table = facts.objects.iter().any(|o| o.kind == "table");
            let is_named =
                |kind: &str| IN_SCHEMA.contains(&kind) || (kind == "index" && !has_table);
            let unqualified =
                facts.objects.iter().filter(|o| o.schema.is_empty() && is_named(&o.kind));
            names.extend(unqualified.map(|o| o.name.clone()));
        } else if let Body::Query(query) = &statement.body {
            read_tables(cx, query, &Scope::default(), &mut names);
        }
        names.sort();
        let written = statement.body.tables();
        names.dedup();
        for name in names {
            let content = format!("\"{name}\" is named without its schema");
            cx.report_end(code::NOT_FULLY_QUALIFIED, statement, content);
            let meant: Vec<&Name> = written.iter().copied().filter(|w| w.name == name).collect();
            cx.fix(cx.with_schema(&meant));
        }
    }
    Ok(())
}

/// Tables of the catalog that a query reads, as far as they are named without a schema.
fn read_tables<'a>(cx: &Cx<'_>, query: &'a Query, outer: &Scope<'a>, names: &mut Vec<String>) {
    let mut scope = outer.clone();
    for cte in &query.ctes {
        if query.recursive {
            scope.add_cte(cte);
        }
        for inner in queries_in_body(&cte.body) {
            read_tables(cx, inner, &scope, names);
        }
        scope.add_cte(cte);
    }
    if let QueryBody::Select(select) = &query.body {
        let mut items: Vec<&FromItem> = select.from.iter().collect();
        while let Some(item) = items.pop() {
            match item {
                FromItem::Join(join) => items.extend([&join.left, &join.right]),
                FromItem::Table { name, .. } => {
                    let known = name.schema.is_empty()
                        && scope.is_table(name)
                        && cx.table_before(name).is_some();
                    if known {
                        names.push(name.name.clone());
                    }
                }
                _ => {}
            }
        }
    }
    for inner in queries_in_query(query) {
        read_tables(cx, inner, &scope, names);
    }
}
