//! Changes a plan. Changed specs get a new input version: older checks and approvals do not count for them.

use base::{Blocker, Error, FieldViolation, Result};
use store::Conn;
use store::rows::{IssueEvent, Plan, Spec, SpecConfig, State};

use super::view::{self, PlanView};
use super::{create, hotfix, specs, twins};
use crate::cx::Cx;
use crate::filter::check_etag;

/// What shall change; None stays.
#[derive(Debug, Clone, Default)]
pub struct PlanChange {
    pub project: String,
    pub plan: i64,
    /// As it was read; empty for no check.
    pub etag: String,
    pub title: Option<String>,
    pub description: Option<String>,
    pub state: Option<State>,
    pub specs: Option<Vec<Spec>>,
    /// Why production runs first; empty: it does not.
    pub hotfix: Option<String>,
}

/// Allowed to the plan's creator, and to who has `bb.plans.update`.
pub async fn update(cx: &Cx, change: PlanChange) -> Result<PlanView> {
    let found = {
        let mut conn = cx.app.store.read().await?;
        store::plans::get(&mut conn, &change.project, change.plan).await?
    };
    match found {
        Some(plan) => may(cx, &plan).await?,
        None => {
            let name = format!("projects/{}/plans/{}", change.project, change.plan);
            cx.require("bb.plans.update", &name).await?;
        }
    }
    let mut tx = cx.app.store.begin().await?;
    let plan = write(cx, &mut tx, change).await?;
    tx.commit().await?;
    view::get(cx, &plan.project, plan.id).await
}

/// Passes when the caller may change the plan.
pub(crate) async fn may(cx: &Cx, plan: &Plan) -> Result<()> {
    let name = format!("projects/{}/plans/{}", plan.project, plan.id);
    let mine = Some(&plan.creator) == cx.caller.name().as_ref();
    if mine && cx.may("bb.plans.get", &name).await? {
        return Ok(());
    }
    cx.require("bb.plans.update", &name).await
}

/// The change, by a caller who may make it.
pub(crate) async fn write(cx: &Cx, tx: &mut Conn, change: PlanChange) -> Result<Plan> {
    let name = format!("projects/{}/plans/{}", change.project, change.plan);
    let plan = store::plans::get_for_update(tx, &change.project, change.plan).await?;
    let mut plan = plan.ok_or_else(|| Error::not_found(&name))?;
    check_etag(&name, &change.etag, plan.version)?;
    let project =
        store::projects::get(tx, &plan.project).await?.ok_or_else(|| Error::not_found(&name))?;
    if project.state == State::Deleted {
        return Err(Error::deleted(format!("projects/{}", project.id)));
    }
    if let Some(title) = change.title {
        plan.title = title;
    }
    if let Some(description) = change.description {
        plan.description = description;
    }
    let wrong = create::texts(&plan.title, &plan.description, project.payload.enforce_issue_title);
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    if let Some(state) = change.state {
        plan.state = state;
    }
    let now = cx.now();
    let before = plan.payload.specs.clone();
    let mut events = Vec::new();
    if let Some(mut new) = change.specs.filter(|s| *s != before) {
        may_edit(&name, plan.has_rollout, plan.state, &before, &new)?;
        let mut wrong: Vec<FieldViolation> = specs::violations(&plan.project, &new);
        if wrong.is_empty() {
            wrong = create::missing(tx, cx, &plan.project, &new).await?;
        }
        if !wrong.is_empty() {
            return Err(Error::fields(wrong));
        }
        if plan.payload.hotfix.is_some() {
            twins::add(tx, &plan.project, &mut new, &before).await?;
        }
        plan.payload.specs.clone_from(&new);
        events.push(IssueEvent::PlanUpdate { from_specs: before, to_specs: new });
    }
    if let Some(reason) = change.hotfix.filter(|r| hotfix::is_news(&plan, r)) {
        hotfix::may_change(&name, &plan)?;
        plan.payload.hotfix = hotfix::of(cx, tx, &plan.project, &reason).await?;
        events.push(IssueEvent::Hotfix { reason: reason.trim().to_owned() });
        if plan.payload.hotfix.is_some() && !specs::has_release(&plan.payload.specs) {
            let narrow = plan.payload.specs.clone();
            twins::add(tx, &plan.project, &mut plan.payload.specs, &[]).await?;
            if plan.payload.specs != narrow {
                let to_specs = plan.payload.specs.clone();
                events.push(IssueEvent::PlanUpdate { from_specs: narrow, to_specs });
            }
        }
    }
    if !events.is_empty() {
        edited(cx, tx, &mut plan, events).await?;
    }
    store::plans::update(tx, &mut plan, now).await?;
    view::announce(tx, &plan, now).await?;
    Ok(plan)
}

/// What was checked and approved is not what is there any more.
async fn edited(cx: &Cx, conn: &mut Conn, plan: &mut Plan, events: Vec<IssueEvent>) -> Result<()> {
    let now = cx.now();
    plan.input_version += 1;
    store::plan_checks::request(conn, &plan.project, plan.id, plan.input_version, now).await?;
    let Some(issue) = crate::issue::of_plan(conn, &plan.project, plan.id).await? else {
        return Ok(());
    };
    for event in events {
        crate::issue::update::tell(conn, cx, &issue, event, String::new()).await?;
    }
    crate::approval::void(conn, &issue, now).await
}

fn may_edit(
    name: &str,
    has_rollout: bool,
    state: State,
    before: &[Spec],
    after: &[Spec],
) -> Result<()> {
    let blocked = |reason: &str, message: &str| {
        let blocker = Blocker {
            reason: reason.to_owned(),
            subject: name.to_owned(),
            message: message.to_owned(),
        };
        Err(Error::blocked(message, vec![blocker]))
    };
    if has_rollout {
        return blocked(
            "HAS_ROLLOUT",
            "The plan is being rolled out; its changes are fixed. Make a new plan for more.",
        );
    }
    if state == State::Deleted {
        return blocked("PLAN_CLOSED", "The plan is closed; reopen it to edit its changes.");
    }
    if specs::has_release(before) || specs::has_release(after) {
        return blocked(
            "RELEASE_PLAN",
            "What a plan with a release changes is fixed when it is made; make a new plan instead.",
        );
    }
    let creates = |s: &[Spec]| s.iter().any(|s| matches!(s.config, SpecConfig::CreateDatabase(_)));
    if creates(before) != creates(after) {
        return blocked(
            "OTHER_KIND",
            "A plan that creates databases stays one; make a new plan to change databases.",
        );
    }
    Ok(())
}
