//! What is wrong with a condition, and where.

use std::fmt;

use base::{LineIndex, Span};

/// Why a condition is refused. The place is that of the text as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CelError {
    pub message: String,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    /// Characters that it is about; at least 1.
    pub len: u32,
}

impl CelError {
    /// About the bytes `span` of `text`.
    pub(super) fn at(text: &str, span: Span, message: impl Into<String>) -> Self {
        let position = LineIndex::new(text).position(text, span.start);
        let about = span.of(text).lines().next().unwrap_or_default();
        let len = u32::try_from(about.chars().count()).unwrap_or(u32::MAX).max(1);
        Self { message: message.into(), line: position.line, column: position.column, len }
    }

    /// The message, and under it the line with a caret, for people who read plain text.
    pub fn shown(&self, text: &str) -> String {
        let line = text.lines().nth(self.line.saturating_sub(1) as usize).unwrap_or_default();
        let before: String = line
            .chars()
            .take(self.column.saturating_sub(1) as usize)
            .map(|c| if c == '\t' { c } else { ' ' })
            .collect();
        format!("{self}\n{line}\n{before}{}", "^".repeat((self.len as usize).min(200)))
    }
}

impl fmt::Display for CelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            1 => write!(f, "column {}: {}", self.column, self.message),
            line => write!(f, "line {line}, column {}: {}", self.column, self.message),
        }
    }
}

impl std::error::Error for CelError {}
