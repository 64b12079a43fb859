//! Tests of the wire contract: what clients rely on stays as it is.

mod extensions;
mod facts;
mod registry;
mod unimplemented;
mod wire;
