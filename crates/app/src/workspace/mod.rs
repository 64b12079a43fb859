//! The one workspace: its name, and what a new store starts with.

mod bootstrap;
mod get;
mod update;

pub use bootstrap::bootstrap;
pub use get::{Workspace, get, needs_first_admin};
pub use update::{MASK, Update, update};
