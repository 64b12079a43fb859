//! Runs the stages of a rollout in their order, up to one, and waits for each.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use api::bytebase::v1::task::Status;
use api::bytebase::v1::{
    BatchRunTasksRequest, BatchRunTasksResponse, GetRolloutRequest, ListTaskRunsRequest,
    ListTaskRunsResponse, Rollout, Stage, Task, TaskRun,
};

use super::progress::Progress;
use super::told::{self, Report};
use super::{Begun, Context, short};
use crate::failure::{Exit, Failure, Result};
use crate::pace::Pace;
use crate::tell;

/// A stage whose tasks the server refuses to run this often, though nothing keeps them, is given up.
const MOST_REFUSALS: u32 = 3;

/// What is to be done about a stage next.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    Run(Vec<String>),
    Wait,
    /// Names of the tasks.
    Failed(Vec<String>),
    /// Reason and sentence of what keeps it.
    Kept(Vec<(String, String)>),
    Done,
}

pub async fn up_to(
    context: &Context<'_>,
    begun: &Begun,
    target: &str,
    report: &mut Report,
) -> Result<()> {
    let stages = &begun.rollout.stages;
    let Some(last) = stages.iter().position(|s| s.environment == target) else {
        tell::note(&format!("the rollout has no stage {target}: there is nothing to run"));
        return Ok(());
    };
    for stage in &stages[..=last] {
        run(context, begun, &stage.name, target, report).await?;
    }
    Ok(())
}

async fn run(
    context: &Context<'_>,
    begun: &Begun,
    stage: &str,
    target: &str,
    report: &mut Report,
) -> Result<()> {
    let started = Instant::now();
    let (mut kept_since, mut refusals): (Option<Instant>, u32) = (None, 0);
    let mut again: BTreeSet<String> = begun.failed_before.iter().cloned().collect();
    let mut progress = Progress::new();
    let mut pace = Pace::new(context.asked.given.poll);
    loop {
        let now = look(context, begun, stage).await?;
        let title = short(&now.environment).to_owned();
        report.stage(&now, started.elapsed());
        match next(&now, &again) {
            Next::Done => {
                progress.end();
                tell::out(&format!(
                    "{title}: {} in {:.1} s",
                    told::counts(&now),
                    started.elapsed().as_secs_f64()
                ));
                for line in told::outcomes(&now, &runs(context, &format!("{stage}/tasks/-")).await?)
                {
                    tell::out(&format!("  {line}"));
                }
                return Ok(());
            }
            Next::Failed(tasks) => {
                progress.end();
                return Err(failed(context, begun, &now, &tasks).await?);
            }
            Next::Run(tasks) => {
                let request = BatchRunTasksRequest {
                    parent: stage.to_owned(),
                    tasks: tasks.clone(),
                    ..BatchRunTasksRequest::default()
                };
                let asked: Result<BatchRunTasksResponse, _> =
                    context.remote.make("RolloutService/BatchRunTasks", &request).await;
                match asked {
                    Ok(_) => again.retain(|t| !tasks.contains(t)),
                    // Somebody else may have run them in between, or something keeps them now: another look tells.
                    Err(e)
                        if matches!(e.code.as_str(), "failed_precondition" | "aborted")
                            && refusals < MOST_REFUSALS =>
                    {
                        refusals += 1;
                        progress.say(&format!("{title}: {}", e.message));
                    }
                    Err(e) => return Err(e.into()),
                }
            }
            Next::Kept(blockers) => {
                let since = *kept_since.get_or_insert_with(Instant::now);
                if since.elapsed() >= context.asked.gate_timeout {
                    progress.end();
                    return Err(kept(&now, begun, &blockers, target));
                }
                progress.say(&format!("{title} waits: {}", sentences(&blockers)));
            }
            Next::Wait => {
                kept_since = None;
                let runs = runs(context, &format!("{stage}/tasks/-")).await?;
                progress.say(&format!("{title}: {}", told::running(&now, &runs)));
            }
        }
        pace.wait().await;
    }
}

async fn look(context: &Context<'_>, begun: &Begun, stage: &str) -> Result<Stage> {
    let request = GetRolloutRequest { name: begun.rollout.name.clone() };
    let rollout: Rollout = context.remote.read("RolloutService/GetRollout", &request).await?;
    let gone = || Failure::new(Exit::Server, format!("{stage} is gone from the rollout"));
    rollout.stages.into_iter().find(|s| s.name == stage).ok_or_else(gone)
}

async fn runs(context: &Context<'_>, parent: &str) -> Result<Vec<TaskRun>> {
    let request = ListTaskRunsRequest { parent: parent.to_owned() };
    let answer: ListTaskRunsResponse =
        context.remote.read("RolloutService/ListTaskRuns", &request).await?;
    Ok(answer.task_runs)
}

