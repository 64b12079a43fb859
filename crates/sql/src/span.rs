//! The span of a statement: which columns its result comes from, which tables it reads, which columns decide about rows.
//!
//! What masking and access control judge by. Invariant: a column that is not listed as a source cannot be seen in the
//! result, unless [`QuerySpan::unresolved`] says what could not be followed.

use std::collections::BTreeSet;

/// Sources of a column, sorted.
pub type Sources = BTreeSet<SourceColumn>;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QuerySpan {
    pub kind: SpanKind,
    /// The columns of the result in order. Empty for what is no query, for EXPLAIN, and when a relation is missing.
    pub columns: Vec<SpanColumn>,
    /// What RETURNING hands out of a statement that changes rows.
    pub returning: Vec<SpanColumn>,
    /// The relations that are read; their column is empty. A view stands for itself, a function for what it reads.
    pub relations: Sources,
    /// The columns that WHERE and HAVING look at.
    pub predicates: Sources,
    /// What could not be followed, a sentence each.
    pub unresolved: Vec<String>,
}

/// A column of the result.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SpanColumn {
    pub name: String,
    pub sources: Sources,
    /// A star brought it here as it stands in its table.
    pub plain: bool,
}

/// A column of a relation, or with an empty column the relation itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct SourceColumn {
    pub database: String,
    pub schema: String,
    pub table: String,
    pub column: String,
}

/// What a statement is to whoever grants access. The discriminant is the number that clients know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SpanKind {
    #[default]
    Unknown = 0,
    Select = 1,
    Explain = 2,
    /// Reads only what describes the database.
    SelectSystem = 3,
    Ddl = 4,
    Dml = 5,
}
