//! Issues: the record of a review.

use base::Time;
use serde::{Deserialize, Serialize};

use super::plan::Spec;

#[derive(Debug, Clone)]
pub struct Issue {
    pub project: String,
    pub id: i64,
    /// At most one issue a plan.
    pub plan: Option<i64>,
    pub kind: IssueKind,
    pub title: String,
    pub description: String,
    pub status: IssueStatus,
    pub draft: bool,
    pub creator: String,
    pub payload: IssuePayload,
    pub version: i64,
    pub created_at: Time,
    pub updated_at: Time,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct IssuePayload {
    pub labels: Vec<String>,
    /// Of a request for a role.
    pub role_grant: Option<RoleGrant>,
}

/// Who wants which role of the project, for what, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RoleGrant {
    pub role: String,
    /// `users/{email}`
    pub user: String,
    /// CEL; empty for the whole project.
    pub condition: String,
    /// From the moment it is granted. None: without an end of its own.
    pub expiration_seconds: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IssueKind {
    #[default]
    DatabaseChange,
    RoleGrant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IssueStatus {
    #[default]
    Open,
    /// Terminal.
    Done,
    Canceled,
}

#[derive(Debug, Clone)]
pub struct IssueComment {
    /// UUIDv7: sorts by time.
    pub id: String,
    pub project: String,
    pub issue: i64,
    pub creator: String,
    pub comment: String,
    pub event: Option<IssueEvent>,
    /// None: about the issue as a whole.
    pub thread: Option<Thread>,
    pub created_at: Time,
    pub updated_at: Time,
}

/// What a comment has to do with lines of SQL. The one that begins a thread has an anchor, the others name it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Thread {
    /// Id of the comment that began the thread.
    pub root: Option<String>,
    pub anchor: Option<Anchor>,
    pub suggestion: Option<Suggestion>,
    pub resolved: Option<Settled>,
}

/// Lines as they were when somebody wrote about them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// Id of the plan's spec.
    pub spec: String,
    /// SHA-256 of the text.
    pub sheet: String,
    /// From 1.
    pub first: usize,
    pub last: usize,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Empty: the lines are taken away.
    pub replacement: String,
    pub applied: Option<Settled>,
}

/// Who did it, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// `users/{email}`
    pub by: String,
    pub at: Time,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ApprovalEvent {
    /// Asked anew after a rejection.
    Pending,
    Approved,
    Rejected,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EmergencyEvent {
    /// Tasks were run although their gate had not approved.
    Run,
    /// Errors of the review were passed over.
    ReviewIgnored,
    Justified,
    NotJustified,
}

/// Something that happened, told in the timeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum IssueEvent {
    ReviewSubmission,
    Approval {
        decision: ApprovalEvent,
        /// Environment id of the gate, or `-`; None: of the issue as a whole.
        gate: Option<String>,
        /// `roles/{role}` of the step; empty when it is asked anew.
        role: String,
    },
    IssueUpdate {
        from_title: Option<String>,
        to_title: Option<String>,
        from_description: Option<String>,
        to_description: Option<String>,
        from_status: Option<IssueStatus>,
        to_status: Option<IssueStatus>,
        from_labels: Vec<String>,
        to_labels: Vec<String>,
    },
    PlanUpdate {
        from_specs: Vec<Spec>,
        to_specs: Vec<Spec>,
    },
    Emergency {
        kind: EmergencyEvent,
        /// Id of the emergency; empty when errors of the review were passed over.
        emergency: String,
        reason: String,
        incident_url: String,
        /// Environment id, or `-`; empty when it was no run of tasks.
        stage: String,
        /// Of the stage.
        plan: i64,
    },
    Hotfix {
        /// Empty: it is none any more.
        reason: String,
    },
}
