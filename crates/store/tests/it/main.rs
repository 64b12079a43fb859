//! Every query function on both backends: `store_tests!` makes two tests of each body.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[macro_use]
mod support;

mod accounts;
mod addresses;
mod audit;
mod backups;
mod databases;
mod drafts;
mod emergencies;
mod identity_links;
mod lists;
mod opening;
mod org_policies;
mod outbox;
mod plans;
mod query_histories;
mod releases;
mod repositories;
mod review_configs;
mod runs;
mod trail;
