//! How a session proves what became of work, also to somebody who comes after a crash.
//!
//! A change is cut into units (see [`crate::units`]), each of which takes effect whole or not at all. Before a unit can take effect the
//! observer has what is needed to ask about it on its disk: for a transaction a [`Proof`], for a statement that commits by itself a
//! [`Witness`] of what it changes. After a crash a new session takes the lock of the database (so that the old session is
//! gone), and asks for the [`Verdict`]. What cannot be told is [`Outcome::Unknown`], never guessed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
pub use sql::Isolation;

/// Answer of [`crate::Session::lock`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lock {
    /// This session has it until it ends.
    Taken,
    /// Another session has it; `by` is its [`crate::Session::backend`], where the server tells.
    Held { by: Option<String> },
    /// The engine has no such lock.
    Unavailable,
}

/// A transaction of ours.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Transaction {
    /// Its name at the target, never used twice: ASCII letters, digits and `-`, at most 60 bytes. Empty: nobody will ask about it.
    pub id: String,
    pub isolation: Option<Isolation>,
}

/// What is known of a transaction. Only drivers read `facts`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Proof {
    /// The id that it was begun with.
    pub id: String,
    /// What [`crate::Session::prepare`] gave; None when it was never asked, and so COMMIT never sent.
    pub facts: Option<BTreeMap<String, String>>,
}

/// What became of a unit, and how that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub outcome: Outcome,
    /// What was asked and answered, a sentence each, for the log and for who must decide.
    pub evidence: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// It took effect, and that is durable at the target.
    Applied,
    /// It did not, and never will.
    NotApplied,
    /// It is still open at the target: end its session and ask again.
    Open,
    Unknown,
}

/// The state of what a statement is about to change, so that before and after can be told apart.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Witness {
    /// Equal texts mean an equal state. Holds no data of the user's beyond names and definitions.
    pub text: String,
    /// The statement's effect always shows in the text. Else it proves nothing.
    pub decisive: bool,
    /// The statement was left half done, with what a person does about it.
    pub broken: Option<String>,
}

/// Where in the history of its data a server is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Mark {
    /// As in [`crate::ServerInfo`]; empty when the server does not tell.
    pub identity: String,
    /// Changes with each fail-over or point-in-time restore; empty when the server does not tell.
    pub timeline: String,
    /// Only grows within a timeline.
    pub position: Option<u64>,
}

/// A finding before the first statement of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// UPPER_SNAKE, stable.
    pub code: String,
    pub level: FindingLevel,
    /// What is so, and what to do about it.
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FindingLevel {
    Info,
    Warning,
    /// The change does not start.
    Stop,
}

/// How far long work is, where the server tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// In the server's words: `building index: scanning table`.
    pub phase: String,
    /// Of `total`, in `unit`.
    pub done: u64,
    pub total: u64,
    /// `blocks`, `tuples`, `stages`.
    pub unit: String,
}

impl Verdict {
    pub fn new(outcome: Outcome, evidence: impl Into<String>) -> Self {
        Self { outcome, evidence: vec![evidence.into()] }
    }

    /// Of a statement that commits by itself, from the state before it and the state now. Pure.
    pub fn of_witnesses(before: &Witness, now: &Witness) -> Self {
        let decisive = before.decisive && now.decisive;
        if decisive && before.text == now.text {
            return Self::new(
                Outcome::NotApplied,
                format!("the catalog is as it was before the statement: {}", shown(&now.text)),
            );
        }
        if let Some(broken) = &now.broken {
            return Self::new(Outcome::Unknown, broken.clone());
        }
        match decisive {
            false => Self::new(
                Outcome::Unknown,
                "the effect of this statement cannot be seen in the catalog",
            ),
            true => Self::new(
                Outcome::Applied,
                format!(
                    "the catalog shows the statement's effect: before {}; now {}",
                    shown(&before.text),
                    shown(&now.text)
                ),
            ),
        }
    }
}

impl Finding {
    pub fn new(code: &str, level: FindingLevel, text: impl Into<String>) -> Self {
        Self { code: code.to_owned(), level, text: text.into() }
    }
}

/// Enough of a witness to recognise it.
fn shown(text: &str) -> String {
    const LONGEST: usize = 300;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.len() <= LONGEST {
        return line;
    }
    format!("{}…", &line[..line.floor_char_boundary(LONGEST)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn witness(text: &str, decisive: bool) -> Witness {
        Witness { text: text.to_owned(), decisive, broken: None }
    }

    #[test]
    fn a_witness_proves_only_what_always_shows() {
        let judge = |a, b| Verdict::of_witnesses(&a, &b).outcome;
        assert_eq!(judge(witness("absent", true), witness("absent", true)), Outcome::NotApplied);
        assert_eq!(judge(witness("absent", true), witness("present", true)), Outcome::Applied);
        assert_eq!(judge(witness("a", false), witness("b", false)), Outcome::Unknown);
    }

    #[test]
    fn what_is_half_done_is_for_a_person() {
        let now = Witness { broken: Some("index i is INVALID".into()), ..witness("b", true) };
        let verdict = Verdict::of_witnesses(&witness("a", true), &now);
        assert_eq!(verdict.outcome, Outcome::Unknown);
        assert_eq!(verdict.evidence, ["index i is INVALID"]);
    }
}
