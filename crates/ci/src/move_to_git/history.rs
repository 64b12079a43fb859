//! What plans have changed: of each database the changes that ended well, with the text that was run.

use std::collections::BTreeMap;

use api::bytebase::v1::changelog::Status;
use api::bytebase::v1::task::Payload;
use api::bytebase::v1::task::database_update::Source;
use api::bytebase::v1::{
    Changelog, GetRolloutRequest, GetSheetRequest, ListChangelogsRequest, ListChangelogsResponse,
    Rollout, Sheet, Task,
};
use base::Time;

use crate::failure::Result;
use crate::remote::{CallError, Remote};

const PAGE: i32 = 1_000;

/// One change of one database, applied as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub database: String,
    pub at: Time,
    pub title: String,
    pub statement: Vec<u8>,
}

/// What does not become a file, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    pub database: String,
    pub what: String,
    /// A stable word.
    pub reason: &'static str,
    pub message: String,
}

/// A task with all that its runs left in the history of its database.
struct Run {
    task: String,
    title: String,
    /// Of the run that ended well; of the last one when none did.
    at: Time,
    is_done: bool,
    is_open: bool,
    failures: usize,
}

/// Each database's changes, oldest first.
pub async fn read(remote: &Remote, databases: &[String]) -> Result<(Vec<Change>, Vec<Left>)> {
    let (mut changes, mut left) = (Vec::new(), Vec::new());
    let mut texts = Texts { remote, plans: BTreeMap::new(), sheets: BTreeMap::new() };
    for database in databases {
        for run in runs(changelogs(remote, database).await?) {
            let what = if run.title.is_empty() { run.task.clone() } else { run.title.clone() };
            let leave = |(reason, message): Why| Left {
                database: database.clone(),
                what: what.clone(),
                reason,
                message,
            };
            match texts.of(&run).await? {
                Err(why) => left.push(leave(why)),
                Ok(statement) => {
                    left.extend(run.retried().map(leave));
                    let (database, at) = (database.clone(), run.at);
                    changes.push(Change { database, at, title: run.title, statement });
                }
            }
        }
    }
    Ok((changes, left))
}

/// A stable word, and a sentence.
type Why = (&'static str, String);

impl Run {
    /// Why it is no change of the database.
    fn unfinished(&self) -> Option<Why> {
        let (reason, message) = match (self.is_done, self.is_open) {
            (true, _) => return None,
            (false, true) => ("RUNNING", "it is not over"),
            (false, false) => (
                "FAILED",
                "it failed, and a part of it may be applied; finish it, or see what the database has",
            ),
        };
        Some((reason, message.to_owned()))
    }

    /// What is to be known of it although it is a change.
    fn retried(&self) -> Option<Why> {
        let message =
            "a run of it failed before the one that finished it; the file holds the last text";
        (self.failures > 0).then(|| ("RETRIED", message.to_owned()))
    }
}

/// The texts of what was run; each plan and each sheet is asked for once.
struct Texts<'a> {
    remote: &'a Remote,
    /// The tasks of each plan.
    plans: BTreeMap<String, BTreeMap<String, Task>>,
    sheets: BTreeMap<String, Vec<u8>>,
}

impl Texts<'_> {
    /// The whole text that a run ran, or why there is none that a file could hold.
    async fn of(&mut self, run: &Run) -> Result<Result<Vec<u8>, Why>> {
        if let Some(why) = run.unfinished() {
            return Ok(Err(why));
        }
        match self.sheet_of(&run.task).await? {
            Err(why) => Ok(Err(why)),
            Ok(sheet) => self.sheet(&sheet).await,
        }
    }

    /// Name of the sheet that a task runs.
    async fn sheet_of(&mut self, task: &str) -> Result<Result<String, Why>> {
        let plan = task.split("/rollout/").next().unwrap_or_default();
        if !self.plans.contains_key(plan) {
            let tasks = tasks(self.remote, plan).await?;
            self.plans.insert(plan.to_owned(), tasks);
        }
        let payload = self.plans.get(plan).and_then(|t| t.get(task)?.payload.as_ref());
        let source = match payload {
            Some(Payload::DatabaseUpdate(update)) => update.source.as_ref(),
            Some(Payload::DatabaseCreate(_)) => {
                return Ok(Err((
                    "CREATES",
                    "it made the database, which a file cannot".to_owned(),
                )));
            }
            None => None,
        };
        Ok(match source {
            Some(Source::Sheet(sheet)) if !sheet.is_empty() => Ok(sheet.clone()),
            Some(Source::Release(release)) => Err((
                "RELEASE",
                format!("it came from the files of {release}, which have versions"),
            )),
            _ => Err(("NO_TEXT", format!("the rollout of {plan} does not name what was run"))),
        })
    }

    /// Of a changelog it may be cut, and hides passwords.
    async fn sheet(&mut self, name: &str) -> Result<Result<Vec<u8>, Why>> {
        if let Some(text) = self.sheets.get(name) {
            return Ok(Ok(text.clone()));
        }
        let request = GetSheetRequest { name: name.to_owned(), raw: true };
        match self.remote.read::<Sheet>("SheetService/GetSheet", &request).await {
            Ok(sheet) => {
                self.sheets.insert(name.to_owned(), sheet.content.clone());
                Ok(Ok(sheet.content))
            }
            Err(error) if is_gone(&error) => Ok(Err(("NO_TEXT", format!("{name} is gone")))),
            Err(error) => Err(error.into()),
        }
    }
}

