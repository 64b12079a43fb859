//! Releases: versioned files that are rolled out together. What its id is, and which of its files run on a database. What a file's
//! name says, and which stream a release belongs to, is in `base`: clients ask that too.

mod id;
mod steps;

pub use base::release::{FileName, Hint, Host, Nameless, Version, file_name, repository, stream};
pub use id::{DEFAULT, train};
pub use steps::{
    Applied, File, Late, Level, Note, OutOfOrder, Skip, SkipReason, Steps, Terms, steps,
};
