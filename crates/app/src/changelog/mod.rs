//! What was ever applied to a database. Written by task runs, before which comes the schema as it was; here that is recorded, and all is read.

mod baseline;
mod read;

pub use baseline::{Recorded, create_baseline};
pub(crate) use baseline::{Terms, begin};
pub use read::{ChangelogView, Texts, get, list};

use base::name::ChangelogName;
use base::{Result, Time};
use store::Conn;

/// Tells open pages that a database has a new or finished changelog.
pub(crate) async fn tell(conn: &mut Conn, name: &ChangelogName, now: Time) -> Result<()> {
    Ok(store::events::append(conn, &name.to_string(), "changelog", "", now).await?)
}
