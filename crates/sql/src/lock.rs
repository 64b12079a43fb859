//! What a statement does to others while it runs: the lock it takes on each relation, and how long it holds it.

use base::Span;

/// One relation that a statement locks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockForecast {
    /// Empty when the statement does not say.
    pub schema: String,
    pub relation: String,
    /// Where the statement names it.
    pub span: Span,
    /// As the engine calls it: `ACCESS EXCLUSIVE`.
    pub mode: &'static str,
    /// Whether others that read, or write rows, wait.
    pub blocks_reads: bool,
    pub blocks_writes: bool,
    pub work: LockWork,
    /// Rows of the relation, where the catalog tells.
    pub rows: Option<i64>,
    pub because: &'static str,
    /// What does the same and blocks less.
    pub safer: Option<&'static str>,
}

/// How long a lock is held, by what happens under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LockWork {
    /// The catalog changes: milliseconds, once the lock is there.
    Brief,
    /// Rows are changed or read as the statement says.
    Rows,
    /// All rows are read.
    Scan,
    /// An index is built.
    Index,
    /// All rows are written anew, with all indexes.
    Rewrite,
}
