//! Repositories that projects watch, and what came of looking at them.

use base::Time;
use serde::{Deserialize, Serialize};

use super::VcsKind;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    pub project: String,
    /// No other repository of any project has it.
    pub id: String,
    pub title: String,
    /// `users/…`, `serviceAccounts/…` or `workloadIdentities/…`: in whose name syncs act.
    pub actor: String,
    pub payload: RepositoryPayload,
    pub version: i64,
    pub created_at: Time,
    pub updated_at: Time,
    pub state: RepositoryState,
    /// When its branch was looked at.
    pub checked_at: Option<Time>,
    /// Not before; None: when it is asked for.
    pub next_at: Option<Time>,
    /// Of the claim that it was read with. A sync of an older one writes nothing.
    pub epoch: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RepositoryPayload {
    pub kind: VcsKind,
    /// Scheme and host, without a slash at the end.
    pub url: String,
    pub path: String,
    pub branch: String,
    pub pattern: String,
    pub category: String,
    pub mode: WatchMode,
    /// Seconds between two looks; counts with `Poll` only.
    pub interval: i64,
    /// `instances/{instance}/databases/{database}`
    pub targets: Vec<String>,
    /// An access token is kept.
    pub has_token: bool,
    /// The host is told what came of commits.
    pub report: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WatchMode {
    #[default]
    Webhook,
    Poll,
}

/// What syncs know of a repository; not for people to change.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RepositoryState {
    /// The last commit that was dealt with, whatever came of it.
    pub commit: String,
    /// Stands for the files and targets that the last release was made for.
    pub made: String,
    /// The last release.
    pub release: String,
    /// Files of that release, so that none is fetched again.
    pub files: Vec<KnownFile>,
    /// Why nothing is looked at any more; empty while all is well.
    pub stopped: String,
}

/// A text that is among the project's sheets.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct KnownFile {
    /// What the host names the text by.
    pub blob: String,
    pub sheet_sha256: String,
}

/// One look at a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositorySync {
    pub project: String,
    pub repository: String,
    pub id: String,
    pub status: RepositorySyncStatus,
    pub payload: RepositorySyncPayload,
    pub created_at: Time,
    pub updated_at: Time,
    /// When it goes on, or, with `Done`, when the rollout is looked at for the host; None when it is over.
    pub next_at: Option<Time>,
    /// Written by who tells the host, and by nobody else.
    pub report: CommitReport,
}

/// What the host was told of the commit of a sync.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CommitReport {
    pub commit: String,
    /// PENDING, SUCCESS, FAILURE, ERROR or CANCELED; empty: nothing yet.
    pub state: String,
    pub description: String,
    /// Why the host did not take the last one, and what to do; empty: it did.
    pub error: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RepositorySyncStatus {
    Pending,
    Retrying,
    Done,
    NothingNew,
    /// Release and plan are made, the rollout is not.
    Waiting,
    Failed,
}

impl RepositorySyncStatus {
    /// The branch is still to be looked at.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Retrying)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RepositorySyncPayload {
    pub trigger: SyncTrigger,
    /// Who asked, or the id of the host's message.
    pub source: String,
    /// In whose name it acts.
    pub actor: String,
    pub commit: String,
    pub commit_url: String,
    /// Stable word.
    pub reason: String,
    pub message: String,
    pub files: i64,
    pub ignored: Vec<IgnoredFile>,
    /// Ids in the project; empty and 0: none.
    pub release: String,
    pub plan: i64,
    pub has_rollout: bool,
    pub attempts: i64,
    /// Title of the first stage of the rollout, and how it ended; empty: it has not.
    pub stage: String,
    pub stage_failed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SyncTrigger {
    Webhook,
    #[default]
    Poll,
    Manual,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct IgnoredFile {
    pub path: String,
    pub reason: String,
}
