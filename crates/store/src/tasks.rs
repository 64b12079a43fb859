//! Tasks of rollouts. The status is that of the latest run (or NOT_STARTED, SKIPPED), written in the run's transaction.

use std::collections::HashMap;

use base::Time;
use base::page::Page;
use policy::rollout::TaskStatus;

use crate::counters;
use crate::db::{Conn, Row};
use crate::error::Result;
use crate::filter::Field;
use crate::page::{List, ListSpec, fetch_page};
use crate::payload;
use crate::rows::{Task, TaskKind};
use crate::sql::{Sql, sql};

pub const PROJECT: Field = Field::text("project", "task.project");
pub const PLAN: Field = Field::int("plan", "task.plan");
pub const ID: Field = Field::int("id", "task.id");
pub const KIND: Field = Field::text("task_type", "task.kind");
pub const STATUS: Field = Field::text("status", "task.status");
pub const ENVIRONMENT: Field = Field::text("environment", "task.environment");

const LIST: ListSpec = ListSpec {
    id: "tasks",
    columns: "task.*",
    from: "task",
    key: &[PROJECT, ID],
    descending: false,
};

/// Rows a statement: 15 values each, below SQLite's and PostgreSQL's limits.
const BATCH: usize = 500;

/// How many tasks of a stage are in a status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusCount {
    pub plan: i64,
    /// Environment id; None for tasks without.
    pub environment: Option<String>,
    pub status: TaskStatus,
    pub count: i64,
}

/// Writes new tasks of one project; their numbers follow the first, which is returned. `id` of the arguments does not count.
pub async fn insert_all(conn: &mut Conn, project: &str, tasks: &[Task]) -> Result<i64> {
    let first = counters::take(conn, project, counters::Kind::Task, tasks.len()).await?;
    let mut id = first;
    for batch in tasks.chunks(BATCH) {
        let mut text = sql("INSERT INTO task (project, id, plan, spec_id, environment, kind, instance, database_name,
            sheet_sha256, status, skipped_reason, payload, version, created_at, updated_at) VALUES ");
        for (i, task) in batch.iter().enumerate() {
            text.push(if i > 0 { ", (" } else { "(" });
            text.push_bind(project)
                .push(", ")
                .push_bind(id)
                .push(", ")
                .push_bind(task.plan)
                .push(", ");
            text.push_bind(&task.spec_id).push(", ");
            text.push_bind(task.environment.as_deref().unwrap_or_default()).push(", ");
            text.push_bind(payload::word(task.kind)?)
                .push(", ")
                .push_bind(&task.instance)
                .push(", ");
            text.push_bind(&task.database).push(", ").push_bind(&task.sheet_sha256).push(", ");
            text.push_bind(task.status.as_str())
                .push(", ")
                .push_bind(&task.skipped_reason)
                .push(", ");
            text.push_bind(payload::encode(&task.payload)?)
                .push(", ")
                .push_bind(task.version)
                .push(", ");
            text.push_bind(task.created_at).push(", ").push_bind(task.updated_at).push(")");
            id += 1;
        }
        conn.run(text).await?;
    }
    Ok(first)
}

pub async fn get(conn: &mut Conn, project: &str, id: i64) -> Result<Option<Task>> {
    let text = sql("SELECT * FROM task WHERE project = $1 AND id = $2").bind(project).bind(id);
    conn.optional(text).await?.as_ref().map(read).transpose()
}

/// All tasks of a plan, in the order in which they were made.
pub async fn of_plan(conn: &mut Conn, project: &str, plan: i64) -> Result<Vec<Task>> {
    let text = sql("SELECT * FROM task WHERE project = $1 AND plan = $2 ORDER BY id")
        .bind(project)
        .bind(plan);
    conn.all(text).await?.iter().map(read).collect()
}

