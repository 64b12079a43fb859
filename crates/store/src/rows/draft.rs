//! What somebody has typed and not saved.

use base::Time;

/// One a place of the console and person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// `users/{email}`
    pub owner: String,
    pub place: String,
    /// JSON text of the console's own; empty in lists.
    pub value: String,
    /// Tells versions of a draft apart, too.
    pub updated_at: Time,
}
