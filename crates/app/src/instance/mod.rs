//! Instances: the database servers, and how to reach them.
//!
//! Invariants: an instance has exactly one admin data source; secrets are encrypted in the store, go to drivers, and never
//! come back to a caller; a change that matters for reaching the server asks for a sync.

mod create;
mod databases;
mod delete;
mod list;
mod probe;
mod roles;
mod rules;
mod source;
mod sources;
mod sync;
mod update;
mod view;

pub use create::{NewInstance, create};
pub use databases::{Draft, databases};
pub use delete::{delete, undelete};
pub(crate) use list::engine_condition;
pub use list::list;
pub use roles::{ListRoles, roles};
pub use source::{add_source, remove_source, update_source};
pub use sources::SourceInput;
pub use sync::{request_sync, sync};
pub use update::{InstanceChange, update, update_many};
pub use view::{InstanceView, get};
