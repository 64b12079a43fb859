//! What a name in a query means: a table of the catalog, or something of the query's own.

use sql::tree::{Body, Cte, ExprKind, FromItem, Ident, Name, Query, QueryBody};

use crate::cx::Cx;

/// What is visible inside a query, from the outermost level inwards.
#[derive(Default, Clone)]
pub struct Scope<'a> {
    /// CTEs: they hide tables.
    ctes: Vec<&'a Cte>,
    /// Rows of FROM, level by level.
    levels: Vec<Vec<Source<'a>>>,
}

/// A row source, with the name by which columns are qualified.
#[derive(Clone)]
struct Source<'a> {
    alias: &'a str,
    kind: SourceKind<'a>,
}

#[derive(Clone)]
enum SourceKind<'a> {
    Table(&'a Name),
    /// A subquery, CTE or function, with its columns as far as they can be told.
    Other(Vec<&'a str>),
}

impl<'a> Scope<'a> {
    pub fn add_cte(&mut self, cte: &'a Cte) {
        self.ctes.push(cte);
    }

    /// A level further in, with these row sources.
    pub fn enter(&self, items: &'a [FromItem]) -> Self {
        let mut inner = self.clone();
        inner.levels.push(Vec::new());
        items.iter().for_each(|i| inner.add(i));
        inner
    }

    pub fn add(&mut self, item: &'a FromItem) {
        match item {
            FromItem::Table { name, alias, .. } => {
                let alias = alias.as_ref().map_or(name.name.as_str(), |a| &a.name);
                let kind = match self.cte(name) {
                    Some(cte) => SourceKind::Other(cte_columns(cte)),
                    None => SourceKind::Table(name),
                };
                self.push(alias, kind);
            }
            FromItem::Query { query, alias, columns, .. } => {
                let columns = named(columns).unwrap_or_else(|| output(query));
                self.push(alias.as_ref().map_or("", |a| &a.name), SourceKind::Other(columns));
            }
            FromItem::Expr { alias, columns, .. } => {
                let columns = named(columns).unwrap_or_default();
                self.push(alias.as_ref().map_or("", |a| &a.name), SourceKind::Other(columns));
            }
            FromItem::Join(join) => {
                self.add(&join.left);
                self.add(&join.right);
            }
        }
    }

    /// The target of INSERT, UPDATE, DELETE, MERGE: never a CTE.
    pub fn add_target(&mut self, name: &'a Name, alias: Option<&'a str>) {
        if self.levels.is_empty() {
            self.levels.push(Vec::new());
        }
        self.push(alias.unwrap_or(&name.name), SourceKind::Table(name));
    }

    fn push(&mut self, alias: &'a str, kind: SourceKind<'a>) {
        if let Some(level) = self.levels.last_mut() {
            level.push(Source { alias, kind });
        }
    }

    /// The CTE that a name in FROM means: the last one made.
    fn cte(&self, name: &Name) -> Option<&'a Cte> {
        let found = self.ctes.iter().rev().find(|c| c.name.name == name.name);
        found.filter(|_| name.schema.is_empty()).copied()
    }

    /// Whether a table of the catalog is meant by a name in FROM.
    pub fn is_table(&self, name: &Name) -> bool {
        self.cte(name).is_none()
    }

    /// The table and column that `[qualifier.]column` means, if it is one of the catalog. The innermost level that knows
    /// it wins; what a subquery or CTE gives is not followed.
    pub fn resolve(&self, cx: &Cx<'_>, parts: &'a [String]) -> Option<(&'a Name, &'a str)> {
        let (column, qualifier) = parts.split_last()?;
        for level in self.levels.iter().rev() {
            let named = level.iter().filter(|s| match qualifier.last() {
                Some(alias) => s.alias == alias,
                None => true,
            });
            for source in named {
                let table = match &source.kind {
                    SourceKind::Table(table) => *table,
                    // A column of something else is found, and not one of the catalog.
                    SourceKind::Other(columns)
                        if !qualifier.is_empty() || columns.contains(&column.as_str()) =>
                    {
                        return None;
                    }
                    SourceKind::Other(_) => continue,
                };
                let known = cx.table_before(table).or_else(|| cx.table_after(table));
                if known.is_some_and(|t| t.columns.iter().any(|c| c.name == *column)) {
                    return Some((table, column));
                }
            }
        }
        None
    }
}

fn named(columns: &[Ident]) -> Option<Vec<&str>> {
    (!columns.is_empty()).then(|| columns.iter().map(|c| c.name.as_str()).collect())
}

fn cte_columns(cte: &Cte) -> Vec<&str> {
    named(&cte.columns).unwrap_or_else(|| match &cte.body {
        Body::Query(query) => output(query),
        _ => Vec::new(),
    })
}

/// The names of a query's columns; what `*` stands for is not followed.
fn output(query: &Query) -> Vec<&str> {
    match &query.body {
        QueryBody::Select(select) => select
            .targets
            .iter()
            .filter_map(|t| match (&t.alias, &t.expr.kind) {
                (Some(alias), _) => Some(alias.name.as_str()),
                (None, ExprKind::Column(parts)) => parts.last().map(String::as_str),
                (None, ExprKind::Call { name, .. }) => Some(name),
                _ => None,
            })
            .collect(),
        QueryBody::Set(parts) => parts.first().map(output).unwrap_or_default(),
        QueryBody::Nested(inner) => output(inner),
        QueryBody::Values { .. } | QueryBody::Table(_) | QueryBody::Unknown => Vec::new(),
    }
}
