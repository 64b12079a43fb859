//! A rollout in words: where each stage is, what failed and on which line.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use api::bytebase::v1::task::{Payload, Status, database_update};
use api::bytebase::v1::{GetReleaseRequest, Release, Stage, Task, TaskRun, task_run};
use serde_json::Value;

use super::{Begun, Context, short, stage_json, stages::seconds};

/// Databases that are named in one line.
const NAMED: usize = 3;

/// A failed task: `migrations/3.sql:4: instances/test/databases/shop: …`
pub struct Failed {
    pub file: String,
    pub line: Option<i32>,
    pub target: String,
    pub detail: String,
}

impl Failed {
    pub fn of(task: &Task, run: Option<&TaskRun>, paths: &BTreeMap<String, String>) -> Self {
        let version = run.and_then(|r| r.checkpoint.as_ref()).map_or("", |c| c.version.as_str());
        let detail = match run {
            Some(run) if !run.detail.is_empty() => run.detail.clone(),
            Some(run) if run.status() == task_run::Status::Canceled => {
                "It was canceled.".to_owned()
            }
            _ => "It failed; its log says why.".to_owned(),
        };
        // The checkpoint is of the file that runs, or of the one before when this one did nothing: then its words name it.
        let named =
            paths.values().filter(|p| detail.starts_with(&format!("{p} "))).max_by_key(|p| p.len());
        let file = named.or_else(|| paths.get(version)).cloned().unwrap_or_default();
        let line = run.and_then(|r| r.error_position.as_ref()).map(|p| p.line).filter(|l| *l > 0);
        Self { file, line, target: task.target.clone(), detail }
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.file.as_str(), self.line) {
            ("", _) => {}
            (file, Some(line)) => write!(f, "{file}:{line}: ")?,
            (file, None) => write!(f, "{file}: ")?,
        }
        write!(f, "{}: {}", self.target, self.detail.replace('\n', "\n    "))
    }
}

/// Paths by version, of the release that a stage runs.
pub async fn paths(
    context: &Context<'_>,
    begun: &Begun,
    stage: &Stage,
) -> BTreeMap<String, String> {
    if !begun.paths.is_empty() {
        return begun.paths.clone();
    }
    let of_task = |t: &Task| match &t.payload {
        Some(Payload::DatabaseUpdate(update)) => match &update.source {
            Some(database_update::Source::Release(name)) => Some(name.clone()),
            _ => None,
        },
        _ => None,
    };
    let Some(name) = stage.tasks.iter().find_map(of_task) else { return BTreeMap::new() };
    let release: Result<Release, _> =
        context.remote.read("ReleaseService/GetRelease", &GetReleaseRequest { name }).await;
    // Without them the failure is told all the same.
    release.map(|r| r.files.into_iter().map(|f| (f.version, f.path)).collect()).unwrap_or_default()
}

/// The last attempt at a task.
pub fn latest<'r>(runs: &'r [TaskRun], task: &str) -> Option<&'r TaskRun> {
    let of_task = |run: &&TaskRun| {
        run.name.strip_prefix(task).is_some_and(|rest| rest.starts_with("/taskRuns/"))
    };
    runs.iter().filter(of_task).max_by_key(|run| run.attempt)
}

/// `2 of 3 done, 1 failed`
pub fn counts(stage: &Stage) -> String {
    let count = |wanted: Status| stage.tasks.iter().filter(|t| t.status() == wanted).count();
    let mut told = format!("{} of {} done", count(Status::Done), stage.tasks.len());
    for (status, word) in [
        (Status::Skipped, "skipped"),
        (Status::Running, "running"),
        (Status::Pending, "waiting"),
        (Status::Failed, "failed"),
        (Status::Canceled, "canceled"),
        (Status::NotStarted, "not started"),
    ] {
        if count(status) > 0 {
            told.push_str(&format!(", {} {word}", count(status)));
        }
    }
    told
}

