//! Cancels runs. One that waits is canceled at once; a running one is stopped at the server and says what stays.

use base::name::{StageName, TaskName, TaskRunName, parse_number};
use base::{Blocker, Error, Result, Time};
use policy::rollout::TaskRunStatus;
use store::Conn;
use store::rows::TaskRun;

use super::may_run::Right;
use super::view::stage_id;
use crate::cx::Cx;
use crate::execution::{outcome, task_run_name};

/// `parent` is `…/stages/{stage}/tasks/{task}`, either of them perhaps `-`.
pub async fn cancel(cx: &Cx, parent: &str, names: &[String]) -> Result<()> {
    let parent = TaskName::parse("parent", parent)?;
    let plan = parse_number("parent", &parent.plan)?;
    let of = format!("projects/{}/plans/{plan}", parent.project);
    let right = Right::of(cx, &parent.project, &of).await?;
    if names.is_empty() {
        return Err(Error::field("task_runs", "name at least one run"));
    }
    let mut ids = Vec::new();
    for (i, text) in names.iter().enumerate() {
        let field = format!("task_runs[{i}]");
        let name = TaskRunName::parse(&field, text)?;
        let same = |a: &str, b: &str| a == "-" || a == b;
        if name.project != parent.project
            || name.plan != parent.plan
            || !same(&parent.stage, &name.stage)
        {
            return Err(Error::field(field, format!("{text} is not below the parent")));
        }
        ids.push((parse_number(&field, &name.run)?, name));
    }
    let now = cx.now();
    let mut tx = cx.app.store.begin().await?;
    let (mut wanted, mut paused, mut tasks) = (Vec::new(), Vec::new(), Vec::new());
    for (id, name) in &ids {
        let run = store::task_runs::get(&mut tx, &name.project, *id).await?;
        let run = run.filter(|r| r.plan == plan && r.task.to_string() == name.task);
        let run = run.ok_or_else(|| Error::not_found(name))?;
        tasks.push((name.project.clone(), run.task));
        // It began, and waits between two units.
        if run.status == TaskRunStatus::Pending && run.payload.changelog.is_some() {
            paused.push(run);
        } else {
            wanted.push(*id);
        }
    }
    let tasks = store::tasks::get_many(&mut tx, &tasks).await?;
    right.check(cx, &mut tx, &of, tasks.iter().map(stage_id)).await?;
    let who = cx.caller.name().unwrap_or_default();
    let detail = format!("Canceled by {who} before it started.");
    let mut canceled =
        store::task_runs::cancel(&mut tx, &parent.project, &wanted, &detail, now).await?;
    for run in paused {
        canceled.canceled.extend(cancel_paused(&mut tx, &run, &who, now).await?);
    }
    let over = ids
        .iter()
        .filter(|(id, _)| !canceled.canceled.contains(id) && !canceled.requested.contains(id));
    let over: Vec<_> = over.map(|(_, name)| ended(name)).collect();
    if !over.is_empty() {
        return Err(Error::blocked_by("", over));
    }
    crate::execution::announce(&mut tx, &parent.project, plan, now).await?;
    Ok(tx.commit().await?)
}

/// A part of it may be applied, and its changelog is not closed yet.
async fn cancel_paused(conn: &mut Conn, run: &TaskRun, who: &str, now: Time) -> Result<Vec<i64>> {
    let at = store::checkpoints::get(conn, &run.project, run.id).await?.unwrap_or_default();
    let detail = format!("Canceled by {who} while it waited. {}", outcome::before(&at));
    let canceled =
        store::task_runs::cancel(conn, &run.project, &[run.id], &detail, now).await?.canceled;
    let task = store::tasks::get(conn, &run.project, run.task).await?;
    if let Some(task) = task.filter(|_| !canceled.is_empty()) {
        let name = task_run_name(&task, run).to_string();
        store::changelogs::fail_pending(conn, &name, now).await?;
    }
    Ok(canceled)
}

fn ended(name: &TaskRunName) -> Blocker {
    let subject = name.to_string();
    Blocker { reason: "RUN_ENDED".into(), message: format!("{subject} has ended already"), subject }
}

/// The plan of `parent` and the tasks, all of that plan.
pub(crate) fn named_tasks(
    parent: &str,
    tasks: &[String],
) -> Result<((String, i64), Vec<TaskName>)> {
    let stage = StageName::parse("parent", parent)?;
    let mut names = Vec::new();
    for (i, text) in tasks.iter().enumerate() {
        let field = format!("tasks[{i}]");
        let name = TaskName::parse(&field, text)?;
        if name.project != stage.project || name.plan != stage.plan {
            return Err(Error::field(field, format!("{text} is not a task of {parent}")));
        }
        names.push(name);
    }
    let plan = parse_number("parent", &stage.plan)?;
    Ok(((stage.project, plan), names))
}
