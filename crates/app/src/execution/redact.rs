//! Keeps passwords out of what shows SQL: logs, changelogs, other people's sessions, and what servers say about a statement.
//!
//! The sheet itself stays as it was written, for who may read sheets.

use engine::{ExecuteError, StatementFailure};
use sql::Dialect;
use sql::secrets::{hide, mask};

/// Longest statement text kept in a log entry, in bytes. The sheet has the whole.
const SHOWN: usize = 2_000;

/// What a log may show of a statement.
pub fn shown(dialect: &dyn Dialect, statement: &str) -> String {
    let mut end = SHOWN.min(statement.len());
    while !statement.is_char_boundary(end) {
        end -= 1;
    }
    let head = &statement[..end];
    let masked = mask(head, &dialect.secrets(head));
    if end == statement.len() {
        return masked;
    }
    format!("{masked} … ({} bytes in all)", statement.len())
}

/// A script without its secrets.
pub fn script(dialect: &dyn Dialect, script: &str) -> String {
    let mut secrets = Vec::new();
    for statement in dialect.split(script) {
        let at = statement.span.start;
        let spans = dialect.secrets(statement.text(script));
        secrets.extend(spans.iter().map(|s| base::Span { start: at + s.start, end: at + s.end }));
    }
    mask(script, &secrets)
}

/// What a server said about a statement.
pub fn said(dialect: &dyn Dialect, statement: &str, message: &str) -> String {
    hide(message, statement, &dialect.secrets(statement))
}

/// An error of the script, without what the server quoted of its secrets.
pub fn error(dialect: &dyn Dialect, script: &str, mut error: ExecuteError) -> ExecuteError {
    let clean = |index: usize, failure: &mut StatementFailure| {
        if let Some(statement) = dialect.split(script).get(index) {
            failure.message = said(dialect, statement.text(script), &failure.message);
        }
    };
    match &mut error {
        ExecuteError::Statement { failure, .. } | ExecuteError::Lost { failure, .. } => {
            clean(failure.statement, &mut failure.failure);
        }
        ExecuteError::Commit { .. } | ExecuteError::Stopped { .. } => {}
    }
    error
}
