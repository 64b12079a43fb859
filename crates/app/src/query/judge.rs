//! Which statements a text holds, what each needs to be allowed, and which must not run.

use std::collections::BTreeSet;

use base::{Error, Position, Reason, Result};
use engine::Engine;
use sql::{Purity, Reader, StatementKind};

use super::Problem;

/// Most statements of one request.
const MOST: usize = 100;

/// A statement on its way to the server.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    /// As it was written.
    pub text: String,
    /// Byte in the script where it begins.
    pub start: usize,
    pub position: Position,
    /// What is sent; the statement is its end.
    pub sent: String,
    pub kind: StatementKind,
    pub refused: Option<Problem>,
}

/// All statements of a script, in order. `explain` asks how they would be run.
pub(super) fn judge(
    engine: &dyn Engine,
    reader: &dyn Reader,
    script: &str,
    explain: bool,
) -> Result<Vec<Judged>> {
    let statements = reader.split(script);
    if statements.is_empty() {
        return Err(Error::field("statement", "write a statement that reads, such as a SELECT"));
    }
    if statements.len() > MOST {
        let what = format!("run at most {MOST} statements at once; these are {}", statements.len());
        return Err(Error::field("statement", what));
    }
    let judged = statements.iter().enumerate().map(|(index, statement)| {
        let text = statement.text(script);
        let written = reader.classify(text).kind;
        let sent = match explain && written != StatementKind::Explain {
            true => engine.explain(text),
            false => text.to_owned(),
        };
        let refused = refusal(reader, &sent, index, statement.start)
            .map(|problem| Problem { refused: Some(written.class()), ..problem });
        let kind = if explain { StatementKind::Explain } else { written };
        Judged {
            text: text.to_owned(),
            start: statement.span.start,
            position: statement.start,
            sent,
            kind,
            refused,
        }
    });
    Ok(judged.collect())
}

fn refusal(reader: &dyn Reader, sent: &str, index: usize, at: Position) -> Option<Problem> {
    let (verb, because) = match reader.purity(sent) {
        Purity::Reads => return None,
        Purity::Writes { because } => ("does more than read", because),
        Purity::Doubtful { because } => ("may do more than read", because),
    };
    let message = format!(
        "Statement {} (line {}) {verb}: {because}. Only statements that are certain to read run here, so nothing was run.",
        index + 1,
        at.line
    );
    Some(Problem {
        reason: Reason::StatementRefused,
        message,
        position: Some(at),
        code: String::new(),
        refused: None,
    })
}

/// The permissions that running these statements takes.
pub(super) fn permissions(statements: &[Judged]) -> BTreeSet<&'static str> {
    statements.iter().map(|judged| permission(judged.kind)).collect()
}

pub(super) const fn permission(kind: StatementKind) -> &'static str {
    match kind {
        StatementKind::Explain => "bb.sql.explain",
        StatementKind::Show => "bb.sql.info",
        _ => "bb.sql.select",
    }
}
