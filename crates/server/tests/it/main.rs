//! The transport over real sockets, with services and a gatekeeper that do what a test needs.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops where it is")]

mod cancel;
mod connect;
mod console;
mod cookies;
mod databases;
mod events;
mod gate;
mod identity;
mod limits;
mod logs;
mod plain;
mod rest;
mod sheets;
mod shutdown;
mod support;
mod vectors;
