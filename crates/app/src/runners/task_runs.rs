//! Starts what may run, keeps its leases alive, passes cancels on, and takes over what a dead server left behind.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use base::{Result, Time};
use policy::rollout::TaskRunStatus;
use policy::window::{self, Admission};
use store::rows::{EnvironmentSetting, Instance, Task, TaskRun, TaskRunPayload};
use store::{Conn, StoreError, Topic};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::approval::gate::{self, Approvals};
use crate::connections;
use crate::emergency::{self, Overdue};
use crate::execution::{
    self,
    idle::{self, Idle},
};
use crate::figures;
use crate::rollout::queue::{INSTANCE_LIMIT, Limits, Traffic, Waits};

/// Slow look for wake-ups that were lost.
const POLL: Duration = Duration::from_secs(5);
/// Runs at the same time in this process.
const MAX_RUNS: usize = 64;
/// PENDING runs looked at in one round.
const LOOKED_AT: i64 = 1_000;
/// How long running changes get to roll back when the server stops.
const GRACE: Duration = Duration::from_secs(20);

/// A run that this process executes.
struct Mine {
    run: TaskRun,
    cancel: CancellationToken,
}

/// Project, run, claim: a run that was lost and taken over again is another execution.
type Key = (String, i64, i64);

pub async fn run(app: Arc<App>, stop: CancellationToken) {
    let mut wakes = app.store.wakes();
    let mut mine: HashMap<Key, Mine> = HashMap::new();
    let mut work: JoinSet<Key> = JoinSet::new();
    let mut renew = tokio::time::interval(app.config.lease / 3);
    renew.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    if app.store.is_exclusive()
        && let Err(e) = take_over(&app, &mut mine, &mut work, true).await
    {
        tracing::warn!(error = ?e, "runs that the last server left behind could not be taken over; trying again");
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
            _ = renew.tick() => {
                renew_leases(&app, &mine).await;
                if let Err(e) = figures::count_runs(&app).await {
                    tracing::warn!(error = ?e, "runs could not be counted");
                }
                if let Err(e) = take_over(&app, &mut mine, &mut work, false).await {
                    tracing::warn!(error = ?e, "abandoned runs could not be taken over; trying again");
                }
            }
            () = app.connections.freed_for_runs() => {}
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
    let opens = promote(app).await?;
    let free = i64::try_from(MAX_RUNS.saturating_sub(mine.len())).unwrap_or(0);
    let mut conn = app.store.read().await?;
    let available = store::task_runs::active(&mut conn)
        .await?
        .iter()
        .any(|a| a.status == TaskRunStatus::Available);
    drop(conn);
    if available && free > 0 {
        let now = app.now();
        // A claim that the store lost while we go on could be taken again, with the same epoch.
        let mut tx = app.store.begin_for_our_life().await?;
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
    let next = [next, opens].into_iter().flatten().min();
    Ok(next.map_or(POLL, |t| t.since(app.now()).clamp(Duration::from_millis(20), POLL)))
}

fn start(app: &Arc<App>, run: TaskRun, mine: &mut HashMap<Key, Mine>, work: &mut JoinSet<Key>) {
    let key = (run.project.clone(), run.id, run.claim_epoch);
    let cancel = CancellationToken::new();
    if run.cancel_requested {
        cancel.cancel();
    }
    mine.insert(key.clone(), Mine { run: run.clone(), cancel: cancel.clone() });
    let app = Arc::clone(app);
    work.spawn(async move {
        Box::pin(execution::run(app, run, cancel)).await;
        key
    });
}

/// PENDING → AVAILABLE for what nothing stands in the way of, or → DONE where there is nothing to do; the others get their reason.
/// Gives when the first window opens that a run waits for.
async fn promote(app: &App) -> Result<Option<Time>> {
    // Nothing waits most of the time: look without taking the writer.
    let mut conn = app.store.read().await?;
    if store::task_runs::due(&mut conn, 1).await?.is_empty() {
        app.connections.want(HashSet::new());
        return Ok(None);
    }
    // Each is asked once, as there may be thousands of files on each of thousands of databases: who stays is told why.
    let new = store::task_runs::due_untold(&mut conn, LOOKED_AT).await?;
    let nothing_to_do = idle::among(app, &mut conn, &new).await?;
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
    let instances = instances_of(&mut tx, &tasks).await?;
    let mut wanted = HashSet::new();
    let approvals = approvals_of(&mut tx, &due).await?;
    let overdue = Overdue::read(&mut tx, now).await?;
    let environments = crate::setting::environments(&mut tx).await?;
    let mut opens: Option<Time> = None;
    let mut free: HashMap<String, Vec<i64>> = HashMap::new();
    let mut ended = Vec::new();
    for run in due {
        let Some(task) = tasks.get(&(run.project.clone(), run.task)) else { continue };
        let Some(instance) = instances.get(&task.instance) else { continue };
        // The credentials that were refused are still those of the instance.
        if run.payload.waits_beyond == Some(instance.version) {
            continue;
        }
        let per_rollout = limits.get(&run.project).copied().unwrap_or(0);
        let per_instance = connections::limit(&instance.payload);
        let others = app.connections.others(&instance.id, per_instance);
        let limit = Limits { per_rollout, per_instance, others };
        let gate = approvals.get(&(run.project.clone(), run.plan));
        let kept = match run.payload.emergency {
            // The record of it stands where an approval would.
            Some(_) => None,
            None => kept(gate, &overdue, task),
        };
        let admitted = match (in_window(&environments, task, &run, now), kept) {
            (Ok(()), Some(waits)) => Err(waits),
            (Ok(()), None) => match nothing_to_do.get(&(run.project.clone(), run.id)) {
                Some(files) if !traffic.is_busy(&task.instance, &task.database) => {
                    ended.push(Idle { run, task: task.clone(), files: *files });
                    continue;
                }
                _ => traffic.admits(&run.project, run.plan, &task.instance, &task.database, limit),
            },
            (Err((waits, next)), _) => {
                opens = [opens, next].into_iter().flatten().min();
                Err(waits)
            }
        };
        if admitted.as_ref().is_err_and(|waits| waits.reason == INSTANCE_LIMIT) {
            wanted.insert(instance.id.clone());
        }
        match admitted {
            Ok(()) => {
                traffic.add(&run.project, run.plan, &task.instance, &task.database);
                free.entry(run.project).or_default().push(run.id);
            }
            Err(waits) if !waits.is_told(&run) => {
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
    app.connections.want(wanted);
    for (project, ids) in free {
        store::task_runs::make_available(&mut tx, &project, &ids, now).await?;
    }
    idle::end(app, &mut tx, &ended, now).await?;
    tx.commit().await?;
    Ok(opens)
}

/// What keeps a normal run waiting, though it was let into the queue: its gate, or the review of an emergency run of its database.
fn kept(gate: Option<&Approvals>, overdue: &Overdue, task: &Task) -> Option<Waits> {
    let gated = gate.and_then(|a| a.task(task, false));
    let approval = gated.map(|b| Waits { reason: gate::APPROVAL, text: b.message });
    approval.or_else(|| {
        let review = overdue.of(task)?;
        Some(Waits { reason: emergency::REVIEW_OVERDUE, text: review.message })
    })
}

/// Whether a deployment window of the task's environment is open; else when one opens.
fn in_window(
    environments: &EnvironmentSetting,
    task: &Task,
    run: &TaskRun,
    now: Time,
) -> std::result::Result<(), (Waits, Option<Time>)> {
    let environment = task.environment.as_deref().and_then(|id| environments.get(id));
    let Some(environment) = environment.filter(|_| !run.payload.ignore_window) else {
        return Ok(());
    };
    match window::admit(&environment.windows, now) {
        Admission::Open { .. } => Ok(()),
        Admission::Closed { opens } => {
            let text = window::waits(&environment.id, &environment.windows, opens);
            Err((Waits { reason: execution::WINDOW_CLOSED, text }, opens))
        }
    }
}

/// Approvals of the plans that are to run, for those whose project requires them: it may do so since the run was asked for.
async fn approvals_of(
    conn: &mut Conn,
    due: &[TaskRun],
) -> Result<HashMap<(String, i64), Approvals>> {
    let ids: BTreeSet<_> = due.iter().map(|r| r.project.clone()).collect();
    let projects = store::projects::get_many(conn, &ids.into_iter().collect::<Vec<_>>()).await?;
    let required = projects.into_iter().filter(|p| p.payload.require_issue_approval);
    let projects: BTreeMap<_, _> = required.map(|p| (p.id.clone(), p)).collect();
    let of = due.iter().filter(|r| projects.contains_key(&r.project));
    let keys: BTreeSet<_> = of.map(|r| (r.project.clone(), r.plan)).collect();
    let plans = store::plans::get_many(conn, &keys.into_iter().collect::<Vec<_>>()).await?;
    gate::of_plans(conn, &projects, &plans).await
}

/// The instances that tasks are on, by id.
async fn instances_of(
    conn: &mut Conn,
    tasks: &HashMap<(String, i64), Task>,
) -> Result<HashMap<String, Instance>> {
    let ids: BTreeSet<_> = tasks.values().map(|t| t.instance.clone()).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let found = store::instances::get_many(conn, &ids).await?;
    Ok(found.into_iter().map(|i| (i.id.clone(), i)).collect())
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

/// Extends all leases; what was lost is stopped.
async fn renew_leases(app: &App, mine: &HashMap<Key, Mine>) {
    for m in mine.values() {
        match extend(app, &m.run).await {
            Ok(true) => m.cancel.cancel(),
            Ok(false) => {}
            Err(StoreError::LostLease(_)) => {
                // Or it has just ended, which is the usual case and harms nobody.
                tracing::info!(
                    project = m.run.project,
                    run = m.run.id,
                    "holds the claim on a run no more; stopping what is left of it"
                );
                m.cancel.cancel();
            }
            Err(e) => {
                tracing::warn!(project = m.run.project, run = m.run.id, error = ?e, "a lease could not be extended");
            }
        }
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
        Ok(asked) => {
            let wanted = |m: &&Mine| asked.contains(&(m.run.project.clone(), m.run.id));
            mine.values().filter(wanted).for_each(|m| m.cancel.cancel());
        }
        Err(e) => tracing::warn!(error = ?e, "could not look for cancels"),
    }
}

async fn cancels(app: &App) -> Result<Vec<(String, i64)>> {
    let mut conn = app.store.read().await?;
    Ok(store::task_runs::cancel_requested(&mut conn, &app.config.replica).await?)
}

/// Takes over runs whose holder is gone, to settle what they did and go on from there. At start a store that is ours
/// alone gives them at once.
async fn take_over(
    app: &Arc<App>,
    mine: &mut HashMap<Key, Mine>,
    work: &mut JoinSet<Key>,
    all: bool,
) -> Result<()> {
    let now = app.now();
    let (replica, lease) = (&app.config.replica, app.config.lease);
    let mut tx = app.store.begin().await?;
    let mut taken = if all {
        store::task_runs::claim_orphans(&mut tx, replica, lease, LOOKED_AT, now).await?
    } else {
        store::task_runs::claim_expired(&mut tx, replica, lease, LOOKED_AT, now).await?
    };
    for run in &mut taken {
        run.payload.takeovers += 1;
        store::task_runs::set_payload(&mut tx, run, &run.payload, now).await?;
        execution::announce(&mut tx, &run.project, run.plan, now).await?;
        tracing::warn!(
            project = run.project,
            run = run.id,
            "took over a run that its server left behind"
        );
    }
    tx.commit().await?;
    figures::taken_over(taken.len());
    for run in taken {
        start(app, run, mine, work);
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
        tracing::error!(
            "some changes did not stop in time; their outcome will be settled at the next start"
        );
    }
}
