//! Runs a script to its end, over as many sessions as it takes: when one is lost, the next asks what became of the open unit and
//! goes on from there.

use std::sync::Arc;
use std::time::{Duration, Instant};

use base::Result;
use engine::{
    Cancel, ExecuteError, ExecuteOptions, FailureKind, Outcome as Became, Session, Setting,
};
use tokio_util::sync::CancellationToken;

use super::fresh::Fresh;
use super::journal::Journal;
use super::open::{NotOpen, READ_ONLY, open};
use super::outcome::Outcome;
use super::pending::ours;
use super::settle::{certain, settle};
use super::{checkpoint, redact};
use crate::app::App;

/// Sessions that one execution may lose.
const MAX_LOST: usize = 5;
/// How long a target is waited for that must say what became of a unit.
const REOPEN_FOR: Duration = Duration::from_secs(10 * 60);
const REOPEN_AFTER: Duration = Duration::from_millis(100);
const REOPEN_AFTER_MAX: Duration = Duration::from_secs(10);
/// Cancels are repeated until the statement has ended, in case one arrives between two statements.
const CANCEL_EVERY: Duration = Duration::from_millis(300);
/// Before a lock is tried for again: this long, and up to as long again at random, doubled with each try.
const RETRY_AFTER: Duration = Duration::from_millis(200);

/// What a script runs with.
pub struct Work<'a> {
    pub app: &'a Arc<App>,
    pub fresh: &'a Fresh,
    /// None for what is run in no database in particular.
    pub database: Option<&'a str>,
    pub settings: &'a [Setting],
    pub cancel: &'a CancellationToken,
}

