//! One run from start to end: whatever happens, it gets a last word, if this process still holds it.

use std::sync::Arc;
use std::time::Duration;

use base::{Error, Result};
use policy::rollout::TaskRunStatus;
use store::rows::{ChangelogStatus, Resume, TaskKind, TaskRun};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use super::hours::Hours;
use super::journal::Journal;
use super::outcome::{Ending, Outcome};
use super::pending::{self, is_lost};
use super::settle::certain;
use super::{create, fresh, migrate};
use crate::app::App;
use crate::figures;
use crate::hooks::{self, Point};

/// Runs whose executors died this often are not tried again: the change itself may be what kills them.
const MAX_TAKEOVERS: u32 = 3;
/// How often, and after which waits, a run is taken up again whose records could not be written.
const AGAIN: u32 = 50;
const AGAIN_AFTER: Duration = Duration::from_millis(100);
const AGAIN_AFTER_MAX: Duration = Duration::from_secs(2);

/// Executes a run that was claimed for this process, from its checkpoint on. `cancel` is cancelled when a person cancels it or the
/// server stops.
pub async fn run(app: Arc<App>, run: TaskRun, cancel: CancellationToken) {
    let (project, id) = (run.project.clone(), run.id);
    let span = tracing::info_span!(
        "run",
        project,
        plan = run.plan,
        task = run.task,
        run = id,
        epoch = run.claim_epoch
    );
    // A task of its own: who panics must not keep the claim.
    if let Err(e) = tokio::spawn(to_its_end(app, run, cancel).instrument(span)).await {
        tracing::error!(project, run = id, error = %e, "an execution panicked; its lease will run out");
    }
}

/// When the store fails, nobody here knows what it took of the last record. It is asked as soon as it answers, as another server would
/// that takes the run over: then what is open is settled at the target.
async fn to_its_end(app: Arc<App>, mut run: TaskRun, cancel: CancellationToken) {
    let mut pause = AGAIN_AFTER;
    let mut error = None;
    for _ in 0..AGAIN {
        if error.is_some() {
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(AGAIN_AFTER_MAX);
            // Not with what was known before: the failed record may be in the store.
            match now(&app, &run).await {
                Ok(Some(now)) => run = now,
                Ok(None) => return,
                Err(e) => {
                    error = Some(e);
                    continue;
                }
            }
        }
        let (project, id) = (&run.project, run.id);
        match Box::pin(whole(&app, run.clone(), &cancel)).await {
            Ok(()) => return,
            Err(e) if is_lost(&e) => {
                tracing::warn!(project, run = id, error = ?e, "another server has this run now");
                return;
            }
            Err(e) => {
                tracing::warn!(project, run = id, error = ?e, "a run could not be recorded; taking it up again");
                error = Some(e);
            }
        }
    }
    tracing::error!(
        project = run.project,
        run = run.id,
        ?error,
        "a run could not be recorded; its lease will run out"
    );
}

/// The run as it is now, if this process still holds it.
async fn now(app: &App, run: &TaskRun) -> Result<Option<TaskRun>> {
    let mut conn = app.store.read().await?;
    let now = store::task_runs::get(&mut conn, &run.project, run.id).await?;
    Ok(now.filter(|n| n.claim_epoch == run.claim_epoch && n.status == TaskRunStatus::Running))
}

/// An error is one of our own records.
async fn whole(app: &Arc<App>, run: TaskRun, cancel: &CancellationToken) -> Result<()> {
    hooks::reach(Point::Claim);
    let mut conn = app.store.read().await?;
    let task = store::tasks::get(&mut conn, &run.project, run.task).await?;
    let kept = store::checkpoints::get(&mut conn, &run.project, run.id).await?;
    drop(conn);
    let task = task.ok_or_else(|| Error::internal("a run without its task"))?;
    let name = super::task_run_name(&task, &run).to_string();
    let checkpoint =
        kept.or_else(|| run.payload.resume.as_ref().map(Resume::checkpoint)).unwrap_or_default();
    let mut journal = Journal::new(Arc::clone(app), run, name.clone(), checkpoint, cancel.clone());
    let ending = match attempt(app, &mut journal, cancel).await {
        Ok(ending) => ending,
        Err(e) if pending::ours(&e).is_some() => return Err(e),
        Err(e) if cancel.is_cancelled() => Ending::End(Outcome {
            status: TaskRunStatus::Canceled,
            detail: format!("Canceled before anything was run: {e}"),
            position: None,
        }),
        Err(e) => {
            tracing::warn!(run = name, error = ?e, "a run failed before its first statement");
            Ending::End(Outcome::failed(e.to_string()))
        }
    };
    match ending {
        Ending::End(outcome) => {
            let outcome = unsettled(&mut journal, outcome);
            let (unknown, stopped) = (journal.checkpoint.unknown, cancel.is_cancelled());
            if unknown
                && stopped
                && now(app, journal.run()).await?.is_some_and(|r| !r.cancel_requested)
            {
                tracing::warn!(
                    run = name,
                    "the server stops before it is known what the run did; the next one asks"
                );
                return Ok(());
            }
            finish(app, &mut journal, &outcome).await?;
            tracing::info!(run = name, status = outcome.status.as_str(), "run finished");
        }
        Ending::Wait { reason, detail, beyond } => {
            put_back(app, &mut journal, reason, &detail, beyond).await?;
            tracing::info!(run = name, reason, "run waits again");
        }
    }
    Ok(())
}

