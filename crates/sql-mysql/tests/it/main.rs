//! The dialect against tables of cases, and against the conformance data where it is.

mod classify;
mod corpus;
mod render;
