//! Reads providers.

use base::name::{IdentityProviderName, WORKSPACE};
use base::{Error, Result};
use store::identity_providers;
use store::rows::IdentityProvider;

use crate::cx::Cx;

/// A provider, and whether the caller may see how it is set up.
#[derive(Debug)]
pub struct Seen {
    pub row: IdentityProvider,
    pub whole: bool,
}

pub async fn get(cx: &Cx, name: &str) -> Result<IdentityProvider> {
    let name = IdentityProviderName::parse("name", name)?;
    let mut conn = cx.app.store.read().await?;
    let found = identity_providers::get(&mut conn, &name.idp).await?;
    found.ok_or_else(|| Error::not_found(&name))
}

/// For anybody: the sign-in page offers them.
pub async fn list(cx: &Cx) -> Result<Vec<Seen>> {
    let whole = cx.may("bb.identityProviders.get", WORKSPACE).await?;
    let mut conn = cx.app.store.read().await?;
    let all = identity_providers::all(&mut conn).await?;
    Ok(all.into_iter().map(|row| Seen { row, whole }).collect())
}
