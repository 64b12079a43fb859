//! Which file versions a database is at. Written by releases, or by people who take a database over as it is.

mod create;
mod read;

pub use create::{NewRevision, batch_create};
pub use read::{RevisionView, delete, get, list};

use base::Result;
use base::name::DatabaseName;
use store::Conn;

use crate::app::App;

/// Tells open pages that the revisions of a database changed.
async fn tell(app: &App, conn: &mut Conn, instance: &str, database: &str) -> Result<()> {
    let name = DatabaseName::new(instance, database).to_string();
    Ok(store::events::append(conn, &name, "revision", "", app.now()).await?)
}
