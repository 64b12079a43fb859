//! What a run has to write and has not written yet: lines of its log, its checkpoint, revisions. Written together, at the latest
//! [`SOON`] after it came, and before anything that must be on the disk.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base::{Result, Time};
use store::StoreError;
use store::revisions::TakenBack;
use store::rows::{Checkpoint, LogKind, Revision, TaskRun, TaskRunPayload};
use tokio::task::JoinHandle;

use crate::app::App;

/// Who watches a run sees what it does after this time at the latest.
const SOON: Duration = Duration::from_millis(50);

/// The writer of one run.
pub struct Pending {
    shared: Arc<Shared>,
    ticker: JoinHandle<()>,
}

struct Shared {
    app: Arc<App>,
    /// As it was claimed: every write checks the claim.
    held: TaskRun,
    name: String,
    waiting: Mutex<Waiting>,
    /// Held while something is written, so that it is written in order. What comes meanwhile waits in `waiting`.
    writing: tokio::sync::Mutex<()>,
}

/// A revision to record.
pub struct Marked {
    pub revision: Revision,
    pub replaces: Option<Replaced>,
}

/// The one in whose place a revision stands.
pub struct Replaced {
    pub id: String,
    /// Why it does; empty when nobody had to say.
    pub reason: String,
}

#[derive(Default)]
pub struct Waiting {
    pub lines: Vec<(Time, LogKind)>,
    pub checkpoint: Option<Checkpoint>,
    pub revisions: Vec<Marked>,
    pub payload: Option<TaskRunPayload>,
    /// The claim was lost while nobody waited for a write.
    failed: Option<base::Error>,
}

impl Pending {
    pub fn new(app: Arc<App>, held: TaskRun, name: String) -> Self {
        let shared = Arc::new(Shared {
            app,
            held,
            name,
            waiting: Mutex::default(),
            writing: tokio::sync::Mutex::default(),
        });
        let own = Arc::clone(&shared);
        let ticker = tokio::spawn(async move {
            let mut told = false;
            loop {
                tokio::time::sleep(SOON).await;
                match own.write(None).await {
                    Ok(()) => told = false,
                    Err(error) if is_lost(&error) => own.waiting().failed = Some(error),
                    // What waits is kept and tried again; what must be on the disk says so itself.
                    Err(_) if told => {}
                    Err(error) => {
                        told = true;
                        tracing::warn!(
                            run = own.name,
                            ?error,
                            "notes of a run could not be written; trying again"
                        );
                    }
                }
            }
        });
        Self { shared, ticker }
    }

    /// To put something in. An error tells that the claim is lost.
    pub fn waiting(&self) -> Result<MutexGuard<'_, Waiting>> {
        let mut waiting = self.shared.waiting();
        match waiting.failed.take() {
            Some(error) => Err(error),
            None => Ok(waiting),
        }
    }

    /// Writes all that waits, so that others see it.
    pub async fn flush(&self) -> Result<()> {
        drop(self.waiting()?);
        self.shared.write(None).await
    }

    /// Writes this with all that waits. On the disk when this returns, together with everything before it.
    pub async fn mark(&self, checkpoint: &Checkpoint, line: Option<(Time, LogKind)>) -> Result<()> {
        self.waiting()?.lines.extend(line);
        self.shared.write(Some(checkpoint)).await
    }

    /// Begins to do the same.
    pub fn mark_meanwhile(&self, checkpoint: &Checkpoint) -> JoinHandle<Result<()>> {
        let (shared, checkpoint) = (Arc::clone(&self.shared), checkpoint.clone());
        tokio::spawn(async move { shared.write(Some(&checkpoint)).await })
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.ticker.abort();
    }
}

impl Shared {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what waits. With `mark` also this, and then all is on the disk: it is written also when somebody wrote the same just
    /// now without waiting for the disk, because a transaction that changes nothing makes nothing durable.
    async fn write(&self, mark: Option<&Checkpoint>) -> Result<()> {
        let _turn = self.writing.lock().await;
        let mut now = {
            let mut waiting = self.waiting();
            let failed = waiting.failed.take();
            let now = std::mem::take(&mut *waiting);
            waiting.failed = failed;
            now
        };
        if let Some(checkpoint) = mark {
            now.checkpoint = Some(checkpoint.clone());
        }
        if now.is_empty() {
            return Ok(());
        }
        let written = self.transaction(&now, mark.is_some()).await;
        if written.is_err() {
            self.waiting().put_back(now);
        }
        written
    }

    async fn transaction(&self, what: &Waiting, synced: bool) -> Result<()> {
        let now = self.app.now();
        let store = &self.app.store;
        let mut tx = match (synced, what.revisions.is_empty()) {
            (true, _) => store.begin().await?,
            // Without its revision a file would be applied again by the next run.
            (false, false) => store.begin_for_our_life().await?,
            (false, true) => store.begin_unsynced().await?,
        };
        if let Some(checkpoint) = &what.checkpoint {
            store::checkpoints::put(&mut tx, &self.held, checkpoint, now).await?;
        }
        if !what.lines.is_empty() {
            store::task_run_logs::append(&mut tx, &self.held, &self.name, &what.lines).await?;
        }
        if let Some(payload) = &what.payload {
            store::task_runs::set_payload(&mut tx, &self.held, payload, now).await?;
        }
        for Marked { revision, replaces } in &what.revisions {
            if let Some(old) = replaces {
                let how = TakenBack { by: &revision.creator, at: now, reason: &old.reason };
                store::revisions::delete(&mut tx, &old.id, how).await?;
            }
            store::revisions::insert(&mut tx, revision).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Somebody else has the run now.
pub fn is_lost(error: &base::Error) -> bool {
    matches!(ours(error), Some(StoreError::LostLease(_)))
}

/// The failure of our own records that this error is, if it is one.
pub fn ours(error: &base::Error) -> Option<&StoreError> {
    std::error::Error::source(error).and_then(|source| source.downcast_ref())
}

impl Waiting {
    fn is_empty(&self) -> bool {
        self.lines.is_empty()
            && self.checkpoint.is_none()
            && self.revisions.is_empty()
            && self.payload.is_none()
    }

    /// Puts what could not be written before what came since.
    fn put_back(&mut self, mut earlier: Self) {
        earlier.lines.append(&mut self.lines);
        earlier.revisions.append(&mut self.revisions);
        self.lines = earlier.lines;
        self.revisions = earlier.revisions;
        self.checkpoint = self.checkpoint.take().or(earlier.checkpoint);
        self.payload = self.payload.take().or(earlier.payload);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_comes_before_what_came_since() {
        let note = |text: &str| (Time::from_micros(0), LogKind::Note { text: text.to_owned() });
        let at = |applied| Some(Checkpoint { applied, ..Checkpoint::default() });
        let earlier = Waiting { lines: vec![note("a")], checkpoint: at(1), ..Waiting::default() };
        let mut since = Waiting { lines: vec![note("b")], checkpoint: at(2), ..Waiting::default() };
        since.put_back(earlier);
        assert_eq!(since.lines, [note("a"), note("b")]);
        assert_eq!(since.checkpoint, at(2), "the later one counts");
    }
}
