//! What tests share: real database servers, and (feature `app`) a whole Basalt to talk to.
//!
//! A driver's tests need the servers only; without the feature they do not wait for the server to compile.

pub mod conformance;
mod environment;
pub mod servers;
