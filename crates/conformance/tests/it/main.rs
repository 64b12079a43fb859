//! The sets of the conformance data, one file each, and properties that hold for the readers of all engines.

mod conformance_query_span;
mod conformance_split;
mod conformance_statement_type;
mod properties;
mod purity;
mod readers;
