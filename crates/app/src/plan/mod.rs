//! Plans: what is to be changed where, and the checks of it.

pub mod check;
pub mod create;
mod hotfix;
pub mod list;
pub mod specs;
mod twins;
pub mod update;
pub mod view;

pub(crate) use create::insert;
pub use create::{NewPlan, create};
pub use update::{PlanChange, update};
pub use view::{PlanView, StageSummary, get};
