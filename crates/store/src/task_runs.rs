//! Runs of tasks: who may execute what, now.
//!
//! Invariants: a run is held by at most one holder, told by its epoch; every write of a holder checks it. Leases are counted by the
//! database's clock. The task's status changes in the same transaction as its run's.

use std::collections::HashMap;
use std::time::Duration;

use base::Time;
use policy::rollout::{TaskRunStatus, TaskStatus};

use crate::counters;
use crate::db::{Conn, Row, Topic};
use crate::error::Result;
use crate::payload;
use crate::rows::TaskRun;
use crate::sql::{Sql, sql};
use crate::tasks;

const BATCH: usize = 400;

/// A run with the database it is about, for the scheduler.
#[derive(Debug, Clone)]
pub struct Scheduled {
    pub run: TaskRun,
    pub instance: String,
    pub database: String,
}

/// What a holder learns when it extends its lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    Yes {
        cancel_requested: bool,
    },
    /// Somebody else has the run now, or it was settled.
    Lost,
}

/// Writes new runs of one project, each PENDING, and wakes the scheduler. Numbers follow the first, which is returned.
pub async fn insert_all(
    conn: &mut Conn,
    project: &str,
    runs: &[TaskRun],
    now: Time,
) -> Result<i64> {
    let first = counters::take(conn, project, counters::Kind::TaskRun, runs.len()).await?;
    let mut id = first;
    for batch in runs.chunks(BATCH) {
        let mut text = sql("INSERT INTO task_run (project, id, plan, task, attempt, creator, status, run_at, cancel_requested,
            claim_epoch, lease_until, holder, detail, payload, started_at, finished_at, created_at, updated_at) VALUES ");
        for (i, run) in batch.iter().enumerate() {
            text.push(if i > 0 { ", (" } else { "(" });
            text.push_bind(project)
                .push(", ")
                .push_bind(id)
                .push(", ")
                .push_bind(run.plan)
                .push(", ");
            text.push_bind(run.task)
                .push(", ")
                .push_bind(run.attempt)
                .push(", ")
                .push_bind(&run.creator);
            text.push(", 'PENDING', ")
                .push_bind(run.run_at)
                .push(", 0, 0, NULL, '', ")
                .push_bind(&run.detail)
                .push(", ");
            text.push_bind(payload::encode(&run.payload)?)
                .push(", NULL, NULL, ")
                .push_bind(now)
                .push(", ")
                .push_bind(now);
            text.push(")");
            id += 1;
        }
        conn.run(text).await?;
    }
    let task_ids: Vec<i64> = runs.iter().map(|r| r.task).collect();
    tasks::set_status(conn, project, &task_ids, TaskStatus::Pending, now).await?;
    conn.wake(Topic::TaskRun, "").await?;
    Ok(first)
}

pub async fn get(conn: &mut Conn, project: &str, id: i64) -> Result<Option<TaskRun>> {
    let text = sql("SELECT * FROM task_run WHERE project = $1 AND id = $2").bind(project).bind(id);
    conn.optional(text).await?.as_ref().map(read).transpose()
}

/// All runs of a plan, or of one of its tasks, oldest first.
pub async fn of_plan(
    conn: &mut Conn,
    project: &str,
    plan: i64,
    task: Option<i64>,
) -> Result<Vec<TaskRun>> {
    let mut text =
        sql("SELECT * FROM task_run WHERE project = $1 AND plan = $2").bind(project).bind(plan);
    if let Some(task) = task {
        text.push(" AND task = ").push_bind(task);
    }
    text.push(" ORDER BY id");
    conn.all(text).await?.iter().map(read).collect()
}

/// The latest run of each task of a plan, by task.
pub async fn latest_of_plan(
    conn: &mut Conn,
    project: &str,
    plan: i64,
) -> Result<HashMap<i64, TaskRun>> {
    let text = "SELECT r.* FROM task_run r WHERE r.project = $1 AND r.plan = $2 AND NOT EXISTS
        (SELECT 1 FROM task_run later WHERE later.project = r.project AND later.task = r.task AND later.attempt > r.attempt)";
    let rows = conn.all(sql(text).bind(project).bind(plan)).await?;
    rows.iter().map(|r| read(r).map(|run| (run.task, run))).collect()
}

/// Runs that wait and whose time has come, oldest first.
pub async fn waiting(conn: &mut Conn, now: Time, limit: i64) -> Result<Vec<Scheduled>> {
    let text = "SELECT task_run.*, task.instance, task.database_name FROM task_run
        JOIN task ON task.project = task_run.project AND task.id = task_run.task
        WHERE task_run.status = 'PENDING' AND (task_run.run_at IS NULL OR task_run.run_at <= $1)
        ORDER BY task_run.created_at, task_run.project, task_run.id LIMIT $2";
    conn.all(sql(text).bind(now).bind(limit)).await?.iter().map(scheduled).collect()
}

