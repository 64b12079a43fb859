//! The driver against real servers: MariaDB always, MySQL where it can be had.

mod conformance;
mod dump;
mod failures;
#[path = "../../../driver-postgres/tests/it/jump_host.rs"]
mod jump_host;
mod lock;
mod preflight;
mod scale;
mod statements;
mod support;
mod sync;
mod tunnel;
mod witness;
mod xa;
