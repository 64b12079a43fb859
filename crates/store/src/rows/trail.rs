//! What happened: changelogs, revisions, events, audit.

use base::Time;
use serde::{Deserialize, Serialize};

/// One change of a database, or the baseline before the first.
#[derive(Debug, Clone)]
pub struct Changelog {
    /// UUIDv7: sorts by time.
    pub id: String,
    pub database_id: String,
    pub kind: ChangelogKind,
    pub status: ChangelogStatus,
    pub creator: String,
    pub project: String,
    pub plan: Option<i64>,
    /// Resource name; empty for a baseline.
    pub task_run: String,
    pub plan_title: String,
    pub statement_sha256: Option<String>,
    pub before_sha256: Option<String>,
    pub after_sha256: Option<String>,
    pub created_at: Time,
    pub updated_at: Time,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChangelogKind {
    Baseline,
    Migrate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChangelogStatus {
    Pending,
    Done,
    Failed,
}

/// A version that was applied to a database.
#[derive(Debug, Clone)]
pub struct Revision {
    pub id: String,
    pub database_id: String,
    pub kind: RevisionKind,
    /// What the version is counted in; empty: it counts in every stream.
    pub stream: String,
    pub version: String,
    pub file: String,
    /// `projects/{p}/releases/{r}`; empty when a person marked the version.
    pub release: String,
    pub sheet: String,
    pub sheet_sha256: String,
    pub task_run: String,
    pub creator: String,
    pub created_at: Time,
    pub deleter: String,
    pub deleted_at: Option<Time>,
    /// Why; empty when nobody said.
    pub delete_reason: String,
}

/// A version in force, as far as files are held against it: databases have thousands.
#[derive(Debug, Clone)]
pub struct InForce {
    pub id: String,
    pub stream: String,
    pub version: String,
    pub sheet_sha256: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RevisionKind {
    Versioned,
    Declarative,
}

/// Says that something changed, so that whoever shows it reads it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub id: i64,
    /// Resource name.
    pub name: String,
    /// plan, task_run, …
    pub kind: String,
    pub etag: String,
    pub created_at: Time,
}

/// One row of the audit log, before it is chained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    pub created_at: Time,
    pub request_id: String,
    /// `users/{email}`, `serviceAccounts/{email}`, `anonymous` or `system`.
    pub actor: String,
    /// `/bytebase.v1.PlanService/CreatePlan`
    pub method: String,
    pub resource: String,
    /// begun, allowed, denied, failed
    pub verdict: String,
    pub code: String,
    pub client_ip: String,
    /// JSON text: redacted request and what else is known. Hashed as it stands.
    pub detail: String,
}
