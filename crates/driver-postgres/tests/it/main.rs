//! The driver on a real server.

mod conformance;
mod jump_host;
mod session;
mod sync;
mod target;
mod tunnel;
