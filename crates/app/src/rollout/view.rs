//! A rollout as people see it: stages in environment order, tasks with their latest run and what stands in their way.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base::{Blocker, Error, Result, Time};
use policy::rollout::{StageState, TaskStatus, earlier_stages_unfinished};
use store::Conn;
use store::rows::{EnvironmentSetting, Plan, Task, TaskRun};

use super::{order, promotion};
use crate::approval::gate::{self, Approvals};
use crate::cx::Cx;
use crate::emergency::Overdue;
use crate::execution::NO_STAGE;

#[derive(Debug, Clone)]
pub struct RolloutView {
    pub plan: Plan,
    pub stages: Vec<StageView>,
    pub created_at: Time,
    pub updated_at: Time,
}

#[derive(Debug, Clone)]
pub struct StageView {
    /// Environment id, or `-`.
    pub id: String,
    pub tasks: Vec<TaskView>,
}

#[derive(Debug, Clone)]
pub struct TaskView {
    pub task: Task,
    pub latest_run: Option<TaskRun>,
    pub blockers: Vec<Blocker>,
}

pub async fn get(cx: &Cx, project: &str, plan: i64) -> Result<RolloutView> {
    let name = format!("projects/{project}/plans/{plan}/rollout");
    let mut conn = cx.app.store.read().await?;
    let found = store::plans::get(&mut conn, project, plan).await?.filter(|p| p.has_rollout);
    let found = found.ok_or_else(|| Error::not_found(&name))?;
    let mut views = of_plans(&mut conn, vec![found], cx.now()).await?;
    views.pop().ok_or_else(|| Error::internal("a plan without a rollout"))
}

/// In the same order, by a fixed number of queries.
pub(super) async fn of_plans(
    conn: &mut Conn,
    plans: Vec<Plan>,
    now: Time,
) -> Result<Vec<RolloutView>> {
    let environments = crate::setting::environments(conn).await?;
    let keys: Vec<_> = plans.iter().map(|p| (p.project.clone(), p.id)).collect();
    let tasks = store::tasks::of_plans(conn, &keys).await?;
    let keys: Vec<_> = tasks.iter().map(|t| (t.project.clone(), t.id)).collect();
    let runs = store::task_runs::latest(conn, &keys).await?;
    let mut runs: HashMap<_, _> =
        runs.into_iter().map(|r| ((r.project.clone(), r.task), r)).collect();
    let ids: BTreeSet<_> = plans.iter().map(|p| p.project.clone()).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let projects: BTreeMap<_, _> = store::projects::get_many(conn, &ids)
        .await?
        .into_iter()
        .map(|p| (p.id.clone(), p))
        .collect();
    let approvals = gate::of_plans(conn, &projects, &plans).await?;
    let overdue = Overdue::read(conn, now).await?;
    let mut by_plan: HashMap<_, Vec<Task>> = HashMap::new();
    for task in tasks {
        by_plan.entry((task.project.clone(), task.plan)).or_default().push(task);
    }
    let view = |plan: Plan| {
        let key = (plan.project.clone(), plan.id);
        let tasks = by_plan.remove(&key).unwrap_or_default();
        let required =
            projects.get(&plan.project).is_some_and(|p| p.payload.require_issue_approval);
        let governed = approvals.get(&key).filter(|_| required);
        let created_at = tasks.iter().map(|t| t.created_at).min().unwrap_or(plan.updated_at);
        let updated_at = tasks.iter().map(|t| t.updated_at).max().unwrap_or(plan.updated_at);
        let stages = stages(&plan, tasks, &mut runs, &environments, governed, &overdue);
        RolloutView { stages, plan, created_at, updated_at }
    };
    Ok(plans.into_iter().map(view).collect())
}

/// Stages in environment order; with approvals where the project requires them. Pure.
fn stages(
    plan: &Plan,
    tasks: Vec<Task>,
    runs: &mut HashMap<(String, i64), TaskRun>,
    environments: &EnvironmentSetting,
    governed: Option<&Approvals>,
    overdue: &Overdue,
) -> Vec<StageView> {
    let mut by_stage: HashMap<String, Vec<Task>> = HashMap::new();
    for task in tasks {
        by_stage.entry(stage_of(&task)).or_default().push(task);
    }
    let order = order::of(plan, by_stage.keys().cloned().collect(), environments).stages;
    let states = states(&order, &by_stage, environments);
    let mut out = Vec::new();
    let gated = |task: &Task, first: bool| {
        let approval = governed.and_then(|a| a.task(task, false));
        let promotion =
            governed.filter(|_| first).and_then(|_| promotion::blocker(&order, &by_stage, task));
        approval.into_iter().chain(promotion).chain(overdue.of(task)).collect::<Vec<_>>()
    };
    let mut gates: HashMap<i64, Vec<Blocker>> = HashMap::new();
    for (i, id) in order.iter().enumerate() {
        let clear = earlier_stages_unfinished(&states, i).is_empty();
        for task in by_stage.get(id).into_iter().flatten() {
            gates.insert(task.id, gated(task, clear));
        }
    }
    for (i, id) in order.into_iter().enumerate() {
        let before = earlier_stages_unfinished(&states, i);
        let tasks = by_stage.remove(&id).unwrap_or_default();
        let view = |task: Task| {
            let latest_run = runs.remove(&(task.project.clone(), task.id));
            let gates = gates.remove(&task.id).unwrap_or_default();
            let blockers = blockers(&task, latest_run.as_ref(), &before, gates);
            TaskView { task, latest_run, blockers }
        };
        out.push(StageView { tasks: tasks.into_iter().map(view).collect(), id });
    }
    out
}

/// The stages as the order of stages sees them.
pub(super) fn states(
    order: &[String],
    by_stage: &HashMap<String, Vec<Task>>,
    environments: &EnvironmentSetting,
) -> Vec<StageState> {
    let title = |id: &String| {
        let found = environments.environments.iter().find(|e| e.id == *id);
        found.map_or_else(|| id.clone(), |e| e.title.clone())
    };
    let status = |id: &String| {
        by_stage.get(id).map(|t| t.iter().map(|t| t.status).collect()).unwrap_or_default()
    };
    order
        .iter()
        .map(|id| StageState { id: id.clone(), title: title(id), tasks: status(id) })
        .collect()
}

/// What keeps a task from running, as data: the earlier stages, its gate, or the reason for which its run waits.
fn blockers(
    task: &Task,
    run: Option<&TaskRun>,
    before: &[Blocker],
    gates: Vec<Blocker>,
) -> Vec<Blocker> {
    match task.status {
        TaskStatus::NotStarted | TaskStatus::Failed | TaskStatus::Canceled => {
            let unknown = run.and_then(|r| super::resume::blocker(task, r));
            before.iter().cloned().chain(gates).chain(unknown).collect()
        }
        TaskStatus::Pending => {
            let waits = run.filter(|r| !r.payload.waiting_reason.is_empty());
            let blocker = |r: &TaskRun| Blocker {
                reason: r.payload.waiting_reason.clone(),
                subject: format!("tasks/{}", task.id),
                message: r.detail.clone(),
            };
            waits.map(blocker).into_iter().collect()
        }
        TaskStatus::Running | TaskStatus::Done | TaskStatus::Skipped => Vec::new(),
    }
}

pub(super) fn stage_of(task: &Task) -> String {
    stage_id(task).to_owned()
}

pub(crate) fn stage_id(task: &Task) -> &str {
    task.environment.as_deref().unwrap_or(NO_STAGE)
}
