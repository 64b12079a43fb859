//! Tests on the real binary, as users and their programs meet it.

mod bad_input;
mod estimates;
mod proto_line;
mod request;
mod shop;
mod strangers;
mod tour;

/// The binary under test.
const BASALT: &str = env!("CARGO_BIN_EXE_basalt");
