//! The log and the checkpoint of one run, and its last word. Every write checks the claim: after the lease is lost nothing is
//! written.
//!
//! What waits for the disk: the proof before a COMMIT, the witness before a statement that commits by itself, the end of the run.
//! Each takes everything written before it along (ADR 0007, 0008).

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use base::{Error, Reason, Result, Span};
use engine::units::How;
use engine::{Engine, Event, Observer, Proof};
use sql::{Dialect, TransactionRule};
use store::rows::{Checkpoint, LogKind, TaskRun};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::hours::Hours;
use super::pending::{Marked, Pending};
use super::{checkpoint, redact};
use crate::app::App;
use crate::connections::Slot;
use crate::figures;
use crate::hooks::{self, Point};

/// Writes about a run that this process holds.
pub struct Journal {
    pending: Pending,
    app: Arc<App>,
    run: TaskRun,
    /// Resource name of the run.
    name: String,
    /// The script, for spans; set when it starts.
    script: Arc<str>,
    /// Whose language it is.
    engine: Option<Arc<dyn Engine>>,
    /// The statement that runs.
    statement: Span,
    pub checkpoint: Checkpoint,
    one_transaction: bool,
    /// Asked before each statement and before COMMIT.
    cancel: CancellationToken,
    /// The first statement of the run began, perhaps at an executor before.
    began: bool,
    /// Of the run's session.
    connection: Option<Slot>,
    /// Of the unit that runs.
    unit: tracing::Span,
    /// Asked before each unit.
    hours: Option<Hours>,
    /// Of the last transaction that was committed.
    proof: Option<Proof>,
    /// An early proof is on its way to the disk.
    early: Option<JoinHandle<Result<()>>>,
}

impl Journal {
    pub fn new(
        app: Arc<App>,
        run: TaskRun,
        name: String,
        checkpoint: Checkpoint,
        cancel: CancellationToken,
    ) -> Self {
        let began = run.payload.takeovers > 0 || run.payload.changelog.is_some();
        let pending = Pending::new(Arc::clone(&app), run.clone(), name.clone());
        Self {
            pending,
            app,
            run,
            name,
            script: Arc::from(""),
            engine: None,
            statement: Span::default(),
            checkpoint,
            one_transaction: false,
            cancel,
            began,
            connection: None,
            unit: tracing::Span::none(),
            hours: None,
            proof: None,
            early: None,
        }
    }

    pub const fn run(&self) -> &TaskRun {
        &self.run
    }

    /// For facts about the run that are written with its end.
    pub const fn run_mut(&mut self) -> &mut TaskRun {
        &mut self.run
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the last transaction may have left at the target.
    pub fn proof(&self) -> Option<Proof> {
        self.proof.clone()
    }

    /// The run has a session at the instance, or (None) has it no more.
    pub fn hold(&mut self, connection: Option<Slot>) {
        self.connection = connection;
    }

    /// From now on no unit begins outside of these.
    pub fn keep_to(&mut self, hours: Option<Hours>) {
        self.hours = hours;
    }

    pub fn read_from(&mut self, script: &str, engine: &Arc<dyn Engine>) {
        self.script = Arc::from(script);
        self.engine = Some(Arc::clone(engine));
    }

    fn dialect(&self) -> Option<&'static dyn Dialect> {
        self.engine.as_ref().map(|e| e.dialect())
    }

    /// What the server said about the statement that runs, without its secrets.
    fn said(&self, message: &str) -> String {
        let Some(dialect) = self.dialect().filter(|_| !message.is_empty()) else {
            return message.to_owned();
        };
        redact::said(dialect, self.statement.of(&self.script), message)
    }

    /// The script ran in one transaction of ours.
    pub const fn one_transaction(&self) -> bool {
        self.one_transaction
    }

    pub async fn note(&mut self, text: impl Into<String>) -> Result<()> {
        self.write(LogKind::Note { text: text.into() }).await
    }

