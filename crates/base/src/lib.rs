//! What every crate speaks: names, errors, time, secrets, text positions, versions of files and the table of engines.
//!
//! Invariant: nothing here does I/O. `System` is the one implementation of [`Clock`] and [`Rng`] that
//! touches the machine; everything else takes them as arguments.

pub mod address;
pub mod clock;
pub mod engine;
pub mod error;
pub mod id;
pub mod name;
pub mod page;
pub mod pattern;
pub mod position;
pub mod release;
pub mod secret;
pub mod workflow_command;

pub use clock::{Clock, Rng, System, Time};
pub use engine::EngineKind;
pub use error::{Blocker, Code, Error, FieldViolation, PermissionDenied, Reason, Result};
pub use position::{LineIndex, Position, Span};
pub use secret::Secret;
