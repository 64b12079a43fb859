//! One run from start to end: whatever happens, it gets a last word, if this process still holds it.

use std::sync::Arc;

use base::{Error, Result};
use policy::rollout::TaskRunStatus;
use store::rows::{TaskKind, TaskRun};
use tokio_util::sync::CancellationToken;

use super::journal::Journal;
use super::outcome::Outcome;
use super::{create, fresh, migrate};
use crate::app::App;

/// Executes a run that was claimed for this process. `cancel` is cancelled when a person cancels it or the server stops.
pub async fn run(app: Arc<App>, run: TaskRun, cancel: CancellationToken) {
    let (project, id) = (run.project.clone(), run.id);
    if let Err(e) = whole(app, run, cancel).await {
        tracing::error!(project, run = id, error = ?e, "the end of a run could not be recorded; its lease will run out");
    }
}

async fn whole(app: Arc<App>, run: TaskRun, cancel: CancellationToken) -> Result<()> {
    let mut conn = app.store.read().await?;
    let task = store::tasks::get(&mut conn, &run.project, run.task).await?;
    drop(conn);
    let task = task.ok_or_else(|| Error::internal("a run without its task"))?;
    let name = super::task_run_name(&task, &run).to_string();
    let mut journal = Journal::new(Arc::clone(&app), run, name.clone(), cancel.clone());
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
    finish(&app, &mut journal, &outcome).await?;
    tracing::info!(run = name, status = outcome.status.as_str(), "run finished");
    Ok(())
}

async fn attempt(
    app: &Arc<App>,
    journal: &mut Journal,
    cancel: &CancellationToken,
) -> Result<Outcome> {
    let fresh = fresh::look(app, journal.run()).await?;
    match fresh.task.kind {
        TaskKind::DatabaseMigrate => migrate::migrate(app, &fresh, journal, cancel).await,
        TaskKind::DatabaseCreate => create::create(app, &fresh, journal).await,
    }
}

/// Writes the end of the run, its task's status and the events, together.
async fn finish(app: &App, journal: &mut Journal, outcome: &Outcome) -> Result<()> {
    let now = app.now();
    let run = journal.run_mut();
    run.payload.error_position = outcome.position;
    let mut tx = app.store.begin().await?;
    store::task_runs::finish(&mut tx, run, outcome.status, &outcome.detail, &run.payload, now)
        .await?;
    super::announce(&mut tx, &run.project, run.plan, now).await?;
    Ok(tx.commit().await?)
}
