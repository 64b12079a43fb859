//! How a run ended, in words that people act on. Pure.

use base::Position;
use engine::{ExecuteError, Executed, FailureKind};
use policy::rollout::TaskRunStatus;

/// The end of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub status: TaskRunStatus,
    /// One or two sentences.
    pub detail: String,
    pub position: Option<Position>,
}

impl Outcome {
    pub fn done(executed: &Executed) -> Self {
        let statements = plural(executed.statements, "statement");
        let rows = if executed.rows > 0 {
            format!(", {} changed", plural_i64(executed.rows, "row"))
        } else {
            String::new()
        };
        Self {
            status: TaskRunStatus::Done,
            detail: format!("{statements} applied{rows}."),
            position: None,
        }
    }

    pub fn failed(detail: impl Into<String>) -> Self {
        Self { status: TaskRunStatus::Failed, detail: detail.into(), position: None }
    }

    /// Says what was applied and what was not. `canceled` tells that the failure is the answer to our own cancel.
    pub fn of_error(
        error: &ExecuteError,
        count: usize,
        transactional: bool,
        canceled: bool,
    ) -> Self {
        match error {
            ExecuteError::Statement { failure, applied } => {
                let stop = canceled && failure.failure.kind == FailureKind::Canceled;
                let lost = failure.failure.connection_lost;
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
                let left = left_behind(*applied, count, transactional, lost);
                Self {
                    status,
                    detail: format!("{what} {left}"),
                    position: (!stop).then_some(failure.position),
                }
            }
            ExecuteError::Commit { failure, unknown: true } => Self::failed(format!(
                "The connection was lost in COMMIT ({failure}). Whether the change took effect is not known: look at the database before running again."
            )),
            ExecuteError::Commit { failure, unknown: false } => Self::failed(format!(
                "COMMIT failed: {failure}. Nothing of this change was applied."
            )),
            ExecuteError::Stopped { error, applied } => {
                let status = if canceled { TaskRunStatus::Canceled } else { TaskRunStatus::Failed };
                let left = left_behind(*applied, count, transactional, false);
                Self { status, detail: format!("{error}. {left}"), position: None }
            }
        }
    }
}

fn left_behind(applied: usize, count: usize, transactional: bool, lost: bool) -> String {
    if lost && !transactional {
        return format!(
            "The connection was lost: statement {} may or may not have taken effect; those before it did. Look at the database before running again.",
            applied + 1
        );
    }
    match applied {
        0 if transactional => "All was rolled back: nothing of this change was applied.".to_owned(),
        0 => "Nothing of this change was applied.".to_owned(),
        1 => format!("1 statement was applied and stays; {} not.", count - 1),
        n => format!("{n} statements were applied and stay; {} not.", count - n),
    }
}

fn plural(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}

fn plural_i64(n: i64, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use engine::StatementFailure;
    use engine::failure::PlacedFailure;

    use super::*;

    fn failing(kind: FailureKind, applied: usize) -> ExecuteError {
        let failure = StatementFailure {
            code: "42P01".into(),
            ..StatementFailure::new(kind, "relation \"x\" does not exist")
        };
        let position = Position { line: 3, column: 8 };
        ExecuteError::Statement {
            failure: PlacedFailure { failure, statement: 1, position },
            applied,
        }
    }

    #[test]
    fn says_where_it_failed_and_what_stays() {
        let o = Outcome::of_error(&failing(FailureKind::Server, 0), 3, true, false);
        assert_eq!(o.status, TaskRunStatus::Failed);
        assert_eq!(
            o.detail,
            "Statement 2 of 3 failed at line 3, column 8: relation \"x\" does not exist (42P01). \
             All was rolled back: nothing of this change was applied."
        );
        let o = Outcome::of_error(&failing(FailureKind::Server, 1), 3, false, false);
        assert!(o.detail.ends_with("1 statement was applied and stays; 2 not."), "{}", o.detail);
    }

    #[test]
    fn a_cancel_of_ours_is_not_a_failure() {
        let o = Outcome::of_error(&failing(FailureKind::Canceled, 0), 3, true, true);
        assert_eq!((o.status, o.position), (TaskRunStatus::Canceled, None));
        let o = Outcome::of_error(&failing(FailureKind::Canceled, 0), 3, true, false);
        assert_eq!(o.status, TaskRunStatus::Failed, "somebody else cancelled it");
    }

    #[test]
    fn a_lost_commit_is_unknown() {
        let failure = StatementFailure::new(FailureKind::Network, "connection reset");
        let o = Outcome::of_error(&ExecuteError::Commit { failure, unknown: true }, 1, true, false);
        assert!(o.detail.contains("not known"));
    }
}
