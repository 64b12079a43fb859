//! What names mean at a place of a statement: relations, CTEs, and the variables of a routine.

use std::collections::BTreeMap;

use base::Span;
use sql::{Sources, SpanColumn};

/// A relation of FROM under the name that it goes by.
#[derive(Debug, Clone, Default)]
pub struct Relation {
    /// Empty when an alias hides it.
    pub database: String,
    pub schema: String,
    pub name: String,
    pub columns: Vec<SpanColumn>,
    /// Its columns are not known: a system relation, or one that is missing.
    pub opaque: bool,
}

/// What a part of FROM gives: relations by name, and the columns of `*`, in which those of USING are one.
#[derive(Debug, Clone, Default)]
pub struct Item {
    pub relations: Vec<Relation>,
    pub star: Vec<SpanColumn>,
}

/// The text that a tree was made from; spans of the tree begin at `base`.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    pub text: &'a str,
    pub base: usize,
    pub variables: &'a Variables,
}

/// A variable or parameter of a routine.
#[derive(Debug, Clone, Default)]
pub struct Variable {
    pub sources: Sources,
    /// Of a record.
    pub columns: Vec<SpanColumn>,
}

pub type Variables = BTreeMap<String, Variable>;

/// Names that can be seen, from the inside out.
#[derive(Clone, Default)]
pub struct Scope<'a> {
    pub outer: Option<&'a Scope<'a>>,
    pub item: Item,
    pub ctes: Vec<(String, Vec<SpanColumn>)>,
    pub source: Option<Source<'a>>,
}

impl Relation {
    /// Whether a qualifier of one to three parts means this relation.
    fn is_called(&self, qualifier: &[String]) -> bool {
        match qualifier {
            [name] => *name == self.name,
            [schema, name] => *name == self.name && *schema == self.schema,
            [database, schema, name] => {
                *name == self.name && *schema == self.schema && *database == self.database
            }
            _ => false,
        }
    }

    pub fn column(&self, name: &str) -> Option<&SpanColumn> {
        self.columns.iter().find(|c| c.name == name)
    }
}

impl Item {
    pub fn of(relation: Relation) -> Self {
        Self { star: relation.columns.clone(), relations: vec![relation] }
    }

    pub fn extend(&mut self, other: Self) {
        self.relations.extend(other.relations);
        self.star.extend(other.star);
    }
}

impl<'a> Scope<'a> {
    pub fn inside(outer: &'a Scope<'a>) -> Self {
        Self { outer: Some(outer), source: outer.source, ..Self::default() }
    }

    /// This scope and those around it.
    pub fn chain(&self) -> impl Iterator<Item = &Scope<'a>> {
        std::iter::successors(Some(self), |s| s.outer)
    }

    pub fn relation(&self, qualifier: &[String]) -> Option<&Relation> {
        self.chain().find_map(|s| s.item.relations.iter().find(|r| r.is_called(qualifier)))
    }

    /// The columns of that name at the innermost place that has one; two only when a server would call it ambiguous.
    pub fn column(&self, name: &str) -> Option<Vec<&SpanColumn>> {
        self.chain().find_map(|s| {
            let found: Vec<_> = s.item.star.iter().filter(|c| c.name == name).collect();
            (!found.is_empty()).then_some(found)
        })
    }

    pub fn cte(&self, name: &str) -> Option<&[SpanColumn]> {
        self.chain().find_map(|s| {
            s.ctes.iter().rev().find(|(n, _)| n == name).map(|(_, columns)| columns.as_slice())
        })
    }

    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.source.and_then(|s| s.variables.get(name))
    }

    pub fn is_opaque(&self) -> bool {
        self.chain().any(|s| s.item.relations.iter().any(|r| r.opaque))
    }

    /// The text of a span; empty when it lies elsewhere.
    pub fn text(&self, span: Span) -> &str {
        let Some(source) = &self.source else { return "" };
        let (start, end) = (span.start.checked_sub(source.base), span.end.checked_sub(source.base));
        start.zip(end).and_then(|(start, end)| source.text.get(start..end)).unwrap_or("")
    }
}
