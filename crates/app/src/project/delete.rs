//! Deleting projects: softly, back again, and for good.

use base::name::{DEFAULT_PROJECT, ProjectName};
use base::{Blocker, Error, Result};
use store::rows::{Project, State};
use store::{Conn, Filter, List, events, instances, projects, service_accounts, task_runs};

use super::is_default;
use crate::cx::Cx;

/// Most names in a batch.
const MOST: usize = 1_000;

/// Softly: it can be undeleted, and nothing runs in it meanwhile. With `purge` for good: plans, issues and rollouts go,
/// databases move to the default project. Only what was softly deleted before can be purged.
pub async fn delete(cx: &Cx, name: &str, purge: bool) -> Result<()> {
    batch_delete(cx, &[name.to_owned()], purge).await
}

/// All of them, or none.
pub async fn batch_delete(cx: &Cx, names: &[String], purge: bool) -> Result<()> {
    if names.is_empty() || names.len() > MOST {
        return Err(Error::field("names", format!("name 1 to {MOST} projects")));
    }
    let mut tx = cx.app.store.begin().await?;
    for name in names {
        let name = ProjectName::parse("name", name)?;
        if purge { remove(cx, &mut tx, &name).await? } else { soften(cx, &mut tx, &name).await? }
    }
    Ok(tx.commit().await?)
}

pub async fn undelete(cx: &Cx, name: &str) -> Result<Project> {
    let name = ProjectName::parse("name", name)?;
    let mut tx = cx.app.store.begin().await?;
    let mut project = super::of(&mut tx, &name.project).await?;
    if project.state == State::Deleted {
        projects::undelete(&mut tx, &mut project, cx.app.now()).await?;
        super::tell(&mut tx, &project).await?;
        tx.commit().await?;
    }
    Ok(project)
}

async fn soften(cx: &Cx, conn: &mut Conn, name: &ProjectName) -> Result<()> {
    refuse_default(name)?;
    let mut project = super::live(conn, &name.project).await?;
    projects::delete(conn, &mut project, cx.app.now()).await?;
    super::tell(conn, &project).await
}

async fn remove(cx: &Cx, conn: &mut Conn, name: &ProjectName) -> Result<()> {
    refuse_default(name)?;
    let project = super::of(conn, &name.project).await?;
    if project.state != State::Deleted {
        return Err(refused("NOT_DELETED", name, "delete the project before you purge it"));
    }
    let own = Filter::eq(instances::PROJECT, name.project.as_str());
    if instances::count(conn, &own).await? > 0 {
        return Err(refused("HAS_INSTANCES", name, "purge the instances that belong to it first"));
    }
    if task_runs::active(conn).await?.iter().any(|run| run.project == name.project) {
        return Err(refused(
            "HAS_RUNS",
            name,
            "a task of it is running: wait for it, or cancel it",
        ));
    }
    retire_accounts(cx, conn, &name.project).await?;
    projects::purge(conn, &name.project, DEFAULT_PROJECT).await?;
    Ok(events::append(conn, &name.to_string(), "project", "", cx.app.now()).await?)
}

/// Deletes the project's accounts: a project that gets the same id one day must not inherit their keys.
async fn retire_accounts(cx: &Cx, conn: &mut Conn, project: &str) -> Result<()> {
    let live = Filter::eq(service_accounts::PROJECT, project)
        .and(Filter::eq(service_accounts::STATE, "ACTIVE"));
    loop {
        let page = service_accounts::list(conn, &List::of(live.clone())).await?;
        if page.items.is_empty() {
            return Ok(());
        }
        for mut account in page.items {
            service_accounts::delete(conn, &mut account, cx.app.now()).await?;
            crate::service_account::tell(conn, &account).await?;
        }
    }
}

fn refuse_default(name: &ProjectName) -> Result<()> {
    if is_default(&name.project) {
        return Err(refused(
            "DEFAULT_PROJECT",
            name,
            "databases without a project need this one; it stays",
        ));
    }
    Ok(())
}

fn refused(reason: &str, name: &ProjectName, message: &str) -> Error {
    let blocker = Blocker {
        reason: reason.to_owned(),
        subject: name.to_string(),
        message: message.to_owned(),
    };
    Error::blocked(format!("{name} cannot be deleted: {message}"), vec![blocker])
}
