//! What tests share: real database servers, (feature `app`) the Basalt binary to talk to, and (feature `issuer`) an OpenID Connect provider that lies.
//!
//! A driver's tests need the servers only; without the feature they do not wait for an HTTP client to compile.

#[cfg(feature = "app")]
pub mod app;
pub mod conformance;
pub mod environment;
#[cfg(feature = "issuer")]
pub mod issuer;
pub mod own;
pub mod posted;
pub mod servers;
