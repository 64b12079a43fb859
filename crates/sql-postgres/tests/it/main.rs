//! The dialect against the conformance data, and facts that the data does not ask for.

mod apply;
mod classify;
mod corpus;
mod locks;
mod mutants;
mod recreate;
mod safer;
mod span;
