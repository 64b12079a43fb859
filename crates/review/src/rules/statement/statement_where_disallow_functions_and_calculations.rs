//! A condition puts an indexed column into a function or a calculation.

use base::Span;
use sql::tree::{Body, Cte, Expr, ExprKind, FromItem, Query, QueryBody, Target, visit_exprs};

use crate::rule::prelude::*;
use crate::scope::Scope;

pub const RULE: Rule = Rule {
    rule: RuleType::StatementWhereDisallowFunctionsAndCalculations,
    group: Group::Statement,
    engines: &[EngineKind::Postgres],
    codes: &[code::FUNCTIONS_AND_CALCULATIONS],
    payload: PayloadKind::None,
    needs: Needs::Catalog,
    doc: Doc {
        what: "A condition puts an indexed column into a function or a calculation.",
        why: "The index holds the column, not what is made of it: every row is read.",
        example: "SELECT id FROM public.book WHERE upper(name) = 'X';",
        instead: "SELECT id FROM public.book WHERE name = 'X';",
    },
    check,
};

fn check(cx: &mut Cx<'_>) -> Checked {
    for (_, body) in cx.bodies() {
        let mut found = Vec::new();
        Walk { cx, found: &mut found }.body(body, &Scope::default());
        found.sort_by_key(|(span, _)| span.start);
        for (span, column) in found {
            let content = format!(
                "The indexed column \"{column}\" stands in a function or calculation: its index does not help"
            );
            cx.report(code::FUNCTIONS_AND_CALCULATIONS, span, content);
        }
    }
    Ok(())
}

struct Walk<'w, 'a> {
    cx: &'w Cx<'a>,
    found: &'w mut Vec<(Span, String)>,
}

