//! One unit: begin, statements, prepare, commit; undone and tried again when it only gave up waiting for a lock.

use std::time::Instant;

use sql::StatementClass;

use super::{Chunk, Event, ExecuteError, Run, place};
use crate::failure::{FailureKind, PlacedFailure, StatementFailure};
use crate::proof::{Proof, Transaction};
use crate::units::{How, Unit};

/// What a unit ended with, before it is decided whether to try again.
pub(super) enum Ended {
    Failed(Box<PlacedFailure>),
    /// COMMIT, or what comes right before it, was refused.
    Refused(StatementFailure),
    Lost(Box<PlacedFailure>),
    Stopped(base::Error),
}

impl Run<'_> {
    /// Runs a unit to its end, with retries.
    pub(super) async fn unit(&mut self, unit: &Unit) -> Result<(), ExecuteError> {
        let mut retries = 0;
        loop {
            let before = (self.done.statements, self.done.rows);
            let ended = match &unit.how {
                How::Session => self.session_only(unit).await,
                How::Alone => self.alone(unit).await,
                How::Theirs { commits } => self.theirs(unit, *commits).await,
                How::Ours | How::Batch(_) => self.ours(unit, None).await,
            };
            let Err(ended) = ended else { return Ok(()) };
            (self.done.statements, self.done.rows) = before;
            self.try_again(unit, ended, &mut retries).await?;
        }
    }

    /// Returns when the unit shall be tried again.
    pub(super) async fn try_again(
        &mut self,
        unit: &Unit,
        ended: Ended,
        retries: &mut usize,
    ) -> Result<(), ExecuteError> {
        let applied = unit.statements.start;
        let failure = match ended {
            Ended::Failed(failure) => failure,
            Ended::Refused(failure) => return Err(ExecuteError::Commit { failure, applied }),
            Ended::Lost(failure) => {
                return Err(ExecuteError::Lost { failure, unit: unit.clone() });
            }
            Ended::Stopped(error) => return Err(ExecuteError::Stopped { error, applied }),
        };
        let waits = &self.options.retry_waits;
        let wait = waits.get(*retries).copied().filter(|_| failure.failure.lock_timeout);
        let Some(wait) = wait else { return Err(ExecuteError::Statement { failure, applied }) };
        *retries += 1;
        let event = Event::Retry { failure: &failure, retry: *retries, maximum: waits.len(), wait };
        let stopped = |error| ExecuteError::Stopped { error, applied };
        self.observer.observe(event).await.map_err(stopped)?;
        self.observer.wait(wait).await.map_err(stopped)
    }

    /// Sets up the session again as an earlier part of the script did.
    pub(super) async fn replay(&mut self, unit: &Unit) -> Result<(), ExecuteError> {
        let index = unit.statements.start;
        match self.session_only(unit).await {
            Ok(()) => {
                self.done.statements -= 1;
                Ok(())
            }
            Err(Ended::Failed(failure)) => {
                Err(ExecuteError::Statement { failure, applied: self.options.from })
            }
            Err(Ended::Lost(failure)) => Err(ExecuteError::Lost { failure, unit: unit.clone() }),
            Err(Ended::Refused(failure)) => Err(ExecuteError::Commit { failure, applied: index }),
            Err(Ended::Stopped(error)) => {
                Err(ExecuteError::Stopped { error, applied: self.options.from })
            }
        }
    }

    async fn session_only(&mut self, unit: &Unit) -> Result<(), Ended> {
        self.statement(unit.statements.start, None).await
    }

    async fn alone(&mut self, unit: &Unit) -> Result<(), Ended> {
        let index = unit.statements.start;
        let text = self.statements[index].text(self.script);
        // A catalog that cannot be read proves nothing, and that is no reason not to run.
        let before = self.session.witness(text).await.unwrap_or_else(|failure| {
            tracing::warn!(%failure, "no witness of what a statement changes");
            crate::Witness::default()
        });
        let start =
            Event::UnitStart { unit, transaction: None, witness: Some(&before), outlives: false };
        self.hear(start).await?;
        match self.statement(index, None).await {
            Ok(()) => self.hear(Event::UnitEnd { unit, applied: true, chunk: None }).await,
            Err(Ended::Failed(mut failure)) => {
                // A failed statement may still leave something: an invalid index.
                if let Ok(now) = self.session.witness(text).await
                    && now.text != before.text
                    && let Some(broken) = now.broken
                {
                    failure.failure.message = format!("{}. {broken}", failure.failure.message);
                    // Another try would find it in its way.
                    failure.failure.lock_timeout = false;
                }
                self.hear(Event::UnitEnd { unit, applied: false, chunk: None }).await?;
                Err(Ended::Failed(failure))
            }
            Err(other) => Err(other),
        }
    }

    /// A transaction of ours around the unit's statements, or around one chunk of a batch.
    pub(super) async fn ours(&mut self, unit: &Unit, chunk: Option<&Chunk>) -> Result<(), Ended> {
        let transaction = self.transaction();
        let outlives = self.session.outlives();
        let start =
            Event::UnitStart { unit, transaction: Some(&transaction), witness: None, outlives };
        self.hear(start).await?;
        let begun = self.begin(&transaction, chunk.is_none()).await;
        let result = begun.as_ref().map(|_| ());
        self.hear(Event::Begin { result }).await?;
        let early = match begun {
            Ok(early) => early,
            Err(failure) => return Err(self.failed(unit.statements.start, failure)),
        };
        if let Some(proof) = &early
            && let Err(ended) = self.hear(Event::EarlyProof { unit, proof }).await
        {
            return Err(self.undo(unit, chunk, ended).await);
        }
        let rows = self.done.rows;
        for index in unit.statements.clone() {
            if let Err(ended) = self.statement(index, chunk).await {
                return Err(self.undo(unit, chunk, ended).await);
            }
        }
        let counted = chunk.map(|c| Chunk { rows: c.rows + self.done.rows - rows, ..c.clone() });
        let chunk = counted.as_ref();
        let prepared = match early {
            Some(proof) => Ok(proof),
            None => self.prepare(&transaction).await,
        };
        let proof = match prepared {
            Ok(proof) => proof,
            Err(failure) => {
                let ended = self.refused(unit, failure);
                return Err(self.undo(unit, chunk, ended).await);
            }
        };
        if let Err(ended) = self.before_commit(unit, &proof, chunk).await {
            return Err(self.undo(unit, chunk, ended).await);
        }
        let committed = self.session.commit().await;
        let heard =
            self.observer.observe(Event::Commit { result: committed.as_ref().copied() }).await;
        if let Err(mut failure) = committed {
            // The record says that COMMIT may have been sent: only the target can say that it was not done.
            failure.connection_lost |= outlives;
            let ended = self.refused(unit, failure);
            return Err(self.undo(unit, chunk, ended).await);
        }
        heard.map_err(Ended::Stopped)?;
        self.hear(Event::UnitEnd { unit, applied: true, chunk }).await
    }

    /// The script's own transaction.
    async fn theirs(&mut self, unit: &Unit, commits: bool) -> Result<(), Ended> {
        let transaction = self.transaction();
        let outlives = self.session.outlives();
        let start =
            Event::UnitStart { unit, transaction: Some(&transaction), witness: None, outlives };
        self.hear(start).await?;
        let last = unit.statements.end - 1;
        for index in unit.statements.clone() {
            if index == last && commits {
                let prepared = match self.prepare(&transaction).await {
                    Ok(prepared) => prepared,
                    Err(failure) => {
                        let ended = self.refused(unit, failure);
                        return Err(self.undo(unit, None, ended).await);
                    }
                };
                if let Err(ended) = self.before_commit(unit, &prepared, None).await {
                    return Err(self.undo(unit, None, ended).await);
                }
            }
            match self.statement(index, None).await {
                Ok(()) => {}
                // It was stopped right before COMMIT or right after it: nobody says here which.
                Err(Ended::Stopped(error)) if index == last && commits => {
                    if let Err(failure) = self.session.rollback().await {
                        tracing::warn!(%failure, "a stopped transaction could not be rolled back");
                    }
                    return Err(Ended::Stopped(error));
                }
                Err(ended) => return Err(self.undo(unit, None, ended).await),
            }
        }
        match commits {
            true => self.hear(Event::UnitEnd { unit, applied: true, chunk: None }).await,
            false => {
                // Rolled back by the script, or never ended by it: then by us.
                let rolled_back = self.session.rollback().await;
                self.hear(Event::Rollback { result: rolled_back.as_ref().copied() }).await?;
                self.hear(Event::UnitEnd { unit, applied: false, chunk: None }).await
            }
        }
    }

    /// Runs one statement; of a batch, the part that `chunk` says.
    async fn statement(&mut self, index: usize, chunk: Option<&Chunk>) -> Result<(), Ended> {
        let statement = &self.statements[index];
        let facts = &self.facts[index];
        self.hear(Event::Start { index, statement, facts }).await?;
        let started = Instant::now();
        let text = chunk.map_or_else(|| statement.text(self.script), |c| c.sql.as_str());
        let ran = self.session.statement(text).await;
        let result = ran.map_err(|mut failure| {
            if chunk.is_some() {
                // A place in the chunk's text is not one in the script.
                (failure.offset, failure.line) = (None, None);
            }
            Box::new(place(failure, index, statement, text))
        });
        let event = Event::End {
            index,
            result: result.as_ref().map_err(|f| &**f),
            elapsed: started.elapsed(),
        };
        let heard = self.observer.observe(event).await;
        let reply = result.map_err(|failure| {
            if failure.failure.connection_lost {
                Ended::Lost(failure)
            } else {
                Ended::Failed(failure)
            }
        })?;
        self.done.statements += 1;
        if facts.kind.class() == StatementClass::Dml {
            self.done.rows += reply.rows.unwrap_or(0);
        }
        heard.map_err(Ended::Stopped)
    }

    fn transaction(&mut self) -> Transaction {
        self.begun += 1;
        let name = &self.options.name;
        let id = if name.is_empty() { String::new() } else { format!("{name}-{}", self.begun) };
        Transaction { id, isolation: self.directives.isolation }
    }

    async fn prepare(&mut self, transaction: &Transaction) -> Result<Proof, StatementFailure> {
        let facts = self.session.prepare(transaction).await?;
        Ok(Proof { id: transaction.id.clone(), facts: Some(facts) })
    }

    /// Begins a transaction, with its proof when that is asked for and the engine can give one.
    async fn begin(
        &mut self,
        transaction: &Transaction,
        whole: bool,
    ) -> Result<Option<Proof>, StatementFailure> {
        if !(self.options.early_proof && whole) {
            return self.session.begin(transaction).await.map(|()| None);
        }
        let facts = self.session.begin_proven(transaction).await?;
        Ok(facts.map(|facts| Proof { id: transaction.id.clone(), facts: Some(facts) }))
    }

    /// Asks whether to go on, then lets the proof be recorded. When that fails nobody knows whether it was, so that the unit is
    /// neither committed nor undone here: whoever reads the record asks the target.
    async fn before_commit(
        &mut self,
        unit: &Unit,
        proof: &Proof,
        chunk: Option<&Chunk>,
    ) -> Result<(), Ended> {
        self.hear(Event::Prepared { unit }).await?;
        let event = Event::BeforeCommit { unit, proof, chunk };
        self.observer.observe(event).await.map_err(|error| {
            let why = format!("the proof could not be recorded before COMMIT: {error}");
            let index = unit.statements.end - 1;
            let position = self.statements.get(index).map(|s| s.start).unwrap_or_default();
            let failure = StatementFailure {
                connection_lost: true,
                ..StatementFailure::new(FailureKind::Server, why)
            };
            Ended::Lost(Box::new(PlacedFailure { failure, statement: index, position }))
        })
    }

    /// Rolls back what is open and reports it. The first failure is the one worth telling, so a failing report is only logged.
    async fn undo(&mut self, unit: &Unit, chunk: Option<&Chunk>, ended: Ended) -> Ended {
        if matches!(ended, Ended::Lost(_)) {
            return ended;
        }
        let rolled_back = self.session.rollback().await;
        if let Err(failure) = &rolled_back
            && failure.connection_lost
        {
            // It may still be there, with its locks: that is asked.
            return self.failed(unit.statements.end - 1, failure.clone());
        }
        let result = rolled_back.as_ref().copied();
        let mut heard = self.observer.observe(Event::Rollback { result }).await;
        // What was not rolled back stays open in the record, and is asked about.
        if heard.is_ok() && rolled_back.is_ok() {
            heard = self.observer.observe(Event::UnitEnd { unit, applied: false, chunk }).await;
        }
        if let Err(error) = heard {
            tracing::warn!(error = ?error, "the rollback could not be recorded");
        }
        ended
    }

    fn failed(&self, index: usize, failure: StatementFailure) -> Ended {
        let position = self.statements.get(index).map(|s| s.start).unwrap_or_default();
        let placed = Box::new(PlacedFailure { failure, statement: index, position });
        if placed.failure.connection_lost { Ended::Lost(placed) } else { Ended::Failed(placed) }
    }

    fn refused(&self, unit: &Unit, failure: StatementFailure) -> Ended {
        if failure.connection_lost {
            self.failed(unit.statements.end - 1, failure)
        } else {
            Ended::Refused(failure)
        }
    }

    async fn hear(&mut self, event: Event<'_>) -> Result<(), Ended> {
        self.observer.observe(event).await.map_err(Ended::Stopped)
    }
}
