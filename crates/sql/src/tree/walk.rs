//! Walks over trees: every query of a statement, every expression of an expression.

use super::{Body, Cte, Expr, ExprKind, FromItem, Query, QueryBody, Target};

/// Calls `f` for `expr` and each expression in it, outside in; subqueries are not entered.
pub fn visit_exprs<'a>(expr: &'a Expr, f: &mut impl FnMut(&'a Expr)) {
    f(expr);
    for child in expr.children() {
        visit_exprs(child, f);
    }
}

/// Calls `f` for each query of a statement, outside in: subqueries of any clause, CTEs, the query of CREATE … AS.
pub fn visit_queries<'a>(body: &'a Body, f: &mut impl FnMut(&'a Query)) {
    let mut parts = Parts::default();
    parts.body(body);
    drain(parts, f);
}

/// Calls `f` for each query inside a query, at any depth.
pub fn visit_subqueries<'a>(query: &'a Query, f: &mut impl FnMut(&'a Query)) {
    let mut inner = Parts::default();
    inner.query(query);
    drain(inner, f);
}

/// Calls `f` for each expression of a statement, wherever it stands.
pub fn visit_body_exprs<'a>(body: &'a Body, f: &mut impl FnMut(&'a Expr)) {
    let mut parts = Parts::default();
    parts.body(body);
    let mut todo = vec![parts];
    while let Some(parts) = todo.pop() {
        parts.exprs.iter().for_each(|e| visit_exprs(e, f));
        for query in parts.queries {
            let mut inner = Parts::default();
            inner.query(query);
            todo.push(inner);
        }
    }
}

/// The queries directly in a statement, without those inside them.
pub fn queries_in_body(body: &Body) -> Vec<&Query> {
    let mut parts = Parts::default();
    parts.body(body);
    parts.queries
}

/// The queries directly in a query, but for those of its CTEs.
pub fn queries_in_query(query: &Query) -> Vec<&Query> {
    let mut parts = Parts::default();
    parts.clauses(query);
    parts.queries
}

fn drain<'a>(parts: Parts<'a>, f: &mut impl FnMut(&'a Query)) {
    for query in parts.queries {
        f(query);
        let mut inner = Parts::default();
        inner.query(query);
        drain(inner, f);
    }
}

/// Collects the queries and expressions one level down.
#[derive(Default)]
struct Parts<'a> {
    queries: Vec<&'a Query>,
    exprs: Vec<&'a Expr>,
}

impl<'a> Parts<'a> {
    fn body(&mut self, body: &'a Body) {
        match body {
            Body::CreateTable(t) => self.queries.extend(&t.query),
            Body::CreateView(v) => self.queries.extend(&v.query),
            Body::CreateSchema { elements, .. } => elements.iter().for_each(|e| self.body(e)),
            Body::Query(q) => self.queries.push(q),
            Body::Explain(inner) => self.body(inner),
            Body::Insert(i) => {
                self.ctes(&i.ctes);
                self.queries.extend(&i.source);
                self.exprs(&i.conflict_set);
                self.exprs(&i.conflict_filter);
                self.targets(&i.returning);
            }
            Body::Update(u) => {
                self.ctes(&u.ctes);
                self.exprs(&u.values);
                self.from(&u.from);
                self.exprs(&u.filter);
                self.targets(&u.returning);
            }
            Body::Delete(d) => {
                self.ctes(&d.ctes);
                self.from(&d.using);
                self.exprs(&d.filter);
                self.targets(&d.returning);
            }
            Body::Merge(m) => {
                self.ctes(&m.ctes);
                self.from(std::slice::from_ref(&m.source));
                self.exprs(&m.on);
                self.exprs(&m.conditions);
                self.exprs(&m.values);
                self.targets(&m.returning);
            }
            _ => {}
        }
    }

    fn query(&mut self, query: &'a Query) {
        self.ctes(&query.ctes);
        self.clauses(query);
    }

    fn clauses(&mut self, query: &'a Query) {
        match &query.body {
            QueryBody::Select(s) => {
                self.targets(&s.targets);
                self.from(&s.from);
                self.exprs(&s.filter);
                self.exprs(&s.group_by);
                self.exprs(&s.having);
                self.exprs(&s.others);
            }
            QueryBody::Set(parts) => self.queries.extend(parts),
            QueryBody::Values { exprs, .. } => self.exprs(exprs),
            QueryBody::Nested(inner) => self.queries.push(inner),
            QueryBody::Table(_) | QueryBody::Unknown => {}
        }
        self.exprs(&query.order_by);
        self.exprs(&query.limit);
    }

    fn ctes(&mut self, ctes: &'a [Cte]) {
        ctes.iter().for_each(|c| self.body(&c.body));
    }

    fn targets(&mut self, targets: &'a [Target]) {
        self.exprs(targets.iter().map(|t| &t.expr));
    }

    fn from(&mut self, items: &'a [FromItem]) {
        for item in items {
            match item {
                FromItem::Table { .. } => {}
                FromItem::Query { query, .. } => self.queries.push(query),
                FromItem::Expr { expr, .. } => self.exprs([&**expr]),
                FromItem::Join(join) => {
                    self.from(std::slice::from_ref(&join.left));
                    self.from(std::slice::from_ref(&join.right));
                    self.exprs(&join.on);
                }
            }
        }
    }

    fn exprs(&mut self, exprs: impl IntoIterator<Item = &'a Expr>) {
        for expr in exprs {
            self.exprs.push(expr);
            visit_exprs(expr, &mut |e| {
                if let ExprKind::Query(q) = &e.kind {
                    self.queries.push(q);
                }
            });
        }
    }
}
