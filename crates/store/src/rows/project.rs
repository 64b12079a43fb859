//! Projects and their sheets.

use std::collections::BTreeMap;

use base::Time;
use policy::release::OutOfOrder;
use serde::{Deserialize, Serialize};

use super::State;

#[derive(Debug, Clone)]
pub struct Project {
    pub id: String,
    pub title: String,
    pub state: State,
    pub labels: BTreeMap<String, String>,
    pub payload: ProjectPayload,
    pub version: i64,
    pub created_at: Time,
    pub updated_at: Time,
    pub deleted_at: Option<Time>,
}

/// Settings of a project, named as on the wire.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ProjectPayload {
    pub data_classification_config_id: String,
    pub issue_labels: Vec<IssueLabel>,
    pub force_issue_labels: bool,
    pub enforce_issue_title: bool,
    pub enforce_sql_review: bool,
    pub require_issue_approval: bool,
    pub require_plan_check_no_error: bool,
    pub allow_self_approval: bool,
    pub allow_request_role: bool,
    pub allow_just_in_time_access: bool,
    pub postgres_database_tenant_mode: bool,
    /// Retries of one run after a lock timeout.
    pub execution_retries: i32,
    /// Runs of one rollout at the same time; 0 means no limit.
    pub parallel_tasks_per_rollout: i32,
    /// Plan checks look at this many databases of a group; 0 means all.
    pub ci_sampling_size: i32,
    /// `users/{email}`: told of emergency runs where the environment names nobody.
    pub emergency_contacts: Vec<String>,
    /// What to do with a file whose version is lower than one that is applied.
    pub out_of_order: OutOfOrder,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct IssueLabel {
    pub value: String,
    pub color: String,
    pub group: String,
}

/// Says that a project may read a blob as a sheet.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub project: String,
    pub sha256: String,
    pub size: i64,
    pub creator: String,
    pub created_at: Time,
}
