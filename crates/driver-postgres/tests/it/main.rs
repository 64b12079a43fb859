//! The driver on a real server.

mod sync;
mod target;
