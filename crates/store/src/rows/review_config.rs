//! How SQL is reviewed.

use base::Time;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone)]
pub struct ReviewConfig {
    pub id: String,
    pub title: String,
    pub payload: ReviewConfigPayload,
    /// What it is attached to, sorted: `environments/{environment}` or `projects/{project}`. No resource has two.
    pub resources: Vec<String>,
    pub version: i64,
    pub created_at: Time,
    pub updated_at: Time,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ReviewConfigPayload {
    pub enabled: bool,
    /// As the crate review writes them, which alone knows rules.
    pub rules: Vec<serde_json::Value>,
    /// Where rules do not hold, likewise.
    pub exceptions: Vec<serde_json::Value>,
    /// Comments in scripts take nothing away.
    pub refuse_suppression: bool,
}
