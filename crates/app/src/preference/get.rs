//! Reads the caller's preferences.

use std::collections::BTreeMap;

use base::Result;

use crate::cx::Cx;

/// Texts by key; what they mean is the console's.
pub async fn get(cx: &Cx) -> Result<BTreeMap<String, String>> {
    let owner = cx.person()?;
    let mut conn = cx.app.store.read().await?;
    Ok(store::preferences::of(&mut conn, &owner).await?)
}
