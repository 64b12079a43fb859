//! The audit log: what the gate records, and what people read of it.
//!
//! A call that ran has two records of one request: that it began, and how it ended. Readers are shown one entry a call: the end,
//! or the beginning alone when there is no end (the call runs, or the server died under it).

mod append;
mod export;
mod retention;
mod search;
mod stdout;

pub use append::append;
pub(crate) use append::row;
pub use export::{Format, export};
pub use retention::forget_old;
pub use search::{Entry, Severity, search};