    /// Appends one entry; who watches sees it soon.
    pub async fn write(&mut self, kind: LogKind) -> Result<()> {
        let line = (self.app.now(), kind);
        self.pending.waiting()?.lines.push(line);
        Ok(())
    }

    /// Writes what is known about the run so far, for who looks while it runs.
    pub async fn save(&mut self) -> Result<()> {
        self.pending.waiting()?.payload = Some(self.run.payload.clone());
        Ok(())
    }

    /// Writes where the run is, with a line of the log. On the disk when this returns, with all that was written before.
    pub async fn mark(&mut self, line: Option<LogKind>) -> Result<()> {
        self.recorded().await?;
        let now = self.app.now();
        self.pending.mark(&self.checkpoint, line.map(|line| (now, line))).await
    }

    /// Waits until an early proof is on the disk: what is written later must not be overtaken by it. True when there was one.
    async fn recorded(&mut self) -> Result<bool> {
        let Some(early) = self.early.take() else { return Ok(false) };
        let broke_off = |e| Error::internal("the record of a proof broke off").with_source(e);
        early.await.map_err(broke_off)??;
        Ok(true)
    }

    /// The same, but a crash may take it back.
    async fn mark_soon(&mut self, line: Option<LogKind>) -> Result<()> {
        self.recorded().await?;
        let now = self.app.now();
        let mut waiting = self.pending.waiting()?;
        waiting.checkpoint = Some(self.checkpoint.clone());
        waiting.lines.extend(line.map(|line| (now, line)));
        Ok(())
    }

    /// Records a revision together with the checkpoint that says that its file is applied.
    pub async fn revise(&mut self, revision: Marked) -> Result<()> {
        let mut waiting = self.pending.waiting()?;
        waiting.checkpoint = Some(self.checkpoint.clone());
        waiting.revisions.push(revision);
        Ok(())
    }

    /// Writes all that waits to be written, so that others see it.
    pub async fn flush(&mut self) -> Result<()> {
        self.pending.flush().await
    }

    fn may_go_on(&self) -> Result<()> {
        if self.cancel.is_cancelled() {
            return Err(Error::new(Reason::Canceled, "Canceled before the next statement"));
        }
        Ok(())
    }
}

