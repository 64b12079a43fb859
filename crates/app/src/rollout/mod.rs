//! Rollouts: the tasks of a plan, stage by stage.

pub mod automatic;
pub mod cancel;
pub mod create;
pub mod expand;
mod first_stage;
pub mod list;
pub mod load;
pub mod log;
mod may_run;
pub mod order;
mod promotion;
pub mod queue;
mod refused;
pub mod replace_rest;
pub mod resume;
pub mod run_tasks;
pub mod session;
pub mod skip;
pub mod tail;
pub mod view;

pub(crate) use first_stage::{FirstStage, first_stage};
pub use view::{RolloutView, StageView, TaskView};
