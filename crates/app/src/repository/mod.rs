//! Repositories that a project watches: what is merged into a branch becomes a release, without a pipeline.
//!
//! Two things say that there may be something: a message of the host (which is believed in nothing but that), or the clock. Then the
//! runner `repositories` looks at the branch. Why it acts in the name of a person: `docs/adr/0011-who-a-watched-repository-acts-as.md`.

mod actor;
mod ask;
mod change;
mod follow;
mod get;
mod look;
mod outcome;
mod prepare;
mod report;
mod roll_out;
mod rules;
mod standing;
mod sync;
mod test;

pub use ask::{Message, Taken, message, sync_now};
pub use change::{MASK, NewRepository, Update, create, delete, rotate, update};
pub use get::{RepositoryView, get, list, syncs};
pub(crate) use report::{attempt, is_about};
pub(crate) use roll_out::roll_out;
pub(crate) use sync::sync;
pub use test::{Tested, test};

use base::name::RepositoryName;
use base::{Error, Result, Time};
use store::rows::Repository;
use store::{Conn, events, repositories};

/// Where hosts send their messages: the id alone follows.
pub const HOOK: &str = "/hook/repositories/";

async fn of(conn: &mut Conn, field: &str, name: &str) -> Result<Repository> {
    let name = RepositoryName::parse(field, name)?;
    let found = repositories::get(conn, &name.project, &name.repository).await?;
    found.ok_or_else(|| Error::not_found(&name))
}

/// What the actor of a repository needs in its project.
fn needed(row: &Repository) -> &'static [&'static str] {
    match row.payload.targets.is_empty() {
        true => &["bb.releases.create"],
        false => &["bb.releases.create", "bb.plans.create", "bb.rollouts.create"],
    }
}

/// Tells open pages that a repository, or what came of it, changed.
async fn tell(conn: &mut Conn, row: &Repository, now: Time) -> Result<()> {
    let name = repositories::name(&row.project, &row.id);
    Ok(events::append(conn, &name, "repository", &crate::filter::etag(row.version), now).await?)
}
