//! The driver against real servers: MariaDB always, MySQL where it can be had.

mod conformance;
mod dump;
mod failures;
mod scale;
mod statements;
mod support;
mod sync;