/// `again`: failed before this command began, so they have another try.
fn next(stage: &Stage, again: &BTreeSet<String>) -> Next {
    let is = |task: &&Task, wanted: &[Status]| wanted.contains(&task.status());
    let (mut to_run, mut blockers, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    for task in &stage.tasks {
        match task.status() {
            Status::Failed | Status::Canceled if !again.contains(&task.name) => {
                failed.push(task.name.clone());
            }
            Status::NotStarted | Status::Failed | Status::Canceled if task.blockers.is_empty() => {
                to_run.push(task.name.clone());
            }
            Status::NotStarted | Status::Failed | Status::Canceled => {
                for blocker in &task.blockers {
                    let one = (blocker.reason.clone(), blocker.message.clone());
                    if !blockers.contains(&one) {
                        blockers.push(one);
                    }
                }
            }
            _ => {}
        }
    }
    let in_flight = stage.tasks.iter().any(|t| is(&t, &[Status::Pending, Status::Running]));
    if failed.is_empty() && !to_run.is_empty() {
        Next::Run(to_run)
    } else if in_flight {
        Next::Wait
    } else if !failed.is_empty() {
        Next::Failed(failed)
    } else if !blockers.is_empty() {
        Next::Kept(blockers)
    } else if stage.tasks.iter().all(|t| is(&t, &[Status::Done, Status::Skipped])) {
        Next::Done
    } else {
        // A status of a later server: its end will be one that is known.
        Next::Wait
    }
}

/// Says of each failed task where and why.
async fn failed(
    context: &Context<'_>,
    begun: &Begun,
    stage: &Stage,
    tasks: &[String],
) -> Result<Failure> {
    let all = runs(context, &format!("{}/tasks/-", stage.name)).await?;
    let paths = told::paths(context, begun, stage).await;
    let mut message = format!("{} stopped:", short(&stage.environment));
    for task in stage.tasks.iter().filter(|t| tasks.contains(&t.name)) {
        let run = told::latest(&all, &task.name);
        let told = told::Failed::of(task, run, &paths);
        context.platform.show_failure(
            &told.file,
            told.line,
            &format!("Failed on {}", told.target),
            &told.detail,
        );
        message.push_str(&format!("\n  {told}"));
    }
    if stage.tasks.len() > tasks.len() {
        message.push_str(&format!("\n  of the others: {}", told::counts(stage)));
    }
    message.push_str("\n  Mend the file and run this again: what is applied is skipped.");
    Ok(Failure::new(Exit::Failed, message))
}

fn kept(stage: &Stage, begun: &Begun, blockers: &[(String, String)], target: &str) -> Failure {
    let environment = short(&stage.environment);
    let mut message = format!("{environment} waits:");
    for (reason, why) in blockers {
        message.push_str(&format!("\n  {reason}: {why}"));
    }
    message.push_str(&format!(
        "\n  Then go on with: basalt rollout --plan {} --target-stage {}",
        begun.plan, target
    ));
    Failure::new(Exit::Waits, message)
}

fn sentences(blockers: &[(String, String)]) -> String {
    blockers.iter().map(|(_, why)| why.as_str()).collect::<Vec<_>>().join(" ")
}

/// What a whole stage took, for people.
pub fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use api::bytebase::v1::task::Blocker;

    use super::*;

    fn stage(tasks: &[(&str, Status, &str)]) -> Stage {
        let task = |(name, status, reason): &(&str, Status, &str)| Task {
            name: (*name).to_owned(),
            status: (*status).into(),
            blockers: match *reason {
                "" => Vec::new(),
                reason => vec![Blocker { reason: reason.to_owned(), message: "Wait.".to_owned() }],
            },
            ..Task::default()
        };
        Stage { tasks: tasks.iter().map(task).collect(), ..Stage::default() }
    }

    #[test]
    fn what_comes_next_is_told_by_the_tasks() {
        use Status::{Done, Failed, NotStarted, Pending, Running, Skipped};
        let names = |list: &[&str]| list.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        let none = BTreeSet::new();
        for (tasks, expected) in [
            (&[][..], Next::Done),
            (&[("a", Done, ""), ("b", Skipped, "")], Next::Done),
            (&[("a", Done, ""), ("b", NotStarted, "")], Next::Run(names(&["b"]))),
            (&[("a", Running, ""), ("b", NotStarted, "")], Next::Run(names(&["b"]))),
            (&[("a", Running, ""), ("b", Failed, "")], Next::Wait),
            (&[("a", NotStarted, ""), ("b", Failed, "")], Next::Failed(names(&["b"]))),
            (&[("a", NotStarted, "APPROVAL"), ("b", Pending, "")], Next::Wait),
            (
                &[("a", NotStarted, "APPROVAL"), ("b", NotStarted, "APPROVAL")],
                Next::Kept(vec![("APPROVAL".to_owned(), "Wait.".to_owned())]),
            ),
        ] {
            assert_eq!(next(&stage(tasks), &none), expected, "{tasks:?}");
        }
        let again = BTreeSet::from(["b".to_owned()]);
        assert_eq!(
            next(&stage(&[("a", Done, ""), ("b", Failed, "")]), &again),
            Next::Run(names(&["b"]))
        );
    }
}
