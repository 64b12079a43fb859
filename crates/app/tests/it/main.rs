//! Use cases on a real store, with real database servers.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops where it is")]

mod connections;
mod databases;
mod history;
mod instances;
mod rollouts;
mod support;
mod syncs;
