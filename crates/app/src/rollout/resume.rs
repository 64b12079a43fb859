//! Where a new run of a task starts: never again what an earlier run applied, unless a person says so.

use base::{Blocker, Error, Result};
use policy::rollout::TaskRunStatus;
use store::Conn;
use store::rows::{Checkpoint, Resume, Task, TaskRun};

use crate::execution::{self, OUTCOME_UNKNOWN};

/// What the caller asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum From {
    /// After what is applied, as far as that is certain.
    #[default]
    Checkpoint,
    /// The first statement.
    Start,
    /// This statement, from 1.
    Statement(i32),
}

/// The starts of runs of `tasks`, one for each. Answers with all that is refused together.
pub async fn starts(
    conn: &mut Conn,
    tasks: &[&Task],
    from: From,
    reason: &str,
) -> Result<Vec<Option<Resume>>> {
    let keys: Vec<_> = tasks.iter().map(|t| (t.project.clone(), t.id)).collect();
    let runs = store::task_runs::latest(conn, &keys).await?;
    let keys: Vec<_> = runs.iter().map(|r| (r.project.clone(), r.id)).collect();
    let checkpoints = store::checkpoints::of_runs(conn, &keys).await?;
    let (mut starts, mut refused) = (Vec::new(), Vec::new());
    for task in tasks {
        let run = runs.iter().find(|r| r.task == task.id);
        let last = run.and_then(|r| {
            let kept = checkpoints.iter().find(|((_, id), _)| *id == r.id).map(|(_, c)| c.clone());
            // A run that was canceled or failed before it began knows what the ones before it did.
            Some((r, kept.or_else(|| super::log::before(r))?))
        });
        match start(task, last.as_ref().map(|(run, at)| (*run, at)), from, reason) {
            Ok(start) => starts.push(start),
            Err(Refusal::Blocked(blocker)) => refused.push(blocker),
            Err(Refusal::Error(error)) => return Err(error),
        }
    }
    if refused.is_empty() {
        return Ok(starts);
    }
    let text: Vec<_> = refused.iter().map(|b| b.message.as_str()).collect();
    Err(Error::blocked(text.join("; "), refused))
}

#[derive(Debug)]
enum Refusal {
    Blocked(Blocker),
    Error(Error),
}

/// Pure.
fn start(
    task: &Task,
    last: Option<(&TaskRun, &Checkpoint)>,
    from: From,
    reason: &str,
) -> std::result::Result<Option<Resume>, Refusal> {
    let nothing = Checkpoint::default();
    let at = last.map_or(&nothing, |(_, at)| at);
    // Also a unit that nobody has asked about yet.
    let unknown =
        at.unknown || at.open.as_ref().is_some_and(|open| execution::certain(open).is_none());
    let touched = at.applied > 0 || at.chunk.is_some() || unknown || !at.version.is_empty();
    match from {
        From::Checkpoint if !touched => Ok(None),
        From::Checkpoint if unknown => Err(Refusal::Blocked(in_question(task, at))),
        From::Checkpoint => Ok(Some(Resume {
            version: at.version.clone(),
            applied: at.applied,
            chunk: at.chunk.clone(),
            because: last
                .map(|(run, _)| format!("an earlier run ({}) applied what is before it", run.id))
                .unwrap_or_default(),
        })),
        From::Start => {
            if touched {
                say_why(reason, "part of the script is applied, and shall be run again")?;
            }
            Ok(None)
        }
        From::Statement(number) => {
            let statement = usize::try_from(number).ok().filter(|n| *n >= 1);
            let statement = statement.filter(|n| at.count == 0 || *n <= at.count + 1);
            let Some(statement) = statement else {
                return Err(Refusal::Error(Error::field(
                    "resume_statement",
                    format!("give the number of a statement, from 1 to {}", at.count + 1),
                )));
            };
            let as_recorded = !unknown && statement == at.applied + 1;
            if !as_recorded {
                say_why(reason, "this is not where the record says that the run stopped")?;
            }
            Ok(Some(Resume {
                version: at.version.clone(),
                applied: statement - 1,
                // Chunks of a batch count also where the last one of them is in question.
                chunk: at.chunk.clone().filter(|_| statement == at.applied + 1),
                because: if as_recorded {
                    "it is where the run stopped".to_owned()
                } else {
                    reason.trim().to_owned()
                },
            }))
        }
    }
}

fn say_why(reason: &str, what: &str) -> std::result::Result<(), Refusal> {
    if reason.trim().is_empty() {
        let text = format!("say why: {what}; the audit log keeps it");
        return Err(Refusal::Error(Error::field("reason", text)));
    }
    Ok(())
}

