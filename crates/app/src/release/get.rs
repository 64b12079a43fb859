//! Reads a release.

use base::name::ReleaseName;
use base::{Error, Result};
use store::rows::Release;
use store::{Conn, releases};

use crate::cx::Cx;

pub async fn get(cx: &Cx, name: &str) -> Result<Release> {
    let name = ReleaseName::parse("name", name)?;
    let mut conn = cx.app.store.read().await?;
    load(&mut conn, &name).await
}

/// A release of that project. `release` is its resource name.
///
/// Errors: a release of another project is as absent as one that does not exist.
pub async fn of_project(conn: &mut Conn, project: &str, release: &str) -> Result<Release> {
    let name = ReleaseName::parse("release", release)?;
    if name.project != project {
        return Err(Error::not_found(name));
    }
    load(conn, &name).await
}

pub(super) async fn load(conn: &mut Conn, name: &ReleaseName) -> Result<Release> {
    let found = releases::get(conn, &name.project, &name.release).await?;
    found.ok_or_else(|| Error::not_found(name))
}