impl Work<'_> {
    /// A session for the first statement, or for what a run before left open: that one is waited for.
    pub async fn first(
        &self,
        journal: &mut Journal,
    ) -> std::result::Result<Box<dyn Session>, NotOpen> {
        if journal.checkpoint.open.is_none() {
            return self.session(journal).await;
        }
        self.again(journal).await
    }

    /// Runs `script` from the run's checkpoint on. An error is one of our own records; then nothing more is known here.
    pub async fn run(
        &self,
        journal: &mut Journal,
        session: &mut Box<dyn Session>,
        script: &str,
    ) -> Result<Outcome> {
        journal.read_from(script, &self.fresh.engine);
        let mut lost = 0;
        // Why it ends, as soon as what is open is settled.
        let mut end: Option<ExecuteError> = None;
        loop {
            let was_open = journal.checkpoint.open.is_some();
            match settle(self.fresh, session.as_mut(), journal, script).await {
                Ok(true) => {}
                Ok(false) => return Ok(Outcome::unknown(&journal.checkpoint)),
                Err(e) if lost < MAX_LOST && session.ping().await.is_err() => {
                    journal.note(format!("The target could not be asked: {e}")).await?;
                    lost += 1;
                    match self.again(journal).await {
                        Ok(next) => *session = next,
                        Err(why) => return self.give_up(journal, why).await,
                    }
                    continue;
                }
                Err(e) => return Err(e),
            }
            let at = &journal.checkpoint;
            if let Some(error) = end.take_if(|_| at.applied < at.count) {
                return Ok(self.failed(journal, &error));
            }
            if was_open && let Some(outcome) = super::run::too_often(journal) {
                return Ok(outcome);
            }
            if self.cancel.is_cancelled() {
                let error = base::Error::new(base::Reason::Canceled, "Canceled");
                let error = ExecuteError::Stopped { error, applied: journal.checkpoint.applied };
                return Ok(self.failed(journal, &error));
            }
            let options = self.options(journal);
            let stop = Stop::new(session.canceller(), self.cancel.clone());
            let dialect = self.fresh.engine.dialect();
            let executed =
                engine::execute(session.as_mut(), dialect, script, &options, journal).await;
            stop.end().await;
            let error = match executed {
                Ok(done) => return Ok(Outcome::done(&done, &journal.checkpoint)),
                // A record that failed: only what the store holds counts, and what is open there.
                Err(ExecuteError::Stopped { error, .. }) if ours(&error).is_some() => {
                    return Err(error);
                }
                Err(error) => redact::error(dialect, script, error),
            };
            let ExecuteError::Lost { failure, .. } = &error else {
                if journal.checkpoint.open.is_none() {
                    return Ok(self.failed(journal, &error));
                }
                // Its end could not be recorded, or is not certain.
                end = Some(error);
                continue;
            };
            journal
                .note(format!(
                    "The connection was lost in statement {}: {}. The target is asked what became of it.",
                    failure.statement + 1,
                    failure.failure.to_string().trim_end_matches('.')
                ))
                .await?;
            lost += 1;
            if lost > MAX_LOST {
                end = Some(error);
            }
            match self.again(journal).await {
                Ok(next) => *session = next,
                Err(why) => return self.give_up(journal, why).await,
            }
        }
    }

    async fn session(
        &self,
        journal: &mut Journal,
    ) -> std::result::Result<Box<dyn Session>, NotOpen> {
        let mut session = open(self.app, self.fresh, journal, self.database, self.cancel).await?;
        session.apply_settings(self.settings).await.map_err(NotOpen::Failure)?;
        Ok(session)
    }

    /// Another session after one was lost. A target that does not answer is waited for.
    async fn again(&self, journal: &mut Journal) -> std::result::Result<Box<dyn Session>, NotOpen> {
        let until = Instant::now() + REOPEN_FOR;
        let mut pause = REOPEN_AFTER;
        let mut told = false;
        loop {
            let why = match self.session(journal).await {
                Ok(session) => return Ok(session),
                Err(NotOpen::Error(error)) => return Err(NotOpen::Error(error)),
                Err(why) => why,
            };
            if Instant::now() >= until || self.cancel.is_cancelled() {
                return Err(why);
            }
            if !told {
                told = true;
                let text = format!("The target does not let us in again yet: {}", why.text());
                journal.note(text).await?;
            }
            tokio::select! {
                () = self.cancel.cancelled() => {}
                () = tokio::time::sleep(pause) => {}
            }
            pause = (pause * 2).min(REOPEN_AFTER_MAX);
        }
    }

    /// The target cannot be asked: what our own records prove still counts.
    pub async fn give_up(&self, journal: &mut Journal, why: NotOpen) -> Result<Outcome> {
        let open = journal.checkpoint.open.clone();
        if let NotOpen::Error(error) = &why
            && ours(error).is_some()
        {
            return Err(why.into_error());
        }
        let verdict = open.as_ref().and_then(certain).unwrap_or_else(|| {
            let text = format!("the target could not be asked: {}", why.text());
            engine::Verdict::new(Became::Unknown, text)
        });
        let applied = (verdict.outcome == Became::NotApplied).then_some(false);
        checkpoint::settled(&mut journal.checkpoint, applied, verdict);
        journal.mark(None).await?;
        if applied.is_none() {
            return Ok(Outcome::unknown(&journal.checkpoint));
        }
        let error =
            ExecuteError::Stopped { error: why.into_error(), applied: journal.checkpoint.applied };
        Ok(self.failed(journal, &error))
    }

    fn failed(&self, journal: &Journal, error: &ExecuteError) -> Outcome {
        let canceled = self.cancel.is_cancelled();
        Outcome::of_error(error, &journal.checkpoint, journal.one_transaction(), canceled)
    }

    fn options(&self, journal: &Journal) -> ExecuteOptions {
        let app = self.app;
        let run = journal.run();
        // Of this store, this run, and this claim of it.
        let seed = format!("{}/{}/{}/", run.project, run.id, run.claim_epoch);
        let mut bytes = app.token_key.expose().clone();
        bytes.extend(seed.bytes());
        bytes.extend(app.new_id().bytes());
        let name = format!("basalt-{}", &base::id::sha256_hex(&bytes)[..24]);
        let retries = self.fresh.project.payload.execution_retries;
        let retry_waits = (0..retries.clamp(0, 100))
            .map(|n| {
                let mut random = [0; 1];
                app.rng.fill(&mut random);
                let base = RETRY_AFTER * 2u32.pow(u32::try_from(n).unwrap_or(0).min(5));
                base + base * u32::from(random[0]) / 256
            })
            .collect();
        ExecuteOptions {
            name,
            from: journal.checkpoint.applied,
            after: checkpoint::after(&journal.checkpoint),
            // Files of a release are many and short.
            early_proof: self.fresh.release.is_some(),
            retry_waits,
        }
    }
}

impl NotOpen {
    fn text(&self) -> String {
        match self {
            Self::Credentials { failure, .. } | Self::Failure(failure) => match failure.kind {
                FailureKind::Auth => format!("the credentials are refused ({})", failure.message),
                _ => failure.message.clone(),
            },
            Self::ReadOnly => READ_ONLY.to_owned(),
            Self::Locked { by } => format!("session {by} holds the lock of the database"),
            Self::Error(error) => error.to_string(),
        }
    }
}

/// Turns the cancel token into cancels at the server, while statements run.
struct Stop {
    watch: tokio::task::JoinHandle<()>,
    over: CancellationToken,
}

impl Stop {
    fn new(canceller: Arc<dyn Cancel>, cancel: CancellationToken) -> Self {
        let over = CancellationToken::new();
        let ended = over.clone();
        let watch = tokio::spawn(async move {
            tokio::select! {
                () = ended.cancelled() => return,
                () = cancel.cancelled() => {}
            }
            while !ended.is_cancelled() {
                if let Err(e) = canceller.cancel().await {
                    tracing::warn!(error = %e, "a cancel did not reach the server; trying again");
                }
                tokio::select! {
                    () = ended.cancelled() => {}
                    () = tokio::time::sleep(CANCEL_EVERY) => {}
                }
            }
        });
        Self { watch, over }
    }

    /// Waits until no cancel is on its way any more, so that none hits what the session does next.
    async fn end(self) {
        self.over.cancel();
        if let Err(e) = self.watch.await {
            tracing::error!(error = %e, "the cancel watcher failed");
        }
    }
}
