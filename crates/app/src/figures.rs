//! Figures about task runs, for whoever scrapes the server. The recorder is installed at the edge; without one nothing is kept.

use std::time::Duration;

use base::{Result, Time};
use policy::rollout::TaskRunStatus;
use store::rows::TaskRun;
use store::{Filter, task_runs};

use crate::app::App;

const RUNS: &str = "basalt_task_runs";
const QUEUE: &str = "basalt_task_run_queue_seconds";
const DURATION: &str = "basalt_task_run_duration_seconds";
const TAKEOVERS: &str = "basalt_task_run_takeovers_total";
const LOCK_RETRIES: &str = "basalt_task_run_lock_retries_total";
const UNKNOWN: &str = "basalt_task_run_unknown_total";

/// Tells the recorder what the figures are.
pub fn describe() {
    metrics::describe_gauge!(RUNS, "Task runs in the store that have not ended, by state");
    metrics::describe_histogram!(QUEUE, "Time from asking for a run to its first statement");
    metrics::describe_histogram!(DURATION, "Time from the claim of a run to its end, by status");
    metrics::describe_counter!(TAKEOVERS, "Runs taken over from a server that was gone");
    metrics::describe_counter!(LOCK_RETRIES, "Times a lock was tried for again");
    metrics::describe_counter!(UNKNOWN, "Runs of which nobody can tell what they did");
    for counter in [TAKEOVERS, LOCK_RETRIES, UNKNOWN] {
        metrics::counter!(counter).increment(0);
    }
}

/// Counts the runs that have not ended. Servers of one store show the same.
pub async fn count_runs(app: &App) -> Result<()> {
    let mut conn = app.store.read().await?;
    for state in TaskRunStatus::ALL.into_iter().filter(|s| s.is_active()) {
        let of_state = Filter::eq(task_runs::STATUS, state.as_str());
        let count = task_runs::count(&mut conn, &of_state).await?;
        metrics::gauge!(RUNS, "state" => state.as_str()).set(count as f64);
    }
    Ok(())
}

/// The first statement of a run begins.
pub fn began(run: &TaskRun, now: Time) {
    let asked = run.run_at.map_or(run.created_at, |at| at.max(run.created_at));
    seconds(&metrics::histogram!(QUEUE), now.since(asked));
}

/// A run ended.
pub fn ended(run: &TaskRun, status: TaskRunStatus, unknown: bool, now: Time) {
    let took = now.since(run.started_at.unwrap_or(now));
    seconds(&metrics::histogram!(DURATION, "status" => status.as_str()), took);
    if unknown {
        metrics::counter!(UNKNOWN).increment(1);
    }
}

pub fn taken_over(runs: usize) {
    metrics::counter!(TAKEOVERS).increment(u64::try_from(runs).unwrap_or(u64::MAX));
}

pub fn lock_retried() {
    metrics::counter!(LOCK_RETRIES).increment(1);
}

fn seconds(histogram: &metrics::Histogram, time: Duration) {
    histogram.record(time.as_secs_f64());
}