/// A run never ends with a unit of which nobody knows what became of it, unless it says so.
fn unsettled(journal: &mut Journal, outcome: Outcome) -> Outcome {
    let at = &mut journal.checkpoint;
    let open = outcome.status != TaskRunStatus::Done
        && at.open.as_ref().is_some_and(|open| certain(open).is_none());
    if !open || at.unknown {
        return outcome;
    }
    at.unknown = true;
    at.evidence = vec![outcome.detail];
    Outcome::unknown(at)
}

async fn attempt(
    app: &Arc<App>,
    journal: &mut Journal,
    cancel: &CancellationToken,
) -> Result<Ending> {
    if let Some(ending) = taken_over(journal).await? {
        return Ok(ending);
    }
    let fresh = fresh::look(app, journal.run()).await?;
    if let Some(resume) = journal.run().payload.resume.clone() {
        let from = resume.applied + 1;
        journal.note(format!("Resuming at statement {from}: {}.", resume.because)).await?;
    }
    journal.hold(Some(app.connections.run(&fresh.task.instance)));
    if !journal.run().payload.ignore_window {
        let environment = fresh.task.environment.as_deref();
        journal.keep_to(Hours::of(&fresh.environments, environment, app.now()));
    }
    match fresh.task.kind {
        TaskKind::DatabaseMigrate => migrate::migrate(app, &fresh, journal, cancel).await,
        TaskKind::DatabaseCreate => create::create(app, &fresh, journal, cancel).await,
    }
}

/// Says in the log that another executor had this run before; too many of them end it, once it is known what they did.
async fn taken_over(journal: &mut Journal) -> Result<Option<Ending>> {
    let takeovers = journal.run().payload.takeovers;
    if takeovers == 0 {
        return Ok(None);
    }
    journal
        .note(format!(
            "Taken over (for the {} time): the server that ran this stopped or lost its claim. What it left is asked of the target first.",
            ordinal(takeovers)
        ))
        .await?;
    if journal.checkpoint.open.is_some() {
        return Ok(None);
    }
    Ok(too_often(journal).map(Ending::End))
}

/// The end of a run that was taken over too often. Nothing of it may be open.
pub(super) fn too_often(journal: &Journal) -> Option<Outcome> {
    let (takeovers, at) = (journal.run().payload.takeovers, &journal.checkpoint);
    let rest = at.count == 0 || at.applied < at.count;
    (takeovers > MAX_TAKEOVERS && rest).then(|| {
        Outcome::failed(format!(
            "Servers stopped {takeovers} times while they ran this, so it is not tried again by itself. {} of {} statements are applied; run it again to go on.",
            at.applied, at.count
        ))
    })
}

fn ordinal(n: u32) -> String {
    match n {
        1 => "first".to_owned(),
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        n => format!("{n}th"),
    }
}

/// Writes the end of the run, its checkpoint, its task's status and the events, together.
async fn finish(app: &App, journal: &mut Journal, outcome: &Outcome) -> Result<()> {
    journal.flush().await?;
    let now = app.now();
    let unknown = journal.checkpoint.unknown && outcome.status == TaskRunStatus::Failed;
    let run = journal.run_mut();
    run.payload.error_position = outcome.position;
    run.payload.waiting_reason =
        if unknown { super::OUTCOME_UNKNOWN.to_owned() } else { String::new() };
    let mut tx = app.store.begin().await?;
    let run = journal.run();
    store::checkpoints::put(&mut tx, run, &journal.checkpoint, now).await?;
    store::task_runs::finish(&mut tx, run, outcome.status, &outcome.detail, &run.payload, now)
        .await?;
    if let Some(id) = &run.payload.changelog {
        end_changelog(&mut tx, id, now).await?;
    }
    super::announce(&mut tx, &run.project, run.plan, now).await?;
    crate::webhook::task_ended(app, &mut tx, run, outcome.status, &outcome.detail).await?;
    tx.commit().await?;
    figures::ended(run, outcome.status, unknown, now);
    Ok(())
}

/// A changelog of a run that ended elsewhere than after its script is not left PENDING.
async fn end_changelog(conn: &mut store::Conn, id: &str, now: base::Time) -> Result<()> {
    let found = store::changelogs::get(conn, id).await?;
    let Some(mut changelog) = found.filter(|c| c.status == ChangelogStatus::Pending) else {
        return Ok(());
    };
    changelog.status = ChangelogStatus::Failed;
    changelog.updated_at = now;
    Ok(store::changelogs::finish(conn, &changelog).await?)
}

async fn put_back(
    app: &App,
    journal: &mut Journal,
    reason: &str,
    detail: &str,
    beyond: Option<i64>,
) -> Result<()> {
    journal.flush().await?;
    let now = app.now();
    let run = journal.run_mut();
    reason.clone_into(&mut run.payload.waiting_reason);
    run.payload.waiting_since = Some(now);
    run.payload.waits_beyond = beyond;
    // It ended, and its id may be given to another.
    run.payload.backend.clear();
    let mut tx = app.store.begin().await?;
    store::task_runs::put_back(&mut tx, run, detail, &run.payload, now).await?;
    super::announce(&mut tx, &run.project, run.plan, now).await?;
    Ok(tx.commit().await?)
}
