//! Runs a script on a session, unit by unit, telling an observer what happens as it happens.
//!
//! The loop is here once; drivers only run single statements. The observer is asked before anything that cannot be taken
//! back, and may stop it: leases and checkpoints hang on that. What it hears in [`Event::UnitStart`] and [`Event::BeforeCommit`] is
//! enough to find out after a crash what became of the unit (see [`crate::proof`]).

mod batch;
#[cfg(test)]
mod fake;
#[cfg(test)]
mod tests;
mod unit;

use std::time::Duration;

use async_trait::async_trait;
use base::Position;
use sql::{Dialect, Directives, Facts, Statement, TransactionRule};

use crate::failure::{FailureKind, PlacedFailure, StatementFailure};
use crate::proof::{Proof, Transaction, Witness};
use crate::session::{Reply, Session};
use crate::units::{How, Unit, units};

pub use self::batch::Chunk;

#[derive(Debug, Clone, Default)]
pub struct ExecuteOptions {
    /// Names the transactions of this execution, each with a number behind: see [`Transaction::id`]. Unique for ever, or empty.
    pub name: String,
    /// Statements before this one are applied already; of those only what sets up the session is run.
    pub from: usize,
    /// Where the first batch that runs goes on: after this chunk.
    pub after: Option<Chunk>,
    /// Ask for proofs when transactions begin, where the engine can, so that recording them takes no time of its own. Worth it for
    /// many short transactions; for a long one it lets a crash of the target leave more unknown.
    pub early_proof: bool,
    /// Waits before each new try of a unit that gave up waiting for a lock: as many tries as there are waits.
    pub retry_waits: Vec<Duration>,
}

/// What happens, in order. Statement and unit numbers count from 0.
#[derive(Debug)]
pub enum Event<'a> {
    /// Before anything: how the script will be run, and how many statements it has.
    Plan {
        rule: &'a TransactionRule,
        count: usize,
        from: usize,
    },
    /// A unit begins. When it is [`How::Alone`], it may take effect as soon as this returns.
    UnitStart {
        unit: &'a Unit,
        /// The transaction that it runs in.
        transaction: Option<&'a Transaction>,
        /// The state before, when it commits by itself.
        witness: Option<&'a Witness>,
        /// The transaction may outlive its session: its name must be seen by others when this returns.
        outlives: bool,
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
    /// The proof of a transaction that has just begun: it may be recorded while the statements run, and is the one that
    /// [`Event::BeforeCommit`] will ask for.
    EarlyProof {
        unit: &'a Unit,
        proof: &'a Proof,
    },
    /// All statements of a transaction ran: the last moment at which the observer can stop it.
    Prepared {
        unit: &'a Unit,
    },
    /// The proof is to be recorded; the unit may take effect as soon as this returns. An error leaves open whether it was recorded.
    BeforeCommit {
        unit: &'a Unit,
        proof: &'a Proof,
        chunk: Option<&'a Chunk>,
    },
    Commit {
        result: Result<(), &'a StatementFailure>,
    },
    Rollback {
        result: Result<(), &'a StatementFailure>,
    },
    /// A unit ended, and it is known how.
    UnitEnd {
        unit: &'a Unit,
        applied: bool,
        chunk: Option<&'a Chunk>,
    },
    /// A unit gave up waiting for a lock, was undone, and will be tried again.
    Retry {
        failure: &'a PlacedFailure,
        retry: usize,
        maximum: usize,
        wait: Duration,
    },
    /// A batch rests before its next chunk.
    Rest {
        wait: Duration,
        because: &'a str,
    },
}

/// Hears the events. An error stops the script: what is open is rolled back.
#[async_trait]
pub trait Observer: Send {
    async fn observe(&mut self, event: Event<'_>) -> Result<(), base::Error>;

    /// Lets time pass. An error stops the script.
    async fn wait(&mut self, time: Duration) -> Result<(), base::Error> {
        tokio::time::sleep(time).await;
        Ok(())
    }
}

/// A script that ran to its end.
#[derive(Debug, Clone, Default)]
pub struct Executed {
    /// Statements that this execution ran.
    pub statements: usize,
    /// Rows changed by DML, where the server said.
    pub rows: i64,
}

/// A script that did not. `applied` counts statements from the beginning of the script whose effect is durable; what was run of
/// the rest was undone.
#[derive(Debug)]
pub enum ExecuteError {
    /// A statement failed.
    Statement { failure: Box<PlacedFailure>, applied: usize },
    /// COMMIT was refused.
    Commit { failure: StatementFailure, applied: usize },
    /// The session is gone. All before `unit` is applied; what became of the unit must be asked.
    Lost { failure: Box<PlacedFailure>, unit: Unit },
    /// The observer stopped it.
    Stopped { error: base::Error, applied: usize },
}

/// What all units of one execution share.
struct Run<'a> {
    session: &'a mut dyn Session,
    dialect: &'a dyn Dialect,
    observer: &'a mut dyn Observer,
    script: &'a str,
    statements: &'a [Statement],
    facts: &'a [Facts],
    directives: &'a Directives,
    options: &'a ExecuteOptions,
    /// Transactions begun.
    begun: usize,
    done: Executed,
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
    let directives = sql::directives(script, &statements);
    if let Some(error) = directives.errors.first() {
        return Err(unreadable(error, options.from));
    }
    let rule = TransactionRule::for_script(dialect, &facts, &directives);
    let units = units(dialect, &facts, &rule, &directives);
    let plan = Event::Plan { rule: &rule, count: statements.len(), from: options.from };
    observer
        .observe(plan)
        .await
        .map_err(|error| ExecuteError::Stopped { error, applied: options.from })?;
    let mut run = Run {
        session,
        dialect,
        observer,
        script,
        statements: &statements,
        facts: &facts,
        directives: &directives,
        options,
        begun: 0,
        done: Executed::default(),
    };
    let mut after = options.after.clone();
    for unit in &units {
        if unit.statements.end <= options.from {
            if unit.how == How::Session {
                run.replay(unit).await?;
            }
            continue;
        }
        let unit = run.rest_of(unit)?;
        match &unit.how {
            How::Batch(batch) => run.batch(&unit, batch, after.take()).await?,
            _ => run.unit(&unit).await?,
        }
    }
    Ok(run.done)
}

impl Run<'_> {
    /// The unit, or the rest of it where a person said to start in its middle.
    fn rest_of(&self, unit: &Unit) -> Result<Unit, ExecuteError> {
        let from = self.options.from;
        if unit.statements.start >= from {
            return Ok(unit.clone());
        }
        if matches!(unit.how, How::Theirs { .. }) {
            let why = format!(
                "statement {} is inside the script's own transaction, which begins with statement {}: start there",
                from + 1,
                unit.statements.start + 1
            );
            let position = self.statements.get(from).map(|s| s.start).unwrap_or_default();
            let failure = StatementFailure::new(FailureKind::Unsupported, why);
            let failure = Box::new(PlacedFailure { failure, statement: from, position });
            return Err(ExecuteError::Statement { failure, applied: from });
        }
        Ok(Unit { statements: from..unit.statements.end, how: unit.how.clone() })
    }
}

/// A directive that cannot be read stops the script before anything is run.
fn unreadable(error: &sql::SyntaxError, applied: usize) -> ExecuteError {
    ExecuteError::Statement {
        failure: Box::new(PlacedFailure {
            failure: StatementFailure::new(FailureKind::Unsupported, error.message.clone()),
            statement: applied,
            position: error.position,
        }),
        applied,
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
