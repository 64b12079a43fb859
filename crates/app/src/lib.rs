//! The use cases: one folder a resource, one file a verb, `pub async fn verb(cx: &Cx, input) -> base::Result<…>`.
//!
//! A use case loads rows, asks pure crates to decide, and writes rows and events in one transaction. It knows no wire types
//! and no SQL. Background work is in [`runners`], running a change in [`execution`].

pub mod access;
pub mod actuator;
pub mod app;
pub mod approval;
pub mod audit;
pub mod auth;
pub mod changelog;
pub mod condition;
pub mod connections;
pub mod cx;
pub mod database;
pub mod draft;
pub mod emergency;
pub mod event;
pub mod execution;
pub mod figures;
pub mod filter;
pub mod gate;
pub mod group;
pub mod hooks;
pub mod iam_policy;
pub mod identity_provider;
pub mod instance;
pub mod issue;
pub mod mail;
pub mod org_policy;
pub mod outside;
pub mod plan;
pub mod ports;
pub mod preference;
mod program;
pub mod project;
pub mod query;
pub mod release;
pub mod repository;
pub mod review_config;
pub mod revision;
pub mod role;
pub mod rollout;
pub mod runners;
pub mod sample;
pub mod search;
pub mod service_account;
pub mod setting;
pub mod sheet;
pub mod sql_review;
pub mod sync;
pub mod target;
pub mod thread;
pub mod token_key;
pub mod user;
pub mod webhook;
pub mod workload_identity;
pub mod workspace;

pub use app::{App, Config};
pub use cx::{Caller, Cx};
