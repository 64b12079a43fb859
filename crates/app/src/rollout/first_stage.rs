//! How the first stage of a rollout stands.

use std::collections::BTreeSet;

use base::Result;
use policy::rollout::TaskStatus;
use store::Conn;

use super::order;
use super::view::stage_of;

pub(crate) struct FirstStage {
    /// Of its environment.
    pub title: String,
    pub tasks: Vec<TaskStatus>,
}

/// None when the plan has no task.
pub(crate) async fn first_stage(
    conn: &mut Conn,
    project: &str,
    plan: i64,
) -> Result<Option<FirstStage>> {
    let Some(plan) = store::plans::get(conn, project, plan).await? else { return Ok(None) };
    let tasks = store::tasks::of_plan(conn, &plan.project, plan.id).await?;
    let environments = crate::setting::environments(conn).await?;
    let ids: BTreeSet<String> = tasks.iter().map(stage_of).collect();
    let order = order::of(&plan, ids.into_iter().collect(), &environments).stages;
    let Some(first) = order.into_iter().next() else { return Ok(None) };
    let environment = environments.environments.iter().find(|e| e.id == first);
    let title = environment.map_or_else(|| first.clone(), |e| e.title.clone());
    let here = tasks.iter().filter(|t| stage_of(t) == first);
    Ok(Some(FirstStage { title, tasks: here.map(|t| t.status).collect() }))
}
