//! How a rollout goes: a failure is told once until somebody runs or skips again, its completion once.

use base::Result;
use policy::rollout::TaskRunStatus;
use store::Conn;
use store::rows::{Plan, TaskRun};

use super::{EventKind, Happening, emit};
use crate::app::App;

/// A run of a task ended.
pub(crate) async fn task_ended(
    app: &App,
    conn: &mut Conn,
    run: &TaskRun,
    status: TaskRunStatus,
    detail: &str,
) -> Result<()> {
    match status {
        TaskRunStatus::Failed => {
            let kind = EventKind::RolloutFailed;
            if !wanted(conn, &run.project, kind).await?
                || !store::outbox::tell_once(conn, &run.project, run.plan, kind.as_str()).await?
            {
                return Ok(());
            }
            let Some(plan) = store::plans::get(conn, &run.project, run.plan).await? else {
                return Ok(());
            };
            let key = [(run.project.clone(), run.task)];
            let task = store::tasks::get_many(conn, &key).await?.pop();
            let mut happening = of_plan(kind, &plan, Some(run.creator.clone()));
            detail.clone_into(&mut happening.detail);
            if let Some(task) = task {
                let database = format!("{} on {}", task.database, task.instance);
                happening.facts.push(("Database".to_owned(), database));
                if let Some(stage) = task.environment {
                    happening.facts.push(("Stage".to_owned(), stage));
                }
            }
            emit(app, conn, &happening).await
        }
        TaskRunStatus::Done => completed(app, conn, &run.project, run.plan).await,
        _ => Ok(()),
    }
}

/// Somebody asks for runs: what was told may be told again.
pub(crate) async fn run_asked(conn: &mut Conn, plan: &Plan) -> Result<()> {
    Ok(store::outbox::tell_again(conn, &plan.project, plan.id).await?)
}

/// Tasks were settled without a run, perhaps the last ones.
pub(crate) async fn tasks_skipped(app: &App, conn: &mut Conn, plan: &Plan) -> Result<()> {
    run_asked(conn, plan).await?;
    completed(app, conn, &plan.project, plan.id).await
}

async fn completed(app: &App, conn: &mut Conn, project: &str, plan: i64) -> Result<()> {
    let kind = EventKind::RolloutCompleted;
    if !wanted(conn, project, kind).await?
        || store::tasks::any_open(conn, project, plan).await?
        || !store::outbox::tell_once(conn, project, plan, kind.as_str()).await?
    {
        return Ok(());
    }
    match store::plans::get(conn, project, plan).await? {
        Some(plan) => emit(app, conn, &of_plan(kind, &plan, None)).await,
        None => Ok(()),
    }
}

/// Whether anybody is told: runs of thousands of tasks end here.
async fn wanted(conn: &mut Conn, project: &str, kind: EventKind) -> Result<bool> {
    let all = store::webhooks::of_project(conn, project).await?;
    Ok(all.iter().any(|w| w.payload.asks_for(kind.as_str())))
}

fn of_plan(kind: EventKind, plan: &Plan, actor: Option<String>) -> Happening {
    let mut happening = Happening::new(kind, &plan.project, &plan.title, actor);
    happening.plan = Some(plan.id);
    happening
}
