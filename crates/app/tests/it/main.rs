//! Use cases on a real store, with real database servers.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops where it is")]

mod approvals;
mod connections;
mod databases;
mod emergencies;
mod environments;
mod governed;
mod history;
mod instances;
mod locks;
mod replace_rest;
mod rollouts;
mod schedule;
mod secrets;
mod support;
mod syncs;
