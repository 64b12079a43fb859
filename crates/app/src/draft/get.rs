//! Reads the caller's drafts.

use base::Result;
use store::drafts;
use store::rows::Draft;

use crate::cx::Cx;

pub async fn get(cx: &Cx, place: &str) -> Result<Option<Draft>> {
    let owner = cx.person()?;
    let mut conn = cx.app.store.read().await?;
    Ok(drafts::get(&mut conn, &owner, place).await?)
}

/// The newest first, without their values.
pub async fn list(cx: &Cx, prefix: &str) -> Result<Vec<Draft>> {
    let owner = cx.person()?;
    let mut conn = cx.app.store.read().await?;
    Ok(drafts::list(&mut conn, &owner, prefix).await?)
}
