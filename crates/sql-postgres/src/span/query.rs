//! The columns of a query: SELECT, set operations, VALUES, CTEs.

use sql::tree::{Body, Cte, Delete, Expr, ExprKind, Ident, Query, QueryBody, Select, Target};
use sql::{Sources, SpanColumn};

use super::name::result_name;
use super::scope::{Item, Scope};
use super::{Resolver, values};

/// More columns than a server can give.
const MAX_COLUMNS: usize = 1664;
/// Rounds in which a recursive CTE may still find sources; each finds one more step of a chain of columns.
const MAX_ROUNDS: usize = 64;

impl Resolver<'_> {
    pub fn query(&mut self, query: &Query, outer: &Scope<'_>) -> Vec<SpanColumn> {
        self.deeper(|r| r.query_at(query, outer)).unwrap_or_default()
    }

    fn query_at(&mut self, query: &Query, outer: &Scope<'_>) -> Vec<SpanColumn> {
        let scope = self.with(&query.ctes, query.recursive, outer);
        let mut columns = self.body(query, &scope);
        if columns.len() > MAX_COLUMNS {
            columns.truncate(MAX_COLUMNS);
            self.note(format!("a query has more than {MAX_COLUMNS} columns"));
        }
        columns
    }

    fn body(&mut self, query: &Query, scope: &Scope<'_>) -> Vec<SpanColumn> {
        let columns = match &query.body {
            QueryBody::Select(select) => return self.select(select, query, scope),
            QueryBody::Set(parts) => self.set(parts, scope),
            QueryBody::Values { exprs, .. } => self.values(query, exprs, scope),
            QueryBody::Table(name) => self.relation(name, scope).columns,
            QueryBody::Nested(inner) => self.query(inner, scope),
            QueryBody::Unknown => {
                self.note("a query is not understood, or nested too deep".to_owned());
                Vec::new()
            }
        };
        self.aside(&query.order_by, scope);
        self.aside(&query.limit, scope);
        columns
    }

    /// A scope with the CTEs; each sees those before it.
    pub fn with<'s>(&mut self, ctes: &[Cte], recursive: bool, outer: &'s Scope<'s>) -> Scope<'s> {
        let mut scope = Scope::inside(outer);
        for cte in ctes {
            let columns = self.cte(cte, recursive, &scope);
            scope.ctes.push((cte.name.name.clone(), columns));
        }
        scope
    }

    fn cte(&mut self, cte: &Cte, recursive: bool, scope: &Scope<'_>) -> Vec<SpanColumn> {
        let query = match &cte.body {
            Body::Query(query) => query,
            other => return renamed(self.returned(other, scope), &cte.columns),
        };
        let QueryBody::Set(parts) = &query.body else {
            return renamed(self.query(query, scope), &cte.columns);
        };
        if !recursive {
            return renamed(self.query(query, scope), &cte.columns);
        }
        // What the first part gives goes round until nothing is added.
        let first = {
            let mut within = Scope::inside(scope);
            within.ctes.push((cte.name.name.clone(), Vec::new()));
            let within = self.with(&query.ctes, query.recursive, &within);
            parts.first().map(|p| self.query(p, &within)).unwrap_or_default()
        };
        let mut columns = renamed(first, &cte.columns);
        for _ in 0..MAX_ROUNDS {
            let mut within = Scope::inside(scope);
            within.ctes.push((cte.name.name.clone(), columns.clone()));
            let next = renamed(self.query(query, &within), &cte.columns);
            if next == columns {
                return columns;
            }
            columns = next;
        }
        self.note(format!("the recursive query \"{}\" is not followed to its end", cte.name.name));
        columns
    }

    fn set(&mut self, parts: &[Query], scope: &Scope<'_>) -> Vec<SpanColumn> {
        let mut columns: Vec<SpanColumn> = Vec::new();
        for (n, part) in parts.iter().enumerate() {
            let of_part = self.query(part, scope);
            if n == 0 {
                columns = of_part;
                continue;
            }
            for (column, more) in columns.iter_mut().zip(of_part) {
                column.sources.extend(more.sources);
                column.plain &= more.plain;
            }
        }
        columns
    }

    fn values(&mut self, query: &Query, exprs: &[Expr], scope: &Scope<'_>) -> Vec<SpanColumn> {
        let all = self.exprs(exprs, scope);
        let width = values::width(scope.text(query.span));
        let column = |n| SpanColumn {
            name: format!("column{n}"),
            // The tree does not say which expression stands in which column.
            sources: all.clone(),
            plain: false,
        };
        (1..=width).map(column).collect()
    }

    fn select(&mut self, select: &Select, query: &Query, outer: &Scope<'_>) -> Vec<SpanColumn> {
        let mut scope = Scope::inside(outer);
        for item in &select.from {
            let found = self.from(item, outer, &scope);
            scope.item.extend(found);
            self.narrow(&mut scope.item);
        }
        for condition in select.filter.iter().chain(&select.having) {
            self.condition(condition, &scope);
        }
        let columns = self.targets(&select.targets, &scope);
        for exprs in [&select.group_by, &select.others, &query.order_by, &query.limit] {
            self.aside(exprs, &scope);
        }
        columns
    }

    /// Expressions that give nothing to the result: what they read is noted, names that only the result has are not missed.
    fn aside(&mut self, exprs: &[Expr], scope: &Scope<'_>) {
        let before = self.unresolved.len();
        self.exprs(exprs, scope);
        self.unresolved.truncate(before);
    }

    pub fn targets(&mut self, targets: &[Target], scope: &Scope<'_>) -> Vec<SpanColumn> {
        let mut columns = Vec::new();
        for target in targets {
            match &target.expr.kind {
                ExprKind::Star(parts) => columns.extend(self.star(parts, scope)),
                _ if columns.len() > MAX_COLUMNS => break,
                _ => columns.push(SpanColumn {
                    name: target.alias.as_ref().map_or_else(
                        || result_name(&target.expr, scope),
                        |alias| alias.name.clone(),
                    ),
                    sources: self.expr(&target.expr, scope),
                    plain: false,
                }),
            }
        }
        columns
    }

    fn star(&mut self, parts: &[String], scope: &Scope<'_>) -> Vec<SpanColumn> {
        if parts.is_empty() {
            if let Some(opaque) = scope.item.relations.iter().find(|r| r.opaque) {
                self.note(format!("the columns of \"{}\" are not known", opaque.name));
            }
            return scope.item.star.clone();
        }
        match scope.relation(parts) {
            Some(relation) => {
                let columns = relation.columns.clone();
                if relation.opaque {
                    self.note(format!("the columns of \"{}\" are not known", parts.join(".")));
                }
                columns
            }
            None => match scope.variable(&parts[0]) {
                Some(record) => record.columns.clone(),
                None => {
                    self.note(format!("\"{}\" is no relation of its FROM", parts.join(".")));
                    Vec::new()
                }
            },
        }
    }

    /// What RETURNING of a statement gives.
    pub fn returned(&mut self, body: &Body, outer: &Scope<'_>) -> Vec<SpanColumn> {
        self.deeper(|r| r.returned_at(body, outer)).unwrap_or_default()
    }

    fn returned_at(&mut self, body: &Body, outer: &Scope<'_>) -> Vec<SpanColumn> {
        let (ctes, table, alias, items, returning) = match body {
            Body::Insert(i) => (&i.ctes, &i.table, &i.alias, &[][..], &i.returning),
            Body::Update(u) => (&u.ctes, &u.table, &u.alias, &u.from[..], &u.returning),
            Body::Delete(d) => {
                let Delete { ctes, table, alias, using, returning, .. } = &**d;
                (ctes, table, alias, &using[..], returning)
            }
            Body::Merge(m) => {
                let source = std::slice::from_ref(&m.source);
                (&m.ctes, &m.table, &m.alias, source, &m.returning)
            }
            _ => return Vec::new(),
        };
        if returning.is_empty() {
            return Vec::new();
        }
        let with = self.with(ctes, false, outer);
        let mut scope = Scope::inside(&with);
        let mut target = self.relation(table, &with);
        if let Some(alias) = alias {
            target.name.clone_from(&alias.name);
        }
        // MERGE gives the source's columns first.
        let target = Item::of(target);
        if !matches!(body, Body::Merge(_)) {
            scope.item.extend(target.clone());
        }
        for item in items {
            let found = self.from(item, &with, &scope);
            scope.item.extend(found);
        }
        if matches!(body, Body::Merge(_)) {
            scope.item.extend(target);
        }
        self.targets(returning, &scope)
    }

    /// Keeps what FROM gives within what a server can give.
    pub fn narrow(&mut self, item: &mut Item) {
        if item.star.len() > MAX_COLUMNS {
            item.star.truncate(MAX_COLUMNS);
            self.note(format!("a FROM has more than {MAX_COLUMNS} columns"));
        }
    }
}

/// Columns under other names, as far as there are any.
pub fn renamed(mut columns: Vec<SpanColumn>, names: &[Ident]) -> Vec<SpanColumn> {
    for (column, name) in columns.iter_mut().zip(names) {
        column.name.clone_from(&name.name);
    }
    columns
}

/// Adds sources that every column has in common.
pub fn add(columns: &mut [SpanColumn], sources: &Sources) {
    for column in columns {
        column.sources.extend(sources.iter().cloned());
    }
}
