//! Running one task: from the claim to the recorded result.
//!
//! The order is fixed: fresh look at what the task names → session, alone with its database, with stated settings → what an executor
//! before left open is settled → pre-flight → schema before, and the baseline if there is none → changelog PENDING → units of the script,
//! each with its checkpoint → schema after → changelog and run finished. Every write about the run carries the claim's epoch, so
//! that a holder which lost its lease writes nothing more (docs/adr/0008-exactly-once.md).

mod checkpoint;
mod create;
pub mod fresh;
mod hours;
pub mod idle;
pub mod journal;
mod migrate;
mod open;
pub mod outcome;
mod pending;
mod preflight;
pub mod redact;
mod release;
mod run;
mod script;
pub mod settings;
mod settle;

pub(crate) use preflight::kept_mark;
pub use run::run;
pub use settle::certain;

use base::name::TaskRunName;
use base::{Result, Time};
use store::Conn;
use store::rows::{Task, TaskRun};

/// Stage of a task whose database has no environment.
pub const NO_STAGE: &str = "-";

/// Reason of a failed run of which nobody can tell what it did.
pub const OUTCOME_UNKNOWN: &str = "OUTCOME_UNKNOWN";

/// Reason of a run that waits for a deployment window.
pub const WINDOW_CLOSED: &str = base::Reason::WindowClosed.as_str();

/// The full name of a run.
pub fn task_run_name(task: &Task, run: &TaskRun) -> TaskRunName {
    TaskRunName {
        project: run.project.clone(),
        plan: run.plan.to_string(),
        stage: task.environment.clone().unwrap_or_else(|| NO_STAGE.to_owned()),
        task: run.task.to_string(),
        run: run.id.to_string(),
    }
}

/// Tells the event stream that the plan's rollout moved.
pub async fn announce(conn: &mut Conn, project: &str, plan: i64, now: Time) -> Result<()> {
    let rollout = format!("projects/{project}/plans/{plan}/rollout");
    store::events::append(conn, &rollout, "rollout", "", now).await?;
    Ok(())
}
