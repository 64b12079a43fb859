//! The driver on a real server.

mod conformance;
mod sync;
mod target;
