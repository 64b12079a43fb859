//! Releases: versioned files of a project, rolled out together. Its files never change, so what was reviewed is what runs.

mod change;
mod check;
mod create;
mod decide;
mod get;
mod list;
mod rules;

pub use change::{MASK, Update, delete, undelete, update};
pub use check::{Ask as CheckAsk, Checked, Found, Skipped, check};
pub use create::{NewFile, NewRelease, Source, create};
pub(crate) use create::{Prepared, insert, prepare};
pub use decide::stream_of;
pub(crate) use decide::{Decided, Scope, decide, decide_each, files_of};
pub use get::get;
pub(crate) use get::of_project;
pub use list::{categories, list};

use base::name::ReleaseName;
use base::{Result, Time};
use policy::release::Host;
use store::Conn;
use store::rows::{Release, VcsKind, VcsSource};

/// The name of a release.
pub fn name_of(release: &Release) -> ReleaseName {
    ReleaseName::new(&release.project, &release.id)
}

/// What the versions of such a release are counted in.
pub(crate) fn stream(project: &str, category: &str, source: Option<&VcsSource>) -> String {
    let link = source.map(|source| {
        let host = match source.kind {
            VcsKind::Unspecified => Host::Unknown,
            VcsKind::Github => Host::Github,
            VcsKind::Gitlab => Host::Gitlab,
            VcsKind::Bitbucket => Host::Bitbucket,
            VcsKind::AzureDevops => Host::AzureDevops,
        };
        (host, source.url.as_str())
    });
    policy::release::stream(project, category, link)
}

/// Tells open pages that a release came or changed.
async fn tell(conn: &mut Conn, release: &Release, now: Time) -> Result<()> {
    let etag = crate::filter::etag(release.version);
    let name = name_of(release).to_string();
    Ok(store::events::append(conn, &name, "release", &etag, now).await?)
}
