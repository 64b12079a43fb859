//! How people like the console: the same in all their browsers, and shown to nobody else.

mod get;
mod update;

pub use get::get;
pub use update::update;