/// The same, kept from others until the transaction ends.
pub async fn lock_of_plan(conn: &mut Conn, project: &str, plan: i64) -> Result<Vec<Task>> {
    let mut text = sql("SELECT * FROM task WHERE project = $1 AND plan = $2 ORDER BY id")
        .bind(project)
        .bind(plan);
    text.push(conn.words().for_update);
    conn.all(text).await?.iter().map(read).collect()
}

/// Counts by plan, stage and status, for many plans of one project.
pub async fn status_counts(
    conn: &mut Conn,
    project: &str,
    plans: &[i64],
) -> Result<Vec<StatusCount>> {
    if plans.is_empty() {
        return Ok(Vec::new());
    }
    let mut text = sql(
        "SELECT plan, environment, status, count(*) AS n FROM task WHERE project = $1 AND plan IN ",
    )
    .bind(project);
    text.push_list(plans.iter().copied())
        .push(" GROUP BY plan, environment, status ORDER BY plan, environment, status");
    let count = |r: &Row| {
        Ok(StatusCount {
            plan: r.int("plan")?,
            environment: r.non_empty("environment")?,
            status: payload::from_word("task status", &r.text("status")?)?,
            count: r.int("n")?,
        })
    };
    conn.all(text).await?.iter().map(count).collect()
}

pub async fn list(conn: &mut Conn, args: &List) -> Result<Page<Task>> {
    fetch_page(conn, &LIST, args, read).await
}

/// Environments that tasks name which are neither done nor skipped: they cannot be removed.
pub async fn open_environments(conn: &mut Conn) -> Result<HashMap<String, i64>> {
    let text = "SELECT environment, count(*) AS n FROM task WHERE status NOT IN ('DONE', 'SKIPPED') GROUP BY environment";
    conn.all(sql(text)).await?.iter().map(|r| Ok((r.text("environment")?, r.int("n")?))).collect()
}

/// Settles tasks without running them.
pub async fn skip(
    conn: &mut Conn,
    project: &str,
    ids: &[i64],
    reason: &str,
    now: Time,
) -> Result<u64> {
    let mut text = sql("UPDATE task SET status = 'SKIPPED', skipped_reason = ");
    text.push_bind(reason).push(", version = version + 1, updated_at = ").push_bind(now);
    of_ids(&mut text, project, ids);
    text.push(" AND status IN ('NOT_STARTED', 'FAILED', 'CANCELED')");
    conn.run(text).await
}

/// Writes the status that a run gave its task.
pub(crate) async fn set_status(
    conn: &mut Conn,
    project: &str,
    ids: &[i64],
    status: TaskStatus,
    now: Time,
) -> Result<()> {
    for batch in ids.chunks(BATCH) {
        let mut text = sql("UPDATE task SET status = ");
        text.push_bind(status.as_str())
            .push(", version = version + 1, updated_at = ")
            .push_bind(now);
        of_ids(&mut text, project, batch);
        conn.run(text).await?;
    }
    Ok(())
}

fn of_ids(text: &mut Sql, project: &str, ids: &[i64]) {
    text.push(" WHERE project = ")
        .push_bind(project)
        .push(" AND id IN ")
        .push_list(ids.iter().copied());
}

pub(crate) fn read(row: &Row) -> Result<Task> {
    let (project, id) = (row.text("project")?, row.int("id")?);
    let what = format!("task {id} of projects/{project}");
    Ok(Task {
        plan: row.int("plan")?,
        spec_id: row.text("spec_id")?,
        environment: row.non_empty("environment")?,
        kind: payload::from_word::<TaskKind>(&what, &row.text("kind")?)?,
        instance: row.text("instance")?,
        database: row.text("database_name")?,
        sheet_sha256: row.text("sheet_sha256")?,
        status: payload::from_word::<TaskStatus>(&what, &row.text("status")?)?,
        skipped_reason: row.text("skipped_reason")?,
        payload: payload::decode(&what, &row.text("payload")?)?,
        version: row.int("version")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        project,
        id,
    })
}
