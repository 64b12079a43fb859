//! Starts what may run, keeps its leases alive, passes cancels on, and settles what a dead server left behind.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use base::Result;
use policy::rollout::TaskRunStatus;
use store::rows::{ChangelogStatus, TaskRun, TaskRunPayload};
use store::{Conn, StoreError, Topic};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::execution;
use crate::rollout::queue::{Limits, Traffic};

/// Slow look for wake-ups that were lost.
const POLL: Duration = Duration::from_secs(5);
/// Runs at the same time in this process, and on one instance.
const MAX_RUNS: usize = 64;
const PER_INSTANCE: usize = 16;
/// PENDING runs looked at in one round.
const LOOKED_AT: i64 = 1_000;
/// How long running changes get to roll back when the server stops.
const GRACE: Duration = Duration::from_secs(20);

/// A run that this process executes.
struct Mine {
    run: TaskRun,
    cancel: CancellationToken,
}

type Key = (String, i64);

pub async fn run(app: Arc<App>, stop: CancellationToken) {
    let mut wakes = app.store.wakes();
    let mut mine: HashMap<Key, Mine> = HashMap::new();
    let mut work: JoinSet<Key> = JoinSet::new();
    let mut renew = tokio::time::interval(app.config.lease / 3);
    renew.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let idle = match round(&app, &mut mine, &mut work).await {
            Ok(idle) => idle,
            Err(e) => {
                tracing::error!(error = ?e, "task runs could not be scheduled; trying again");
                POLL
            }
        };
        tokio::select! {
            () = stop.cancelled() => break,
            Some(done) = work.join_next() => {
                match done {
                    Ok(key) => drop(mine.remove(&key)),
                    Err(e) => tracing::error!(error = %e, "an execution panicked; its lease will run out"),
                }
            }
            _ = renew.tick() => renew_leases(&app, &mine).await,
            _ = super::woken(&mut wakes, Topic::TaskRun, idle) => pass_on_cancels(&app, &mine).await,
        }
    }
    drain(&mine, work).await;
}

/// Promotes, claims and starts. Gives how long nothing will come by itself.
async fn round(
    app: &Arc<App>,
    mine: &mut HashMap<Key, Mine>,
    work: &mut JoinSet<Key>,
) -> Result<Duration> {
    promote(app).await?;
    let free = i64::try_from(MAX_RUNS.saturating_sub(mine.len())).unwrap_or(0);
    let mut conn = app.store.read().await?;
    let available = store::task_runs::active(&mut conn)
        .await?
        .iter()
        .any(|a| a.status == TaskRunStatus::Available);
    drop(conn);
    if available && free > 0 {
        let now = app.now();
        let mut tx = app.store.begin().await?;
        let claimed =
            store::task_runs::claim(&mut tx, &app.config.replica, app.config.lease, free, now)
                .await?;
        let plans: BTreeSet<_> = claimed.iter().map(|r| (r.project.clone(), r.plan)).collect();
        for (project, plan) in plans {
            execution::announce(&mut tx, &project, plan, now).await?;
        }
        tx.commit().await?;
        for run in claimed {
            start(app, run, mine, work);
        }
    }
    let mut conn = app.store.read().await?;
    let next = store::task_runs::next_due(&mut conn).await?;
    Ok(next.map_or(POLL, |t| t.since(app.now()).clamp(Duration::from_millis(20), POLL)))
}

fn start(app: &Arc<App>, run: TaskRun, mine: &mut HashMap<Key, Mine>, work: &mut JoinSet<Key>) {
    let key = (run.project.clone(), run.id);
    let cancel = CancellationToken::new();
    mine.insert(key.clone(), Mine { run: run.clone(), cancel: cancel.clone() });
    let app = Arc::clone(app);
    work.spawn(async move {
        execution::run(app, run, cancel).await;
        key
    });
}

/// PENDING → AVAILABLE for what nothing stands in the way of; the others get their reason.
async fn promote(app: &App) -> Result<()> {
    // Nothing waits most of the time: look without taking the writer.
    let mut conn = app.store.read().await?;
    if store::task_runs::due(&mut conn, 1).await?.is_empty() {
        return Ok(());
    }
    drop(conn);
    let now = app.now();
    // If it is lost it is found out again.
    let mut tx = app.store.begin_unsynced().await?;
    let mut traffic = Traffic::default();
    for a in store::task_runs::active(&mut tx).await? {
        traffic.add(&a.project, a.plan, &a.instance, &a.database);
    }
    let due = store::task_runs::due(&mut tx, LOOKED_AT).await?;
    let keys: Vec<_> = due.iter().map(|r| (r.project.clone(), r.task)).collect();
    let tasks: HashMap<_, _> = store::tasks::get_many(&mut tx, &keys)
        .await?
        .into_iter()
        .map(|t| ((t.project.clone(), t.id), t))
        .collect();
    let limits = rollout_limits(&mut tx, &due).await?;
    let mut free: HashMap<String, Vec<i64>> = HashMap::new();
    for run in due {
        let Some(task) = tasks.get(&(run.project.clone(), run.task)) else { continue };
        let per_rollout = limits.get(&run.project).copied().unwrap_or(0);
        let limit = Limits { per_rollout, per_instance: PER_INSTANCE };
        match traffic.admits(&run.project, run.plan, &task.instance, &task.database, limit) {
            Ok(()) => {
                traffic.add(&run.project, run.plan, &task.instance, &task.database);
                free.entry(run.project).or_default().push(run.id);
            }
            Err(waits) if run.payload.waiting_reason != waits.reason => {
                let reason = waits.reason.to_owned();
                let payload = TaskRunPayload {
                    waiting_reason: reason,
                    waiting_since: Some(now),
                    ..run.payload
                };
                store::task_runs::set_waiting(
                    &mut tx,
                    &run.project,
                    run.id,
                    &waits.text,
                    &payload,
                    now,
                )
                .await?;
                execution::announce(&mut tx, &run.project, run.plan, now).await?;
            }
            Err(_) => {}
        }
    }
    for (project, ids) in free {
        store::task_runs::make_available(&mut tx, &project, &ids, now).await?;
    }
    Ok(tx.commit().await?)
}

