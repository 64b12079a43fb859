//! The driver on files of its own.

mod confined;
mod conformance;
mod support;
mod sync;
