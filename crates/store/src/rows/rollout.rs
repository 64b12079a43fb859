//! Tasks, their runs, and what the runs log.

use std::collections::BTreeMap;

use base::{Position, Span, Time};
use policy::rollout::{TaskRunStatus, TaskStatus};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone)]
pub struct Task {
    pub project: String,
    pub id: i64,
    pub plan: i64,
    pub spec_id: String,
    /// Environment id, None when the database had none.
    pub environment: Option<String>,
    pub kind: TaskKind,
    pub instance: String,
    pub database: String,
    /// Empty for releases and database creation.
    pub sheet_sha256: String,
    pub status: TaskStatus,
    pub skipped_reason: String,
    pub payload: TaskPayload,
    pub version: i64,
    pub created_at: Time,
    pub updated_at: Time,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskKind {
    #[default]
    DatabaseMigrate,
    DatabaseCreate,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskPayload {
    pub session_settings: BTreeMap<String, String>,
    /// `projects/{p}/releases/{r}`: its files are what is run, and there is no sheet.
    pub release: Option<String>,
    /// For `DatabaseCreate`.
    pub create: Option<super::plan::CreateDatabaseSpec>,
}

#[derive(Debug, Clone)]
pub struct TaskRun {
    pub project: String,
    pub id: i64,
    pub plan: i64,
    pub task: i64,
    /// From 0.
    pub attempt: i64,
    pub creator: String,
    pub status: TaskRunStatus,
    /// Not before.
    pub run_at: Option<Time>,
    pub cancel_requested: bool,
    /// Counts claims; a holder's writes carry it.
    pub claim_epoch: i64,
    pub lease_until: Option<Time>,
    pub holder: String,
    /// One sentence: how it ended, or why it waits.
    pub detail: String,
    pub payload: TaskRunPayload,
    pub started_at: Option<Time>,
    pub finished_at: Option<Time>,
    pub created_at: Time,
    pub updated_at: Time,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskRunPayload {
    /// Session settings in force, by name.
    pub settings: BTreeMap<String, String>,
    /// The server's id of the session that runs or ran it.
    pub backend: String,
    /// Why it waits, UPPER_SNAKE, empty when it does not.
    pub waiting_reason: String,
    pub waiting_since: Option<Time>,
    pub changelog: Option<String>,
    /// Where it failed in the script.
    pub error_position: Option<Position>,
    /// What was found before the first statement.
    pub findings: Vec<Finding>,
    /// Runs whether or not a deployment window is open.
    pub ignore_window: bool,
    /// Id of the emergency that it was asked for with: it waits for no approval.
    pub emergency: Option<String>,
    /// Where it starts, when an earlier run of the task applied a part.
    pub resume: Option<Resume>,
    /// Times that a run was taken over from an executor that was gone.
    pub takeovers: u32,
    /// While it waits for better credentials: the version of the instance whose credentials were refused.
    pub waits_beyond: Option<i64>,
    /// Where the target's history was when the run began.
    pub mark: Option<Mark>,
}

/// The part of a script that an earlier run applied.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Resume {
    pub version: String,
    pub applied: usize,
    pub chunk: Option<super::checkpoint::Chunk>,
    /// Who says so: `checkpoint` of an earlier run, or a person.
    pub because: String,
}

impl Resume {
    /// Where a run stands that has not begun: with what was applied before it.
    pub fn checkpoint(&self) -> super::checkpoint::Checkpoint {
        super::checkpoint::Checkpoint {
            version: self.version.clone(),
            applied: self.applied,
            chunk: self.chunk.clone(),
            ..super::checkpoint::Checkpoint::default()
        }
    }
}

/// Something found before the first statement of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// UPPER_SNAKE, stable.
    pub code: String,
    pub level: FindingLevel,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FindingLevel {
    Info,
    Warning,
    Stop,
}

/// A point in the history of a server's data.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Mark {
    pub identity: String,
    pub timeline: String,
    pub position: Option<u64>,
}

/// One line of a run's log. Append only; numbered from 1 without gap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogEntry {
    pub seq: i64,
    pub time: Time,
    pub holder: String,
    pub kind: LogKind,
}

/// What happened. Starts and ends are entries of their own, so that a log can be followed while it grows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LogKind {
    /// For people: connected, settings, why statement by statement.
    Note {
        text: String,
    },
    SyncStart,
    SyncEnd {
        error: String,
    },
    DumpStart,
    DumpEnd {
        error: String,
    },
    Begin {
        error: String,
    },
    Commit {
        error: String,
    },
    Rollback {
        error: String,
    },
    StatementStart {
        index: usize,
        count: usize,
        span: Span,
        statement: String,
    },
    StatementEnd {
        index: usize,
        affected_rows: Option<i64>,
        error: String,
        position: Option<Position>,
        elapsed_us: u64,
        notices: Vec<String>,
    },
    Retry {
        error: String,
        retry: i32,
        maximum: i32,
    },
}
