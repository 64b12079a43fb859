//! One run from start to end: whatever happens, it gets a last word, if this process still holds it.

use std::sync::Arc;

use base::{Error, Result, Time};
use policy::rollout::TaskRunStatus;
use store::db::Topic;
use store::rows::{TaskKind, TaskRun};
use tokio_util::sync::CancellationToken;

use super::journal::Journal;
use super::outcome::Outcome;
use super::{create, fresh, migrate};
use crate::app::App;

/// Executes a run that was claimed for this process. `cancel` is cancelled when a person cancels it or the server stops.
pub async fn run(app: Arc<App>, run: TaskRun, cancel: CancellationToken) {
    let name = format!("projects/{}/plans/{}/…/taskRuns/{}", run.project, run.plan, run.id);
    let mut journal = Journal::new(Arc::clone(&app), run.clone(), cancel.clone());
    let outcome = match attempt(&app, &mut journal, &cancel).await {
        Ok(outcome) => outcome,
        Err(e) if cancel.is_cancelled() => Outcome {
            status: TaskRunStatus::Canceled,
            detail: format!("Canceled before anything was run: {e}"),
            position: None,
        },
        Err(e) => {
            tracing::warn!(run = name, error = ?e, "a run failed before its first statement");
            Outcome::failed(e.to_string())
        }
    };
    match finish(&app, &mut journal, &outcome, app.now()).await {
        Ok(()) => tracing::info!(run = name, status = outcome.status.as_str(), "run finished"),
        Err(e) => tracing::error!(run = name, error = ?e, "the end of a run could not be recorded"),
    }
}

async fn attempt(app: &Arc<App>, journal: &mut Journal, cancel: &CancellationToken) -> Result<Outcome> {
    let fresh = fresh::look(app, journal.run()).await?;
    match fresh.task.kind {
        TaskKind::DatabaseMigrate => migrate::migrate(app, &fresh, journal, cancel).await,
        TaskKind::DatabaseCreate => create::create(app, &fresh, journal).await,
    }
}

/// Writes the end of the run, its task's status and the events, together.
async fn finish(app: &App, journal: &mut Journal, outcome: &Outcome, now: Time) -> Result<()> {
    let run = journal.run_mut();
    run.status = outcome.status;
    run.detail.clone_from(&outcome.detail);
    run.payload.error_position = outcome.position;
    run.finished_at = Some(now);
    run.updated_at = now;
    let mut tx = app.store.begin().await?;
    if !store::task_runs::finish(&mut tx, run).await? {
        return Err(super::journal::lost(run));
    }
    super::announce(&mut tx, run, now).await?;
    tx.wake(Topic::TaskRun, &super::task_run_topic(run)).await?;
    tx.wake(Topic::TaskRunLog, &super::task_run_topic(run)).await?;
    tx.commit().await.map_err(Error::from)
}
