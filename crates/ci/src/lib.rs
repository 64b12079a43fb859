//! The pipeline client: `basalt check`, `basalt rollout` and what belongs to them, as a pipeline runs them; and `basalt adopt`,
//! `basalt move-to-git` and `basalt schema export`, which people run beside it.
//!
//! It talks to the API as any client does, and to the service that keeps the repository. Nothing here knows the server's insides.
//! Invariants: a token that was refused is never sent in a loop; a comment is updated in place, never added again; what failed says which
//! file and line, or which permission.

mod adopt;
mod check;
mod confirm;
mod environment;
mod failure;
mod files;
mod findings;
mod forge;
mod http;
mod init;
mod move_to_git;
mod output;
mod pace;
mod platform;
mod release;
mod remote;
mod revisions;
mod rollout;
mod schema;
mod settings;
mod stream;
mod tell;
mod why;

pub use adopt::{Adopt, Tool, adopt};
pub use check::{Check, FailOn, Terms, check};
pub use environment::Environment;
pub use failure::{Exit, Failure};
pub use init::{Init, Service, init};
pub use move_to_git::{MoveToGit, move_to_git};
pub use release::{list as list_releases, show as show_release};
pub use rollout::{Rollout, rollout};
pub use schema::{SchemaExport, export_schema};
pub use settings::{Given, parse_duration};
pub use why::why;
