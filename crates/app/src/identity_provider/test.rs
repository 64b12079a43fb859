//! Tries a provider before anybody depends on it.

use base::name::IdentityProviderName;
use base::{Error, Result};
use integrations::idp::{self, Claims};
use store::identity_providers;

use super::{Draft, change, failure, provider_of};
use crate::auth::single_sign_on;
use crate::cx::Cx;

/// What to try.
#[derive(Debug)]
pub struct Test {
    /// Looked at when it is no provider that is kept, or without a code.
    pub draft: Draft,
    /// What the provider's page brought back, of a test that began in this browser.
    pub brought: Option<single_sign_on::Brought>,
}

/// Without a code whether the provider answers and is one; with one, what it says about whoever signed in there. Nobody is
/// signed in here by it.
pub async fn test(cx: &Cx, test: Test) -> Result<Claims> {
    let Some(brought) = test.brought else {
        let mut draft = test.draft;
        change::look(cx, &mut draft).await?;
        return Ok(Claims::default());
    };
    let name = IdentityProviderName::parse("identity_provider.name", &test.draft.name)?;
    let seed = single_sign_on::seed(cx, &name, &brought, true)?;
    let provider = {
        let mut conn = cx.app.store.read().await?;
        let row = identity_providers::get(&mut conn, &name.idp).await?;
        let row = row.ok_or_else(|| Error::not_found(&name))?;
        provider_of(cx, &mut conn, &row).await?
    };
    let (outside, code) = (&cx.app.outside, brought.code.expose());
    idp::claims(&outside.http, &outside.providers, &provider, code, &seed, cx.now())
        .await
        .map_err(|e| failure("oidc_context.code", &e))
}
