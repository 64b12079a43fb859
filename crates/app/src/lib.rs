//! The use cases: one folder a resource, one file a verb, `pub async fn verb(cx: &Cx, input) -> base::Result<…>`.
//!
//! A use case loads rows, asks pure crates to decide, and writes rows and events in one transaction. It knows no wire types
//! and no SQL. Background work is in [`runners`], running a change in [`execution`].

pub mod app;
pub mod cx;
pub mod execution;
pub mod gate;
pub mod plan;
pub mod ports;
pub mod rollout;

pub use app::{App, Config};
pub use cx::{Caller, Cx};
