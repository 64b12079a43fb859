//! What was ever applied to a database. Written by task runs only; here it is read.

mod read;

pub use read::{ChangelogView, Texts, get, list};
