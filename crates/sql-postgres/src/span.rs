//! Where the result of a statement comes from: column by column, through subqueries, CTEs, views and functions.
//!
//! Works on the tree and on a catalog; asks no server. Never fails: what cannot be followed is said in
//! `QuerySpan::unresolved`. Depth, views within views and the work as a whole are bounded. A condition counts where the
//! statement itself, or an expression that a function computes, makes it; those inside views and inside the queries
//! that functions give are theirs.

mod columns;
mod expr;
mod from;
mod kind;
mod name;
mod plpgsql;
mod query;
mod relation;
mod routine;
mod scope;
mod values;

use std::collections::BTreeMap;

use schema::Catalog;
use sql::tree::{Body, Parsed};
use sql::{QuerySpan, Sources, SpanColumn, SpanKind};

use scope::{Scope, Source, Variables};

/// Levels of queries and expressions, those of views and functions counted in.
const MAX_DEPTH: usize = 160;
/// Views and functions inside one another.
const MAX_NESTED: usize = 24;
/// Queries and expressions that are looked at in all.
const MAX_STEPS: usize = 300_000;
/// Sentences about what could not be followed.
const MAX_NOTES: usize = 50;

pub fn span(catalog: &Catalog, statement: &Parsed, text: &str) -> QuerySpan {
    let kind = kind::kind(text);
    let body: &Body = match &statement.body {
        Body::Explain(inner) => inner,
        body => body,
    };
    let variables = Variables::new();
    let source = Source { text, base: statement.span().start, variables: &variables };
    let scope = Scope { source: Some(source), ..Scope::default() };
    let mut resolver = Resolver::new(catalog);
    match (kind, body) {
        (SpanKind::Select, Body::Query(query)) => {
            let columns = resolver.query(query, &scope);
            let explained = matches!(statement.body, Body::Explain(_));
            resolver.finish(columns, explained)
        }
        (SpanKind::Dml, body) => {
            let returning = resolver.returned(body, &scope);
            let unresolved = resolver.unresolved;
            QuerySpan { kind, returning, unresolved, ..QuerySpan::default() }
        }
        (SpanKind::Select, Body::Unparsed) => {
            let unresolved = vec!["the statement could not be parsed".to_owned()];
            QuerySpan { kind, unresolved, ..QuerySpan::default() }
        }
        _ => QuerySpan { kind, ..QuerySpan::default() },
    }
}

/// What is found out on the way.
struct Resolver<'a> {
    catalog: &'a Catalog,
    relations: Sources,
    predicates: Sources,
    unresolved: Vec<String>,
    /// It reads system relations.
    system: bool,
    /// The statement itself names a relation that is not there.
    missing: bool,
    /// Views and functions that are being looked into.
    open: Vec<String>,
    views: BTreeMap<(String, String), Vec<SpanColumn>>,
    depth: usize,
    steps: usize,
}

impl<'a> Resolver<'a> {
    const fn new(catalog: &'a Catalog) -> Self {
        Self {
            catalog,
            relations: Sources::new(),
            predicates: Sources::new(),
            unresolved: Vec::new(),
            system: false,
            missing: false,
            open: Vec::new(),
            views: BTreeMap::new(),
            depth: 0,
            steps: 0,
        }
    }

    /// The span of a query with these columns.
    fn finish(self, columns: Vec<SpanColumn>, explained: bool) -> QuerySpan {
        if self.system && self.relations.is_empty() && !self.missing {
            return QuerySpan { kind: SpanKind::SelectSystem, ..QuerySpan::default() };
        }
        QuerySpan {
            kind: SpanKind::Select,
            columns: if explained || self.missing { Vec::new() } else { columns },
            returning: Vec::new(),
            relations: self.relations,
            predicates: if self.missing { Sources::new() } else { self.predicates },
            unresolved: self.unresolved,
        }
    }

    /// One level down, or None when that is too deep or too much.
    fn deeper<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.steps += 1;
        if self.depth >= MAX_DEPTH || self.steps > MAX_STEPS {
            self.note("the statement is too large or nested too deep to be followed".to_owned());
            return None;
        }
        self.depth += 1;
        let value = f(self);
        self.depth -= 1;
        Some(value)
    }

    fn note(&mut self, sentence: String) {
        if self.unresolved.len() < MAX_NOTES && !self.unresolved.contains(&sentence) {
            self.unresolved.push(sentence);
        }
    }

    /// Looks into a view or function; None when that goes in circles or too deep. Its conditions are its own.
    fn within<T>(&mut self, what: String, f: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.open.len() >= MAX_NESTED || self.open.contains(&what) {
            self.note(format!("{what} is defined by itself, or nested too deep"));
            return None;
        }
        self.open.push(what);
        let value = f(self);
        self.open.pop();
        Some(value)
    }

    /// Does something whose conditions do not count.
    fn without_conditions<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::take(&mut self.predicates);
        let value = f(self);
        self.predicates = before;
        value
    }
}
