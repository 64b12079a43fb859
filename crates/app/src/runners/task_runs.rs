//! Starts what may run, keeps its leases alive, passes cancels on, and settles what a dead server left behind.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use base::{Result, Time};
use policy::rollout::TaskRunStatus;
use store::Topic;
use store::rows::TaskRun;
use store::task_runs::Held;
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
    // With a store file of our own, nobody else can hold our runs: those of an earlier process are settled at once.
    if let Err(e) = settle_abandoned(&app, true).await {
        tracing::error!(error = ?e, "runs of an earlier server could not be settled");
    }
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
            _ = renew.tick() => renew_leases(&app, &mut mine).await,
            _ = super::woken(&mut wakes, Topic::TaskRun, idle) => pass_on_cancels(&app, &mut mine).await,
        }
    }
    drain(&mine, work).await;
}

/// Promotes, claims and starts. Gives how long nothing will come by itself.
async fn round(app: &Arc<App>, mine: &mut HashMap<Key, Mine>, work: &mut JoinSet<Key>) -> Result<Duration> {
    let now = app.now();
    promote(app, now).await?;
    while mine.len() < MAX_RUNS {
        let mut tx = app.store.begin().await?;
        let claimed = store::task_runs::claim(&mut tx, &app.config.replica, app.config.lease, app.now()).await?;
        let Some(run) = claimed else { break };
        execution::announce(&mut tx, &run, now).await?;
        tx.commit().await?;
        start(app, run, mine, work);
    }
    let mut conn = app.store.read().await?;
    let next = store::task_runs::next_run_at(&mut conn, now).await?;
    Ok(next.map_or(POLL, |t| t.since(now).clamp(Duration::from_millis(1), POLL)))
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
async fn promote(app: &App, now: Time) -> Result<()> {
    // Nothing waits most of the time: look without taking the writer.
    let mut conn = app.store.read().await?;
    if store::task_runs::waiting(&mut conn, now, 1).await?.is_empty() {
        return Ok(());
    }
    drop(conn);
    let mut tx = app.store.begin().await?;
    let mut traffic = Traffic::default();
    for s in store::task_runs::active(&mut tx).await? {
        traffic.add(&s.run.project, s.run.plan, &s.instance, &s.database);
    }
    let mut limits: HashMap<String, usize> = HashMap::new();
    for mut s in store::task_runs::waiting(&mut tx, now, LOOKED_AT).await? {
        let per_rollout = match limits.get(&s.run.project) {
            Some(n) => *n,
            None => {
                let project = store::projects::get(&mut tx, &s.run.project).await?;
                let n = project.map_or(0, |p| usize::try_from(p.payload.parallel_tasks_per_rollout).unwrap_or(0));
                limits.insert(s.run.project.clone(), n);
                n
            }
        };
        let limit = Limits { per_rollout, per_instance: PER_INSTANCE };
        match traffic.admits(&s.run.project, s.run.plan, &s.instance, &s.database, limit) {
            Ok(()) => {
                s.run.payload.waiting_reason.clear();
                s.run.payload.waiting_since = None;
                if store::task_runs::promote(&mut tx, &s.run, now).await? {
                    traffic.add(&s.run.project, s.run.plan, &s.instance, &s.database);
                }
            }
            Err(waits) if s.run.payload.waiting_reason != waits.reason => {
                s.run.payload.waiting_reason = waits.reason.to_owned();
                s.run.payload.waiting_since = Some(now);
                s.run.detail = waits.text;
                store::task_runs::wait(&mut tx, &s.run, now).await?;
                execution::announce(&mut tx, &s.run, now).await?;
            }
            Err(_) => {}
        }
    }
    Ok(tx.commit().await?)
}

/// Extends all leases; what was lost is stopped.
async fn renew_leases(app: &App, mine: &mut HashMap<Key, Mine>) {
    for m in mine.values() {
        match extend(app, &m.run).await {
            Ok(Held::Yes { cancel_requested: true }) => m.cancel.cancel(),
            Ok(Held::Yes { cancel_requested: false }) => {}
            Ok(Held::Lost) => {
                tracing::error!(project = m.run.project, run = m.run.id, "lost the claim on a run; stopping it");
                m.cancel.cancel();
            }
            Err(e) => tracing::warn!(project = m.run.project, run = m.run.id, error = ?e, "a lease could not be extended"),
        }
    }
    if let Err(e) = settle_abandoned(app, false).await {
        tracing::warn!(error = ?e, "abandoned runs could not be settled; trying again");
    }
}

async fn extend(app: &App, run: &TaskRun) -> Result<Held> {
    let mut tx = app.store.begin().await?;
    let held = store::task_runs::extend(&mut tx, run, app.config.lease).await?;
    tx.commit().await?;
    Ok(held)
}

/// Looks at the runs of this process after a wake-up: a cancel must reach the target within two seconds.
async fn pass_on_cancels(app: &App, mine: &mut HashMap<Key, Mine>) {
    for m in mine.values().filter(|m| !m.cancel.is_cancelled()) {
        match read(app, &m.run).await {
            Ok(Some(run)) if run.cancel_requested => m.cancel.cancel(),
            Ok(_) => {}
            Err(e) => tracing::warn!(run = m.run.id, error = ?e, "could not look for a cancel"),
        }
    }
}

async fn read(app: &App, run: &TaskRun) -> Result<Option<TaskRun>> {
    let mut conn = app.store.read().await?;
    Ok(store::task_runs::get(&mut conn, &run.project, run.id).await?)
}

/// Runs whose holder is gone: what they did to their target is not known from here, so they fail and say so.
async fn settle_abandoned(app: &App, at_start: bool) -> Result<()> {
    let mut conn = app.store.read().await?;
    let also = at_start.then_some(app.config.replica.as_str());
    let abandoned = store::task_runs::abandoned(&mut conn, also).await?;
    drop(conn);
    for run in abandoned {
        let mut tx = app.store.begin().await?;
        let taken = store::task_runs::take_over(&mut tx, &run, &app.config.replica, app.config.lease).await?;
        let Some(mut run) = taken else { continue };
        let now = app.now();
        run.status = TaskRunStatus::Failed;
        run.detail = "The server stopped while this ran. Whether the change took effect is not known: compare the database with the \
                      schema before in the changelog, then run it again or skip it."
            .to_owned();
        run.payload.waiting_reason = "OUTCOME_UNKNOWN".to_owned();
        run.finished_at = Some(now);
        run.updated_at = now;
        store::task_runs::finish(&mut tx, &run).await?;
        if let Some(id) = &run.payload.changelog {
            if let Some(mut changelog) = store::changelogs::get(&mut tx, id).await? {
                changelog.status = store::rows::ChangelogStatus::Failed;
                changelog.updated_at = now;
                store::changelogs::finish(&mut tx, &changelog).await?;
            }
        }
        execution::announce(&mut tx, &run, now).await?;
        tx.commit().await?;
        tracing::warn!(project = run.project, run = run.id, "settled a run that its server left behind");
    }
    Ok(())
}

/// The server stops: statements are cancelled, and what they did is still recorded.
async fn drain(mine: &HashMap<Key, Mine>, mut work: JoinSet<Key>) {
    for m in mine.values() {
        m.cancel.cancel();
    }
    let all = async { while work.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, all).await.is_err() {
        tracing::error!("some changes did not stop in time; their outcome will be settled at the next start");
    }
}
