//! From a stored instance to the target of a driver: the one way by which use cases reach a database server.
//!
//! Invariants: passwords are read right before they are used; TLS is verified unless the data source says otherwise; a
//! deleted instance is not reached. Which addresses may be reached is judged by the engines, after resolving.

mod build;
mod resolve;

pub use build::build;
pub(crate) use build::{PORT_ADVICE, SSH_PORT, port};
pub use resolve::{resolve, resolve_source};
