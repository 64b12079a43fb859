//! The log of one run, and its last word. Every write checks the claim: after the lease is lost nothing is written.

use std::sync::Arc;

use async_trait::async_trait;
use base::{Error, Reason, Result};
use engine::{Event, Observer};
use sql::TransactionRule;
use store::rows::{LogKind, TaskRun};

use super::redact;
use crate::app::App;

/// Writes about a run that this process holds.
pub struct Journal {
    app: Arc<App>,
    run: TaskRun,
    /// Resource name of the run.
    name: String,
    /// The script, for spans; set when it starts.
    script: Arc<str>,
    count: usize,
    one_transaction: bool,
    /// Asked before each statement and before COMMIT.
    cancel: tokio_util::sync::CancellationToken,
}

impl Journal {
    pub fn new(
        app: Arc<App>,
        run: TaskRun,
        name: String,
        cancel: tokio_util::sync::CancellationToken,
    ) -> Self {
        Self { app, run, name, script: Arc::from(""), count: 0, one_transaction: false, cancel }
    }

    pub const fn run(&self) -> &TaskRun {
        &self.run
    }

    /// For facts about the run that are written with its end.
    pub const fn run_mut(&mut self) -> &mut TaskRun {
        &mut self.run
    }

    pub fn read_from(&mut self, script: &str) {
        self.script = Arc::from(script);
    }

    /// Statements in the script, known once it started.
    pub const fn count(&self) -> usize {
        self.count
    }

    /// The script ran in one transaction of ours.
    pub const fn one_transaction(&self) -> bool {
        self.one_transaction
    }

    pub async fn note(&mut self, text: impl Into<String>) -> Result<()> {
        self.write(LogKind::Note { text: text.into() }).await
    }

    /// Appends one entry and tells who watches. What says that the target was or will be changed is on the disk
    /// before this returns, with everything before it; the rest need not be, and must not hold the change up.
    pub async fn write(&mut self, kind: LogKind) -> Result<()> {
        let on_the_way = matches!(
            kind,
            LogKind::Note { .. }
                | LogKind::SyncStart
                | LogKind::SyncEnd { .. }
                | LogKind::Begin { .. }
        );
        let line = (self.app.now(), kind);
        let store = &self.app.store;
        let mut tx = if on_the_way { store.begin_unsynced().await? } else { store.begin().await? };
        store::task_run_logs::append(&mut tx, &self.run, &self.name, &[line]).await?;
        Ok(tx.commit().await?)
    }

    /// Writes what is known about the run so far, for who looks while it runs.
    pub async fn save(&mut self) -> Result<()> {
        let mut tx = self.app.store.begin_unsynced().await?;
        store::task_runs::set_payload(&mut tx, &self.run, &self.run.payload, self.app.now())
            .await?;
        Ok(tx.commit().await?)
    }
}

#[async_trait]
impl Observer for Journal {
    async fn observe(&mut self, event: Event<'_>) -> Result<()> {
        match event {
            Event::Plan { rule, count } => {
                self.count = count;
                self.one_transaction = *rule == TransactionRule::One;
                let how = match rule {
                    TransactionRule::One => "in one transaction".to_owned(),
                    TransactionRule::Each { because } => {
                        format!("statement by statement, because {because}")
                    }
                    TransactionRule::Own { because } => format!("as written, because {because}"),
                };
                self.note(format!("Running {count} statements {how}.")).await
            }
            Event::Begin { result } => self.write(LogKind::Begin { error: text(result) }).await,
            Event::Start { index, statement, facts } => {
                self.may_go_on()?;
                let shown = redact::shown(statement.text(&self.script), facts);
                self.write(LogKind::StatementStart {
                    index,
                    count: self.count,
                    span: statement.span,
                    statement: shown,
                })
                .await
            }
            Event::End { index, result, elapsed } => {
                let elapsed_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
                let kind = match result {
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
                };
                self.write(kind).await
            }
            Event::BeforeCommit => self.may_go_on(),
            Event::Commit { result } => self.write(LogKind::Commit { error: text(result) }).await,
            Event::Rollback { result } => {
                self.write(LogKind::Rollback { error: text(result) }).await
            }
        }
    }
}

impl Journal {
    fn may_go_on(&self) -> Result<()> {
        if self.cancel.is_cancelled() {
            return Err(Error::new(Reason::Canceled, "Canceled before the next statement"));
        }
        Ok(())
    }
}

fn text(result: std::result::Result<(), &engine::StatementFailure>) -> String {
    result.err().map(ToString::to_string).unwrap_or_default()
}
