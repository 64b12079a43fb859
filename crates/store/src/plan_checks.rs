//! Plan checks: one row a plan, asked for, claimed under a lease, and finished by its holder only.
//!
//! Checks change nothing at a target, so one whose holder died is simply run again.

use std::collections::BTreeSet;
use std::time::Duration;

use base::Time;

use crate::db::{Conn, Row, Topic};
use crate::error::{Result, StoreError};
use crate::pairs;
use crate::payload::{decode, encode, from_word, word};
use crate::rows::{CheckResult, CheckStatus, PlanCheck};
use crate::sql::sql;

pub async fn get(conn: &mut Conn, project: &str, plan: i64) -> Result<Option<PlanCheck>> {
    Ok(of_many(conn, &[(project.to_owned(), plan)]).await?.pop())
}

/// The checks of many plans, by (project, plan).
pub async fn of_many(conn: &mut Conn, keys: &[(String, i64)]) -> Result<Vec<PlanCheck>> {
    let text = "SELECT * FROM plan_check WHERE (project, plan) IN ";
    pairs::read(conn, text, keys, "", check).await
}

/// The checks of plans that are not rolled out, of these projects or of all; the newest plans.
pub async fn of_open_plans(
    conn: &mut Conn,
    projects: Option<&BTreeSet<String>>,
    limit: i64,
) -> Result<Vec<PlanCheck>> {
    let mut text = sql("SELECT plan_check.* FROM plan_check JOIN plan
        ON plan.project = plan_check.project AND plan.id = plan_check.plan
        WHERE plan.state = 'ACTIVE' AND plan.has_rollout = 0");
    if let Some(projects) = projects {
        text.push(" AND plan.project IN ");
        text.push_list(projects);
    }
    text.push(" ORDER BY plan.created_at DESC LIMIT ").push_bind(limit);
    conn.all(text).await?.iter().map(check).collect()
}

/// Asks for a run for this version of the plan's input. A run that is under way loses its lease; earlier results go.
pub async fn request(
    conn: &mut Conn,
    project: &str,
    plan: i64,
    input_version: i64,
    now: Time,
) -> Result<()> {
    ask(conn, project, plan, input_version, &[], &[], now).await
}

/// Asks for a run of one spec, where what was found in the others still counts; else for a run of all.
pub async fn request_spec(
    conn: &mut Conn,
    project: &str,
    plan: i64,
    input_version: i64,
    spec: &str,
    now: Time,
) -> Result<()> {
    let mut text = sql("SELECT * FROM plan_check WHERE project = $1 AND plan = $2");
    text = text.bind(project).bind(plan);
    text.push(conn.words().for_update);
    let found = conn.optional(text).await?.as_ref().map(check).transpose()?;
    let found = found.filter(|c| c.input_version == input_version);
    let Some((mut specs, mut kept)) = found.and_then(PlanCheck::known) else {
        return request(conn, project, plan, input_version, now).await;
    };
    if !specs.iter().any(|s| s == spec) {
        specs.push(spec.to_owned());
    }
    kept.retain(|r| r.spec != spec);
    ask(conn, project, plan, input_version, &specs, &kept, now).await
}

async fn ask(
    conn: &mut Conn,
    project: &str,
    plan: i64,
    input_version: i64,
    specs: &[String],
    kept: &[CheckResult],
    now: Time,
) -> Result<()> {
    let text = "INSERT INTO plan_check (project, plan, status, input_version, error, payload, specs, claim_epoch, lease_until, created_at, updated_at)
        VALUES ($1, $2, 'AVAILABLE', $3, '', $4, $5, 0, NULL, $6, $6)
        ON CONFLICT (project, plan) DO UPDATE SET status = 'AVAILABLE', input_version = excluded.input_version, error = '',
            payload = excluded.payload, specs = excluded.specs, claim_epoch = plan_check.claim_epoch + 1, lease_until = NULL,
            created_at = excluded.created_at, updated_at = excluded.updated_at";
    let request = sql(text)
        .bind(project)
        .bind(plan)
        .bind(input_version)
        .bind(encode(kept)?)
        .bind(specs.join("\n"))
        .bind(now);
    conn.run(request).await.map_err(|e| e.about(name(project, plan)))?;
    conn.wake(Topic::PlanCheck, &name(project, plan)).await
}

/// Takes up to `limit` checks that wait, or whose holder's lease is over. No two callers get the same.
pub async fn claim(
    conn: &mut Conn,
    lease: Duration,
    limit: i64,
    now: Time,
) -> Result<Vec<PlanCheck>> {
    let words = conn.words();
    let mut text = sql(
        "UPDATE plan_check SET status = 'RUNNING', claim_epoch = claim_epoch + 1, lease_until = ",
    );
    text.push(words.now).push(" + ").push_bind(micros(lease));
    text.push(", updated_at = ").push_bind(now);
    text.push(" WHERE (project, plan) IN (SELECT project, plan FROM plan_check WHERE status = 'AVAILABLE' OR (status = 'RUNNING' AND lease_until < ");
    text.push(words.now).push(") ORDER BY created_at LIMIT ").push_bind(limit);
    text.push(words.skip_locked).push(") RETURNING *");
    conn.all(text).await?.iter().map(check).collect()
}

/// Keeps the lease. [`StoreError::LostLease`] when the run was asked for anew, cancelled or taken over: stop.
pub async fn extend(conn: &mut Conn, held: &PlanCheck, lease: Duration) -> Result<()> {
    let mut text = sql("UPDATE plan_check SET lease_until = ");
    text.push(conn.words().now).push(" + ").push_bind(micros(lease));
    hold(&mut text, held);
    held_one(conn.run(text).await?, held)
}

/// Writes how a held run ended: `Done` with results, or `Failed` with `error`.
pub async fn finish(
    conn: &mut Conn,
    held: &PlanCheck,
    status: CheckStatus,
    results: &[CheckResult],
    error: &str,
    now: Time,
) -> Result<()> {
    let mut text = sql("UPDATE plan_check SET lease_until = NULL, status = ");
    text.push_bind(word(status)?).push(", payload = ").push_bind(encode(results)?);
    text.push(", error = ").push_bind(error).push(", updated_at = ").push_bind(now);
    hold(&mut text, held);
    held_one(conn.run(text).await?, held)
}

/// Cancels a run that waits or is under way; false when there is none.
pub async fn cancel(conn: &mut Conn, project: &str, plan: i64, now: Time) -> Result<bool> {
    let text = "UPDATE plan_check SET status = 'CANCELED', claim_epoch = claim_epoch + 1, lease_until = NULL, updated_at = $3
        WHERE project = $1 AND plan = $2 AND status IN ('AVAILABLE', 'RUNNING')";
    let canceled = conn.run(sql(text).bind(project).bind(plan).bind(now)).await?;
    Ok(canceled > 0)
}

impl PlanCheck {
    /// The specs that wait to be checked, and what is known of the others; None when all are to be checked.
    fn known(self) -> Option<(Vec<String>, Vec<CheckResult>)> {
        match self.status {
            CheckStatus::Done => {
                // An older version did not write down which spec a result is of.
                let told = self.results.iter().all(|r| !r.spec.is_empty());
                told.then_some((Vec::new(), self.results))
            }
            CheckStatus::Available | CheckStatus::Running => {
                (!self.specs.is_empty()).then_some((self.specs, self.results))
            }
            CheckStatus::Failed | CheckStatus::Canceled => None,
        }
    }
}

/// Microseconds of a lease, at most a day: a lease is short.
pub(crate) fn micros(lease: Duration) -> i64 {
    i64::try_from(lease.min(Duration::from_secs(86_400)).as_micros()).unwrap_or(i64::MAX)
}

fn hold(text: &mut crate::sql::Sql, held: &PlanCheck) {
    text.push(" WHERE project = ").push_bind(&held.project);
    text.push(" AND plan = ").push_bind(held.plan);
    text.push(" AND status = 'RUNNING' AND claim_epoch = ").push_bind(held.claim_epoch);
}

fn held_one(rows: u64, held: &PlanCheck) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(StoreError::LostLease(name(&held.project, held.plan))) }
}

fn name(project: &str, plan: i64) -> String {
    format!("projects/{project}/plans/{plan}/planCheckRun")
}

fn check(row: &Row) -> Result<PlanCheck> {
    let (project, plan) = (row.text("project")?, row.int("plan")?);
    let what = name(&project, plan);
    Ok(PlanCheck {
        status: from_word(&what, &row.text("status")?)?,
        input_version: row.int("input_version")?,
        error: row.text("error")?,
        results: decode(&what, &row.text("payload")?)?,
        specs: row.text("specs")?.lines().map(str::to_owned).collect(),
        claim_epoch: row.int("claim_epoch")?,
        lease_until: row.opt_time("lease_until")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        project,
        plan,
    })
}
