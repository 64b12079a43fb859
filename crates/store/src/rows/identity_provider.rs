//! Where people sign in who do not do so by password.

use base::Time;
use serde::{Deserialize, Serialize};

/// An OpenID Connect provider. Its client secret is kept encrypted, as `client_secret` of `idps/{id}`.
#[derive(Debug, Clone)]
pub struct IdentityProvider {
    pub id: String,
    pub title: String,
    pub payload: IdentityProviderPayload,
    pub version: i64,
    pub created_at: Time,
    pub updated_at: Time,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct IdentityProviderPayload {
    /// Only addresses of this domain; empty: of any.
    pub domain: String,
    pub issuer: String,
    pub client_id: String,
    pub scopes: Vec<String>,
    /// The secret goes into the body of the request for tokens, not into a header.
    pub secret_in_body: bool,
    pub claims: ClaimNames,
    /// Where browsers are sent, as the provider said when it was last looked at.
    pub auth_endpoint: String,
}

/// Which claims tell about the person; empty: none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ClaimNames {
    /// Of the e-mail address.
    pub identifier: String,
    pub display_name: String,
    pub phone: String,
    /// Of the addresses of groups.
    pub groups: String,
}
