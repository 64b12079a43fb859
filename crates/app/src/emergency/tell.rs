//! Whoever has to know is told in the transaction in which it happens: the timeline, webhooks, and by mail the people named.

use base::Result;
use base::name::UserName;
use store::Conn;
use store::rows::{Emergency, EmergencyEvent, IssueEvent, Plan};

use crate::cx::Cx;
use crate::mail::{self, Letter};
use crate::webhook::{self, EventKind, Happening};

/// Tasks were run past their gate.
pub(super) async fn used(cx: &Cx, conn: &mut Conn, plan: &Plan, row: &Emergency) -> Result<()> {
    timeline(cx, conn, row, EmergencyEvent::Run, &row.payload.reason).await?;
    announce(cx, conn, row).await?;
    let payload = &row.payload;
    let mut happening = happening(cx, conn, plan, &payload.reason).await?;
    let passed: Vec<_> = payload.passed.iter().map(|p| p.reason.as_str()).collect();
    happening.facts.extend([
        ("Incident".to_owned(), payload.incident_url.clone()),
        ("Stage".to_owned(), payload.stage.clone()),
        ("Databases".to_owned(), payload.databases.join(", ")),
        ("Passed over".to_owned(), passed.join(", ")),
        ("Reviewed by".to_owned(), payload.notified.join(", ")),
        ("Review due".to_owned(), row.due_at.to_string()),
    ]);
    happening.facts.retain(|(_, text)| !text.is_empty());
    webhook::emit(&cx.app, conn, &happening).await?;
    let console = webhook::console(&cx.app, conn).await?;
    for person in &payload.notified {
        if let Ok(name) = UserName::parse("notify", person) {
            let letter = Letter::emergency(&console, plan, row);
            mail::post(&cx.app, conn, &name.email, &letter).await?;
        }
    }
    Ok(())
}

/// It was reviewed.
pub(super) async fn reviewed(cx: &Cx, conn: &mut Conn, row: &Emergency) -> Result<()> {
    let Some(review) = &row.payload.review else { return Ok(()) };
    let kind = match review.justified {
        true => EmergencyEvent::Justified,
        false => EmergencyEvent::NotJustified,
    };
    timeline(cx, conn, row, kind, &review.comment).await?;
    announce(cx, conn, row).await
}

/// Errors of the review were passed over, for a rollout, a run or a submission.
pub(crate) async fn review_ignored(
    cx: &Cx,
    conn: &mut Conn,
    plan: &Plan,
    reason: &str,
) -> Result<()> {
    if let Some(issue) = crate::issue::of_plan(conn, &plan.project, plan.id).await? {
        let event = IssueEvent::Emergency {
            kind: EmergencyEvent::ReviewIgnored,
            emergency: String::new(),
            reason: reason.to_owned(),
            incident_url: String::new(),
            stage: String::new(),
            plan: plan.id,
        };
        crate::issue::update::tell(conn, cx, &issue, event, String::new()).await?;
    }
    let mut happening = happening(cx, conn, plan, reason).await?;
    happening.facts.push(("Passed over".to_owned(), "errors of the SQL review".to_owned()));
    webhook::emit(&cx.app, conn, &happening).await
}

async fn happening(cx: &Cx, conn: &mut Conn, plan: &Plan, reason: &str) -> Result<Happening> {
    let kind = EventKind::EmergencyUsed;
    let mut happening = Happening::new(kind, &plan.project, &plan.title, cx.caller.name());
    happening.plan = Some(plan.id);
    let issue = crate::issue::of_plan(conn, &plan.project, plan.id).await?;
    happening.issue = issue.map(|i| i.id);
    reason.clone_into(&mut happening.detail);
    Ok(happening)
}

async fn timeline(
    cx: &Cx,
    conn: &mut Conn,
    row: &Emergency,
    kind: EmergencyEvent,
    reason: &str,
) -> Result<()> {
    let Some(issue) = crate::issue::of_plan(conn, &row.project, row.plan).await? else {
        return Ok(());
    };
    let event = IssueEvent::Emergency {
        kind,
        emergency: row.id.clone(),
        reason: reason.to_owned(),
        incident_url: row.payload.incident_url.clone(),
        stage: row.payload.stage.clone(),
        plan: row.plan,
    };
    crate::issue::update::tell(conn, cx, &issue, event, String::new()).await?;
    crate::issue::announce(conn, &issue, cx.now()).await
}

/// Pages of it, of its plan and its rollout read again.
async fn announce(cx: &Cx, conn: &mut Conn, row: &Emergency) -> Result<()> {
    let now = cx.now();
    let plan = format!("projects/{}/plans/{}", row.project, row.plan);
    let name = store::emergencies::name(&row.project, &row.id);
    store::events::append(conn, &name, "emergency", "", now).await?;
    store::events::append(conn, &plan, "plan", "", now).await?;
    Ok(store::events::append(conn, &format!("{plan}/rollout"), "rollout", "", now).await?)
}
