//! Runs tasks of one stage, now or at a time. What runs already or is done is left alone, without an error.

use std::collections::{BTreeSet, HashMap};

use base::name::{DatabaseName, StageName, TaskName, parse_number};
use base::{Blocker, Error, Result, Time};
use policy::rollout::{Action, Answer, decide, earlier_stages_unfinished};
use store::Conn;
use store::rows::{EnvironmentSetting, Plan, Project, State, Task, TaskRunPayload};
use store::task_runs::Request;

use super::may_run::Right;
use super::view::stage_id;
use super::{order, promotion, resume, view};
use crate::approval::gate;
use crate::cx::Cx;
use crate::emergency;
use crate::plan::check::enforce::{self, Bypass};

/// What a caller asks.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// `…/rollout/stages/{stage}`, or with `-` for any.
    pub parent: String,
    pub tasks: Vec<String>,
    pub run_at: Option<Time>,
    pub ignore_stage_order: bool,
    /// Run though no deployment window is open.
    pub ignore_window: bool,
    /// Go past errors of the review.
    pub ignore_review: bool,
    /// Run what has not finished the stage before.
    pub ignore_promotion: bool,
    pub from: resume::From,
    /// Needed when the order of stages, the window, the review or the record of what is applied is ignored.
    pub reason: String,
}

pub async fn run(cx: &Cx, ask: Ask) -> Result<()> {
    let (plan, ids) = super::cancel::named_tasks(&ask.parent, &ask.tasks)?;
    let name = format!("projects/{}/plans/{}", plan.0, plan.1);
    let right = Right::of(cx, &plan.0, &name).await?;
    let now = cx.now();
    let mut tx = cx.app.store.begin().await?;
    let (mut plan, tasks) = lock(&mut tx, &plan.0, plan.1).await?;
    let project = crate::project::live(&mut tx, &plan.project).await?;
    let chosen = choose(&ask.parent, &tasks, &ids)?;
    right.check(cx, &mut tx, &name, chosen.iter().map(|t| stage_id(t))).await?;
    if plan.state == State::Deleted {
        let message = "The plan is closed; reopen it before running its tasks.";
        let subject = format!("projects/{}/plans/{}", plan.project, plan.id);
        let blocker = Blocker { reason: "PLAN_CLOSED".into(), subject, message: message.into() };
        return Err(Error::blocked(message, vec![blocker]));
    }
    if !ask.ignore_stage_order {
        let blockers = out_of_order(&mut tx, &plan, &tasks, &chosen).await?;
        if !blockers.is_empty() {
            return Err(Error::blocked_by("An earlier stage is not finished:", blockers));
        }
    } else if ask.reason.trim().is_empty() {
        return Err(Error::field(
            "reason",
            "say why the order of stages is ignored; the audit log keeps it",
        ));
    }
    if ask.ignore_window && ask.reason.trim().is_empty() {
        return Err(Error::field(
            "reason",
            "say why the deployment window is ignored; the audit log keeps it",
        ));
    }
    let wanted = runnable(chosen)?;
    approved(cx, &mut tx, &project, &plan, &tasks, &wanted, &ask).await?;
    if !wanted.is_empty() {
        let targets = databases(&wanted);
        let bypass = Bypass { wanted: ask.ignore_review, reason: &ask.reason };
        let review =
            enforce::blockers(cx, &mut tx, &project, &mut plan, Some(&targets), bypass).await?;
        if !review.is_empty() {
            return Err(Error::blocked_by("The project enforces SQL review:", review));
        }
        let request = Request {
            creator: cx.caller.name().unwrap_or_default(),
            run_at: ask.run_at.filter(|t| *t > now),
            payload: TaskRunPayload {
                ignore_window: ask.ignore_window,
                ..TaskRunPayload::default()
            },
        };
        enqueue(&mut tx, &plan, &wanted, ask.from, &ask.reason, request, now).await?;
    }
    Ok(tx.commit().await?)
}

/// Asks for a run of each of the tasks, where an earlier one left off.
pub(crate) async fn enqueue(
    conn: &mut Conn,
    plan: &Plan,
    wanted: &[&Task],
    from: resume::From,
    reason: &str,
    mut request: Request,
    now: Time,
) -> Result<()> {
    crate::webhook::run_asked(conn, plan).await?;
    let starts = resume::starts(conn, wanted, from, reason).await?;
    let (project, plan) = (&plan.project, plan.id);
    let all = wanted.iter().map(|t| t.id).zip(starts);
    let (fresh, resumed): (Vec<_>, Vec<_>) = all.partition(|(_, start)| start.is_none());
    let fresh: Vec<i64> = fresh.into_iter().map(|(id, _)| id).collect();
    store::task_runs::insert_many(conn, project, plan, &fresh, &request, now).await?;
    for (id, start) in resumed {
        request.payload.resume = start;
        store::task_runs::insert_many(conn, project, plan, &[id], &request, now).await?;
    }
    crate::execution::announce(conn, project, plan, now).await
}

/// Those of the tasks that do not run yet and are not done; refused when one cannot run any more.
pub(crate) fn runnable(chosen: Vec<&Task>) -> Result<Vec<&Task>> {
    let mut wanted = Vec::new();
    let mut refused = Vec::new();
    for task in chosen {
        match decide(Action::Run, &format!("tasks/{}", task.id), task.status) {
            Answer::Do => wanted.push(task),
            Answer::Already => {}
            Answer::Refuse(blocker) => refused.push(blocker),
        }
    }
    if refused.is_empty() { Ok(wanted) } else { Err(Error::blocked_by("", refused)) }
}

