//! What a signal does: whatever runs or waits in the rollout is canceled, and its end awaited for a while.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use api::bytebase::v1::task_run::Status;
use api::bytebase::v1::{
    BatchCancelTaskRunsRequest, BatchCancelTaskRunsResponse, ListTaskRunsRequest,
    ListTaskRunsResponse,
};

use super::Context;
use crate::failure::Result;
use crate::findings::counted;
use crate::tell;

/// Platforms kill what does not end soon after a signal.
const PATIENCE: Duration = Duration::from_secs(20);

pub async fn all(context: &Context<'_>) -> Result<()> {
    let Some(rollout) = context.rollout.get() else {
        tell::note("stopped before anything ran");
        return Ok(());
    };
    let going = going(context, rollout).await?;
    if going.is_empty() {
        tell::note("stopped; nothing was running");
        return Ok(());
    }
    let count = going.len();
    let mut by_stage: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for run in going {
        if let Some((stage, _)) = run.split_once("/tasks/") {
            by_stage.entry(format!("{stage}/tasks/-")).or_default().push(run);
        }
    }
    for (parent, task_runs) in by_stage {
        let request = BatchCancelTaskRunsRequest { parent, task_runs };
        let _: BatchCancelTaskRunsResponse =
            context.remote.make("RolloutService/BatchCancelTaskRuns", &request).await?;
    }
    tell::note(&format!("canceling {}", counted(count, "run")));
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        if self::going(context, rollout).await?.is_empty() {
            tell::note("canceled");
            return Ok(());
        }
        tokio::time::sleep(context.asked.given.poll).await;
    }
    tell::note("still ending on the server; its log says when it has");
    Ok(())
}

/// Names of the runs that are not at their end.
async fn going(context: &Context<'_>, rollout: &str) -> Result<Vec<String>> {
    let request = ListTaskRunsRequest { parent: format!("{rollout}/stages/-/tasks/-") };
    let answer: ListTaskRunsResponse =
        context.remote.read("RolloutService/ListTaskRuns", &request).await?;
    let goes =
        |status: Status| matches!(status, Status::Pending | Status::Available | Status::Running);
    Ok(answer.task_runs.into_iter().filter(|r| goes(r.status())).map(|r| r.name).collect())
}
