//! Tests on the real binary, as users and their programs meet it.

mod adopt;
mod approval;
mod bad_input;
mod cancel;
mod change;
mod check_release;
mod conditions;
#[cfg(feature = "test-hooks")]
mod crash;
mod credentials;
mod dishonest_provider;
mod drafts;
mod emergency;
mod enforced_review;
mod estimates;
mod hostile_changes;
mod hostile_identity;
mod hostile_network;
mod hotfix;
mod idle;
mod live;
mod live_review;
mod mail;
mod move_to_git;
mod org_policies;
mod pipeline;
mod places;
mod proto_line;
mod query;
mod receiver;
mod releases;
mod replace_rest;
mod replay;
mod repositories;
mod request;
mod restored;
mod resume;
mod review;
mod review_service;
mod reviews;
mod role_requests;
mod sample;
mod search;
mod shop;
mod single_sign_on;
mod sink;
mod strangers;
mod streams;
mod submit;
mod threads;
mod tour;
mod verify_audit;
mod webhooks;
mod workload_identity;

/// The binary under test.
const BASALT: &str = env!("CARGO_BIN_EXE_basalt");
