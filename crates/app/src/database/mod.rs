//! Databases: which project and environment each belongs to, and what the last sync found in it.
//!
//! Invariants: a database belongs to exactly one project; moving it takes the right on both projects; a list shows each
//! caller only databases of projects where they may see them.

mod adopt;
mod belong;
mod get;
mod list;
mod metadata;
mod schema;
mod sync;
mod update;
mod view;

pub use adopt::adopt;
pub(crate) use belong::belong;
pub use get::{batch_get, get};
pub use list::list;
pub use metadata::{Metadata, metadata};
pub use schema::{ObjectType, SchemaObject, schema, schema_string};
pub use sync::{request_sync, sync};
pub use update::{DatabaseChange, update, update_many};
pub use view::DatabaseView;
pub(crate) use view::{load_active, tell};
