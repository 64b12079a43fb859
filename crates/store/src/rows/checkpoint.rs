//! Where a run is at its target.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What is known to be in the database, and what may be.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Checkpoint {
    /// Version of the release's file that this is about; empty for a sheet.
    pub version: String,
    /// Statements of the script whose effect is durable, from its beginning.
    pub applied: usize,
    /// Statements of the script; 0 before it was read.
    pub count: usize,
    /// Of the statement after those: chunks of a batch that are durable.
    pub chunk: Option<Chunk>,
    /// A unit that was begun and of which it is not recorded how it ended.
    pub open: Option<OpenUnit>,
    /// How it was found out what became of an open unit, or why it cannot be.
    pub evidence: Vec<String>,
    /// The last answer about an open unit was "unknown": only a person can say how it goes on.
    pub unknown: bool,
}

/// Statements `first..end` take effect together or not at all.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OpenUnit {
    pub first: usize,
    pub end: usize,
    /// The server's id of the session that began it.
    pub backend: String,
    pub kind: UnitKind,
    /// Name of its transaction.
    pub transaction: String,
    /// What proves the end of the transaction; None as long as COMMIT cannot have been sent.
    pub facts: Option<BTreeMap<String, String>>,
    /// The state before a statement that commits by itself, and whether it proves anything.
    pub witness: String,
    pub decisive: bool,
    /// The chunk that it would complete.
    pub chunk: Option<Chunk>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UnitKind {
    #[default]
    Transaction,
    /// One statement that commits by itself.
    Alone,
    /// Changes the session only.
    Session,
}

/// Of a batch: keys up to and with `upto` are done.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Chunk {
    pub number: u64,
    pub upto: String,
    pub rows: i64,
}
