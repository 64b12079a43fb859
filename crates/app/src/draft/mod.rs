//! What people have typed and not saved: kept for the person who typed it, and shown to nobody else.
//!
//! A browser says which version it goes on from, so that one does not overwrite what another has saved since.

mod change;
mod get;

pub use change::{Save, Saved, delete, save};
pub use get::{get, list};

use base::{Error, Result, Time};

/// The version of a draft, as clients send it back.
pub fn etag(updated_at: Time) -> String {
    updated_at.0.to_string()
}

/// None for an empty one.
fn version(field: &str, etag: &str) -> Result<Option<Time>> {
    if etag.is_empty() {
        return Ok(None);
    }
    let time = etag.parse().map(Time);
    time.map(Some).map_err(|_| Error::field(field, "send the etag of the draft as it was read"))
}
