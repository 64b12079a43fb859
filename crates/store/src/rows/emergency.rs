//! Runs past a gate, and their reviews.

use base::Time;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone)]
pub struct Emergency {
    pub project: String,
    /// UUIDv7: sorts by time.
    pub id: String,
    pub plan: i64,
    /// `users/{email}` of who ran it.
    pub creator: String,
    /// For the review.
    pub due_at: Time,
    pub reviewed_at: Option<Time>,
    pub payload: EmergencyPayload,
    pub version: i64,
    pub created_at: Time,
    pub updated_at: Time,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EmergencyPayload {
    /// Environment id, or `-`.
    pub stage: String,
    pub tasks: Vec<i64>,
    /// `instances/{i}/databases/{d}`, once each.
    pub databases: Vec<String>,
    pub reason: String,
    pub incident_url: String,
    /// `users/{email}` of who was told and may review it.
    pub notified: Vec<String>,
    /// What stood in the way.
    pub passed: Vec<Passed>,
    pub review: Option<EmergencyReview>,
}

/// Something that was passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passed {
    /// UPPER_SNAKE, as of the blocker.
    pub reason: String,
    pub message: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmergencyReview {
    /// `users/{email}`
    pub by: String,
    pub justified: bool,
    pub comment: String,
}
