//! Tasks of rollouts, numbered per project. A task's status is that of its latest run, written with it.

use std::collections::{BTreeSet, HashMap};

use base::Time;
use policy::rollout::TaskStatus;

use crate::counters::{self, Kind};
use crate::db::{Conn, Row, Topic};
use crate::error::Result;
use crate::pairs;
use crate::payload::{decode, encode, from_word, word};
use crate::rows::Task;
use crate::sql::{or_empty, sql};

pub async fn get(conn: &mut Conn, project: &str, id: i64) -> Result<Option<Task>> {
    Ok(get_many(conn, &[(project.to_owned(), id)]).await?.pop())
}

/// By (project, id); in the order of the ids within a project.
pub async fn get_many(conn: &mut Conn, keys: &[(String, i64)]) -> Result<Vec<Task>> {
    read(conn, "SELECT * FROM task WHERE (project, id) IN ", keys, "").await
}

/// As [`get_many`]; other transactions that change these tasks or start runs of them wait until this one ends.
pub async fn get_many_for_update(conn: &mut Conn, keys: &[(String, i64)]) -> Result<Vec<Task>> {
    let for_update = conn.words().for_update;
    read(conn, "SELECT * FROM task WHERE (project, id) IN ", keys, for_update).await
}

/// All tasks of a plan's rollout, in the order they were made.
pub async fn of_plan(conn: &mut Conn, project: &str, plan: i64) -> Result<Vec<Task>> {
    of_plans(conn, &[(project.to_owned(), plan)]).await
}

/// All tasks of many plans, by (project, plan).
pub async fn of_plans(conn: &mut Conn, keys: &[(String, i64)]) -> Result<Vec<Task>> {
    read(conn, "SELECT * FROM task WHERE (project, plan) IN ", keys, "").await
}

/// Makes the tasks of one project: takes numbers for them and sets `id` and `version`.
pub async fn insert_many(conn: &mut Conn, rows: &mut [Task]) -> Result<()> {
    let Some(project) = rows.first().map(|r| r.project.clone()) else { return Ok(()) };
    let first = counters::take(conn, &project, Kind::Task, rows.len()).await?;
    for (id, row) in (first..).zip(rows.iter_mut()) {
        row.id = id;
        row.version = 1;
    }
    for batch in rows.chunks(crate::BATCH) {
        let mut text = sql("INSERT INTO task (project, id, plan, spec_id, environment, kind, instance, database_name,
            sheet_sha256, status, skipped_reason, payload, version, created_at, updated_at) VALUES ");
        for (i, row) in batch.iter().enumerate() {
            text.push(if i > 0 { ", (" } else { "(" });
            text.push_bind(&row.project).push(", ").push_bind(row.id).push(", ");
            text.push_bind(row.plan).push(", ").push_bind(&row.spec_id).push(", ");
            text.push_bind(or_empty(row.environment.as_ref())).push(", ");
            text.push_bind(word(row.kind)?).push(", ").push_bind(&row.instance).push(", ");
            text.push_bind(&row.database).push(", ").push_bind(&row.sheet_sha256).push(", ");
            text.push_bind(word(row.status)?).push(", ").push_bind(&row.skipped_reason);
            text.push(", ").push_bind(encode(&row.payload)?).push(", 1, ");
            text.push_bind(row.created_at).push(", ").push_bind(row.updated_at).push(")");
        }
        conn.run(text).await.map_err(|e| e.about(format!("a task of projects/{project}")))?;
    }
    Ok(())
}

/// Marks as skipped those of the tasks that have no run under way and are not done; gives their ids. Skipping is final.
pub async fn skip(
    conn: &mut Conn,
    project: &str,
    ids: &[i64],
    reason: &str,
    now: Time,
) -> Result<Vec<i64>> {
    let mut skipped = Vec::new();
    for batch in ids.chunks(crate::BATCH) {
        let mut text =
            sql("UPDATE task SET status = 'SKIPPED', version = version + 1, skipped_reason = ");
        text.push_bind(reason).push(", updated_at = ").push_bind(now);
        text.push(" WHERE status IN ('NOT_STARTED', 'FAILED', 'CANCELED') AND project = ");
        text.push_bind(project).push(" AND id IN ").push_list(batch.iter().copied());
        text.push(" RETURNING id");
        for row in conn.all(text).await? {
            skipped.push(row.int("id")?);
        }
    }
    skipped.sort_unstable();
    // A later stage may have waited for these.
    conn.wake(Topic::TaskRun, "").await?;
    Ok(skipped)
}

