//! Reads the workspace.

use base::name::{WORKSPACE, WorkspaceName};
use base::{Error, Result};
use store::rows::WorkspaceProfile;
use store::{Conn, Filter, settings, users};

use crate::cx::Cx;

/// What anybody may know of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    pub title: String,
    /// A `data:` URL of an image, or empty.
    pub logo: String,
}

/// `workspaces/-` means the one there is.
pub async fn get(cx: &Cx, name: &str) -> Result<Workspace> {
    check_name("name", name)?;
    let mut conn = cx.app.store.read().await?;
    let profile = settings::get::<WorkspaceProfile>(&mut conn).await?.value;
    Ok(of(&profile))
}

/// Whether nobody can sign in yet, so that the first sign-up becomes administrator.
pub async fn needs_first_admin(conn: &mut Conn) -> Result<bool> {
    Ok(users::count(conn, &Filter::All).await? == 0)
}

pub(super) fn of(profile: &WorkspaceProfile) -> Workspace {
    let title = if profile.title.is_empty() { "Basalt" } else { &profile.title };
    Workspace { title: title.to_owned(), logo: profile.logo.clone() }
}

pub(super) fn check_name(field: &str, name: &str) -> Result<()> {
    let parsed = WorkspaceName::parse(field, name)?;
    match parsed.workspace.as_str() {
        "-" | "default" => Ok(()),
        _ => Err(Error::not_found(format!("{name} ({WORKSPACE} is the only one)"))),
    }
}
