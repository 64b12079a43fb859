//! Before a run is executed: what is due, what is in the way, what is called off.
//!
//! Let one server at a time decide what becomes available: `conn.try_exclusive("task_run_schedule")` first.

use base::Time;
use policy::rollout::TaskRunStatus;

use super::run;
use crate::db::{Conn, Topic};
use crate::error::Result;
use crate::payload::{encode, from_word};
use crate::rows::{TaskRun, TaskRunPayload};
use crate::sql::{Sql, sql};
use crate::tasks;

/// A run that is available or running, and what it works on: for the rules of "one at a time".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Active {
    pub project: String,
    pub plan: i64,
    pub task: i64,
    pub id: i64,
    pub status: TaskRunStatus,
    pub instance: String,
    pub database: String,
}

/// What became of runs that were to be cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Canceled {
    /// Had not begun: cancelled now.
    pub canceled: Vec<i64>,
    /// Are being executed: their holder was told.
    pub requested: Vec<i64>,
}

/// Up to `limit` waiting runs whose time has come by the database's clock, oldest first.
pub async fn due(conn: &mut Conn, limit: i64) -> Result<Vec<TaskRun>> {
    let text = select_due(conn, sql("SELECT * FROM task_run"), limit);
    conn.all(text).await?.iter().map(run).collect()
}

/// Those of [`due`], with the same limit, of which nobody has said yet why they wait.
pub async fn due_untold(conn: &mut Conn, limit: i64) -> Result<Vec<TaskRun>> {
    let mut text = select_due(conn, sql("SELECT * FROM (SELECT * FROM task_run"), limit);
    text.push(") due WHERE detail = ''");
    conn.all(text).await?.iter().map(run).collect()
}

fn select_due(conn: &Conn, mut text: Sql, limit: i64) -> Sql {
    let words = conn.words();
    text.push(" WHERE status = 'PENDING' AND (run_at IS NULL OR run_at <= ");
    text.push(words.now).push(") ORDER BY created_at, project").push(words.by_bytes);
    text.push(", id LIMIT ").push_bind(limit);
    text
}

/// When the next run that waits for its time is due.
pub async fn next_due(conn: &mut Conn) -> Result<Option<Time>> {
    let mut text =
        sql("SELECT min(run_at) AS next FROM task_run WHERE status = 'PENDING' AND run_at > ");
    text.push(conn.words().now);
    conn.one(text).await?.opt_time("next")
}

/// Every run that is available or running.
pub async fn active(conn: &mut Conn) -> Result<Vec<Active>> {
    // Among a million runs that ended, SQLite's statistics make it read all of either table. CROSS JOIN (there) fixes the
    // order, and one status at a time the index.
    const OF: &str =
        "SELECT task_run.project, task_run.plan, task_run.task, task_run.id, task_run.status,
        task.instance, task.database_name FROM task_run CROSS JOIN task
        WHERE task.project = task_run.project AND task.id = task_run.task AND task_run.status = ";
    let mut text = sql(OF);
    text.push("'AVAILABLE' UNION ALL ").push(OF).push("'RUNNING'");
    let rows = conn.all(text).await?;
    rows.iter()
        .map(|r| {
            Ok(Active {
                project: r.text("project")?,
                plan: r.int("plan")?,
                task: r.int("task")?,
                id: r.int("id")?,
                status: from_word("task run status", &r.text("status")?)?,
                instance: r.text("instance")?,
                database: r.text("database_name")?,
            })
        })
        .collect()
}

/// Sets waiting runs of a project free to be claimed; gives the ids of those that still waited.
pub async fn make_available(
    conn: &mut Conn,
    project: &str,
    ids: &[i64],
    now: Time,
) -> Result<Vec<i64>> {
    let mut freed = Vec::new();
    for batch in ids.chunks(crate::BATCH) {
        let mut text = sql("UPDATE task_run SET status = 'AVAILABLE', detail = '', updated_at = ");
        text.push_bind(now).push(" WHERE status = 'PENDING' AND project = ").push_bind(project);
        text.push(" AND id IN ").push_list(batch.iter().copied()).push(" RETURNING id");
        for row in conn.all(text).await? {
            freed.push(row.int("id")?);
        }
    }
    freed.sort_unstable();
    conn.wake(Topic::TaskRun, "").await?;
    Ok(freed)
}

