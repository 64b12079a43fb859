//! The catalog of a database, engine-free: what sync reads, what review and diff reason about, what the console shows.
//!
//! Invariant: no SQL dialect in here. Text that only the engine understands (a view's query, an index definition)
//! is carried as the engine gave it.

pub mod catalog;
mod known;
pub mod object;
mod shared;

pub use catalog::{
    Catalog, CheckConstraint, Column, Enum, Event, Extension, ForeignKey, Generation,
    GenerationKind, Identity, Index, IndexKey, MaterializedView, Named, Partition, Routine,
    RoutineKind, Schema, Sequence, Table, TableStats, Trigger, UserType, View,
};
pub use known::Known;
pub use object::{Object, ObjectKind, Placed};
pub use shared::Shared;
