//! The runs of tasks and what they logged.

use std::collections::HashMap;

use base::name::{TaskName, TaskRunName, parse_number};
use base::{Error, Result};
use store::rows::{Checkpoint, LogEntry, Resume, Task, TaskRun};
use store::{Conn, Filter, List, task_runs};

use crate::cx::Cx;

/// Entries read at once.
const BATCH: i64 = 2_000;
/// Entries of one answer; the rest is read from the log stream.
const MAX_ENTRIES: usize = 50_000;

/// A run as people see it.
#[derive(Debug, Clone)]
pub struct RunView {
    pub task: Task,
    pub run: TaskRun,
    /// None before the script was read.
    pub checkpoint: Option<Checkpoint>,
}

/// Runs of a task, of a stage's tasks or of a plan's (`-`), oldest first.
pub async fn runs(cx: &Cx, parent: &str) -> Result<Vec<RunView>> {
    let parent = TaskName::parse("parent", parent)?;
    let plan = parse_number("parent", &parent.plan)?;
    let task = if parent.task == "-" { None } else { Some(parse_number("parent", &parent.task)?) };
    let mut conn = cx.app.store.read().await?;
    let tasks = store::tasks::of_plan(&mut conn, &parent.project, plan).await?;
    let runs = all_runs(&mut conn, &parent.project, plan, task).await?;
    let keys: Vec<_> = runs.iter().map(|r| (r.project.clone(), r.id)).collect();
    let checkpoints = store::checkpoints::of_runs(&mut conn, &keys).await?;
    let mut checkpoints: HashMap<i64, Checkpoint> =
        checkpoints.into_iter().map(|((_, id), c)| (id, c)).collect();
    let by_id: HashMap<i64, &Task> = tasks.iter().map(|t| (t.id, t)).collect();
    let here = |t: &Task| parent.stage == "-" || super::view::stage_of(t) == parent.stage;
    let views = runs.into_iter().filter_map(|run| {
        let task = by_id.get(&run.task).filter(|t| here(t))?;
        let checkpoint = checkpoints.remove(&run.id).or_else(|| before(&run));
        Some(RunView { task: (*task).clone(), run, checkpoint })
    });
    Ok(views.collect())
}

/// One run with where it is.
pub async fn view(cx: &Cx, name: &str) -> Result<RunView> {
    let (task, run) = run(cx, name).await?;
    let mut conn = cx.app.store.read().await?;
    let checkpoint = store::checkpoints::get(&mut conn, &run.project, run.id).await?;
    let checkpoint = checkpoint.or_else(|| before(&run));
    Ok(RunView { task, run, checkpoint })
}

async fn all_runs(
    conn: &mut Conn,
    project: &str,
    plan: i64,
    task: Option<i64>,
) -> Result<Vec<TaskRun>> {
    let mut filter = Filter::eq(task_runs::PROJECT, project).and(Filter::eq(task_runs::PLAN, plan));
    if let Some(task) = task {
        filter = filter.and(Filter::eq(task_runs::TASK, task));
    }
    let mut args = List::of(filter);
    let mut runs = Vec::new();
    loop {
        let page = task_runs::list(conn, &args).await?;
        runs.extend(page.items);
        args.token = page.next;
        if args.token.is_none() {
            runs.sort_by_key(|r| r.id);
            return Ok(runs);
        }
    }
}

/// What earlier runs applied, of a run that has no checkpoint of its own.
pub(super) fn before(run: &TaskRun) -> Option<Checkpoint> {
    run.payload.resume.as_ref().map(Resume::checkpoint)
}

/// One run with its task.
pub async fn run(cx: &Cx, name: &str) -> Result<(Task, TaskRun)> {
    let mut conn = cx.app.store.read().await?;
    let run = find(&mut conn, "name", name).await?;
    let task = store::tasks::get(&mut conn, &run.project, run.task).await?;
    Ok((task.ok_or_else(|| Error::not_found(name))?, run))
}

/// The run of that name, which stood in request field `field`.
pub(super) async fn find(conn: &mut Conn, field: &str, name: &str) -> Result<TaskRun> {
    let parsed = TaskRunName::parse(field, name)?;
    let id = parse_number(field, &parsed.run)?;
    let run = store::task_runs::get(conn, &parsed.project, id).await?;
    let run =
        run.filter(|r| r.task.to_string() == parsed.task && r.plan.to_string() == parsed.plan);
    run.ok_or_else(|| Error::not_found(&parsed))
}

/// The log of a run from its beginning.
pub async fn log(cx: &Cx, name: &str) -> Result<Vec<LogEntry>> {
    let (_, run) = run(cx, name).await?;
    let mut conn = cx.app.store.read().await?;
    let mut entries: Vec<LogEntry> = Vec::new();
    while entries.len() < MAX_ENTRIES {
        let last = entries.last().map_or(0, |e| e.seq);
        let more =
            store::task_run_logs::after(&mut conn, &run.project, run.id, last, BATCH).await?;
        if more.is_empty() {
            break;
        }
        entries.extend(more);
    }
    Ok(entries)
}
