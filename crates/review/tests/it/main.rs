//! Rules against cases, their own documentation, and the conformance data.

mod bodies;
mod cases;
mod conformance;
mod documentation;
mod engine;
mod fixes;
mod support;