/// Runs that are AVAILABLE or RUNNING: they occupy their database.
pub async fn active(conn: &mut Conn) -> Result<Vec<Scheduled>> {
    let text = "SELECT task_run.*, task.instance, task.database_name FROM task_run
        JOIN task ON task.project = task_run.project AND task.id = task_run.task
        WHERE task_run.status IN ('AVAILABLE', 'RUNNING')";
    conn.all(sql(text)).await?.iter().map(scheduled).collect()
}

/// The next moment at which a scheduled run's time comes.
pub async fn next_run_at(conn: &mut Conn, now: Time) -> Result<Option<Time>> {
    let text = "SELECT min(run_at) AS next FROM task_run WHERE status = 'PENDING' AND run_at > $1";
    conn.one(sql(text).bind(now)).await?.opt_time("next")
}

/// PENDING → AVAILABLE: nothing stands in the way any more. False: it is not PENDING now.
pub async fn promote(conn: &mut Conn, run: &TaskRun, now: Time) -> Result<bool> {
    let text =
        "UPDATE task_run SET status = 'AVAILABLE', detail = '', payload = $1, updated_at = $2
        WHERE project = $3 AND id = $4 AND status = 'PENDING'";
    let text =
        sql(text).bind(payload::encode(&run.payload)?).bind(now).bind(&run.project).bind(run.id);
    Ok(conn.run(text).await? == 1)
}

/// Records why a run waits.
pub async fn wait(conn: &mut Conn, run: &TaskRun, now: Time) -> Result<bool> {
    let text = "UPDATE task_run SET detail = $1, payload = $2, updated_at = $3
        WHERE project = $4 AND id = $5 AND status = 'PENDING'";
    let text = sql(text)
        .bind(&run.detail)
        .bind(payload::encode(&run.payload)?)
        .bind(now)
        .bind(&run.project)
        .bind(run.id);
    Ok(conn.run(text).await? == 1)
}

/// AVAILABLE → RUNNING for `holder`, oldest first. Two holders never get the same run.
pub async fn claim(
    conn: &mut Conn,
    holder: &str,
    lease: Duration,
    now: Time,
) -> Result<Option<TaskRun>> {
    let mut find = sql(
        "SELECT project, id FROM task_run WHERE status = 'AVAILABLE' ORDER BY created_at, project, id LIMIT 1",
    );
    find.push(conn.words().skip_locked);
    let Some(row) = conn.optional(find).await? else { return Ok(None) };
    let mut text = sql("UPDATE task_run SET status = 'RUNNING', started_at = ");
    text.push_bind(now).push(", updated_at = ").push_bind(now).push(", ");
    hold(&mut text, conn.words().now, holder, lease);
    text.push(" WHERE project = ")
        .push_bind(row.text("project")?)
        .push(" AND id = ")
        .push_bind(row.int("id")?);
    text.push(" AND status = 'AVAILABLE' RETURNING *");
    let Some(run) = conn.optional(text).await?.as_ref().map(read).transpose()? else {
        return Ok(None);
    };
    tasks::set_status(conn, &run.project, &[run.task], TaskStatus::Running, now).await?;
    Ok(Some(run))
}

/// RUNNING runs whose lease is over, and with `also_of` those of that holder whatever their lease.
pub async fn abandoned(conn: &mut Conn, also_of: Option<&str>) -> Result<Vec<TaskRun>> {
    let mut text = sql("SELECT * FROM task_run WHERE status = 'RUNNING' AND (lease_until < ");
    text.push(conn.words().now);
    if let Some(holder) = also_of {
        text.push(" OR holder = ").push_bind(holder);
    }
    text.push(") ORDER BY project, id");
    conn.all(text).await?.iter().map(read).collect()
}

/// Takes over an abandoned run under a new epoch, so that its old holder can write nothing more. None: somebody was faster.
pub async fn take_over(
    conn: &mut Conn,
    run: &TaskRun,
    holder: &str,
    lease: Duration,
) -> Result<Option<TaskRun>> {
    let mut text = sql("UPDATE task_run SET ");
    hold(&mut text, conn.words().now, holder, lease);
    text.push(" WHERE project = ").push_bind(&run.project).push(" AND id = ").push_bind(run.id);
    text.push(" AND status = 'RUNNING' AND claim_epoch = ")
        .push_bind(run.claim_epoch)
        .push(" RETURNING *");
    conn.optional(text).await?.as_ref().map(read).transpose()
}

