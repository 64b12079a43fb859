//! Starts the rollout of a plan: makes its tasks. Calling again adds only what is missing.

use std::collections::BTreeSet;

use base::name::DatabaseName;
use base::{Blocker, Error, Result, Time};
use policy::rollout::TaskStatus;
use store::Conn;
use store::rows::{CheckLevel, CheckStatus, Plan, Project, State, Task};

use super::expand::{Wanted, expand};
use super::view::{self, RolloutView};
use super::{load, refused};
use crate::approval;
use crate::cx::Cx;
use crate::emergency::Overdue;
use crate::execution::NO_STAGE;
use crate::plan::check::enforce::{self, Bypass, CHECKS_NOT_DONE};

/// What a caller asks.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    pub project: String,
    pub plan: i64,
    /// None: all stages. Empty: none. Else `environments/{environment}`: that one.
    pub target: Option<String>,
    /// Go past errors of the review, for which a reason is needed.
    pub ignore_review: bool,
    pub reason: String,
}

pub async fn create(cx: &Cx, ask: Ask) -> Result<RolloutView> {
    let name = format!("projects/{}/plans/{}", ask.project, ask.plan);
    cx.require("bb.rollouts.create", &name).await?;
    let refused = refusals(cx, &ask).await?;
    let mut tx = cx.app.store.begin().await?;
    let plan = store::plans::get_for_update(&mut tx, &ask.project, ask.plan).await?;
    let mut plan = plan.ok_or_else(|| Error::not_found(&name))?;
    let project = store::projects::get(&mut tx, &plan.project)
        .await?
        .ok_or_else(|| Error::not_found(&name))?;
    let approvals = approval::gate::of_plan(&mut tx, &project, &plan).await?;
    let mut blockers = gates(&mut tx, &project, &plan).await?;
    let bypass = Bypass { wanted: ask.ignore_review, reason: &ask.reason };
    let review = enforce::blockers(cx, &mut tx, &project, &mut plan, None, bypass).await?;
    // One that both ask for is told once.
    let told = blockers.iter().any(|b| b.reason == CHECKS_NOT_DONE);
    blockers.extend(review.into_iter().filter(|b| !told || b.reason != CHECKS_NOT_DONE));
    let named = load::named(&mut tx, &plan.payload.specs).await?;
    let wanted = match expand(&plan, &named) {
        Ok(wanted) => wanted,
        Err(more) => {
            blockers.extend(more);
            Vec::new()
        }
    };
    let wanted = in_stage(&ask, wanted)?;
    blockers.extend(refused);
    blockers.extend(approvals.rollout(&wanted));
    blockers.extend(overdue(&mut tx, &wanted, cx.now()).await?);
    if !blockers.is_empty() {
        return Err(Error::blocked_by("The plan cannot be rolled out yet.", blockers));
    }
    let now = cx.now();
    let begun = !plan.has_rollout;
    insert(&mut tx, &mut plan, wanted, now).await?;
    // Where a stage still waits for an approval, the review goes on.
    if begun && approvals.is_over() {
        crate::issue::status::close_for_rollout(&mut tx, cx, &plan, now).await?;
    }
    tx.commit().await?;
    view::get(cx, &plan.project, plan.id).await
}

/// Before the store is locked for writing: there may be much to read, and a task looks again before it runs.
async fn refusals(cx: &Cx, ask: &Ask) -> Result<Vec<Blocker>> {
    let mut conn = cx.app.store.read().await?;
    let Some(plan) = store::plans::get(&mut conn, &ask.project, ask.plan).await? else {
        return Ok(Vec::new());
    };
    let named = load::named(&mut conn, &plan.payload.specs).await?;
    let Ok(wanted) = expand(&plan, &named) else { return Ok(Vec::new()) };
    let wanted = in_stage(ask, wanted)?;
    refused::blockers(&cx.app, &mut conn, &plan, &wanted, &named).await
}

/// The rollout of a plan that is run past its gates: all tasks, unless they are there.
pub(crate) async fn make(conn: &mut Conn, plan: &mut Plan, now: Time) -> Result<()> {
    if plan.has_rollout {
        return Ok(());
    }
    let named = load::named(conn, &plan.payload.specs).await?;
    let wanted = expand(plan, &named)
        .map_err(|b| Error::blocked_by("The plan cannot be rolled out yet.", b))?;
    insert(conn, plan, wanted, now).await
}

