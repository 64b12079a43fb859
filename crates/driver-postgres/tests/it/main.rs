//! The driver on a real server.

mod conformance;
mod history;
mod jump_host;
mod pooler;
mod preflight;
mod proof;
mod session;
mod sync;
mod target;
mod tunnel;
mod witness;
