//! While a run is executed: its lease, and how it ends.

use std::time::Duration;

use base::Time;
use policy::rollout::TaskRunStatus;

use super::{name, run};
use crate::db::{Conn, Topic};
use crate::error::{Result, StoreError};
use crate::payload::encode;
use crate::plan_checks::micros;
use crate::rows::{TaskRun, TaskRunPayload};
use crate::sql::{Sql, sql};
use crate::tasks;

/// Takes up to `limit` available runs for `holder`, oldest first. No two callers get the same.
pub async fn claim(
    conn: &mut Conn,
    holder: &str,
    lease: Duration,
    limit: i64,
    now: Time,
) -> Result<Vec<TaskRun>> {
    let claimed = take(conn, holder, lease, limit, now, |text| {
        text.push("status = 'AVAILABLE'");
    })
    .await?;
    for one in &claimed {
        let running = TaskRunStatus::Running.task_status();
        tasks::set_status(conn, &one.project, &[one.task], running, now).await?;
    }
    Ok(claimed)
}

/// Takes over up to `limit` runs whose holder let its lease end: to find out what came of them and [`finish`] them, not to
/// execute them again.
pub async fn claim_expired(
    conn: &mut Conn,
    holder: &str,
    lease: Duration,
    limit: i64,
    now: Time,
) -> Result<Vec<TaskRun>> {
    let clock = conn.words().now;
    take(conn, holder, lease, limit, now, |text| {
        text.push("status = 'RUNNING' AND lease_until < ").push(clock);
    })
    .await
}

/// Takes over the runs of every other holder, whatever their leases say: for a store that one server has to itself.
pub async fn claim_orphans(
    conn: &mut Conn,
    holder: &str,
    lease: Duration,
    limit: i64,
    now: Time,
) -> Result<Vec<TaskRun>> {
    take(conn, holder, lease, limit, now, |text| {
        text.push("status = 'RUNNING' AND holder <> ").push_bind(holder);
    })
    .await
}

/// Keeps the lease; true when the run shall be cancelled. [`StoreError::LostLease`]: stop, and write nothing more.
pub async fn extend(conn: &mut Conn, held: &TaskRun, lease: Duration) -> Result<bool> {
    let mut text = sql("UPDATE task_run SET lease_until = ");
    text.push(conn.words().now).push(" + ").push_bind(micros(lease));
    hold(&mut text, held);
    text.push(" RETURNING cancel_requested");
    match conn.optional(text).await? {
        Some(row) => row.bool("cancel_requested"),
        None => Err(StoreError::LostLease(name(&held.project, held.id))),
    }
}

/// Keeps others from taking the run until the transaction ends. [`StoreError::LostLease`] when somebody else has it.
pub async fn still_held(conn: &mut Conn, held: &TaskRun) -> Result<()> {
    let mut touch = sql("UPDATE task_run SET claim_epoch = claim_epoch");
    hold(&mut touch, held);
    held_one(conn.run(touch).await?, held)
}

/// Writes what is known about a held run so far.
pub async fn set_payload(
    conn: &mut Conn,
    held: &TaskRun,
    payload: &TaskRunPayload,
    now: Time,
) -> Result<()> {
    let mut text = sql("UPDATE task_run SET payload = ");
    text.push_bind(encode(payload)?).push(", updated_at = ").push_bind(now);
    hold(&mut text, held);
    held_one(conn.run(text).await?, held)
}

/// Writes how a held run ended: `Done`, `Failed` or `Canceled`, with one sentence; its task gets the same status.
pub async fn finish(
    conn: &mut Conn,
    held: &TaskRun,
    status: TaskRunStatus,
    detail: &str,
    payload: &TaskRunPayload,
    now: Time,
) -> Result<()> {
    if !status.is_end() {
        return Err(StoreError::Mistake(format!("a run cannot end as {}", status.as_str())));
    }
    let mut text = sql("UPDATE task_run SET lease_until = NULL, status = ");
    text.push_bind(status.as_str()).push(", detail = ").push_bind(detail);
    text.push(", payload = ").push_bind(encode(payload)?);
    text.push(", finished_at = ").push_bind(now).push(", updated_at = ").push_bind(now);
    hold(&mut text, held);
    held_one(conn.run(text).await?, held)?;
    tasks::set_status(conn, &held.project, &[held.task], status.task_status(), now).await?;
    conn.wake(Topic::TaskRun, "").await
}

/// Gives a claimed run back that was not begun, because the server stops: the next free executor takes it.
pub async fn release(conn: &mut Conn, held: &TaskRun, now: Time) -> Result<()> {
    let mut text = sql(
        "UPDATE task_run SET status = 'AVAILABLE', lease_until = NULL, holder = '', started_at = NULL, updated_at = ",
    );
    text.push_bind(now);
    hold(&mut text, held);
    held_one(conn.run(text).await?, held)?;
    let available = TaskRunStatus::Available.task_status();
    tasks::set_status(conn, &held.project, &[held.task], available, now).await?;
    conn.wake(Topic::TaskRun, "").await
}

/// Lets a held run wait again, with nothing open at the target: its payload says why.
pub async fn put_back(
    conn: &mut Conn,
    held: &TaskRun,
    detail: &str,
    payload: &TaskRunPayload,
    now: Time,
) -> Result<()> {
    let mut text = sql(
        "UPDATE task_run SET status = 'PENDING', lease_until = NULL, holder = '', started_at = NULL, detail = ",
    );
    text.push_bind(detail).push(", payload = ").push_bind(encode(payload)?);
    text.push(", updated_at = ").push_bind(now);
    hold(&mut text, held);
    held_one(conn.run(text).await?, held)?;
    let pending = TaskRunStatus::Pending.task_status();
    tasks::set_status(conn, &held.project, &[held.task], pending, now).await?;
    conn.wake(Topic::TaskRun, "").await
}

/// Ends a statement with the condition that the caller still holds the run.
fn hold(text: &mut Sql, held: &TaskRun) {
    text.push(" WHERE project = ").push_bind(&held.project).push(" AND id = ").push_bind(held.id);
    text.push(" AND status = 'RUNNING' AND claim_epoch = ").push_bind(held.claim_epoch);
}

fn held_one(rows: u64, held: &TaskRun) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(StoreError::LostLease(name(&held.project, held.id))) }
}

async fn take(
    conn: &mut Conn,
    holder: &str,
    lease: Duration,
    limit: i64,
    now: Time,
    condition: impl FnOnce(&mut Sql),
) -> Result<Vec<TaskRun>> {
    let words = conn.words();
    let mut text =
        sql("UPDATE task_run SET status = 'RUNNING', claim_epoch = claim_epoch + 1, holder = ");
    text.push_bind(holder).push(", lease_until = ").push(words.now).push(" + ");
    text.push_bind(micros(lease)).push(", started_at = coalesce(started_at, ").push_bind(now);
    text.push("), updated_at = ").push_bind(now);
    text.push(" WHERE (project, id) IN (SELECT project, id FROM task_run WHERE ");
    condition(&mut text);
    text.push(" ORDER BY created_at, id LIMIT ").push_bind(limit).push(words.skip_locked);
    text.push(") RETURNING *");
    let mut taken = conn.all(text).await?.iter().map(run).collect::<Result<Vec<_>>>()?;
    taken.sort_by_key(|r| (r.created_at, r.id));
    Ok(taken)
}