/// Ends waiting runs of a project as `Done` which were found to have nothing to do; gives the ids of those that still waited, in
/// their order.
pub async fn end_waiting(
    conn: &mut Conn,
    project: &str,
    ids: &[i64],
    holder: &str,
    detail: &str,
    now: Time,
) -> Result<Vec<i64>> {
    let (mut ended, mut ended_tasks) = (Vec::new(), Vec::new());
    for batch in ids.chunks(crate::BATCH) {
        let mut text = sql("UPDATE task_run SET status = 'DONE', holder = ");
        text.push_bind(holder).push(", detail = ").push_bind(detail);
        for column in [", started_at = ", ", finished_at = ", ", updated_at = "] {
            text.push(column).push_bind(now);
        }
        text.push(" WHERE status = 'PENDING' AND project = ").push_bind(project);
        text.push(" AND id IN ").push_list(batch.iter().copied()).push(" RETURNING id, task");
        for row in conn.all(text).await? {
            ended.push(row.int("id")?);
            ended_tasks.push(row.int("task")?);
        }
    }
    ended.sort_unstable();
    let done = TaskRunStatus::Done.task_status();
    tasks::set_status(conn, project, &ended_tasks, done, now).await?;
    conn.wake(Topic::TaskRun, "").await?;
    Ok(ended)
}

/// Writes why a waiting run waits. False when it does not wait any more.
pub async fn set_waiting(
    conn: &mut Conn,
    project: &str,
    id: i64,
    detail: &str,
    payload: &TaskRunPayload,
    now: Time,
) -> Result<bool> {
    let text = "UPDATE task_run SET detail = $3, payload = $4, updated_at = $5
        WHERE project = $1 AND id = $2 AND status = 'PENDING'";
    let update = sql(text).bind(project).bind(id).bind(detail).bind(encode(payload)?).bind(now);
    Ok(conn.run(update).await? > 0)
}

/// Calls runs off: at once if they have not begun, else by asking their holder. Ended ones are left as they are.
pub async fn cancel(
    conn: &mut Conn,
    project: &str,
    ids: &[i64],
    detail: &str,
    now: Time,
) -> Result<Canceled> {
    let (mut out, mut freed_tasks) = (Canceled::default(), Vec::new());
    for batch in ids.chunks(crate::BATCH) {
        let mut text =
            sql("UPDATE task_run SET status = 'CANCELED', lease_until = NULL, detail = ");
        text.push_bind(detail).push(", finished_at = ").push_bind(now);
        text.push(", updated_at = ").push_bind(now);
        text.push(" WHERE status IN ('PENDING', 'AVAILABLE') AND project = ").push_bind(project);
        text.push(" AND id IN ").push_list(batch.iter().copied()).push(" RETURNING id, task");
        for row in conn.all(text).await? {
            out.canceled.push(row.int("id")?);
            freed_tasks.push(row.int("task")?);
        }
        let mut text = sql("UPDATE task_run SET cancel_requested = 1, updated_at = ");
        text.push_bind(now).push(" WHERE status = 'RUNNING' AND project = ").push_bind(project);
        text.push(" AND id IN ").push_list(batch.iter().copied()).push(" RETURNING id");
        for row in conn.all(text).await? {
            out.requested.push(row.int("id")?);
        }
    }
    out.canceled.sort_unstable();
    out.requested.sort_unstable();
    let canceled = TaskRunStatus::Canceled.task_status();
    tasks::set_status(conn, project, &freed_tasks, canceled, now).await?;
    conn.wake(Topic::TaskRun, "").await?;
    Ok(out)
}

/// The runs of a holder that shall be cancelled, as (project, id).
pub async fn cancel_requested(conn: &mut Conn, holder: &str) -> Result<Vec<(String, i64)>> {
    let text = "SELECT project, id FROM task_run WHERE status = 'RUNNING' AND cancel_requested = 1 AND holder = $1";
    let rows = conn.all(sql(text).bind(holder)).await?;
    rows.iter().map(|r| Ok((r.text("project")?, r.int("id")?))).collect()
}
