//! How a run ended, in words that people act on. Pure.

use base::{Position, Reason};
use engine::{ExecuteError, Executed, FailureKind};
use policy::rollout::TaskRunStatus;
use store::rows::Checkpoint;

/// How an execution ends.
#[derive(Debug)]
pub enum Ending {
    End(Outcome),
    /// Nothing is open at the target, and it goes on when what stands in the way is gone.
    Wait {
        /// UPPER_SNAKE.
        reason: &'static str,
        detail: String,
        /// Not before the instance has a newer version than this.
        beyond: Option<i64>,
    },
}

/// The end of a run, or (`Pending`) of a part of it that goes on later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub status: TaskRunStatus,
    /// One or two sentences.
    pub detail: String,
    pub position: Option<Position>,
}

impl Outcome {
    /// `at` says what is applied, by this run and by those before it.
    pub fn done(executed: &Executed, at: &Checkpoint) -> Self {
        let statements = plural(at.count as i64, "statement");
        let rows = if executed.rows > 0 {
            format!(", {} changed", plural(executed.rows, "row"))
        } else {
            String::new()
        };
        let earlier = at.count.saturating_sub(executed.statements);
        let earlier = match earlier {
            0 => String::new(),
            n => format!("; {n} of them before this session"),
        };
        Self {
            status: TaskRunStatus::Done,
            detail: format!("{statements} applied{rows}{earlier}."),
            position: None,
        }
    }

    pub fn failed(detail: impl Into<String>) -> Self {
        Self { status: TaskRunStatus::Failed, detail: detail.into(), position: None }
    }

    /// Nobody can tell what became of the open unit.
    pub fn unknown(at: &Checkpoint) -> Self {
        let what = match &at.open {
            Some(open) if open.end > open.first + 1 => {
                format!("statements {} to {}", open.first + 1, open.end)
            }
            Some(open) => format!("statement {}", open.first + 1),
            None => "the change".to_owned(),
        };
        Self::failed(format!(
            "Outcome unknown: whether {what} took effect cannot be proven ({}). {} Look at the database, then run again and say from which statement, or skip the task.",
            at.evidence.join("; ").trim_end_matches('.'),
            before(at)
        ))
    }

    /// Says what was applied and what was not. `canceled` tells that the failure is the answer to our own cancel.
    pub fn of_error(
        error: &ExecuteError,
        at: &Checkpoint,
        transactional: bool,
        canceled: bool,
    ) -> Self {
        let count = at.count;
        match error {
            ExecuteError::Statement { failure, .. } | ExecuteError::Lost { failure, .. } => {
                let stop = canceled && failure.failure.kind == FailureKind::Canceled;
                let n = failure.statement + 1;
                let what = if stop {
                    format!("Canceled in statement {n} of {count}.")
                } else {
                    format!(
                        "Statement {n} of {count} failed at line {}, column {}: {}.",
                        failure.position.line,
                        failure.position.column,
                        failure.failure.to_string().trim_end_matches('.')
                    )
                };
                let status = if stop { TaskRunStatus::Canceled } else { TaskRunStatus::Failed };
                Self {
                    status,
                    detail: format!("{what} {}", left_behind(at, transactional)),
                    position: (!stop).then_some(failure.position),
                }
            }
            ExecuteError::Commit { failure, .. } => Self::failed(format!(
                "COMMIT failed: {failure}. {}",
                left_behind(at, transactional)
            )),
            ExecuteError::Stopped { error, .. } if error.reason() == Reason::WindowClosed => Self {
                status: TaskRunStatus::Pending,
                detail: format!("{error}. {}", left_behind(at, transactional)),
                position: None,
            },
            ExecuteError::Stopped { error, .. } => {
                let status = if canceled { TaskRunStatus::Canceled } else { TaskRunStatus::Failed };
                let detail = format!("{error}. {}", left_behind(at, transactional));
                Self { status, detail, position: None }
            }
        }
    }
}

