//! Statements inside a statement: the body of a function, a procedure, or a block that runs at once.

use std::sync::Arc;

use base::Span;

use super::Parsed;

/// What is known of a body. Spans are bytes of the script, as everywhere.
#[derive(Debug, Clone, Default)]
pub struct Routine {
    pub span: Span,
    /// The text between the quotes is that of the script, byte for byte, so that edits of it are edits of the body.
    pub verbatim: bool,
    /// In order; heads of loops and branches only as far as they hold a query.
    pub statements: Vec<Arc<Parsed>>,
    /// Each statement runs whenever the body does, and what fails makes the body fail.
    pub straight: bool,
    /// In order.
    pub unjudged: Vec<Unjudged>,
}

/// A part of a body of which nobody can tell what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unjudged {
    pub span: Span,
    pub why: Why,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The SQL is made when it runs.
    Dynamic,
    /// It is not the language, as far as we know it.
    NotUnderstood,
    /// A language that is not read.
    Language(String),
}

impl Routine {
    pub fn changes_schema(&self) -> bool {
        self.statements.iter().any(|s| s.body.changes_schema())
    }
}
