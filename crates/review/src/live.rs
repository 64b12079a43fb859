//! What only a live target can tell. Whoever has a connection implements it; rules that need one are silent without.

use sql::tree::Parsed;

/// Answers about the target, each within limits and in a transaction that is rolled back or only reads.
pub trait Live {
    /// Rows that the planner expects a statement to change, or a query to give; None when it does not say.
    fn estimated_rows(&self, statement: &str) -> Result<Option<i64>, LiveError>;

    /// Lets the server plan a statement without running it; the error is what the server said.
    fn dry_run(&self, statement: &str) -> Result<(), LiveError>;

    /// The roles as which the script may act: the one that runs it, and those it is a member of.
    fn roles(&self) -> Result<Vec<String>, LiveError>;
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiveError {
    /// The server refuses the statement.
    Refused(String),
    /// It could not be asked.
    Unavailable(String),
}

/// What a rule about rows says when the database does not.
pub(crate) fn unknown_rows(first: &Parsed) -> String {
    let line = first.start().line;
    format!("the database does not say how many rows the statement on line {line} is about")
}
