//! Keeps the caller's drafts, within limits.

use std::time::Duration;

use base::{Error, Reason, Result};
use store::rows::Draft;
use store::{StoreError, drafts};

use super::version;
use crate::cx::Cx;

/// As long as the console keeps them in a browser.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);
const LARGEST: usize = 1 << 20;
/// Of one person.
const MOST: i64 = 500;
const MOST_BYTES: i64 = 16 << 20;

#[derive(Debug, Clone)]
pub struct Save {
    pub place: String,
    /// JSON text.
    pub value: String,
    /// Of the draft that this one goes on from; empty when the caller knows of none.
    pub etag: String,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    Now(Draft),
    /// Another browser was there before; it left this, or nothing.
    Other(Option<Draft>),
}

pub async fn save(cx: &Cx, ask: Save) -> Result<Saved> {
    let owner = cx.person()?;
    if ask.place.is_empty() || ask.place.contains('\0') {
        return Err(Error::field("place", "say where it was typed, without NUL"));
    }
    if ask.value.len() > LARGEST {
        return Err(Error::new(Reason::TooLarge, "a draft has at most 1 MiB"));
    }
    // Also keeps out what the store cannot hold.
    if serde_json::from_str::<serde::de::IgnoredAny>(&ask.value).is_err() {
        return Err(Error::field("value", "send JSON text"));
    }
    let before = version("etag", &ask.etag)?;
    let now = cx.now();
    let mut tx = cx.app.store.begin().await?;
    drafts::forget_before(&mut tx, &owner, now.minus(KEPT)).await?;
    let (count, bytes) = drafts::usage(&mut tx, &owner, &ask.place).await?;
    let size = i64::try_from(ask.value.len()).unwrap_or(i64::MAX);
    if count >= MOST || bytes.saturating_add(size) > MOST_BYTES {
        let what = "you have 500 drafts or 16 MiB of them; save or discard some";
        return Err(Error::new(Reason::TooLarge, what));
    }
    let mut row = Draft { owner, place: ask.place, value: ask.value, updated_at: now };
    let saved = match drafts::save(&mut tx, &mut row, before).await {
        Ok(()) => Saved::Now(row),
        Err(StoreError::Stale(_)) => {
            Saved::Other(drafts::get(&mut tx, &row.owner, &row.place).await?)
        }
        Err(e) => return Err(e.into()),
    };
    tx.commit().await?;
    Ok(saved)
}

/// With an etag that one only: a newer one stays.
pub async fn delete(cx: &Cx, place: &str, etag: &str) -> Result<()> {
    let owner = cx.person()?;
    let of = version("etag", etag)?;
    let mut tx = cx.app.store.begin().await?;
    drafts::delete(&mut tx, &owner, place, of).await?;
    Ok(tx.commit().await?)
}