/// Nobody can tell what the last run did.
pub(super) fn in_question(task: &Task, at: &Checkpoint) -> Blocker {
    let open = at.open.as_ref();
    let (first, last) = open.map_or((at.applied + 1, at.applied + 1), |o| (o.first + 1, o.end));
    let what = if first == last {
        format!("statement {first}")
    } else {
        format!("statements {first} to {last}")
    };
    Blocker {
        reason: OUTCOME_UNKNOWN.to_owned(),
        subject: format!("tasks/{}", task.id),
        message: format!(
            "tasks/{}: whether {what} took effect is not known ({}); look at the database, then run from statement {first} if not, from statement {} if so, or skip the task",
            task.id,
            at.evidence.join("; "),
            last + 1
        ),
    }
}

/// What stands in the way of running a failed task just so.
pub fn blocker(task: &Task, run: &TaskRun) -> Option<Blocker> {
    let unknown =
        run.status == TaskRunStatus::Failed && run.payload.waiting_reason == OUTCOME_UNKNOWN;
    unknown.then(|| Blocker {
        reason: OUTCOME_UNKNOWN.to_owned(),
        subject: format!("tasks/{}", task.id),
        message: run.detail.clone(),
    })
}

#[cfg(test)]
pub(super) mod tests {
    use base::Time;
    use store::rows::{OpenUnit, TaskKind, TaskPayload, TaskRunPayload};

    use super::*;

    pub fn task() -> Task {
        Task {
            project: "shop".into(),
            id: 7,
            plan: 1,
            spec_id: String::new(),
            environment: None,
            kind: TaskKind::DatabaseMigrate,
            instance: "pg".into(),
            database: "shop".into(),
            sheet_sha256: "a".into(),
            status: policy::rollout::TaskStatus::Failed,
            skipped_reason: String::new(),
            payload: TaskPayload::default(),
            version: 1,
            created_at: Time::from_micros(0),
            updated_at: Time::from_micros(0),
        }
    }

    fn run() -> TaskRun {
        TaskRun {
            project: "shop".into(),
            id: 3,
            plan: 1,
            task: 7,
            attempt: 0,
            creator: String::new(),
            status: TaskRunStatus::Failed,
            run_at: None,
            cancel_requested: false,
            claim_epoch: 1,
            lease_until: None,
            holder: String::new(),
            detail: String::new(),
            payload: TaskRunPayload::default(),
            started_at: None,
            finished_at: None,
            created_at: Time::from_micros(0),
            updated_at: Time::from_micros(0),
        }
    }

    pub fn at(applied: usize, unknown: bool) -> Checkpoint {
        let open =
            unknown.then(|| OpenUnit { first: applied, end: applied + 1, ..OpenUnit::default() });
        Checkpoint { applied, count: 5, unknown, open, ..Checkpoint::default() }
    }

    fn ask(
        at: &Checkpoint,
        from: From,
        reason: &str,
    ) -> std::result::Result<Option<usize>, String> {
        let (task, run) = (task(), run());
        match start(&task, Some((&run, at)), from, reason) {
            Ok(start) => Ok(start.map(|s| s.applied)),
            Err(Refusal::Blocked(b)) => Err(b.reason),
            Err(Refusal::Error(e)) => Err(e.field_violations()[0].field.clone()),
        }
    }

    #[test]
    fn what_is_applied_is_not_run_again_by_itself() {
        assert_eq!(ask(&at(0, false), From::Checkpoint, ""), Ok(None));
        assert_eq!(ask(&at(2, false), From::Checkpoint, ""), Ok(Some(2)));
        assert_eq!(ask(&at(2, true), From::Checkpoint, "go"), Err("OUTCOME_UNKNOWN".into()));
    }

    #[test]
    fn a_unit_that_nobody_asked_about_is_in_question() {
        let facts = Some([("xid".to_owned(), "9".to_owned())].into());
        let mut at = at(0, false);
        at.open = Some(OpenUnit { first: 0, end: 2, facts, ..OpenUnit::default() });
        assert_eq!(ask(&at, From::Checkpoint, ""), Err("OUTCOME_UNKNOWN".into()));
        at.open = Some(OpenUnit { first: 0, end: 2, ..OpenUnit::default() });
        assert_eq!(ask(&at, From::Checkpoint, ""), Ok(None), "COMMIT was never sent");
    }

    #[test]
    fn a_person_may_say_otherwise_and_says_why() {
        assert_eq!(ask(&at(0, false), From::Start, ""), Ok(None));
        assert_eq!(ask(&at(2, false), From::Start, " "), Err("reason".into()));
        assert_eq!(ask(&at(2, false), From::Start, "restored"), Ok(None));
        assert_eq!(ask(&at(2, false), From::Statement(3), ""), Ok(Some(2)));
        assert_eq!(ask(&at(2, true), From::Statement(3), ""), Err("reason".into()));
        assert_eq!(ask(&at(2, true), From::Statement(4), "it is there"), Ok(Some(3)));
        assert_eq!(ask(&at(2, false), From::Statement(7), "x"), Err("resume_statement".into()));
        assert_eq!(ask(&at(2, false), From::Statement(0), "x"), Err("resume_statement".into()));
    }
}