/// Lengthens the lease from now.
pub async fn extend(conn: &mut Conn, run: &TaskRun, lease: Duration) -> Result<Held> {
    let mut text = sql("UPDATE task_run SET lease_until = ");
    text.push(conn.words().now).push(" + ").push_bind(micros(lease));
    text.push(" WHERE project = ").push_bind(&run.project).push(" AND id = ").push_bind(run.id);
    text.push(" AND status = 'RUNNING' AND claim_epoch = ")
        .push_bind(run.claim_epoch)
        .push(" RETURNING cancel_requested");
    match conn.optional(text).await? {
        Some(row) => Ok(Held::Yes { cancel_requested: row.bool("cancel_requested")? }),
        None => Ok(Held::Lost),
    }
}

/// Writes the end of a run and its task's status. False: the claim is lost, nothing was written.
pub async fn finish(conn: &mut Conn, run: &TaskRun) -> Result<bool> {
    let text = "UPDATE task_run SET status = $1, detail = $2, payload = $3, finished_at = $4, updated_at = $5, lease_until = NULL
        WHERE project = $6 AND id = $7 AND claim_epoch = $8 AND status = 'RUNNING'";
    let text = sql(text)
        .bind(run.status.as_str())
        .bind(&run.detail)
        .bind(payload::encode(&run.payload)?)
        .bind(run.finished_at)
        .bind(run.updated_at)
        .bind(&run.project)
        .bind(run.id)
        .bind(run.claim_epoch);
    if conn.run(text).await? == 0 {
        return Ok(false);
    }
    tasks::set_status(conn, &run.project, &[run.task], run.status.task_status(), run.updated_at)
        .await?;
    conn.wake(Topic::TaskRun, &format!("{}/{}", run.project, run.id)).await?;
    Ok(true)
}

/// Cancels a run: one that waits is CANCELED at once, a running one is asked to stop. False: it has ended already.
pub async fn cancel(conn: &mut Conn, run: &TaskRun, detail: &str, now: Time) -> Result<bool> {
    let text =
        "UPDATE task_run SET status = 'CANCELED', detail = $1, finished_at = $2, updated_at = $2
        WHERE project = $3 AND id = $4 AND status IN ('PENDING', 'AVAILABLE')";
    if conn.run(sql(text).bind(detail).bind(now).bind(&run.project).bind(run.id)).await? == 1 {
        tasks::set_status(conn, &run.project, &[run.task], TaskStatus::Canceled, now).await?;
    } else {
        let text = "UPDATE task_run SET cancel_requested = 1, updated_at = $1
            WHERE project = $2 AND id = $3 AND status = 'RUNNING'";
        if conn.run(sql(text).bind(now).bind(&run.project).bind(run.id)).await? == 0 {
            return Ok(false);
        }
    }
    conn.wake(Topic::TaskRun, &format!("{}/{}", run.project, run.id)).await?;
    Ok(true)
}

fn hold(text: &mut Sql, now: &str, holder: &str, lease: Duration) {
    text.push("claim_epoch = claim_epoch + 1, holder = ").push_bind(holder);
    text.push(", lease_until = ").push(now).push(" + ").push_bind(micros(lease));
}

fn micros(d: Duration) -> i64 {
    i64::try_from(d.as_micros()).unwrap_or(i64::MAX / 2)
}

fn scheduled(row: &Row) -> Result<Scheduled> {
    Ok(Scheduled {
        run: read(row)?,
        instance: row.text("instance")?,
        database: row.text("database_name")?,
    })
}

fn read(row: &Row) -> Result<TaskRun> {
    let (project, id) = (row.text("project")?, row.int("id")?);
    let what = format!("task run {id} of projects/{project}");
    Ok(TaskRun {
        plan: row.int("plan")?,
        task: row.int("task")?,
        attempt: row.int("attempt")?,
        creator: row.text("creator")?,
        status: payload::from_word::<TaskRunStatus>(&what, &row.text("status")?)?,
        run_at: row.opt_time("run_at")?,
        cancel_requested: row.bool("cancel_requested")?,
        claim_epoch: row.int("claim_epoch")?,
        lease_until: row.opt_time("lease_until")?,
        holder: row.text("holder")?,
        detail: row.text("detail")?,
        payload: payload::decode(&what, &row.text("payload")?)?,
        started_at: row.opt_time("started_at")?,
        finished_at: row.opt_time("finished_at")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        project,
        id,
    })
}
