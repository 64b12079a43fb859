//! Reads repositories and what came of looking at them.

use std::collections::HashMap;

use base::name::ProjectName;
use base::page::Page;
use base::{Result, Secret};
use store::rows::{Repository, RepositorySync};
use store::{Conn, Filter, repositories, repository_syncs};

use crate::app::App;
use crate::cx::Cx;
use crate::filter::Ask;
use crate::webhook;

/// A repository as callers see it.
#[derive(Debug, Clone)]
pub struct RepositoryView {
    pub row: Repository,
    /// The newest one.
    pub sync: Option<RepositorySync>,
    pub webhook_url: String,
    /// The webhook secret, when it was made just now.
    pub secret: Option<Secret>,
}

pub async fn get(cx: &Cx, name: &str) -> Result<RepositoryView> {
    let mut conn = cx.app.store.read().await?;
    let row = super::of(&mut conn, "name", name).await?;
    view(&cx.app, &mut conn, row).await
}

/// In the order in which they were made.
pub async fn list(cx: &Cx, parent: &str) -> Result<Vec<RepositoryView>> {
    let project = ProjectName::parse("parent", parent)?.project;
    let mut conn = cx.app.store.read().await?;
    crate::project::live(&mut conn, &project).await?;
    let rows = repositories::of_project(&mut conn, &project).await?;
    let newest = repository_syncs::newest(&mut conn, &project).await?;
    let mut newest: HashMap<_, _> = newest.into_iter().map(|s| (s.repository.clone(), s)).collect();
    let console = webhook::console(&cx.app, &mut conn).await?;
    let seen = |row: Repository| RepositoryView {
        sync: newest.remove(&row.id),
        webhook_url: url(&console, &row),
        secret: None,
        row,
    };
    Ok(rows.into_iter().map(seen).collect())
}

/// Newest first.
pub async fn syncs(cx: &Cx, parent: &str, ask: &Ask) -> Result<Page<RepositorySync>> {
    let mut conn = cx.app.store.read().await?;
    let row = super::of(&mut conn, "parent", parent).await?;
    let args = ask.page(Filter::All, &[])?;
    Ok(repository_syncs::list(&mut conn, &row.project, &row.id, &args).await?)
}

pub(super) async fn view(app: &App, conn: &mut Conn, row: Repository) -> Result<RepositoryView> {
    let newest = repository_syncs::newest(conn, &row.project).await?;
    let console = webhook::console(app, conn).await?;
    Ok(RepositoryView {
        sync: newest.into_iter().find(|s| s.repository == row.id),
        webhook_url: url(&console, &row),
        secret: None,
        row,
    })
}

/// A path alone where nobody said how this server is reached.
fn url(console: &str, row: &Repository) -> String {
    format!("{console}{}{}", super::HOOK, row.id)
}
