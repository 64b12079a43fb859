//! Finds the gates of issues whose checks are done, and writes them if nothing changed meanwhile.

use base::{Error, Result};
use policy::approval::{Gate, Status, Subject, decide, overall};
use store::rows::{
    ApprovalPayload, ApprovalSetting, CheckStatus, Issue, IssueApproval, IssueStatus,
};
use store::settings;

use super::facts::{self, Facts};
use super::{Locked, happened};
use crate::cx::Cx;

/// What was looked at: the gates are written only while this is so.
struct Seen {
    issue: Issue,
    input_version: i64,
    gates: Vec<Gate>,
    facts: Facts,
}

/// Finds the gates of an issue. False when there is nothing to find yet, or somebody was faster.
pub async fn find(cx: &Cx, project: &str, issue: i64) -> Result<bool> {
    match look(cx, project, issue).await? {
        Some(seen) => write(cx, seen).await,
        None => Ok(false),
    }
}

async fn look(cx: &Cx, project: &str, id: i64) -> Result<Option<Seen>> {
    let mut conn = cx.app.store.read().await?;
    let Some(issue) = store::issues::get(&mut conn, project, id).await? else { return Ok(None) };
    let Some(plan) = issue.plan else { return Ok(None) };
    let Some(plan) = store::plans::get(&mut conn, project, plan).await? else { return Ok(None) };
    let check = store::plan_checks::get(&mut conn, project, plan.id).await?;
    let current = |c: &store::rows::PlanCheck| {
        c.status == CheckStatus::Done && c.input_version == plan.input_version
    };
    let Some(check) = check.filter(current) else { return Ok(None) };
    let rules = settings::get::<ApprovalSetting>(&mut conn).await?.value.rules;
    let facts = facts::of_plan(&mut conn, &plan, &check.results, &issue.payload.labels).await?;
    drop(conn);
    // Many targets and rules take a while: off the async threads.
    let decided = tokio::task::spawn_blocking(move || {
        let subject = Subject { source: facts.source, stages: &facts.stages, facts: &facts.facts };
        (decide(&rules, &subject), facts)
    });
    let (gates, facts) = decided
        .await
        .map_err(|e| Error::internal("approval rules could not be tried").with_source(e))?;
    Ok(Some(Seen { issue, input_version: plan.input_version, gates, facts }))
}

async fn write(cx: &Cx, seen: Seen) -> Result<bool> {
    let now = cx.now();
    let mut tx = cx.app.store.begin().await?;
    let locked = Locked::read(&mut tx, &seen.issue.project, seen.issue.id).await?;
    let found =
        |a: &IssueApproval| a.status != Status::Checking && a.input_version == seen.input_version;
    let stale = locked.input_version() != seen.input_version
        || locked.issue.payload.labels != seen.issue.payload.labels
        || locked.issue.draft
        || locked.issue.status == IssueStatus::Canceled
        || locked.approval.as_ref().is_some_and(found);
    if stale {
        return Ok(false);
    }
    let mut row = locked.approval.unwrap_or_else(|| IssueApproval {
        project: seen.issue.project.clone(),
        issue: seen.issue.id,
        status: Status::Checking,
        input_version: 0,
        payload: ApprovalPayload::default(),
        version: 0,
        created_at: now,
        updated_at: now,
    });
    row.status = overall(&seen.gates);
    row.input_version = seen.input_version;
    row.payload = ApprovalPayload {
        gates: seen.gates,
        covered: seen.facts.covered,
        risk: Some(seen.facts.risk),
    };
    store::approvals::put(&mut tx, &mut row, now).await?;
    for gate in &row.payload.gates {
        happened::requested(cx, &mut tx, &locked.issue, gate).await?;
    }
    happened::announce(&mut tx, &locked.issue, now).await?;
    tx.commit().await?;
    Ok(true)
}
