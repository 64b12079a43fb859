//! Transport: bytes on a socket in, bytes out. It frames, limits and checks; it decides nothing about databases.
//!
//! The path of a request:
//! 1. [`serve`] accepts the connection (HTTP/1.1 or h2c), with time limits on a peer that stalls.
//! 2. `track` gives the request an id, reads who calls and from where, refuses cross-site calls by cookie, and
//!    turns a panic into an answer.
//! 3. `router` picks: an rpc (`/bytebase.v1.…`, or by `rest` `/v1/…`), a plain route (`/api/…`, `/healthz`, `/metrics`), or a file of
//!    the console.
//! 4. For an rpc, `connect` reads and decodes the body and looks the handler up in the [`Registry`].
//! 5. `gate` stands in front of every handler and of the plain routes that touch data: validate → authenticate →
//!    authorize → first audit record → handler → second audit record.
//! 6. The handler in [`rpc`] converts, calls one use case of `app`, and converts back.
//! 7. `connect` encodes the answer, or the error with its details.
//!
//! Invariants: nothing reaches a handler without passing the gate; an answer never holds the cause of an internal
//! error; every body, queue and wait has a limit.

mod config;
mod connect;
mod csrf;
mod gate;
mod guard;
mod headers;
mod process;
mod registry;
mod rest;
mod router;
mod routes;
pub mod rpc;
mod serve;
mod telemetry;
mod track;
mod visitor;

pub use config::{Config, Limits, Parts};
pub use connect::json;
pub use registry::Registry;
pub use routes::console::ConsoleFile;
pub use serve::serve;
