//! Runs of releases whose files are all in force already: nothing is to do, so no target is asked and no connection waited for. They
//! are found together and ended together. Whatever else there is to say about a run, its execution says.

use std::collections::{BTreeMap, HashMap};

use base::{Result, Time};
use policy::rollout::TaskRunStatus;
use store::Conn;
use store::rows::{LogKind, Task, TaskKind, TaskRun};

use super::{fresh, release, task_run_name};
use crate::app::App;
use crate::figures;
use crate::release::{Scope, decide_each, files_of, of_project};

/// Project and run.
pub type Key = (String, i64);

/// A run that ends without an execution.
pub struct Idle {
    pub run: TaskRun,
    pub task: Task,
    /// Of its release.
    pub files: usize,
}

/// Those of the waiting runs that have nothing to do, with the number of their files.
pub async fn among(app: &App, conn: &mut Conn, runs: &[TaskRun]) -> Result<HashMap<Key, usize>> {
    let keys: Vec<_> = runs.iter().map(|r| (r.project.clone(), r.task)).collect();
    let tasks = store::tasks::get_many(conn, &keys).await?.into_iter();
    let tasks: HashMap<_, _> = tasks.map(|t| ((t.project.clone(), t.id), t)).collect();
    let mut by_release: BTreeMap<(&str, &str), Vec<(&TaskRun, &Task)>> = BTreeMap::new();
    for run in runs.iter().filter(|run| is_new(run)) {
        let Some(task) = tasks.get(&(run.project.clone(), run.task)) else { continue };
        if let (TaskKind::DatabaseMigrate, Some(name)) = (task.kind, &task.payload.release) {
            by_release.entry((&run.project, name)).or_default().push((run, task));
        }
    }
    let mut found = HashMap::new();
    for ((project, name), runs) in by_release {
        if let Err(e) = of_release(app, conn, project, name, &runs, &mut found).await {
            tracing::warn!(release = name, error = ?e, "it is not known which runs have nothing to do; each finds out");
        }
    }
    Ok(found)
}

/// Nothing is recorded of an execution of it.
fn is_new(run: &TaskRun) -> bool {
    let payload = &run.payload;
    payload.takeovers == 0
        && payload.resume.is_none()
        && payload.changelog.is_none()
        && payload.waiting_reason.is_empty()
}

async fn of_release(
    app: &App,
    conn: &mut Conn,
    project: &str,
    name: &str,
    runs: &[(&TaskRun, &Task)],
    found: &mut HashMap<Key, usize>,
) -> Result<()> {
    let project = crate::project::of(conn, project).await?;
    let release = of_project(conn, &project.id, name).await?;
    let names: Vec<_> =
        runs.iter().map(|(_, t)| (t.instance.clone(), t.database.clone())).collect();
    let databases = store::databases::get_many(conn, &names).await?;
    let databases: HashMap<_, _> =
        databases.iter().map(|d| ((&*d.instance, &*d.name), d)).collect();
    let mut instances: Vec<_> = names.into_iter().map(|(instance, _)| instance).collect();
    instances.sort_unstable();
    instances.dedup();
    let instances = store::instances::get_many(conn, &instances).await?;
    let instances: HashMap<_, _> = instances.iter().map(|i| (&*i.id, i)).collect();
    let (mut judged, mut on) = (Vec::new(), Vec::new());
    for (run, task) in runs {
        let database = databases.get(&(&*task.instance, &*task.database)).copied();
        let (Some(instance), Some(database)) = (instances.get(&*task.instance), database) else {
            continue;
        };
        if fresh::changed(&project, task, instance, Some(database)).is_empty() {
            judged.push((run.project.clone(), run.id));
            on.push((database, app.engines.get(instance.engine)?.reader(instance.engine)));
        }
    }
    let files = files_of(&release);
    let scope = Scope::of(&project, &release);
    decide_each(conn, &files, &HashMap::new(), &scope, &on, |at, decided| {
        if decided.is_nothing() {
            found.insert(judged[at].clone(), files.len());
        }
    })
    .await
}

/// Ends those of them that still wait, as their executions would.
pub async fn end(app: &App, conn: &mut Conn, idle: &[Idle], now: Time) -> Result<()> {
    let mut alike: BTreeMap<(&str, i64, usize), Vec<&Idle>> = BTreeMap::new();
    for one in idle {
        alike.entry((&one.run.project, one.run.plan, one.files)).or_default().push(one);
    }
    for ((project, plan, files), mut some) in alike {
        let detail = release::all_applied(files);
        let ids: Vec<_> = some.iter().map(|one| one.run.id).collect();
        let replica = &app.config.replica;
        let done =
            store::task_runs::end_waiting(conn, project, &ids, replica, &detail, now).await?;
        some.retain(|one| done.binary_search(&one.run.id).is_ok());
        let logs: Vec<_> = some
            .iter()
            .map(|one| (one.run.id, task_run_name(&one.task, &one.run).to_string()))
            .collect();
        let line = LogKind::Note { text: release::skipped(files) };
        store::task_run_logs::only_line(conn, project, &logs, replica, &line, now).await?;
        super::announce(conn, project, plan, now).await?;
        for one in &some {
            figures::ended(&one.run, TaskRunStatus::Done, false, now);
        }
        if let Some(last) = some.last() {
            crate::webhook::task_ended(app, conn, &last.run, TaskRunStatus::Done, &detail).await?;
        }
        tracing::info!(project, plan, runs = some.len(), "runs had nothing to do");
    }
    Ok(())
}
