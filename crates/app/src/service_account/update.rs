//! Changes an account, or gives it a new key.

use base::name::ServiceAccountName;
use base::{Error, Result};
use store::rows::State;
use store::service_accounts;

use super::{WithKey, check_title, key};
use crate::cx::Cx;
use crate::filter::Mask;

/// Fields that can be changed, as on the wire; `service_key` asks for a new key.
pub const MASK: &[&str] = &["title", "service_key"];

/// What to change.
#[derive(Debug)]
pub struct Update {
    pub name: String,
    pub title: String,
    pub mask: Vec<String>,
}

/// A new key ends the old one and its tokens at once; the answer holds it, this once.
pub async fn update(cx: &Cx, update: Update) -> Result<WithKey> {
    let mask = Mask::new(&update.mask, MASK)?;
    let mut tx = cx.app.store.begin().await?;
    let mut account = super::of(&mut tx, "service_account.name", &update.name).await?;
    if account.state == State::Deleted {
        return Err(Error::deleted(ServiceAccountName::new(&account.email)));
    }
    if mask.has("title") {
        check_title(&update.title)?;
        account.title = update.title.trim().to_owned();
    }
    let new = mask.has("service_key").then(|| key::new(cx.app.rng.as_ref()));
    if let Some((_, hash)) = &new {
        account.key_hash = hash.clone();
    }
    service_accounts::update(&mut tx, &mut account, cx.app.now()).await?;
    super::tell(&mut tx, &account).await?;
    tx.commit().await?;
    Ok(WithKey { account, key: new.map(|(key, _)| key) })
}
