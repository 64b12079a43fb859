//! What a review says.

use base::{Position, Span};
use serde::{Deserialize, Serialize};
use sql::Fix;

use crate::rule_type::RuleType;

/// How grave an advice is. The discriminant is the number on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    Success = 1,
    Warning = 2,
    Error = 3,
}

/// How grave a person finds a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Level {
    Error = 1,
    Warning = 2,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    pub status: Status,
    /// One of [`crate::code`].
    pub code: i32,
    /// The rule's name on the wire, or `Syntax error`.
    pub title: String,
    pub content: String,
    /// The line, and column 0: a rule speaks of lines. None for the script as a whole.
    pub start: Option<Position>,
    /// Bytes of the script, for editors; None for the script as a whole.
    pub span: Option<Span>,
    /// None for a syntax error.
    pub rule: Option<RuleType>,
    /// What a machine can do about it, in bytes of the reviewed script.
    pub fix: Option<Fix>,
}

impl From<Level> for Status {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => Self::Error,
            Level::Warning => Self::Warning,
        }
    }
}