/// Runs of one rollout that each project allows at once.
async fn rollout_limits(conn: &mut Conn, due: &[TaskRun]) -> Result<HashMap<String, usize>> {
    let mut limits = HashMap::new();
    for project in due.iter().map(|r| r.project.clone()).collect::<BTreeSet<_>>() {
        let found = store::projects::get(conn, &project).await?;
        let limit =
            found.map_or(0, |p| usize::try_from(p.payload.parallel_tasks_per_rollout).unwrap_or(0));
        limits.insert(project, limit);
    }
    Ok(limits)
}

/// Extends all leases; what was lost is stopped. Then looks for runs that others lost.
async fn renew_leases(app: &App, mine: &HashMap<Key, Mine>) {
    for m in mine.values() {
        match extend(app, &m.run).await {
            Ok(true) => m.cancel.cancel(),
            Ok(false) => {}
            Err(StoreError::LostLease(_)) => {
                tracing::error!(
                    project = m.run.project,
                    run = m.run.id,
                    "lost the claim on a run; stopping it"
                );
                m.cancel.cancel();
            }
            Err(e) => {
                tracing::warn!(project = m.run.project, run = m.run.id, error = ?e, "a lease could not be extended");
            }
        }
    }
    if let Err(e) = settle_abandoned(app).await {
        tracing::warn!(error = ?e, "abandoned runs could not be settled; trying again");
    }
}

/// True when the run shall be cancelled.
async fn extend(app: &App, run: &TaskRun) -> Result<bool, StoreError> {
    let mut tx = app.store.begin().await?;
    let cancel = store::task_runs::extend(&mut tx, run, app.config.lease).await?;
    tx.commit().await?;
    Ok(cancel)
}

/// Looks for cancels of the runs of this process after a wake-up: one must reach the target within two seconds.
async fn pass_on_cancels(app: &App, mine: &HashMap<Key, Mine>) {
    if mine.is_empty() {
        return;
    }
    match cancels(app).await {
        Ok(keys) => keys.iter().filter_map(|k| mine.get(k)).for_each(|m| m.cancel.cancel()),
        Err(e) => tracing::warn!(error = ?e, "could not look for cancels"),
    }
}

async fn cancels(app: &App) -> Result<Vec<Key>> {
    let mut conn = app.store.read().await?;
    Ok(store::task_runs::cancel_requested(&mut conn, &app.config.replica).await?)
}

/// Runs whose holder is gone: what they did to their target is not known from here, so they fail and say so.
async fn settle_abandoned(app: &App) -> Result<()> {
    let mut tx = app.store.begin().await?;
    let now = app.now();
    let abandoned = store::task_runs::claim_expired(
        &mut tx,
        &app.config.replica,
        app.config.lease,
        LOOKED_AT,
        now,
    )
    .await?;
    for run in &abandoned {
        let detail = "The server stopped while this ran. Whether the change took effect is not known: compare the database with the \
                      schema before in the changelog, then run it again or skip it.";
        let payload =
            TaskRunPayload { waiting_reason: "OUTCOME_UNKNOWN".to_owned(), ..run.payload.clone() };
        store::task_runs::finish(&mut tx, run, TaskRunStatus::Failed, detail, &payload, now)
            .await?;
        if let Some(id) = &run.payload.changelog
            && let Some(mut changelog) = store::changelogs::get(&mut tx, id).await?
        {
            changelog.status = ChangelogStatus::Failed;
            changelog.updated_at = now;
            store::changelogs::finish(&mut tx, &changelog).await?;
        }
        execution::announce(&mut tx, &run.project, run.plan, now).await?;
        tracing::warn!(
            project = run.project,
            run = run.id,
            "settled a run that its server left behind"
        );
    }
    Ok(tx.commit().await?)
}

/// The server stops: statements are cancelled, and what they did is still recorded.
async fn drain(mine: &HashMap<Key, Mine>, mut work: JoinSet<Key>) {
    for m in mine.values() {
        m.cancel.cancel();
    }
    let all = async { while work.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, all).await.is_err() {
        tracing::error!(
            "some changes did not stop in time; their outcome will be settled at the next start"
        );
    }
}
