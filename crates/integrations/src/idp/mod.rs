//! Sign-in by OpenID Connect, with the authorization code flow and PKCE.
//!
//! Everything that one sign-in has to remember (state, nonce, PKCE verifier) is made of one random seed, which the caller
//! keeps in the browser of whoever signs in. Invariants: nothing of an ID token counts before its signature, issuer,
//! audience, nonce and times were checked; it is signed with a key of the provider and never with the shared secret.

mod flow;
mod providers;
mod seed;
mod wire;
mod workload;

use base::Secret;

use crate::http::HttpError;

pub use flow::{Claims, authorization_url, claims};
pub use providers::Providers;
pub use seed::Seed;
pub use workload::{Expected, Issuers, Workload};

/// A provider as an administrator described it.
#[derive(Debug, Clone)]
pub struct Provider {
    /// As its discovery document must name itself.
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Secret,
    /// Besides `openid`.
    pub scopes: Vec<String>,
    /// The secret goes into the body of the request for tokens, not into a header.
    pub secret_in_body: bool,
    /// Where the provider sends the browser back to.
    pub redirect: String,
}

/// Why nobody was signed in. Texts hold nothing that a server said.
#[derive(Debug, Clone, thiserror::Error)]
pub enum IdpError {
    #[error(transparent)]
    Http(#[from] HttpError),
    #[error("{0} is not an address that a provider can have")]
    Address(String),
    #[error("{0} does not describe itself as an OpenID Connect provider of that address")]
    Discovery(String),
    #[error(
        "the provider does not take the code: it was used, is too old, or is not for this client, secret and address"
    )]
    Code,
    #[error("the provider's answer cannot be used: {0}")]
    Answer(&'static str),
    #[error("the ID token cannot be trusted: {0}")]
    Token(&'static str),
}
