//! Providers of single sign-on, by OpenID Connect.
//!
//! The client secret is kept encrypted and never shown. Where a provider is (its issuer) is looked at before it is kept, so
//! that one that does not answer is not offered to anybody.

mod change;
mod get;
mod rules;
mod test;

pub use change::{Create, MASK, Update, create, delete, update};
pub use get::{Seen, get, list};
pub use test::{Test, test};

use base::name::IdentityProviderName;
use base::{Error, Reason, Result, Secret};
use integrations::http::HttpError;
use integrations::idp::{IdpError, Provider};
use integrations::outbound::Unreachable;
use store::rows::{IdentityProvider, IdentityProviderPayload, WorkspaceProfile};
use store::{Conn, secrets, settings};

use crate::cx::Cx;

const SECRET: &str = "client_secret";
/// Where providers send browsers back to, below the external URL.
const CALLBACK: &str = "/oidc/callback";

/// What a caller gives to make, change or try one.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// `idps/{idp}`; empty for a new one.
    pub name: String,
    pub title: String,
    pub payload: IdentityProviderPayload,
    /// Empty: the one that is kept.
    pub client_secret: Secret,
}

/// How the provider of a row is spoken with.
pub(crate) async fn provider_of(
    cx: &Cx,
    conn: &mut Conn,
    row: &IdentityProvider,
) -> Result<Provider> {
    let owner = IdentityProviderName::new(&row.id).to_string();
    let client_secret = secrets::get(conn, &owner, SECRET).await?.unwrap_or_default();
    provider(cx, conn, &row.payload, client_secret).await
}

async fn provider(
    cx: &Cx,
    conn: &mut Conn,
    payload: &IdentityProviderPayload,
    client_secret: Secret,
) -> Result<Provider> {
    Ok(Provider {
        issuer: payload.issuer.clone(),
        client_id: payload.client_id.clone(),
        client_secret,
        scopes: payload.scopes.clone(),
        secret_in_body: payload.secret_in_body,
        redirect: format!("{}{CALLBACK}", external_url(cx, conn).await?),
    })
}

/// What people type to reach the console: never what a request says of itself.
async fn external_url(cx: &Cx, conn: &mut Conn) -> Result<String> {
    let profile = settings::get::<WorkspaceProfile>(conn).await?.value;
    let given = cx.app.config.external_url.clone().unwrap_or(profile.external_url);
    let given = given.trim_end_matches('/');
    if given.is_empty() {
        return Err(Error::blocked_by(
            "Single sign-on cannot begin.",
            vec![base::Blocker {
                reason: "EXTERNAL_URL_MISSING".to_owned(),
                subject: "settings/WORKSPACE_PROFILE".to_owned(),
                message: "Set the external URL in the workspace's settings: the provider sends people back to it."
                    .to_owned(),
            }],
        ));
    }
    Ok(given.to_owned())
}

/// What went wrong with a provider, for whoever administers it.
pub(crate) fn failure(field: &str, error: &IdpError) -> Error {
    let reason = match error {
        IdpError::Http(HttpError::Unreachable(Unreachable::Refused { .. })) => {
            Reason::AddressRefused
        }
        IdpError::Http(HttpError::Timeout(_)) => Reason::ConnectionTimeout,
        IdpError::Http(_) => Reason::ConnectionNetwork,
        IdpError::Code => Reason::ConnectionAuth,
        IdpError::Address(_) => return Error::field(field, error.to_string()),
        IdpError::Discovery(_) | IdpError::Answer(_) | IdpError::Token(_) => {
            Reason::ConnectionUnsupported
        }
    };
    Error::new(reason, format!("{field}: {error}"))
}