/// Adds the tasks that are missing.
async fn insert(conn: &mut Conn, plan: &mut Plan, wanted: Vec<Wanted>, now: Time) -> Result<()> {
    let existing = store::tasks::of_plan(conn, &plan.project, plan.id).await?;
    let mut missing = missing_tasks(plan, wanted, &existing, now);
    if !missing.is_empty() {
        store::tasks::insert_many(conn, &mut missing).await?;
    }
    if !plan.has_rollout {
        plan.has_rollout = true;
        store::plans::update(conn, plan, now).await?;
    }
    store::approvals::wake(conn).await?;
    crate::plan::view::announce(conn, plan, now).await
}

/// Reviews of emergency runs that are overdue, where every database waits for one: else the tasks of the others can run.
async fn overdue(conn: &mut Conn, wanted: &[Wanted], now: Time) -> Result<Vec<Blocker>> {
    let overdue = Overdue::read(conn, now).await?;
    let of = |w: &Wanted| {
        let name = DatabaseName::new(&w.instance, &w.database).to_string();
        overdue.of_all(&BTreeSet::from([name]))
    };
    let mut found: Vec<Blocker> = Vec::new();
    for blockers in wanted.iter().map(of) {
        if blockers.is_empty() {
            return Ok(Vec::new());
        }
        found.extend(blockers);
    }
    found.dedup();
    Ok(found)
}

/// Everything about plan, project and checks that stands in the way.
async fn gates(conn: &mut Conn, project: &Project, plan: &Plan) -> Result<Vec<Blocker>> {
    let name = format!("projects/{}/plans/{}", plan.project, plan.id);
    let mut blockers = Vec::new();
    let mut block = |reason: &str, message: &str| {
        blockers.push(Blocker {
            reason: reason.to_owned(),
            subject: name.clone(),
            message: message.to_owned(),
        });
    };
    if project.state == State::Deleted {
        block("PROJECT_DELETED", "The project is deleted; undelete it first.");
    }
    if plan.state == State::Deleted {
        block("PLAN_CLOSED", "The plan is closed; reopen it first.");
    }
    blockers.extend(checks(conn, project, plan).await?);
    Ok(blockers)
}

/// What the checks have found, or have not yet, where the project requires that they find no error.
pub(crate) async fn checks(
    conn: &mut Conn,
    project: &Project,
    plan: &Plan,
) -> Result<Option<Blocker>> {
    if !project.payload.require_plan_check_no_error {
        return Ok(None);
    }
    let block = |reason: &str, message: &str| Blocker {
        reason: reason.to_owned(),
        subject: format!("projects/{}/plans/{}", plan.project, plan.id),
        message: message.to_owned(),
    };
    let found = store::plan_checks::get(conn, &plan.project, plan.id).await?;
    Ok(match found {
        Some(c) if c.status == CheckStatus::Done && c.input_version == plan.input_version => {
            let failed = c.results.iter().any(|r| r.level == CheckLevel::Error);
            failed.then(|| {
                let what = "The checks found errors; mend the SQL and save the plan.";
                block("CHECKS_FAILED", what)
            })
        }
        _ => Some(block(
            CHECKS_NOT_DONE,
            "The checks of this plan are not done; this clears by itself, or run them again.",
        )),
    })
}

/// Those of the stage that the caller means.
fn in_stage(ask: &Ask, wanted: Vec<Wanted>) -> Result<Vec<Wanted>> {
    let stage = match ask.target.as_deref() {
        None => return Ok(wanted),
        Some("") => return Ok(Vec::new()),
        Some(target) => {
            let id = target.strip_prefix("environments/").filter(|id| !id.is_empty());
            id.ok_or_else(|| {
                Error::field("target", "name the stage's environment as environments/{environment}")
            })?
        }
    };
    let here = |w: &Wanted| stage == w.environment.as_deref().unwrap_or(NO_STAGE);
    Ok(wanted.into_iter().filter(here).collect())
}

fn missing_tasks(plan: &Plan, wanted: Vec<Wanted>, existing: &[Task], now: Time) -> Vec<Task> {
    let have: BTreeSet<_> = existing
        .iter()
        .map(|t| (t.spec_id.as_str(), t.instance.as_str(), t.database.as_str()))
        .collect();
    let new = wanted.into_iter().filter(|w| {
        !have.contains(&(w.spec_id.as_str(), w.instance.as_str(), w.database.as_str()))
    });
    let task = |w: Wanted| Task {
        project: plan.project.clone(),
        id: 0,
        plan: plan.id,
        spec_id: w.spec_id,
        environment: w.environment,
        kind: w.kind,
        instance: w.instance,
        database: w.database,
        sheet_sha256: w.sheet_sha256,
        status: TaskStatus::NotStarted,
        skipped_reason: String::new(),
        payload: w.payload,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    new.map(task).collect()
}
