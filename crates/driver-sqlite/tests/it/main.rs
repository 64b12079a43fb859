//! The driver on files of its own.

mod confined;
mod conformance;
mod proof;
mod support;
mod sync;
