//! Projects: who owns databases, plans, issues and members.

mod create;
mod delete;
mod get;
pub mod labels;
mod list;
mod rules;
mod update;

pub use create::{RETRIES, create};
pub use delete::{batch_delete, delete, undelete};
pub use get::{batch_get, get};
pub use list::{list, search};
pub use update::{MASK, Update, update};

use base::name::{DEFAULT_PROJECT, ProjectName};
use base::{Error, Result};
use store::rows::{Project, State};
use store::{Conn, projects};

/// The project of that id, deleted or not.
pub(crate) async fn of(conn: &mut Conn, id: &str) -> Result<Project> {
    projects::get(conn, id).await?.ok_or_else(|| Error::not_found(ProjectName::new(id)))
}

/// The project of that id, which must not be deleted: for whatever makes something in it.
pub(crate) async fn live(conn: &mut Conn, id: &str) -> Result<Project> {
    let project = of(conn, id).await?;
    match project.state {
        State::Active => Ok(project),
        State::Deleted => Err(Error::deleted(ProjectName::new(id))),
    }
}

/// Tells open pages that the project changed.
pub(crate) async fn tell(conn: &mut Conn, project: &Project) -> Result<()> {
    let name = ProjectName::new(&project.id).to_string();
    let etag = crate::filter::etag(project.version);
    Ok(store::events::append(conn, &name, "project", &etag, project.updated_at).await?)
}

fn is_default(id: &str) -> bool {
    id == DEFAULT_PROJECT
}
