//! Reads a release, or its files.

use base::name::ReleaseName;
use base::{Error, Result};
use store::rows::{Release, ReleaseFile};
use store::{Conn, releases};

use crate::cx::Cx;

pub async fn get(cx: &Cx, name: &str) -> Result<Release> {
    let name = ReleaseName::parse("name", name)?;
    let mut conn = cx.app.store.read().await?;
    load(&mut conn, &name).await
}

/// The files of a release of that project, in version order. `release` is its resource name.
///
/// Errors: a release of another project is as absent as one that does not exist.
pub async fn files_of(conn: &mut Conn, project: &str, release: &str) -> Result<Vec<ReleaseFile>> {
    let name = ReleaseName::parse("release", release)?;
    if name.project != project {
        return Err(Error::not_found(name));
    }
    Ok(load(conn, &name).await?.payload.files)
}

async fn load(conn: &mut Conn, name: &ReleaseName) -> Result<Release> {
    let found = releases::get(conn, &name.project, &name.release).await?;
    found.ok_or_else(|| Error::not_found(name))
}
