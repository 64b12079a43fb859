//! A fresh look, right before a run, at everything its task names. What changed since the task was made stops it.

use std::sync::Arc;

use base::{Blocker, Error, Result};
use engine::Engine;
use store::rows::{
    Database, EnvironmentSetting, Instance, Plan, Project, Release, State, Task, TaskKind, TaskRun,
};

use crate::app::App;

/// All that a run needs to know, read together.
pub struct Fresh {
    pub project: Project,
    pub plan: Plan,
    pub task: Task,
    pub instance: Instance,
    /// None for a database that the task is to create.
    pub database: Option<Database>,
    pub environments: EnvironmentSetting,
    pub engine: Arc<dyn Engine>,
    /// The SQL; empty when a database is to be created, or a release is run.
    pub script: String,
    /// That is run.
    pub release: Option<Release>,
}

/// Loads what `run` is about, or says all that stands in the way.
pub async fn look(app: &App, run: &TaskRun) -> Result<Fresh> {
    let mut conn = app.store.read().await?;
    let gone = |what: String| Error::blocked(format!("{what} does not exist any more"), Vec::new());
    let project = store::projects::get(&mut conn, &run.project)
        .await?
        .ok_or_else(|| gone(format!("project {}", run.project)))?;
    let plan = store::plans::get(&mut conn, &run.project, run.plan)
        .await?
        .ok_or_else(|| gone(format!("plan {}", run.plan)))?;
    let task = store::tasks::get(&mut conn, &run.project, run.task)
        .await?
        .ok_or_else(|| gone(format!("task {}", run.task)))?;
    let instance = store::instances::get(&mut conn, &task.instance)
        .await?
        .ok_or_else(|| gone(format!("instance {}", task.instance)))?;
    let database = store::databases::get(&mut conn, &task.instance, &task.database).await?;
    let environments = crate::setting::environments(&mut conn).await?;
    let release = match &task.payload.release {
        Some(name) => Some(crate::release::of_project(&mut conn, &run.project, name).await?),
        None => None,
    };
    let script = match task.kind {
        TaskKind::DatabaseMigrate if release.is_none() => {
            let bytes = store::blobs::get(&mut conn, &task.sheet_sha256).await?;
            let bytes = bytes.ok_or_else(|| {
                Error::internal(format!("sheet {} is not in the store", task.sheet_sha256))
            })?;
            String::from_utf8(bytes)
                .map_err(|e| Error::internal("a stored sheet is not UTF-8").with_source(e))?
        }
        TaskKind::DatabaseMigrate | TaskKind::DatabaseCreate => String::new(),
    };
    drop(conn);
    let blockers = changed(&project, &task, &instance, database.as_ref());
    if !blockers.is_empty() {
        let all: Vec<_> = blockers.iter().map(|b| b.message.clone()).collect();
        return Err(Error::blocked(all.join(" "), blockers));
    }
    let engine = Arc::clone(app.engines.get(instance.engine)?);
    Ok(Fresh { project, plan, task, instance, database, environments, engine, script, release })
}

/// What is not any more as it was when the task was made. Pure.
pub fn changed(
    project: &Project,
    task: &Task,
    instance: &Instance,
    database: Option<&Database>,
) -> Vec<Blocker> {
    let mut found = Vec::new();
    let mut say = |reason: &str, subject: String, what: &str| {
        found.push(Blocker {
            reason: reason.to_owned(),
            message: format!("{subject} {what}."),
            subject,
        });
    };
    if project.state == State::Deleted {
        say(
            "PROJECT_DELETED",
            format!("projects/{}", project.id),
            "is deleted; undelete it to run its changes",
        );
    }
    if instance.state == State::Deleted {
        say(
            "INSTANCE_DELETED",
            format!("instances/{}", instance.id),
            "is deleted; undelete it to change its databases",
        );
    }
    let name = format!("instances/{}/databases/{}", task.instance, task.database);
    match (task.kind, database) {
        (TaskKind::DatabaseCreate, Some(d)) if d.state == State::Active => {
            say("DATABASE_EXISTS", name, "exists already; skip the task");
        }
        (TaskKind::DatabaseCreate, _) => {}
        (TaskKind::DatabaseMigrate, None) => {
            say("DATABASE_GONE", name, "is not known; sync its instance or skip the task");
        }
        (TaskKind::DatabaseMigrate, Some(d)) => {
            if d.state == State::Deleted {
                say(
                    "DATABASE_GONE",
                    name.clone(),
                    "was dropped since the plan was made; skip the task, or sync when it is back",
                );
            }
            if d.project != task.project {
                say(
                    "DATABASE_MOVED",
                    name.clone(),
                    "belongs to another project now; skip the task or move it back",
                );
            }
            if d.effective_environment != task.environment {
                say(
                    "ENVIRONMENT_CHANGED",
                    name,
                    "is in another environment than when the task was made; make a new plan",
                );
            }
        }
    }
    found
}