#[async_trait]
impl Observer for Journal {
    async fn observe(&mut self, event: Event<'_>) -> Result<()> {
        match event {
            Event::Plan { rule, count, from } => {
                self.checkpoint.count = count;
                self.one_transaction = *rule == TransactionRule::One;
                self.mark_soon(Some(LogKind::Note { text: how(rule, count, from) })).await
            }
            Event::UnitStart { unit, transaction, witness, outlives } => {
                self.may_go_on()?;
                if let Some(hours) = &self.hours {
                    hours.check(self.app.now())?;
                }
                let (first, end) = (unit.statements.start, unit.statements.end);
                self.unit = tracing::info_span!("unit", first, end);
                let backend = self.run.payload.backend.clone();
                self.checkpoint.open = Some(checkpoint::open(unit, &backend, transaction, witness));
                match unit.how {
                    How::Alone => self.mark(None).await?,
                    _ => self.mark_soon(None).await?,
                }
                // Its name must be known to who comes after a crash.
                if outlives {
                    self.flush().await?;
                }
                hooks::reach(Point::UnitStart);
                Ok(())
            }
            Event::Begin { result } => {
                self.write(LogKind::Begin { error: text(result) }).await?;
                hooks::reach(Point::Begin);
                Ok(())
            }
            Event::Start { index, statement, .. } => {
                self.may_go_on()?;
                self.statement = statement.span;
                if !self.began {
                    self.began = true;
                    figures::began(&self.run, self.app.now());
                }
                let text = statement.text(&self.script);
                let shown = self.dialect().map_or_else(String::new, |d| redact::shown(d, text));
                self.write(LogKind::StatementStart {
                    index,
                    count: self.checkpoint.count,
                    span: statement.span,
                    statement: shown,
                })
                .await?;
                hooks::reach(Point::Statement);
                Ok(())
            }
            Event::End { index, result, elapsed } => {
                hooks::reach(Point::StatementEnd);
                let mut entry = end(index, result, elapsed);
                if let LogKind::StatementEnd { error, notices, .. } = &mut entry {
                    *error = self.said(error);
                    notices.iter_mut().for_each(|n| *n = self.said(n));
                }
                self.write(entry).await
            }
            Event::Prepared { .. } => self.may_go_on(),
            Event::EarlyProof { proof, .. } => {
                checkpoint::committing(&mut self.checkpoint, proof, None);
                self.early = Some(self.pending.mark_meanwhile(&self.checkpoint));
                Ok(())
            }
            Event::BeforeCommit { proof, chunk, .. } => {
                self.proof = Some(proof.clone());
                if !self.recorded().await? {
                    checkpoint::committing(&mut self.checkpoint, proof, chunk);
                    self.mark(None).await?;
                }
                hooks::reach(Point::BeforeCommit);
                Ok(())
            }
            Event::Commit { result } => {
                hooks::reach(Point::AfterCommit);
                self.write(LogKind::Commit { error: text(result) }).await
            }
            Event::Rollback { result } => {
                self.write(LogKind::Rollback { error: text(result) }).await
            }
            Event::UnitEnd { unit, applied, chunk } => {
                self.unit = tracing::Span::none();
                checkpoint::ended(&mut self.checkpoint, unit, applied, chunk);
                let line = chunk.filter(|_| applied).map(|c| LogKind::Note {
                    text: format!("Chunk {} is done, up to key {}.", c.number, c.upto),
                });
                self.mark_soon(line).await?;
                hooks::reach(Point::UnitEnd);
                Ok(())
            }
            Event::Retry { failure, retry, maximum, wait } => {
                figures::lock_retried();
                let kind = LogKind::Retry {
                    error: format!(
                        "{}; trying again in {} ms",
                        self.said(&failure.failure.to_string()),
                        wait.as_millis()
                    ),
                    retry: i32::try_from(retry).unwrap_or(i32::MAX),
                    maximum: i32::try_from(maximum).unwrap_or(i32::MAX),
                };
                self.write(kind).await
            }
            Event::Rest { because, .. } => self.note(format!("Resting: {because}.")).await,
        }
    }

    async fn wait(&mut self, time: Duration) -> Result<()> {
        tokio::select! {
            () = self.cancel.cancelled() => {}
            () = tokio::time::sleep(time) => {}
        }
        self.may_go_on()
    }
}

fn how(rule: &TransactionRule, count: usize, from: usize) -> String {
    let how = match rule {
        TransactionRule::One => "in one transaction".to_owned(),
        TransactionRule::Each { because } => format!("statement by statement, because {because}"),
        TransactionRule::Own { because } => format!("as written, because {because}"),
    };
    match from {
        0 => format!("Running {count} statements {how}."),
        _ => {
            format!("Running statements {} to {count}, {how}; those before are applied.", from + 1)
        }
    }
}

fn end(
    index: usize,
    result: std::result::Result<&engine::Reply, &engine::failure::PlacedFailure>,
    elapsed: Duration,
) -> LogKind {
    let elapsed_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
    match result {
        Ok(reply) => LogKind::StatementEnd {
            index,
            affected_rows: reply.rows,
            error: String::new(),
            position: None,
            elapsed_us,
            notices: reply.notices.clone(),
        },
        Err(failure) => LogKind::StatementEnd {
            index,
            affected_rows: None,
            error: failure.failure.to_string(),
            position: Some(failure.position),
            elapsed_us,
            notices: Vec::new(),
        },
    }
}

fn text(result: std::result::Result<(), &engine::StatementFailure>) -> String {
    result.err().map(ToString::to_string).unwrap_or_default()
}
