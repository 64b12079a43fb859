//! What tests share: real database servers, and (feature `app`) the Basalt binary to talk to.
//!
//! A driver's tests need the servers only; without the feature they do not wait for an HTTP client to compile.

#[cfg(feature = "app")]
pub mod app;
pub mod conformance;
pub mod environment;
pub mod own;
pub mod servers;
