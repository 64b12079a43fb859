//! Makes, changes and removes providers.

use base::id::check_resource_id;
use base::name::{IdentityProviderName, WORKSPACE};
use base::{Error, Reason, Result, Time};
use store::rows::{IdentityProvider, WorkspaceProfile};
use store::{Conn, events, identity_links, identity_providers, secrets, settings};

use super::{Draft, SECRET, failure, rules};
use crate::cx::Cx;
use crate::filter::{Mask, etag};

/// Fields that can be changed, as on the wire.
pub const MASK: &[&str] = &["title", "domain", "config"];
const ISSUER: &str = "identity_provider.config.oidc_config.issuer";

/// A new provider.
#[derive(Debug)]
pub struct Create {
    pub id: String,
    pub draft: Draft,
    /// Check and answer, but write nothing.
    pub validate_only: bool,
}

/// What to change.
#[derive(Debug)]
pub struct Update {
    /// The name, and the new values of the fields in the mask.
    pub draft: Draft,
    pub mask: Vec<String>,
    /// Makes it when it is not there; the gate has asked for the permission to.
    pub allow_missing: bool,
}

pub async fn create(cx: &Cx, create: Create) -> Result<IdentityProvider> {
    let Create { id, mut draft, validate_only } = create;
    check_resource_id("identity_provider_id", &id)?;
    look(cx, &mut draft).await?;
    let now = cx.now();
    let mut row = IdentityProvider {
        id,
        title: draft.title.trim().to_owned(),
        payload: draft.payload,
        version: 0,
        created_at: now,
        updated_at: now,
    };
    let mut tx = cx.app.store.begin().await?;
    identity_providers::insert(&mut tx, &mut row).await?;
    let name = IdentityProviderName::new(&row.id);
    secrets::put(&mut tx, &name.to_string(), SECRET, &draft.client_secret).await?;
    tell(&mut tx, &name, row.version, now).await?;
    if !validate_only {
        tx.commit().await?;
    }
    Ok(row)
}

/// An empty secret keeps the one there is, unless the issuer changes: a secret is not sent to somebody else.
pub async fn update(cx: &Cx, update: Update) -> Result<IdentityProvider> {
    let Update { mut draft, mask, allow_missing } = update;
    let name = IdentityProviderName::parse("identity_provider.name", &draft.name)?;
    let found = {
        let mut conn = cx.app.store.read().await?;
        identity_providers::get(&mut conn, &name.idp).await?
    };
    let Some(mut row) = found else {
        if allow_missing {
            cx.require("bb.identityProviders.create", WORKSPACE).await?;
            return create(cx, Create { id: name.idp, draft, validate_only: false }).await;
        }
        return Err(Error::not_found(&name));
    };
    let mask = Mask::new(&mask, MASK)?;
    if !mask.has("title") {
        draft.title.clone_from(&row.title);
    }
    if !mask.has("config") {
        let domain = std::mem::take(&mut draft.payload.domain);
        draft.payload.clone_from(&row.payload);
        draft.payload.domain = domain;
        draft.client_secret = base::Secret::default();
    }
    if !mask.has("domain") {
        draft.payload.domain.clone_from(&row.payload.domain);
    }
    if draft.payload.issuer != row.payload.issuer && draft.client_secret.is_empty() {
        return Err(Error::field(
            "identity_provider.config.oidc_config.client_secret",
            "give the secret again: the one that is kept is for another issuer",
        ));
    }
    if mask.has("config") {
        look(cx, &mut draft).await?;
    } else {
        rules::check(&draft, cx.app.outside.http.outbound().allow_private)?;
    }
    // Another issuer, or the same one for another client, may call people otherwise.
    let of = |p: &store::rows::IdentityProviderPayload| (p.issuer.clone(), p.client_id.clone());
    let is_another = of(&draft.payload) != of(&row.payload);
    row.title = draft.title.trim().to_owned();
    row.payload = draft.payload;
    let now = cx.now();
    let mut tx = cx.app.store.begin().await?;
    if is_another {
        identity_links::forget_provider(&mut tx, &row.id).await?;
    }
    identity_providers::update(&mut tx, &mut row, now).await?;
    if !draft.client_secret.is_empty() {
        secrets::put(&mut tx, &name.to_string(), SECRET, &draft.client_secret).await?;
    }
    tell(&mut tx, &name, row.version, now).await?;
    tx.commit().await?;
    Ok(row)
}

/// For good. Refused for the last one while it is the only way to sign in.
pub async fn delete(cx: &Cx, name: &str) -> Result<()> {
    let name = IdentityProviderName::parse("name", name)?;
    let mut tx = cx.app.store.begin().await?;
    if !identity_providers::delete(&mut tx, &name.idp).await? {
        return Err(Error::not_found(&name));
    }
    let profile = settings::get::<WorkspaceProfile>(&mut tx).await?.value;
    if profile.disallow_password_signin && identity_providers::all(&mut tx).await?.is_empty() {
        return Err(Error::new(
            Reason::ResourceInUse,
            "people sign in by this provider only; allow signing in by password first",
        ));
    }
    secrets::delete_all_of(&mut tx, &name.to_string()).await?;
    identity_links::forget_provider(&mut tx, &name.idp).await?;
    tell(&mut tx, &name, 0, cx.now()).await?;
    Ok(tx.commit().await?)
}

/// Checks a draft, and asks the provider itself.
pub(super) async fn look(cx: &Cx, draft: &mut Draft) -> Result<()> {
    let payload = &mut draft.payload;
    payload.issuer = payload.issuer.trim().to_owned();
    payload.domain = payload.domain.trim().trim_start_matches('@').to_ascii_lowercase();
    if payload.scopes.is_empty() {
        payload.scopes = ["openid", "profile", "email"].map(str::to_owned).to_vec();
    }
    if payload.claims.identifier.is_empty() {
        "email".clone_into(&mut payload.claims.identifier);
    }
    let outside = &cx.app.outside;
    rules::check(draft, outside.http.outbound().allow_private)?;
    let issuer = &draft.payload.issuer;
    let found = outside.providers.look(&outside.http, issuer, cx.now()).await;
    draft.payload.auth_endpoint = found.map_err(|e| failure(ISSUER, &e))?;
    Ok(())
}

async fn tell(conn: &mut Conn, name: &IdentityProviderName, version: i64, now: Time) -> Result<()> {
    let name = name.to_string();
    Ok(events::append(conn, &name, "identity_provider", &etag(version), now).await?)
}
