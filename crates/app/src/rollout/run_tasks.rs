//! Runs tasks of one stage, now or at a time. What runs already or is done is left alone, without an error.

use std::collections::{BTreeSet, HashMap};

use base::name::{DatabaseName, StageName, TaskName, parse_number};
use base::{Blocker, Error, Result, Time};
use policy::rollout::{Action, Answer, decide, earlier_stages_unfinished, order_stages};
use store::Conn;
use store::rows::{EnvironmentSetting, Plan, Project, State, Task, TaskRunPayload};
use store::task_runs::Request;

use super::may_run::Right;
use super::view::stage_id;
use super::{promotion, resume, view};
use crate::approval::gate;
use crate::cx::Cx;
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
        order(&mut tx, &tasks, &chosen).await?;
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
    let mut wanted = Vec::new();
    let mut refused = Vec::new();
    for task in chosen {
        match decide(Action::Run, &format!("tasks/{}", task.id), task.status) {
            Answer::Do => wanted.push(task),
            Answer::Already => {}
            Answer::Refuse(blocker) => refused.push(blocker),
        }
    }
    if !refused.is_empty() {
        return Err(Error::blocked_by("", refused));
    }
    approved(cx, &mut tx, &project, &plan, &tasks, &wanted, &ask).await?;
    if !wanted.is_empty() {
        let name_of = |t: &&Task| DatabaseName::new(&t.instance, &t.database).to_string();
        let targets: BTreeSet<String> = wanted.iter().map(name_of).collect();
        let bypass = Bypass { wanted: ask.ignore_review, reason: &ask.reason };
        let review =
            enforce::blockers(cx, &mut tx, &project, &mut plan, Some(&targets), bypass).await?;
        if !review.is_empty() {
            return Err(Error::blocked_by("The project enforces SQL review:", review));
        }
        crate::webhook::run_asked(&mut tx, &plan).await?;
        let starts = resume::starts(&mut tx, &wanted, ask.from, &ask.reason).await?;
        let mut request = Request {
            creator: cx.caller.name().unwrap_or_default(),
            run_at: ask.run_at.filter(|t| *t > now),
            payload: TaskRunPayload {
                ignore_window: ask.ignore_window,
                ..TaskRunPayload::default()
            },
        };
        let (project, plan) = (&plan.project, plan.id);
        let all = wanted.iter().map(|t| t.id).zip(starts);
        let (fresh, resumed): (Vec<_>, Vec<_>) = all.partition(|(_, start)| start.is_none());
        let fresh: Vec<i64> = fresh.into_iter().map(|(id, _)| id).collect();
        store::task_runs::insert_many(&mut tx, project, plan, &fresh, &request, now).await?;
        for (id, start) in resumed {
            request.payload.resume = start;
            store::task_runs::insert_many(&mut tx, project, plan, &[id], &request, now).await?;
        }
        crate::execution::announce(&mut tx, project, plan, now).await?;
    }
    Ok(tx.commit().await?)
}

/// The plan, kept until the transaction ends so that two callers take turns, and all its tasks.
pub(super) async fn lock(conn: &mut Conn, project: &str, plan: i64) -> Result<(Plan, Vec<Task>)> {
    let found = store::plans::get_for_update(conn, project, plan).await?.filter(|p| p.has_rollout);
    let found = found
        .ok_or_else(|| Error::not_found(format!("projects/{project}/plans/{plan}/rollout")))?;
    let tasks = store::tasks::of_plan(conn, project, plan).await?;
    Ok((found, tasks))
}

/// The named tasks, each of which must be in the named stage.
pub(super) fn choose<'a>(
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

/// Refuses what is not approved, and what has not finished the stage before: in a project that requires approvals.
async fn approved(
    cx: &Cx,
    conn: &mut Conn,
    project: &Project,
    plan: &Plan,
    tasks: &[Task],
    wanted: &[&Task],
    ask: &Ask,
) -> Result<()> {
    let approvals = gate::of_plan(conn, project, plan).await?;
    let mut blockers: Vec<Blocker> = Vec::new();
    for blocker in wanted.iter().filter_map(|t| approvals.task(t, false)) {
        if !blockers.contains(&blocker) {
            blockers.push(blocker);
        }
    }
    if project.payload.require_issue_approval {
        if ask.ignore_promotion {
            promotion::bypass(cx, conn, &plan.project, &ask.reason).await?;
        } else {
            let (order, by_stage, _) = staged(conn, tasks).await?;
            blockers.extend(wanted.iter().filter_map(|t| promotion::blocker(&order, &by_stage, t)));
        }
    }
    if blockers.is_empty() { Ok(()) } else { Err(Error::blocked_by("", blockers)) }
}

/// Stages in their order, with their tasks.
async fn staged(
    conn: &mut Conn,
    tasks: &[Task],
) -> Result<(Vec<String>, HashMap<String, Vec<Task>>, EnvironmentSetting)> {
    let environments = crate::setting::environments(conn).await?;
    let mut by_stage: HashMap<String, Vec<Task>> = HashMap::new();
    for task in tasks {
        by_stage.entry(view::stage_of(task)).or_default().push(task.clone());
    }
    let listed: Vec<String> = environments.environments.iter().map(|e| e.id.clone()).collect();
    let order = order_stages(by_stage.keys().cloned().collect(), &listed);
    Ok((order, by_stage, environments))
}

/// Refuses when an earlier stage is unfinished.
async fn order(conn: &mut Conn, tasks: &[Task], chosen: &[&Task]) -> Result<()> {
    let (order, by_stage, environments) = staged(conn, tasks).await?;
    let states = view::states(&order, &by_stage, &environments);
    let last = chosen
        .iter()
        .filter_map(|t| order.iter().position(|s| *s == view::stage_of(t)))
        .max()
        .unwrap_or(0);
    let blockers = earlier_stages_unfinished(&states, last);
    if blockers.is_empty() {
        return Ok(());
    }
    Err(Error::blocked_by("An earlier stage is not finished:", blockers))
}
