//! Stages that start by themselves: where the environment's policy says so, in the order of stages, once gate and checks are clean.
//!
//! Idempotent: what it begins goes through the same use cases as what people begin, and they leave alone what runs or is done.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use base::{Code, Result};
use policy::rollout::TaskStatus;
use store::Conn;
use store::rows::{CheckLevel, CheckStatus, EnvironmentSetting, Plan, SpecConfig, State, Task};

use super::view::stage_of;
use super::{create, order, run_tasks};
use crate::app::App;
use crate::approval::gate::{self, Approvals};
use crate::cx::Cx;

const PAGE: i64 = 200;

/// Starts everything that may start now.
pub async fn start_all(app: &Arc<App>) -> Result<()> {
    let mut conn = app.store.read().await?;
    let automatic = crate::org_policy::automatic(&mut conn).await?;
    if automatic.is_empty() {
        return Ok(());
    }
    let cx = Cx::system(app, "automatic rollout");
    let mut after = (String::new(), 0);
    loop {
        let page = store::approvals::startable(&mut conn, &automatic, &after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.clone();
        for (project, plan) in &page {
            match start(&cx, project, *plan, &automatic).await {
                Ok(()) => {}
                // People see on the plan what stands in the way.
                Err(e) if e.code() == Code::FailedPrecondition => {
                    tracing::debug!(project, plan, error = ?e, "a stage does not start by itself");
                }
                Err(e) => {
                    tracing::warn!(project, plan, error = ?e, "a stage could not be started; trying again");
                }
            }
        }
    }
}

/// The next stage of a plan, if it is one that starts by itself.
async fn start(cx: &Cx, project: &str, plan: i64, automatic: &BTreeSet<String>) -> Result<()> {
    let Some(mut seen) = Seen::read(cx, project, plan).await? else { return Ok(()) };
    if !seen.plan.has_rollout {
        if !seen.first_stage_is_open(automatic) {
            return Ok(());
        }
        let ask = create::Ask { project: project.to_owned(), plan, ..create::Ask::default() };
        create::create(cx, ask).await?;
        match Seen::read(cx, project, plan).await? {
            Some(now) => seen = now,
            None => return Ok(()),
        }
    }
    let Some((stage, tasks)) = seen.next_tasks(automatic) else { return Ok(()) };
    let parent = format!("projects/{project}/plans/{plan}/rollout/stages/{stage}");
    let tasks = tasks.iter().map(|id| format!("{parent}/tasks/{id}")).collect();
    run_tasks::run(cx, run_tasks::Ask { parent, tasks, ..run_tasks::Ask::default() }).await
}

/// What the decision needs.
struct Seen {
    plan: Plan,
    tasks: Vec<Task>,
    approvals: Approvals,
    environments: EnvironmentSetting,
}

impl Seen {
    /// None when nothing of the plan may start by itself.
    async fn read(cx: &Cx, project: &str, plan: i64) -> Result<Option<Self>> {
        let mut conn = cx.app.store.read().await?;
        let found = store::projects::get(&mut conn, project).await?;
        let Some(project) = found.filter(|p| p.state == State::Active) else { return Ok(None) };
        let plan = store::plans::get(&mut conn, &project.id, plan).await?;
        let Some(plan) = plan.filter(|p| p.state == State::Active) else { return Ok(None) };
        let changes = |c: &SpecConfig| matches!(c, SpecConfig::ChangeDatabase(_));
        if !plan.payload.specs.iter().all(|s| changes(&s.config))
            || !checks_are_clean(&mut conn, &plan).await?
        {
            return Ok(None);
        }
        let approvals = gate::of_plan(&mut conn, &project, &plan).await?;
        let tasks = store::tasks::of_plan(&mut conn, &plan.project, plan.id).await?;
        let environments = crate::setting::environments(&mut conn).await?;
        Ok(Some(Self { plan, tasks, approvals, environments }))
    }

    fn order(&self, stages: Vec<String>) -> Vec<String> {
        order::of(&self.plan, stages, &self.environments).stages
    }

    fn first_stage_is_open(&self, automatic: &BTreeSet<String>) -> bool {
        let stages: HashMap<_, _> =
            self.approvals.stages().unwrap_or_default().into_iter().collect();
        let order = self.order(stages.keys().cloned().collect());
        order.first().is_some_and(|s| automatic.contains(s) && stages[s])
    }

    /// Tasks of the first stage that is not settled, if it starts by itself. What failed waits for a person.
    fn next_tasks(&self, automatic: &BTreeSet<String>) -> Option<(String, Vec<i64>)> {
        let mut by_stage: HashMap<String, Vec<&Task>> = HashMap::new();
        for task in &self.tasks {
            by_stage.entry(stage_of(task)).or_default().push(task);
        }
        let order = self.order(by_stage.keys().cloned().collect());
        let open = |s: &&String| by_stage[*s].iter().any(|t| !t.status.is_settled());
        let stage = order.iter().find(open).filter(|s| automatic.contains(*s))?;
        let may = |t: &&&Task| {
            t.status == TaskStatus::NotStarted
                && (!self.approvals.has_issue() || self.approvals.task(t, true).is_none())
        };
        let ids: Vec<i64> = by_stage[stage].iter().filter(may).map(|t| t.id).collect();
        (!ids.is_empty()).then(|| (stage.clone(), ids))
    }
}

/// They are done for the present input, without an error.
async fn checks_are_clean(conn: &mut Conn, plan: &Plan) -> Result<bool> {
    let check = store::plan_checks::get(conn, &plan.project, plan.id).await?;
    Ok(check.is_some_and(|c| {
        c.status == CheckStatus::Done
            && c.input_version == plan.input_version
            && c.results.iter().all(|r| r.level != CheckLevel::Error)
    }))
}
