//! The dialect against the conformance data, and facts that the data does not ask for.

mod apply;
mod classify;
mod corpus;
mod locks;
mod mutants;
mod safer;
mod span;
