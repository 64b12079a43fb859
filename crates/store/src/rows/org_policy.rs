//! Policies of the workspace, of environments and of projects.

use base::Time;
use serde::{Deserialize, Serialize};

/// One policy of a kind a resource.
#[derive(Debug, Clone)]
pub struct OrgPolicy {
    /// `workspaces/{workspace}`, `environments/{environment}` or `projects/{project}`.
    pub resource: String,
    pub payload: OrgPolicyPayload,
    /// 0: not stored yet.
    pub version: i64,
    pub updated_at: Time,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgPolicyPayload {
    pub inherit_from_parent: bool,
    /// One that is not enforced counts as none.
    pub enforce: bool,
    pub body: OrgPolicyBody,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OrgPolicyBody {
    Rollout(RolloutPolicy),
    QueryData(QueryDataPolicy),
}

/// How changes reach an environment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RolloutPolicy {
    /// Tasks run by themselves.
    pub automatic: bool,
    /// `roles/{role}`: who may run tasks besides those with the permission.
    pub roles: Vec<String>,
    /// `users/{email}`: told of emergency runs.
    pub emergency_contacts: Vec<String>,
}

/// Limits of queries.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct QueryDataPolicy {
    /// 0: no limit.
    pub maximum_result_rows: i32,
    pub disable_export: bool,
    pub disable_copy_data: bool,
    pub allow_admin_data_source: bool,
}

impl OrgPolicyBody {
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Rollout(_) => "rollout",
            Self::QueryData(_) => "query_data",
        }
    }
}
