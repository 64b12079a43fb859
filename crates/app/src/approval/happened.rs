//! What happens to an approval is told here, in the transaction in which it happens: to the timeline, to open pages, to webhooks
//! and by mail.

use base::{Result, Time};
use policy::approval::{Decision, Gate, Step};
use store::Conn;
use store::rows::{ApprovalEvent, Issue, IssueApproval, IssueEvent, IssueKind};

use super::letters;
use crate::cx::Cx;
use crate::webhook::{self, EventKind, Happening};

/// The gates are found: each asks its first role.
pub async fn found(cx: &Cx, conn: &mut Conn, issue: &Issue, gates: &[Gate]) -> Result<()> {
    for gate in gates {
        requested(cx, conn, issue, gate).await?;
    }
    Ok(())
}

/// It is somebody's turn: holders of the gate's pending role, if it waits for one.
async fn requested(cx: &Cx, conn: &mut Conn, issue: &Issue, gate: &Gate) -> Result<()> {
    match gate.pending_role() {
        Some(role) => {
            letters::asked(cx, conn, issue, gate, role).await?;
            emit(cx, conn, EventKind::ApprovalRequested, issue, gate, role, "").await
        }
        None => Ok(()),
    }
}

/// Somebody took a step of a gate.
pub async fn voted(
    cx: &Cx,
    conn: &mut Conn,
    issue: &Issue,
    gate: &Gate,
    role: &str,
    step: &Step,
) -> Result<()> {
    let decision = match step.decision {
        Decision::Approved => ApprovalEvent::Approved,
        Decision::Rejected => ApprovalEvent::Rejected,
    };
    tell(cx, conn, issue, decision, gate, role, &step.comment).await?;
    let told = match step.decision {
        Decision::Rejected => EventKind::SentBack,
        // Whether it was the last step; if not, the next role is asked.
        Decision::Approved if gate.pending_role().is_none() => EventKind::Approved,
        Decision::Approved => return requested(cx, conn, issue, gate).await,
    };
    letters::decided(cx, conn, issue, gate, step).await?;
    emit(cx, conn, told, issue, gate, role, &step.comment).await
}

/// Its creator asks for a gate again that was rejected.
pub async fn reopened(
    cx: &Cx,
    conn: &mut Conn,
    issue: &Issue,
    gate: &Gate,
    comment: &str,
) -> Result<()> {
    let role = gate.pending_role().unwrap_or_default();
    tell(cx, conn, issue, ApprovalEvent::Pending, gate, role, comment).await?;
    requested(cx, conn, issue, gate).await
}

/// All gates are open. A rollout that waited for that settles the issue: the review is over. A role that was asked for is
/// granted.
pub async fn finished(
    cx: &Cx,
    conn: &mut Conn,
    issue: &Issue,
    approval: &IssueApproval,
    plan: Option<&store::rows::Plan>,
) -> Result<()> {
    let whole = approval.status.is_open();
    if whole && issue.kind == IssueKind::RoleGrant {
        return crate::issue::role_grant::complete(cx, conn, issue.clone()).await;
    }
    match plan.filter(|p| whole && p.has_rollout) {
        Some(plan) => crate::issue::status::close_for_rollout(conn, cx, plan, cx.now()).await,
        None => Ok(()),
    }
}

/// Pages of the issue, of its plan and of its rollout read again.
pub async fn announce(conn: &mut Conn, issue: &Issue, now: Time) -> Result<()> {
    crate::issue::announce(conn, issue, now).await?;
    if let Some(plan) = issue.plan {
        let rollout = format!("projects/{}/plans/{plan}/rollout", issue.project);
        store::events::append(conn, &rollout, "rollout", "", now).await?;
    }
    Ok(())
}

async fn tell(
    cx: &Cx,
    conn: &mut Conn,
    issue: &Issue,
    decision: ApprovalEvent,
    gate: &Gate,
    role: &str,
    comment: &str,
) -> Result<()> {
    let event =
        IssueEvent::Approval { decision, gate: gate.environment.clone(), role: role.to_owned() };
    crate::issue::update::tell(conn, cx, issue, event, comment.to_owned()).await
}

async fn emit(
    cx: &Cx,
    conn: &mut Conn,
    kind: EventKind,
    issue: &Issue,
    gate: &Gate,
    role: &str,
    comment: &str,
) -> Result<()> {
    let mut happening = Happening::of_issue(kind, issue, cx.caller.name());
    comment.clone_into(&mut happening.detail);
    if !gate.stages.is_empty() {
        happening.facts.push(("Stages".to_owned(), gate.stages.join(", ")));
    }
    happening.facts.push(("Role".to_owned(), role.to_owned()));
    webhook::emit(&cx.app, conn, &happening).await
}
