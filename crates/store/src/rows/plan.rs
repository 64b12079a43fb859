//! Plans and their checks.

use std::collections::BTreeMap;

use base::{Position, Time};
use serde::{Deserialize, Serialize};

use super::State;

#[derive(Debug, Clone)]
pub struct Plan {
    pub project: String,
    pub id: i64,
    pub title: String,
    pub description: String,
    pub creator: String,
    /// Deleted means closed.
    pub state: State,
    pub has_rollout: bool,
    pub input_version: i64,
    pub payload: PlanPayload,
    pub version: i64,
    pub created_at: Time,
    pub updated_at: Time,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanPayload {
    pub specs: Vec<Spec>,
    /// Who went past the errors of the review, and why.
    pub review_bypass: Option<ReviewBypass>,
    /// Production runs first.
    pub hotfix: Option<Hotfix>,
}

/// Why production does not wait for the earlier environments, and who said so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hotfix {
    pub reason: String,
    /// `users/{email}`
    pub by: String,
    pub at: Time,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewBypass {
    /// Of the plan: it counts for no other.
    pub input_version: i64,
    /// `users/{email}`
    pub by: String,
    pub reason: String,
    pub at: Time,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spec {
    /// Chosen by the client, unique in the plan.
    pub id: String,
    pub config: SpecConfig,
}

/// All specs of a plan are of one kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SpecConfig {
    CreateDatabase(CreateDatabaseSpec),
    ChangeDatabase(ChangeDatabase),
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CreateDatabaseSpec {
    /// `instances/{instance}`
    pub target: String,
    pub database: String,
    pub character_set: String,
    pub collation: String,
    pub owner: String,
    /// `environments/{environment}`, or empty for the instance's.
    pub environment: String,
    pub table: String,
    pub cluster: String,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ChangeDatabase {
    /// `instances/{i}/databases/{d}` each.
    pub targets: Vec<String>,
    /// `projects/{p}/sheets/{sha256}`; empty while the draft has no SQL.
    pub sheet: String,
    /// `projects/{p}/releases/{r}` in place of a sheet, or empty.
    pub release: String,
    pub enable_prior_backup: bool,
    /// Overrides of session settings, by the engine's names.
    pub session_settings: BTreeMap<String, String>,
}

/// The checks of a plan: one row a plan, overwritten by a re-run.
#[derive(Debug, Clone)]
pub struct PlanCheck {
    pub project: String,
    pub plan: i64,
    pub status: CheckStatus,
    /// The plan's when the run was asked for.
    pub input_version: i64,
    /// Why the whole run failed.
    pub error: String,
    /// Until it is done: what an earlier run found in the specs that are not checked anew.
    pub results: Vec<CheckResult>,
    /// Ids of the specs that are checked; empty for all.
    pub specs: Vec<String>,
    pub claim_epoch: i64,
    pub lease_until: Option<Time>,
    pub created_at: Time,
    pub updated_at: Time,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CheckStatus {
    /// Waits for the runner.
    #[default]
    Available,
    Running,
    Done,
    Failed,
    Canceled,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CheckResult {
    pub kind: CheckType,
    pub level: CheckLevel,
    pub title: String,
    pub content: String,
    /// Rule code; 0 for success.
    pub code: i32,
    /// `instances/{i}/databases/{d}`
    pub target: String,
    /// Id of the plan's spec; empty when no plan was checked.
    pub spec: String,
    pub sheet: String,
    pub start: Option<Position>,
    pub end: Option<Position>,
    /// For a summary: names of `StatementType`.
    pub statement_types: Vec<String>,
    pub affected_rows: i64,
    /// Statements that change rows but are not in `affected_rows`, because there is no estimate.
    pub unestimated: u32,
    /// `table public.customer`
    pub changed_objects: Vec<String>,
    /// Facts for people: settings in force, age of the synced schema, how the script is run.
    pub details: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CheckType {
    #[default]
    StatementAdvise,
    StatementSummaryReport,
}

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CheckLevel {
    #[default]
    Success,
    Warning,
    Error,
}
