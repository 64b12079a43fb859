//! Settles tasks without running them. Final, and never without a reason.

use base::{Error, Result};
use policy::rollout::{Action, Answer, decide};

use super::may_run::Right;
use super::run_tasks::{choose, lock};
use super::view::stage_id;
use crate::approval::gate;
use crate::cx::Cx;

const MAX_REASON: usize = 1_000;

/// `parent` is `…/rollout/stages/{stage}`, or with `-` for any.
pub async fn skip(cx: &Cx, parent: &str, tasks: &[String], reason: &str) -> Result<()> {
    if reason.trim().is_empty() || reason.chars().count() > MAX_REASON {
        return Err(Error::field(
            "reason",
            "say in 1 to 1000 characters why the tasks are skipped; skipping is final",
        ));
    }
    let ((project, plan), names) = super::cancel::named_tasks(parent, tasks)?;
    let name = format!("projects/{project}/plans/{plan}");
    let right = Right::of(cx, &project, &name).await?;
    let now = cx.now();
    let mut tx = cx.app.store.begin().await?;
    let (plan, tasks) = lock(&mut tx, &project, plan).await?;
    let mut ids = Vec::new();
    let mut refused = Vec::new();
    let chosen = choose(parent, &tasks, &names)?;
    right.check(cx, &mut tx, &name, chosen.iter().map(|t| stage_id(t))).await?;
    let of = crate::project::live(&mut tx, &plan.project).await?;
    // Skipping runs nothing, so it waits for no approval; the stage behind does not take it for finished.
    refused.extend(gate::of_plan(&mut tx, &of, &plan).await?.submitted());
    for task in chosen {
        match decide(Action::Skip, &format!("tasks/{}", task.id), task.status) {
            Answer::Do => ids.push(task.id),
            Answer::Already => {}
            Answer::Refuse(blocker) => refused.push(blocker),
        }
    }
    if !refused.is_empty() {
        return Err(Error::blocked_by("", refused));
    }
    if !ids.is_empty() {
        store::tasks::skip(&mut tx, &plan.project, &ids, reason.trim(), now).await?;
        let rollout = format!("projects/{}/plans/{}/rollout", plan.project, plan.id);
        store::events::append(&mut tx, &rollout, "rollout", "", now).await?;
        crate::webhook::tasks_skipped(&cx.app, &mut tx, &plan).await?;
    }
    Ok(tx.commit().await?)
}