/// What became of the tasks of a stage that is done: databases of which the same is said are one line.
pub fn outcomes(stage: &Stage, runs: &[TaskRun]) -> Vec<String> {
    let mut said: Vec<(String, Vec<&str>)> = Vec::new();
    for task in &stage.tasks {
        let detail = match (task.status(), latest(runs, &task.name)) {
            (Status::Skipped, _) if task.skipped_reason.is_empty() => "skipped".to_owned(),
            (Status::Skipped, _) => format!("skipped: {}", task.skipped_reason),
            (_, Some(run)) => run.detail.clone(),
            (_, None) => String::new(),
        };
        match said.iter_mut().find(|(d, _)| *d == detail) {
            Some((_, targets)) => targets.push(&task.target),
            None => said.push((detail, vec![&task.target])),
        }
    }
    let line = |(detail, targets): (String, Vec<&str>)| {
        let more = match targets.len().saturating_sub(NAMED) {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        let named = targets.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
        format!("{named}{more}: {detail}")
    };
    said.into_iter().filter(|(detail, _)| !detail.is_empty()).map(line).collect()
}

/// The counts, and what the first of those that run are at.
pub fn running(stage: &Stage, runs: &[TaskRun]) -> String {
    let mut told = counts(stage);
    for task in stage
        .tasks
        .iter()
        .filter(|t| matches!(t.status(), Status::Running | Status::Pending))
        .take(NAMED)
    {
        let Some(run) = latest(runs, &task.name) else { continue };
        told.push_str(&format!("; {}", task.target));
        match &run.checkpoint {
            _ if !run.waiting_reason.is_empty() => {
                told.push_str(&format!(" waits: {}", run.waiting_reason));
            }
            Some(c) if c.count > 0 => {
                let version = if c.version.is_empty() {
                    String::new()
                } else {
                    format!(" version {}", c.version)
                };
                told.push_str(&format!(
                    "{version} statement {} of {}",
                    (c.applied + 1).min(c.count),
                    c.count
                ));
            }
            _ => {}
        }
    }
    told
}

/// What is told at the end, of every stage that was looked at.
pub struct Report {
    plan: String,
    release: Option<String>,
    rollout: String,
    stages: Vec<(Stage, Duration)>,
}

impl Report {
    pub fn new(begun: &Begun) -> Self {
        let stages = begun.rollout.stages.iter().map(|s| (s.clone(), Duration::ZERO)).collect();
        let (plan, release) = (begun.plan.clone(), begun.release.clone());
        Self { plan, release, rollout: begun.rollout.name.clone(), stages }
    }

    pub fn stage(&mut self, stage: &Stage, time: Duration) {
        if let Some(known) = self.stages.iter_mut().find(|(s, _)| s.name == stage.name) {
            *known = (stage.clone(), time);
        }
    }

    pub fn json(&self) -> Value {
        let one = |(stage, time): &(Stage, Duration)| {
            stage_json(&stage.environment, word(stage), time.as_secs_f64(), stage.tasks.len())
        };
        self.stages.iter().map(one).collect()
    }

    pub fn markdown(&self, url: &str) -> String {
        let link = |name: &str| format!("[{name}]({url}/{name})");
        let mut text = "### Basalt: rollout\n\n".to_owned();
        if let Some(release) = &self.release {
            text.push_str(&format!("- release {}\n", link(release)));
        }
        text.push_str(&format!("- plan {}\n- rollout `{}`\n\n", link(&self.plan), self.rollout));
        text.push_str("| Stage | Status | Databases | Time |\n|---|---|---|---|\n");
        for (stage, time) in &self.stages {
            let time = if time.is_zero() { String::new() } else { seconds(*time) };
            let environment = short(&stage.environment);
            text.push_str(&format!(
                "| {environment} | {} | {} | {time} |\n",
                word(stage),
                counts(stage)
            ));
        }
        text
    }
}

/// The state of a stage in one word.
fn word(stage: &Stage) -> &'static str {
    let any = |wanted: Status| stage.tasks.iter().any(|t| t.status() == wanted);
    if any(Status::Failed) {
        "FAILED"
    } else if any(Status::Running) || any(Status::Pending) {
        "RUNNING"
    } else if any(Status::Canceled) {
        "CANCELED"
    } else if any(Status::NotStarted) {
        "NOT_STARTED"
    } else {
        "DONE"
    }
}
