//! Rules against cases, their own documentation, and the conformance data.

mod cases;
mod conformance;
mod documentation;
mod engine;
mod fixes;
mod support;
