//! Approvals of issues, and the rules of the workspace.

use std::collections::BTreeSet;

use base::Time;
use policy::approval::{Gate, Rule, Status};
use policy::risk::Risk;
use serde::{Deserialize, Serialize};

/// Setting `WORKSPACE_APPROVAL`: rules in the order in which they are tried.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ApprovalSetting {
    pub rules: Vec<Rule>,
}

/// One an issue, from when its gates were looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueApproval {
    pub project: String,
    pub issue: i64,
    pub status: Status,
    /// The plan's, when the gates were found; 0 for an issue without a plan.
    pub input_version: i64,
    pub payload: ApprovalPayload,
    /// 0: not stored yet.
    pub version: i64,
    pub created_at: Time,
    pub updated_at: Time,
}

impl IssueApproval {
    /// One whose gates are not found yet.
    pub fn new(project: &str, issue: i64, now: Time) -> Self {
        Self {
            project: project.to_owned(),
            issue,
            status: Status::Checking,
            input_version: 0,
            payload: ApprovalPayload::default(),
            version: 0,
            created_at: now,
            updated_at: now,
        }
    }

    /// Its gates are found, for this version of the plan's input.
    pub fn is_found(&self, input_version: i64) -> bool {
        self.status != Status::Checking && self.input_version == input_version
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ApprovalPayload {
    pub gates: Vec<Gate>,
    /// Fingerprints of what the gates are about, one a task that may come of the plan: an approval counts for no other.
    pub covered: BTreeSet<String>,
    pub risk: Option<Risk>,
}
