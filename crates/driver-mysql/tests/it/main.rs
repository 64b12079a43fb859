//! The driver against real servers: MariaDB always, MySQL where it can be had.

mod dump;
mod failures;
mod statements;
mod support;
mod sync;
