//! Runs of tasks: asked for, set free when nothing is in the way, claimed, executed, finished.
//!
//! Invariants: at most one active run a task (the caller locks the task first, and an attempt number is taken once); every
//! write of an executor names the claim epoch it holds, so that one which lost its lease (a pause, a cut network) can
//! write nothing more; leases are measured by the database's clock, never by a server's; a task's status is written in
//! the transaction that changes its run.

mod execute;
mod schedule;

use base::Time;
use base::page::Page;
use policy::rollout::TaskRunStatus;

use crate::counters::{self, Kind};
use crate::db::{Conn, Row, Topic};
use crate::error::Result;
use crate::filter::{Field, Filter};
use crate::page::{self, List, ListSpec};
use crate::pairs;
use crate::payload::{decode, encode, from_word};
use crate::rows::{TaskRun, TaskRunPayload};
use crate::sql::sql;
use crate::tasks;

pub use self::execute::{
    claim, claim_expired, claim_orphans, extend, finish, put_back, release, set_payload, still_held,
};
pub use self::schedule::{
    Active, Canceled, active, cancel, cancel_requested, due, due_untold, end_waiting,
    make_available, next_due, set_waiting,
};

pub const PROJECT: Field = Field::text("project", "task_run.project");
pub const ID: Field = Field::int("id", "task_run.id");
pub const PLAN: Field = Field::int("plan", "task_run.plan");
pub const TASK: Field = Field::int("task", "task_run.task");
pub const STATUS: Field = Field::text("status", "task_run.status");
pub const CREATED: Field = Field::time("create_time", "task_run.created_at");
/// Of the run's task.
pub const ENVIRONMENT: Field = Field::text("environment", "task.environment").within(
    "EXISTS (SELECT 1 FROM task WHERE task.project = task_run.project AND task.id = task_run.task AND {})",
);
pub const FIELDS: &[Field] = &[PROJECT, ID, PLAN, TASK, STATUS, CREATED, ENVIRONMENT];

/// Newest first within a project.
const LIST: ListSpec = ListSpec {
    id: "task_runs",
    columns: "task_run.*",
    from: "task_run",
    key: &[PROJECT, ID],
    descending: true,
};

/// What a run is asked for with.
#[derive(Debug, Clone)]
pub struct Request {
    pub creator: String,
    /// Not before.
    pub run_at: Option<Time>,
    pub payload: TaskRunPayload,
}

pub async fn get(conn: &mut Conn, project: &str, id: i64) -> Result<Option<TaskRun>> {
    let text = sql("SELECT * FROM task_run WHERE project = $1 AND id = $2").bind(project).bind(id);
    conn.optional(text).await?.as_ref().map(run).transpose()
}

pub async fn list(conn: &mut Conn, args: &List) -> Result<Page<TaskRun>> {
    page::fetch_page(conn, &LIST, args, run).await
}

pub async fn count(conn: &mut Conn, filter: &Filter) -> Result<i64> {
    page::count(conn, &LIST, filter).await
}

/// The latest run of each of many tasks, by (project, task); tasks without runs are absent.
pub async fn latest(conn: &mut Conn, tasks: &[(String, i64)]) -> Result<Vec<TaskRun>> {
    let text = "SELECT * FROM task_run WHERE attempt = (SELECT max(other.attempt) FROM task_run other
        WHERE other.project = task_run.project AND other.task = task_run.task) AND (project, task) IN ";
    pairs::read(conn, text, tasks, "", run).await
}

/// Asks for a run of each task, which waits until it is due and free. Lock the tasks before
/// ([`tasks::get_many_for_update`]) and leave out those with an active run.
pub async fn insert_many(
    conn: &mut Conn,
    project: &str,
    plan: i64,
    task_ids: &[i64],
    request: &Request,
    now: Time,
) -> Result<Vec<TaskRun>> {
    if task_ids.is_empty() {
        return Ok(Vec::new());
    }
    let first = counters::take(conn, project, Kind::TaskRun, task_ids.len()).await?;
    let mut id = first;
    let mut made = Vec::with_capacity(task_ids.len());
    let payload = encode(&request.payload)?;
    for batch in task_ids.chunks(crate::BATCH) {
        let mut text = sql("INSERT INTO task_run (project, id, plan, task, attempt, creator, status, run_at,
            cancel_requested, claim_epoch, lease_until, holder, detail, payload, started_at, finished_at, created_at, updated_at) VALUES ");
        for (i, task) in batch.iter().enumerate() {
            text.push(if i > 0 { ", (" } else { "(" });
            text.push_bind(project).push(", ").push_bind(id).push(", ").push_bind(plan);
            text.push(", ").push_bind(*task);
            text.push(", (SELECT coalesce(max(attempt), -1) + 1 FROM task_run WHERE project = ");
            text.push_bind(project).push(" AND task = ").push_bind(*task).push("), ");
            text.push_bind(&request.creator).push(", 'PENDING', ").push_bind(request.run_at);
            text.push(", 0, 0, NULL, '', '', ").push_bind(payload.clone());
            text.push(", NULL, NULL, ").push_bind(now).push(", ").push_bind(now).push(")");
            id += 1;
        }
        text.push(" RETURNING *");
        let rows =
            conn.all(text).await.map_err(|e| e.about(format!("a run of projects/{project}")))?;
        for row in rows {
            made.push(run(&row)?);
        }
    }
    made.sort_by_key(|r| r.id);
    tasks::set_status(conn, project, task_ids, TaskRunStatus::Pending.task_status(), now).await?;
    conn.wake(Topic::TaskRun, "").await?;
    Ok(made)
}

/// Says which run, for messages.
fn name(project: &str, id: i64) -> String {
    format!("run {id} of projects/{project}")
}

fn run(row: &Row) -> Result<TaskRun> {
    let (project, id) = (row.text("project")?, row.int("id")?);
    let what = name(&project, id);
    Ok(TaskRun {
        plan: row.int("plan")?,
        task: row.int("task")?,
        attempt: row.int("attempt")?,
        creator: row.text("creator")?,
        status: from_word(&what, &row.text("status")?)?,
        run_at: row.opt_time("run_at")?,
        cancel_requested: row.bool("cancel_requested")?,
        claim_epoch: row.int("claim_epoch")?,
        lease_until: row.opt_time("lease_until")?,
        holder: row.text("holder")?,
        detail: row.text("detail")?,
        payload: decode(&what, &row.text("payload")?)?,
        started_at: row.opt_time("started_at")?,
        finished_at: row.opt_time("finished_at")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        project,
        id,
    })
}
