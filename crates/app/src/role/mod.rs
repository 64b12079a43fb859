//! Roles: the predefined ones, which are code, and the workspace's own, which are rows.

mod change;
mod get;
mod uses;

pub use change::{MASK, Update, create, delete, update};
pub use get::{get, list};

/// A role of either kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// `roles/{role}`
    pub name: String,
    pub title: String,
    pub description: String,
    /// Sorted.
    pub permissions: Vec<String>,
    /// Cannot be changed.
    pub predefined: bool,
}

impl From<store::rows::Role> for Role {
    fn from(row: store::rows::Role) -> Self {
        Self {
            name: format!("roles/{}", row.id),
            title: row.title,
            description: row.description,
            permissions: row.permissions,
            predefined: false,
        }
    }
}
