//! Between wire messages and rows: what several handlers share. Pure.
//!
//! A conversion refuses what rows cannot hold, naming the field; whether the rest is sensible is decided in `app`.

pub mod account;
pub mod approval;
pub mod catalog;
pub mod color;
pub mod data_source;
pub mod database;
pub mod email;
pub mod expr;
pub mod iam;
pub mod identity_provider;
pub mod instance;
pub mod project;
pub mod query_result;
pub mod repository;
pub mod review_rule;
pub mod setting;
pub mod spec;
pub mod task_log;
pub mod task_run;
pub mod thread;
pub mod value;
pub mod vcs;
pub mod webhook;
pub mod window;