/// Oldest first.
async fn changelogs(remote: &Remote, database: &str) -> Result<Vec<Changelog>> {
    let request = |page_token| ListChangelogsRequest {
        parent: database.to_owned(),
        page_size: PAGE,
        page_token,
        ..ListChangelogsRequest::default()
    };
    let page = |page: ListChangelogsResponse| (page.changelogs, page.next_page_token);
    let mut all = remote.pages("ChangelogService/ListChangelogs", request, page).await?;
    all.reverse();
    Ok(all)
}

/// One for each task, by the time of what ended it. A baseline belongs to none.
fn runs(changelogs: Vec<Changelog>) -> Vec<Run> {
    let mut found: Vec<Run> = Vec::new();
    for one in changelogs.into_iter().filter(|c| !c.task_run.is_empty()) {
        let task = one.task_run.split("/taskRuns/").next().unwrap_or_default().to_owned();
        let at = one
            .create_time
            .as_ref()
            .map_or_else(|| Time::from_parts(0, 0), |t| Time::from_parts(t.seconds, t.nanos));
        let before = found.iter().position(|r| r.task == task).map(|at| found.remove(at));
        let mut run = before.unwrap_or_else(|| Run {
            task,
            title: String::new(),
            at,
            is_done: false,
            is_open: false,
            failures: 0,
        });
        run.title = one.plan_title.clone();
        run.at = at;
        run.is_open = one.status() == Status::Pending;
        run.is_done |= one.status() == Status::Done;
        run.failures += usize::from(one.status() == Status::Failed);
        found.push(run);
    }
    found
}

/// The tasks of a plan's rollout, by name.
async fn tasks(remote: &Remote, plan: &str) -> Result<BTreeMap<String, Task>> {
    let request = GetRolloutRequest { name: format!("{plan}/rollout") };
    let rollout: Rollout = match remote.read("RolloutService/GetRollout", &request).await {
        Ok(rollout) => rollout,
        Err(error) if is_gone(&error) => return Ok(BTreeMap::new()),
        Err(error) => return Err(error.into()),
    };
    let tasks = rollout.stages.into_iter().flat_map(|stage| stage.tasks);
    Ok(tasks.map(|task| (task.name.clone(), task)).collect())
}

fn is_gone(error: &CallError) -> bool {
    error.code == "not_found"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_that_was_finished_by_a_later_run_counts_once() {
        let log = |task: &str, status: Status| Changelog {
            task_run: if task.is_empty() {
                String::new()
            } else {
                format!("projects/p/plans/1/rollout/stages/test/tasks/{task}/taskRuns/9")
            },
            status: status.into(),
            ..Changelog::default()
        };
        let runs = runs(vec![
            log("", Status::Done),
            log("a", Status::Failed),
            log("b", Status::Done),
            log("a", Status::Done),
            log("c", Status::Failed),
            log("d", Status::Pending),
        ]);
        let shown: Vec<_> = runs
            .iter()
            .map(|r| format!("{} {} {}", r.task.rsplit('/').next().unwrap(), r.is_done, r.failures))
            .collect();
        assert_eq!(shown, ["b true 0", "a true 1", "c false 1", "d false 0"]);
    }
}