impl From<Outcome> for Ending {
    fn from(outcome: Outcome) -> Self {
        if outcome.status != TaskRunStatus::Pending {
            return Self::End(outcome);
        }
        Self::Wait { reason: super::WINDOW_CLOSED, detail: outcome.detail, beyond: None }
    }
}

/// What of the change is in the database.
fn left_behind(at: &Checkpoint, transactional: bool) -> String {
    if at.applied == 0 && at.chunk.is_none() && transactional {
        return "All was rolled back: nothing of this change was applied.".to_owned();
    }
    before(at)
}

/// What is applied, and what is not.
pub fn before(at: &Checkpoint) -> String {
    let chunks = match &at.chunk {
        Some(c) => format!(
            " Of statement {}, {} up to key {} stay ({} changed).",
            at.applied + 1,
            plural(c.number as i64, "chunk"),
            c.upto,
            plural(c.rows, "row")
        ),
        None => String::new(),
    };
    let rest = at.count.saturating_sub(at.applied);
    let whole = match at.applied {
        0 if at.chunk.is_some() => "No whole statement was applied.".to_owned(),
        0 => "Nothing of this change was applied.".to_owned(),
        1 => format!("1 statement was applied and stays; {rest} not."),
        n => format!("{n} statements were applied and stay; {rest} not."),
    };
    format!("{whole}{chunks}")
}

fn plural(n: i64, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use engine::StatementFailure;
    use engine::failure::PlacedFailure;
    use store::rows::{Chunk, OpenUnit};

    use super::*;

    fn failing(kind: FailureKind) -> ExecuteError {
        let failure = StatementFailure {
            code: "42P01".into(),
            ..StatementFailure::new(kind, "relation \"x\" does not exist")
        };
        let position = Position { line: 3, column: 8 };
        let failure = Box::new(PlacedFailure { failure, statement: 1, position });
        ExecuteError::Statement { failure, applied: 0 }
    }

    fn at(applied: usize) -> Checkpoint {
        Checkpoint { applied, count: 3, ..Checkpoint::default() }
    }

    #[test]
    fn says_where_it_failed_and_what_stays() {
        let o = Outcome::of_error(&failing(FailureKind::Server), &at(0), true, false);
        assert_eq!(o.status, TaskRunStatus::Failed);
        assert_eq!(
            o.detail,
            "Statement 2 of 3 failed at line 3, column 8: relation \"x\" does not exist (42P01). \
             All was rolled back: nothing of this change was applied."
        );
        let o = Outcome::of_error(&failing(FailureKind::Server), &at(1), false, false);
        assert!(o.detail.ends_with("1 statement was applied and stays; 2 not."), "{}", o.detail);
    }

    #[test]
    fn a_cancel_of_ours_is_not_a_failure() {
        let o = Outcome::of_error(&failing(FailureKind::Canceled), &at(0), true, true);
        assert_eq!((o.status, o.position), (TaskRunStatus::Canceled, None));
        let o = Outcome::of_error(&failing(FailureKind::Canceled), &at(0), true, false);
        assert_eq!(o.status, TaskRunStatus::Failed, "somebody else cancelled it");
    }

    #[test]
    fn finished_chunks_are_told() {
        let chunk = Chunk { number: 4, upto: "20000".into(), rows: 20_000 };
        let at = Checkpoint { count: 1, chunk: Some(chunk), ..Checkpoint::default() };
        let o = Outcome::of_error(&failing(FailureKind::Canceled), &at, false, true);
        assert!(
            o.detail.ends_with("4 chunks up to key 20000 stay (20000 rows changed)."),
            "{}",
            o.detail
        );
    }

    #[test]
    fn an_unknown_outcome_gives_its_evidence_and_what_to_do() {
        let mut at = at(1);
        at.open = Some(OpenUnit { first: 1, end: 2, ..OpenUnit::default() });
        at.evidence = vec!["the effect cannot be seen".into()];
        let o = Outcome::unknown(&at);
        assert!(o.detail.contains("statement 2") && o.detail.contains("cannot be seen"));
        assert!(o.detail.contains("1 statement was applied and stays"), "{}", o.detail);
    }
}
