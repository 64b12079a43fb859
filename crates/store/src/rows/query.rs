//! The SQL editor.

use base::Time;
use serde::{Deserialize, Serialize};

/// One request that somebody made, with one statement or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryHistory {
    /// UUIDv7: sorts by time.
    pub id: String,
    pub project: String,
    pub instance: String,
    /// Resource name.
    pub database: String,
    pub creator: String,
    pub kind: QueryKind,
    pub status: QueryStatus,
    pub statement: String,
    /// Empty when it succeeded.
    pub error: String,
    pub duration_ms: i64,
    /// Rows that were shown.
    pub rows: i64,
    /// Id; empty when nothing was run.
    pub data_source: String,
    pub schema: String,
    pub created_at: Time,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum QueryKind {
    Query,
    Export,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum QueryStatus {
    Succeeded,
    Failed,
    /// A statement does more than read: nothing was run.
    Refused,
    /// The caller stopped waiting.
    Canceled,
}
