//! Conditions: the part of CEL that people write into bindings, approval rules, groups and masking rules.
//!
//! [`compile`] reads a text for an [`Environment`], the declared variables of one kind of condition, and refuses what could
//! not be evaluated: unknown names, wrong types, and whatever could cost too much. What is wrong is told with its place.
//! A [`Program`] is asked with whatever is known; an unset variable makes it "no match, because X is not set".
//!
//! Parser and interpreter are those of the crate `cel`. Invariants: nothing reaches its recursive parser that was not
//! measured by `guard`; nothing reaches its interpreter, which cannot be stopped, whose cost `check` did not bound.

mod check;
mod environments;
mod error;
mod eval;
mod functions;
mod guard;
mod program;
mod read;
#[cfg(test)]
mod tests;
mod tree;
mod types;
mod write;

pub use environments::{
    ACCESS_REQUEST, CHANGE_DATABASE, CREATE_DATABASE, DATABASE_GROUP, Declared, Environment,
    FALLBACK, IAM_BINDING, MASKING_EXEMPTION, MASKING_RULE, ROLE_REQUEST, Variable,
};
pub use error::CelError;
pub use eval::{Miss, Value, Vars};
pub use program::{Program, compile};
pub use read::read;
pub use tree::{Each, EachKind, Literal, Node, Tree};
pub use write::{text, write};
