//! Finds the gates of issues whose checks are done, and writes them if nothing changed meanwhile.

use base::Result;
use policy::approval::{Gate, Subject, decide};
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
    let (gates, facts) = super::apart(move || {
        let subject = Subject { source: facts.source, stages: &facts.stages, facts: &facts.facts };
        (decide(&rules, &subject), facts)
    })
    .await?;
    Ok(Some(Seen { issue, input_version: plan.input_version, gates, facts }))
}

/// Gives gates that ask the same roles for the same stages the steps that were taken there, and the others back: they are new.
fn keep(gates: &mut [Gate], before: &[Gate]) -> Vec<Gate> {
    let mut new = Vec::new();
    for gate in gates {
        let same = |old: &&Gate| {
            old.environment == gate.environment
                && old.stages == gate.stages
                && old.roles() == gate.roles()
        };
        match before.iter().find(same) {
            Some(old) => gate.steps.clone_from(&old.steps),
            None => new.push(gate.clone()),
        }
    }
    new
}

async fn write(cx: &Cx, seen: Seen) -> Result<bool> {
    let now = cx.now();
    let mut tx = cx.app.store.begin().await?;
    let locked = Locked::read(&mut tx, &seen.issue.project, seen.issue.id).await?;
    let stale = locked.input_version() != seen.input_version
        || locked.issue.payload.labels != seen.issue.payload.labels
        || locked.issue.draft
        || locked.issue.status == IssueStatus::Canceled
        || locked.approval.as_ref().is_some_and(|a| a.is_found(seen.input_version));
    if stale {
        return Ok(false);
    }
    let mut row = locked
        .approval
        .unwrap_or_else(|| IssueApproval::new(&seen.issue.project, seen.issue.id, now));
    let of_this = row.input_version == seen.input_version;
    let before = std::mem::take(&mut row.payload);
    row.input_version = seen.input_version;
    row.payload = ApprovalPayload {
        gates: seen.gates,
        covered: seen.facts.covered,
        risk: Some(seen.facts.risk),
    };
    // Of the same input, about the same tasks: what was said of a gate still counts.
    let asked = match of_this && before.covered == row.payload.covered {
        true => keep(&mut row.payload.gates, &before.gates),
        false => row.payload.gates.clone(),
    };
    super::put(&mut tx, &mut row, now).await?;
    happened::found(cx, &mut tx, &locked.issue, &asked).await?;
    happened::finished(cx, &mut tx, &locked.issue, &row, locked.plan.as_ref()).await?;
    happened::announce(&mut tx, &locked.issue, now).await?;
    // What waited for a gate that is not there any more goes on.
    tx.wake(store::Topic::TaskRun, "").await?;
    tx.commit().await?;
    Ok(true)
}