/// Points tasks that have not begun at another sheet, after an edit of the plan. Gives how many.
pub async fn set_sheet(
    conn: &mut Conn,
    project: &str,
    plan: i64,
    spec_id: &str,
    sha256: &str,
    now: Time,
) -> Result<u64> {
    let text = "UPDATE task SET sheet_sha256 = $4, updated_at = $5, version = version + 1
        WHERE project = $1 AND plan = $2 AND spec_id = $3 AND status IN ('NOT_STARTED', 'FAILED', 'CANCELED')";
    let update = sql(text).bind(project).bind(plan).bind(spec_id).bind(sha256).bind(now);
    conn.run(update).await
}

/// Unfinished tasks by environment id: these environments cannot be removed.
pub async fn open_environments(conn: &mut Conn) -> Result<HashMap<String, i64>> {
    let text = "SELECT environment, count(*) AS n FROM task WHERE status NOT IN ('DONE', 'SKIPPED') GROUP BY environment";
    conn.all(sql(text)).await?.iter().map(|r| Ok((r.text("environment")?, r.int("n")?))).collect()
}

/// Whether a task of the plan is neither done nor skipped, or the plan has none.
pub async fn any_open(conn: &mut Conn, project: &str, plan: i64) -> Result<bool> {
    let text = "SELECT CAST(CASE
        WHEN EXISTS (SELECT 1 FROM task WHERE project = $1 AND plan = $2 AND status NOT IN ('DONE', 'SKIPPED')) THEN 1
        WHEN EXISTS (SELECT 1 FROM task WHERE project = $1 AND plan = $2) THEN 0 ELSE 1 END AS BIGINT) AS open";
    conn.one(sql(text).bind(project).bind(plan)).await?.bool("open")
}

/// Writes the status that the latest run gives a task.
pub(crate) async fn set_status(
    conn: &mut Conn,
    project: &str,
    ids: &[i64],
    status: TaskStatus,
    now: Time,
) -> Result<()> {
    let ids: BTreeSet<i64> = ids.iter().copied().collect();
    for batch in ids.into_iter().collect::<Vec<_>>().chunks(crate::BATCH) {
        let mut text = sql("UPDATE task SET version = version + 1, status = ");
        text.push_bind(status.as_str()).push(", updated_at = ").push_bind(now);
        text.push(" WHERE status <> 'SKIPPED' AND project = ").push_bind(project);
        text.push(" AND id IN ").push_list(batch.iter().copied());
        conn.run(text).await?;
    }
    Ok(())
}

async fn read(
    conn: &mut Conn,
    select: &'static str,
    keys: &[(String, i64)],
    end: &str,
) -> Result<Vec<Task>> {
    // A fixed order: two transactions that lock the same tasks cannot wait for each other.
    let end = format!(" ORDER BY project{}, id{end}", conn.words().by_bytes);
    pairs::read(conn, select, keys, &end, task).await
}

fn task(row: &Row) -> Result<Task> {
    let (project, id) = (row.text("project")?, row.int("id")?);
    let what = format!("task {id} of projects/{project}");
    Ok(Task {
        plan: row.int("plan")?,
        spec_id: row.text("spec_id")?,
        environment: row.non_empty("environment")?,
        kind: from_word(&what, &row.text("kind")?)?,
        instance: row.text("instance")?,
        database: row.text("database_name")?,
        sheet_sha256: row.text("sheet_sha256")?,
        status: from_word(&what, &row.text("status")?)?,
        skipped_reason: row.text("skipped_reason")?,
        payload: decode(&what, &row.text("payload")?)?,
        version: row.int("version")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        project,
        id,
    })
}
