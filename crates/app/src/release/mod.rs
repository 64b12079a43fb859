//! Releases: versioned files of a project, rolled out together. A release never changes, so what was reviewed is what runs.

mod check;
mod create;
mod get;
mod id;
mod list;
mod rules;

pub use check::{Ask as CheckAsk, Checked, check};
pub use create::{NewFile, NewRelease, Source, create};
pub use get::{files_of, get};
pub use list::list;

use base::Result;
use base::name::ReleaseName;
use store::Conn;
use store::rows::Release;

/// The name of a release.
pub fn name_of(release: &Release) -> ReleaseName {
    ReleaseName::new(&release.project, &release.id)
}

/// Tells open pages that there is a release.
async fn tell(conn: &mut Conn, release: &Release) -> Result<()> {
    let etag = crate::filter::etag(release.version);
    let name = name_of(release).to_string();
    Ok(store::events::append(conn, &name, "release", &etag, release.created_at).await?)
}
