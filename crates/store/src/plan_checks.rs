//! The checks of plans: one row a plan, overwritten by each run. Claimed like task runs, by epoch and lease.

use std::collections::HashMap;
use std::time::Duration;

use base::Time;

use crate::db::{Conn, Row, Topic};
use crate::error::Result;
use crate::payload;
use crate::rows::{CheckStatus, PlanCheck};
use crate::sql::sql;

/// Asks for a run: makes the row, or resets it. A run that goes on for an older version loses its claim.
pub async fn request(
    conn: &mut Conn,
    project: &str,
    plan: i64,
    input_version: i64,
    now: Time,
) -> Result<()> {
    let text = "INSERT INTO plan_check (project, plan, status, input_version, error, payload, claim_epoch, lease_until,
        created_at, updated_at) VALUES ($1, $2, 'AVAILABLE', $3, '', $4, 0, NULL, $5, $5)
        ON CONFLICT (project, plan) DO UPDATE SET status = 'AVAILABLE', input_version = excluded.input_version, error = '',
        payload = excluded.payload, claim_epoch = plan_check.claim_epoch + 1, lease_until = NULL,
        created_at = excluded.created_at, updated_at = excluded.updated_at";
    let none: [crate::rows::CheckResult; 0] = [];
    let text = sql(text)
        .bind(project)
        .bind(plan)
        .bind(input_version)
        .bind(payload::encode(&none[..])?)
        .bind(now);
    conn.run(text).await?;
    conn.wake(Topic::PlanCheck, "").await
}

pub async fn get(conn: &mut Conn, project: &str, plan: i64) -> Result<Option<PlanCheck>> {
    let text =
        sql("SELECT * FROM plan_check WHERE project = $1 AND plan = $2").bind(project).bind(plan);
    conn.optional(text).await?.as_ref().map(read).transpose()
}

/// Checks of many plans of one project, by plan.
pub async fn of_plans(
    conn: &mut Conn,
    project: &str,
    plans: &[i64],
) -> Result<HashMap<i64, PlanCheck>> {
    if plans.is_empty() {
        return Ok(HashMap::new());
    }
    let mut text = sql("SELECT * FROM plan_check WHERE project = $1 AND plan IN ").bind(project);
    text.push_list(plans.iter().copied());
    conn.all(text).await?.iter().map(|r| read(r).map(|c| (c.plan, c))).collect()
}

/// Takes the oldest check that waits, or whose holder's lease is over.
pub async fn claim(conn: &mut Conn, lease: Duration) -> Result<Option<PlanCheck>> {
    let words = conn.words();
    let mut find = sql(
        "SELECT project, plan FROM plan_check WHERE status = 'AVAILABLE' OR (status = 'RUNNING' AND lease_until < ",
    );
    find.push(words.now)
        .push(") ORDER BY updated_at, project, plan LIMIT 1")
        .push(words.skip_locked);
    let Some(row) = conn.optional(find).await? else { return Ok(None) };
    let mut text = sql(
        "UPDATE plan_check SET status = 'RUNNING', claim_epoch = claim_epoch + 1, lease_until = ",
    );
    text.push(words.now).push(" + ").push_bind(micros(lease));
    text.push(" WHERE project = ").push_bind(row.text("project")?);
    text.push(" AND plan = ").push_bind(row.int("plan")?).push(" RETURNING *");
    conn.optional(text).await?.as_ref().map(read).transpose()
}

/// Writes the end of a run. False: the claim is lost, nothing was written.
pub async fn finish(conn: &mut Conn, check: &PlanCheck) -> Result<bool> {
    let text = "UPDATE plan_check SET status = $1, error = $2, payload = $3, lease_until = NULL, updated_at = $4
        WHERE project = $5 AND plan = $6 AND claim_epoch = $7 AND status = 'RUNNING'";
    let text = sql(text)
        .bind(payload::word(check.status)?)
        .bind(&check.error)
        .bind(payload::encode(&check.results)?)
        .bind(check.updated_at)
        .bind(&check.project)
        .bind(check.plan)
        .bind(check.claim_epoch);
    Ok(conn.run(text).await? == 1)
}

/// Cancels what waits or runs. False: there was nothing to cancel.
pub async fn cancel(conn: &mut Conn, project: &str, plan: i64, now: Time) -> Result<bool> {
    let text = "UPDATE plan_check SET status = 'CANCELED', claim_epoch = claim_epoch + 1, lease_until = NULL, updated_at = $1
        WHERE project = $2 AND plan = $3 AND status IN ('AVAILABLE', 'RUNNING')";
    Ok(conn.run(sql(text).bind(now).bind(project).bind(plan)).await? == 1)
}

fn micros(d: Duration) -> i64 {
    i64::try_from(d.as_micros()).unwrap_or(i64::MAX / 2)
}

fn read(row: &Row) -> Result<PlanCheck> {
    let (project, plan) = (row.text("project")?, row.int("plan")?);
    let what = format!("projects/{project}/plans/{plan}/planCheckRun");
    Ok(PlanCheck {
        status: payload::from_word::<CheckStatus>(&what, &row.text("status")?)?,
        input_version: row.int("input_version")?,
        error: row.text("error")?,
        results: payload::decode(&what, &row.text("payload")?)?,
        claim_epoch: row.int("claim_epoch")?,
        lease_until: row.opt_time("lease_until")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        project,
        plan,
    })
}
