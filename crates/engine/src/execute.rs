//! Runs a script on a session, statement by statement, telling an observer what happens as it happens.
//!
//! The loop is here once; drivers only run single statements. The observer is asked before anything that cannot be taken
//! back, and may stop it: that is where leases and checkpoints hang on.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use base::Position;
use sql::{Dialect, Facts, Statement, TransactionRule};

use crate::failure::{PlacedFailure, StatementFailure};
use crate::session::{Reply, Session};

/// Wish of the plan; `Auto` lets the dialect decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TransactionMode {
    #[default]
    Auto,
    /// Never open a transaction of ours.
    Off,
}

#[derive(Debug, Clone, Default)]
pub struct ExecuteOptions {
    pub transaction: TransactionMode,
}

/// What happens, in order. Statement numbers count from 0.
#[derive(Debug)]
pub enum Event<'a> {
    /// Before anything: how the script will be run, and how many statements it has.
    Plan {
        rule: &'a TransactionRule,
        count: usize,
    },
    Begin {
        result: Result<(), &'a StatementFailure>,
    },
    Start {
        index: usize,
        statement: &'a Statement,
        facts: &'a Facts,
    },
    End {
        index: usize,
        result: Result<&'a Reply, &'a PlacedFailure>,
        elapsed: Duration,
    },
    /// About to commit: the last moment at which the observer can stop it.
    BeforeCommit,
    Commit {
        result: Result<(), &'a StatementFailure>,
    },
    Rollback {
        result: Result<(), &'a StatementFailure>,
    },
}

/// Hears the events. An error stops the script: what is open is rolled back.
#[async_trait]
pub trait Observer: Send {
    async fn observe(&mut self, event: Event<'_>) -> Result<(), base::Error>;
}

/// A script that ran to its end.
#[derive(Debug, Clone, Default)]
pub struct Executed {
    pub statements: usize,
    /// Rows changed by DML, where the server said.
    pub rows: i64,
}

/// A script that did not.
#[derive(Debug)]
pub enum ExecuteError {
    /// A statement failed. `applied` statements are durable; the rest is not in the database.
    Statement { failure: PlacedFailure, applied: usize },
    /// COMMIT failed or was not answered. When the connection was lost, nobody here knows whether it took effect.
    Commit { failure: StatementFailure, unknown: bool },
    /// The observer stopped it.
    Stopped { error: base::Error, applied: usize },
}

/// Runs `script`. On return no transaction of ours is open.
pub async fn execute(
    session: &mut dyn Session,
    dialect: &dyn Dialect,
    script: &str,
    options: &ExecuteOptions,
    observer: &mut dyn Observer,
) -> Result<Executed, ExecuteError> {
    let statements = dialect.split(script);
    let facts: Vec<Facts> = statements.iter().map(|s| dialect.classify(s.text(script))).collect();
    let rule = match options.transaction {
        TransactionMode::Auto => TransactionRule::for_script(dialect, &facts),
        TransactionMode::Off => {
            TransactionRule::Each { because: "the change asks for no transaction".to_owned() }
        }
    };
    let one = rule == TransactionRule::One;
    let stopped = |applied| move |error| ExecuteError::Stopped { error, applied };
    observer
        .observe(Event::Plan { rule: &rule, count: statements.len() })
        .await
        .map_err(stopped(0))?;

    if one {
        let begun = session.begin().await;
        observer
            .observe(Event::Begin { result: begun.as_ref().copied() })
            .await
            .map_err(stopped(0))?;
        if let Err(failure) = begun {
            let position = statements.first().map(|s| s.start).unwrap_or_default();
            return Err(ExecuteError::Statement {
                failure: PlacedFailure { failure, statement: 0, position },
                applied: 0,
            });
        }
    }
    let mut done = Executed::default();
    for (index, statement) in statements.iter().enumerate() {
        let applied = if one { 0 } else { index };
        let event = Event::Start { index, statement, facts: &facts[index] };
        if let Err(error) = observer.observe(event).await {
            undo(session, observer, one).await;
            return Err(ExecuteError::Stopped { error, applied });
        }
        let started = Instant::now();
        let text = statement.text(script);
        let result =
            session.statement(text).await.map_err(|failure| place(failure, index, statement, text));
        let elapsed = started.elapsed();
        let heard = observer.observe(Event::End { index, result: result.as_ref(), elapsed }).await;
        match (result, heard) {
            (Ok(reply), Ok(())) => {
                done.statements += 1;
                if facts[index].kind.class() == sql::StatementClass::Dml {
                    done.rows += reply.rows.unwrap_or(0);
                }
            }
            (Ok(_), Err(error)) => {
                undo(session, observer, one).await;
                return Err(ExecuteError::Stopped {
                    error,
                    applied: if one { 0 } else { index + 1 },
                });
            }
            (Err(failure), _) => {
                undo(session, observer, one).await;
                return Err(ExecuteError::Statement { failure, applied });
            }
        }
    }
    if one {
        if let Err(error) = observer.observe(Event::BeforeCommit).await {
            undo(session, observer, one).await;
            return Err(ExecuteError::Stopped { error, applied: 0 });
        }
        let committed = session.commit().await;
        let heard = observer.observe(Event::Commit { result: committed.as_ref().copied() }).await;
        if let Err(failure) = committed {
            let unknown = failure.connection_lost;
            return Err(ExecuteError::Commit { failure, unknown });
        }
        heard.map_err(stopped(done.statements))?;
    }
    Ok(done)
}

/// Rolls back what is open and reports it. The first failure is the one worth telling, so a failing report is only logged.
async fn undo(session: &mut dyn Session, observer: &mut dyn Observer, one: bool) {
    if !one {
        return;
    }
    let rolled_back = session.rollback().await;
    if let Err(error) =
        observer.observe(Event::Rollback { result: rolled_back.as_ref().copied() }).await
    {
        tracing::warn!(error = ?error, "the rollback could not be recorded");
    }
}

/// Turns a place within a statement into a place within the script.
fn place(
    failure: StatementFailure,
    index: usize,
    statement: &Statement,
    text: &str,
) -> PlacedFailure {
    let inside = |p: Position| Position {
        line: statement.start.line + p.line - 1,
        column: if p.line == 1 { statement.start.column + p.column - 1 } else { p.column },
    };
    let position = match (failure.offset, failure.line) {
        (Some(offset), _) => inside(base::LineIndex::new(text).position(text, offset)),
        (None, Some(line)) if line > 1 => inside(Position { line, column: 1 }),
        _ => statement.start,
    };
    PlacedFailure { failure, statement: index, position }
}