impl Walk<'_, '_> {
    fn body<'q>(&mut self, body: &'q Body, outer: &Scope<'q>) {
        match body {
            Body::CreateTable(made) => made.query.iter().for_each(|q| self.query(q, outer)),
            Body::CreateView(made) => made.query.iter().for_each(|q| self.query(q, outer)),
            Body::Explain(inner) => self.body(inner, outer),
            Body::Query(query) => self.query(query, outer),
            Body::Insert(insert) => {
                let scope = self.ctes(&insert.ctes, false, outer);
                insert.source.iter().for_each(|q| self.query(q, &scope));
                let mut inner = scope.enter(&[]);
                inner.add_target(&insert.table, insert.alias.as_ref().map(|a| a.name.as_str()));
                self.conditions(&insert.conflict_filter, &inner);
                self.subqueries(&insert.conflict_set, &inner);
                self.targets(&insert.returning, &inner);
            }
            Body::Update(update) => {
                let scope = self.ctes(&update.ctes, false, outer);
                let mut inner = scope.enter(&update.from);
                inner.add_target(&update.table, update.alias.as_ref().map(|a| a.name.as_str()));
                self.from(&update.from, &inner);
                self.conditions(&update.filter, &inner);
                self.subqueries(&update.values, &inner);
                self.targets(&update.returning, &inner);
            }
            Body::Delete(delete) => {
                let scope = self.ctes(&delete.ctes, false, outer);
                let mut inner = scope.enter(&delete.using);
                inner.add_target(&delete.table, delete.alias.as_ref().map(|a| a.name.as_str()));
                self.from(&delete.using, &inner);
                self.conditions(&delete.filter, &inner);
                self.targets(&delete.returning, &inner);
            }
            Body::Merge(merge) => {
                let scope = self.ctes(&merge.ctes, false, outer);
                let mut inner = scope.enter(std::slice::from_ref(&merge.source));
                inner.add_target(&merge.table, merge.alias.as_ref().map(|a| a.name.as_str()));
                self.from(std::slice::from_ref(&merge.source), &inner);
                self.conditions(&merge.on, &inner);
                self.conditions(&merge.conditions, &inner);
                self.subqueries(&merge.values, &inner);
                self.targets(&merge.returning, &inner);
            }
            _ => {}
        }
    }

    /// Goes through CTEs; what comes back knows their names.
    fn ctes<'q>(&mut self, ctes: &'q [Cte], recursive: bool, outer: &Scope<'q>) -> Scope<'q> {
        let mut scope = outer.clone();
        for cte in ctes {
            if recursive {
                scope.add_cte(cte);
            }
            self.body(&cte.body, &scope);
            scope.add_cte(cte);
        }
        scope
    }

    fn query<'q>(&mut self, query: &'q Query, outer: &Scope<'q>) {
        let scope = self.ctes(&query.ctes, query.recursive, outer);
        match &query.body {
            QueryBody::Select(select) => {
                let inner = scope.enter(&select.from);
                self.from(&select.from, &inner);
                self.conditions(&select.filter, &inner);
                self.targets(&select.targets, &inner);
                self.subqueries(&select.group_by, &inner);
                self.subqueries(&select.having, &inner);
                self.subqueries(&select.others, &inner);
                self.subqueries(&query.order_by, &inner);
            }
            QueryBody::Set(parts) => parts.iter().for_each(|q| self.query(q, &scope)),
            QueryBody::Nested(inner) => self.query(inner, &scope),
            QueryBody::Values { exprs, .. } => self.subqueries(exprs, &scope),
            QueryBody::Table(_) | QueryBody::Unknown => {}
        }
        self.subqueries(&query.limit, &scope);
    }

    /// ON is a condition, too.
    fn from<'q>(&mut self, items: &'q [FromItem], scope: &Scope<'q>) {
        for item in items {
            match item {
                FromItem::Table { .. } => {}
                FromItem::Query { query, .. } => self.query(query, scope),
                FromItem::Expr { expr, .. } => self.subqueries([&**expr], scope),
                FromItem::Join(join) => {
                    self.from(std::slice::from_ref(&join.left), scope);
                    self.from(std::slice::from_ref(&join.right), scope);
                    self.conditions(&join.on, scope);
                }
            }
        }
    }

    fn targets<'q>(&mut self, targets: &'q [Target], scope: &Scope<'q>) {
        self.subqueries(targets.iter().map(|t| &t.expr), scope);
    }

    /// What is no condition may still hold queries that have some.
    fn subqueries<'q>(&mut self, exprs: impl IntoIterator<Item = &'q Expr>, scope: &Scope<'q>) {
        for expr in exprs {
            visit_exprs(expr, &mut |e| {
                if let ExprKind::Query(query) = &e.kind {
                    self.query(query, scope);
                }
            });
        }
    }

    fn conditions<'q>(&mut self, exprs: impl IntoIterator<Item = &'q Expr>, scope: &Scope<'q>) {
        for expr in exprs {
            self.condition(expr, scope);
            self.subqueries([expr], scope);
        }
    }

    /// Reports the outermost functions and calculations with an indexed column in them.
    fn condition<'q>(&mut self, expr: &'q Expr, scope: &Scope<'q>) {
        if computes(expr)
            && let Some(column) = self.indexed(expr, scope)
        {
            self.found.push((expr.span, column));
            return;
        }
        for child in expr.children() {
            self.condition(child, scope);
        }
    }

    fn indexed<'q>(&self, expr: &'q Expr, scope: &Scope<'q>) -> Option<String> {
        let mut found = None;
        visit_exprs(expr, &mut |e| {
            let ExprKind::Column(parts) = &e.kind else { return };
            let Some((table, column)) = scope.resolve(self.cx, parts) else { return };
            let known = self.cx.table_before(table).or_else(|| self.cx.table_after(table));
            let keys = known.into_iter().flat_map(|t| &t.indexes).flat_map(|i| &i.keys);
            if keys.into_iter().any(|k| k.expression == *column) {
                found.get_or_insert_with(|| column.to_owned());
            }
        });
        found
    }
}

fn computes(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Call { .. } => true,
        ExprKind::Operator { op, .. } => matches!(op.as_str(), "+" | "-" | "*" | "/" | "%" | "^"),
        _ => false,
    }
}
