//! Running one task: from the claim to the recorded result.
//!
//! The order is fixed: fresh look at what the task names → session with stated settings → schema before, and the baseline if there
//! is none → changelog PENDING → statements → schema after → changelog and run finished. Every write about the run carries the
//! claim's epoch, so that a holder which lost its lease writes nothing more.

mod create;
pub mod fresh;
pub mod journal;
mod migrate;
pub mod outcome;
pub mod redact;
mod run;
pub mod settings;

pub use run::run;

use base::name::TaskRunName;
use base::{Result, Time};
use store::Conn;
use store::rows::{Task, TaskRun};

/// Stage of a task whose database has no environment.
pub const NO_STAGE: &str = "-";

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
