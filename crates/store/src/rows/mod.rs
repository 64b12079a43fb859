//! What the store keeps, as Rust structs. Wire types are made from these in crates/server only.
//!
//! Rows carry their columns as fields; what no query needs stands in a `…Payload`, stored as versioned JSON (see
//! [`payload`]): a field may be added with a default, never renamed or given another meaning.

pub mod approval;
pub mod checkpoint;
pub mod database;
pub mod draft;
pub mod emergency;
pub mod identity;
pub mod identity_provider;
pub mod instance;
pub mod issue;
pub mod org_policy;
pub mod plan;
pub mod project;
pub mod query;
pub mod release;
pub mod repository;
pub mod review_config;
pub mod rollout;
pub mod setting;
pub mod trail;
pub mod webhook;

pub use approval::{ApprovalPayload, ApprovalSetting, IssueApproval};
pub use checkpoint::{Checkpoint, Chunk, OpenUnit, UnitKind};
pub use database::{Database, DatabasePayload};
pub use draft::Draft;
pub use emergency::{Emergency, EmergencyPayload, EmergencyReview, Passed};
pub use identity::{
    Group, GroupMember, GroupRole, IamPolicy, LoginFailure, MailCode, Role, SecondFactor,
    ServiceAccount, Session, User, UserPayload, WorkloadIdentity, WorkloadPayload,
    WorkloadProvider,
};
pub use identity_provider::{ClaimNames, IdentityProvider, IdentityProviderPayload};
pub use instance::{
    Authentication, DataSource, DataSourceKind, DataSourceSecrets, Instance, InstancePayload,
    InstanceRole, SshTunnel,
};
pub use issue::{
    Anchor, ApprovalEvent, EmergencyEvent, Issue, IssueComment, IssueEvent, IssueKind,
    IssuePayload, IssueStatus, RoleGrant, Settled, Suggestion, Thread,
};
pub use org_policy::{OrgPolicy, OrgPolicyBody, OrgPolicyPayload, QueryDataPolicy, RolloutPolicy};
pub use plan::{
    ChangeDatabase, CheckLevel, CheckResult, CheckStatus, CheckType, CreateDatabaseSpec, Hotfix,
    Plan, PlanCheck, PlanPayload, ReviewBypass, Spec, SpecConfig,
};
pub use project::{Project, ProjectPayload, Sheet};
pub use query::{QueryHistory, QueryKind, QueryStatus};
pub use release::{Release, ReleaseFile, ReleasePayload, VcsKind, VcsSource};
pub use repository::{
    CommitReport, IgnoredFile, KnownFile, Repository, RepositoryPayload, RepositoryState,
    RepositorySync, RepositorySyncPayload, RepositorySyncStatus, SyncTrigger, WatchMode,
};
pub use review_config::{ReviewConfig, ReviewConfigPayload};
pub use rollout::{
    Finding, FindingLevel, LogEntry, LogKind, Mark, Resume, Task, TaskKind, TaskPayload, TaskRun,
    TaskRunPayload,
};
pub use setting::{
    EmailSetting, Environment, EnvironmentSetting, PasswordRule, SmtpAuthentication,
    SmtpEncryption, WorkspaceProfile,
};
pub use trail::{
    AuditRecord, Changelog, ChangelogKind, ChangelogStatus, Event, InForce, Revision, RevisionKind,
};
pub use webhook::{Delivery, DeliveryStatus, Webhook, WebhookPayload, WebhookSecrets};

use serde::{Deserialize, Serialize};

/// Alive or softly deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    #[default]
    Active,
    Deleted,
}

/// How the last sync of an instance or database ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SyncStatus {
    #[default]
    Never,
    Running,
    Ok,
    Failed,
}