/// `instances/{i}/databases/{d}` of the tasks, once each.
pub(crate) fn databases(tasks: &[&Task]) -> BTreeSet<String> {
    tasks.iter().map(|t| DatabaseName::new(&t.instance, &t.database).to_string()).collect()
}

/// The plan, kept until the transaction ends so that two callers take turns, and all its tasks.
pub(crate) async fn lock(conn: &mut Conn, project: &str, plan: i64) -> Result<(Plan, Vec<Task>)> {
    let found = store::plans::get_for_update(conn, project, plan).await?.filter(|p| p.has_rollout);
    let found = found
        .ok_or_else(|| Error::not_found(format!("projects/{project}/plans/{plan}/rollout")))?;
    let tasks = store::tasks::of_plan(conn, project, plan).await?;
    Ok((found, tasks))
}

/// The named tasks, each of which must be in the named stage.
pub(crate) fn choose<'a>(
    parent: &str,
    tasks: &'a [Task],
    names: &[TaskName],
) -> Result<Vec<&'a Task>> {
    let stage = StageName::parse("parent", parent)?;
    let by_id: HashMap<i64, &Task> = tasks.iter().map(|t| (t.id, t)).collect();
    let mut chosen: Vec<&Task> = Vec::new();
    for (i, name) in names.iter().enumerate() {
        let id = parse_number(&format!("tasks[{i}]"), &name.task)?;
        let task = by_id
            .get(&id)
            .copied()
            .filter(|t| view::stage_of(t) == name.stage || name.stage == "-");
        let task = task.ok_or_else(|| Error::not_found(name))?;
        if stage.stage != "-" && view::stage_of(task) != stage.stage {
            let text = format!("{name} is not in stage {}; name tasks of one stage", stage.stage);
            return Err(Error::field(format!("tasks[{i}]"), text));
        }
        if let Some(first) = chosen.first().filter(|t| t.environment != task.environment) {
            let text = format!(
                "{name} is in stage {}, the first one in {}; name tasks of one stage",
                view::stage_of(task),
                view::stage_of(first)
            );
            return Err(Error::field(format!("tasks[{i}]"), text));
        }
        chosen.push(task);
    }
    if chosen.is_empty() {
        return Err(Error::field("tasks", "name at least one task"));
    }
    Ok(chosen)
}

/// Refuses what is not approved, what has not finished the stage before where the project requires approvals, and databases of
/// which an emergency run waits too long for its review.
async fn approved(
    cx: &Cx,
    conn: &mut Conn,
    project: &Project,
    plan: &Plan,
    tasks: &[Task],
    wanted: &[&Task],
    ask: &Ask,
) -> Result<()> {
    let mut blockers = unapproved(conn, project, plan, wanted).await?;
    if project.payload.require_issue_approval && ask.ignore_promotion {
        promotion::bypass(cx, conn, &plan.project, &ask.reason).await?;
    } else {
        blockers.extend(not_promoted(conn, project, plan, tasks, wanted).await?);
    }
    blockers.extend(emergency::Overdue::read(conn, cx.now()).await?.of_all(&databases(wanted)));
    if blockers.is_empty() { Ok(()) } else { Err(Error::blocked_by("", blockers)) }
}

/// What gates keep from running, once each.
pub(crate) async fn unapproved(
    conn: &mut Conn,
    project: &Project,
    plan: &Plan,
    wanted: &[&Task],
) -> Result<Vec<Blocker>> {
    let approvals = gate::of_plan(conn, project, plan).await?;
    let mut blockers: Vec<Blocker> = Vec::new();
    for blocker in wanted.iter().filter_map(|t| approvals.task(t, false)) {
        if !blockers.contains(&blocker) {
            blockers.push(blocker);
        }
    }
    Ok(blockers)
}

/// What has not finished the stage before, where the project requires approvals.
pub(crate) async fn not_promoted(
    conn: &mut Conn,
    project: &Project,
    plan: &Plan,
    tasks: &[Task],
    wanted: &[&Task],
) -> Result<Vec<Blocker>> {
    if !project.payload.require_issue_approval {
        return Ok(Vec::new());
    }
    let (order, by_stage, _) = staged(conn, plan, tasks).await?;
    Ok(wanted.iter().filter_map(|t| promotion::blocker(&order, &by_stage, t)).collect())
}

/// Stages in their order, with their tasks.
async fn staged(
    conn: &mut Conn,
    plan: &Plan,
    tasks: &[Task],
) -> Result<(Vec<String>, HashMap<String, Vec<Task>>, EnvironmentSetting)> {
    let environments = crate::setting::environments(conn).await?;
    let mut by_stage: HashMap<String, Vec<Task>> = HashMap::new();
    for task in tasks {
        by_stage.entry(view::stage_of(task)).or_default().push(task.clone());
    }
    let order = order::of(plan, by_stage.keys().cloned().collect(), &environments).stages;
    Ok((order, by_stage, environments))
}

/// Earlier stages that are unfinished.
pub(crate) async fn out_of_order(
    conn: &mut Conn,
    plan: &Plan,
    tasks: &[Task],
    chosen: &[&Task],
) -> Result<Vec<Blocker>> {
    let (order, by_stage, environments) = staged(conn, plan, tasks).await?;
    let states = view::states(&order, &by_stage, &environments);
    let last = chosen
        .iter()
        .filter_map(|t| order.iter().position(|s| *s == view::stage_of(t)))
        .max()
        .unwrap_or(0);
    Ok(earlier_stages_unfinished(&states, last))
}
