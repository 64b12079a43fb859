//! How much is synced at once, and in which order what was read is written. State of this process only.
//!
//! Invariants: at most [`WORKERS`] syncs run, on one instance as many as [`crate::connections`] lets; no two whole syncs of one
//! thing run side by side; an older reading never overwrites a newer one.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use base::{Error, Result};
use tokio::sync::{MutexGuard, OwnedSemaphorePermit, Semaphore};

use crate::connections::{Connections, Slot};

/// Syncs at the same time, each with one connection.
const WORKERS: usize = 10;

/// The syncs of this process.
pub struct Budget {
    workers: Arc<Semaphore>,
    pub(super) of_instances: Lines<super::instance::Synced>,
    pub(super) of_databases: Lines<super::database::Snapshot>,
}

/// A line for each thing that is synced, by its id.
pub struct Lines<T>(Mutex<HashMap<String, Arc<Line<T>>>>);

/// The right to use one connection for a sync.
pub struct Permit {
    _connection: Slot,
    _worker: OwnedSemaphorePermit,
}

/// Those who sync one thing, one behind the other.
pub struct Line<T> {
    /// The number and outcome of the last whole sync; whoever holds it may sync.
    turn: tokio::sync::Mutex<Option<(u64, Result<T>)>>,
    /// Whole syncs that began.
    begun: AtomicU64,
    /// Readings that began, whether of a whole sync or on somebody's session.
    readings: AtomicU64,
    /// The latest reading that was written; whoever holds it may write.
    written: tokio::sync::Mutex<u64>,
}

/// The number of a reading: a later one knows at least as much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reading(u64);

/// The right to write what a reading found. Held while it is written.
pub struct Writing<'a> {
    written: MutexGuard<'a, u64>,
    reading: Reading,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            workers: Arc::new(Semaphore::new(WORKERS)),
            of_instances: Lines(Mutex::default()),
            of_databases: Lines(Mutex::default()),
        }
    }
}

impl Budget {
    /// Waits for a connection to the instance. The instance's own limit comes first, so that a crowd on one instance does
    /// not keep the workers from others.
    pub async fn permit(
        &self,
        connections: &Arc<Connections>,
        instance: &str,
        limit: usize,
    ) -> Result<Permit> {
        let connection = connections.other(instance, limit).await;
        let closed = |_| Error::internal("the sync budget was closed");
        let worker = Arc::clone(&self.workers).acquire_owned().await.map_err(closed)?;
        Ok(Permit { _connection: connection, _worker: worker })
    }
}

impl<T: Clone> Lines<T> {
    /// The line of one thing. It stays for as long as the process: some hundred bytes a database.
    pub fn line(&self, id: &str) -> Arc<Line<T>> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || {
            Arc::new(Line {
                turn: tokio::sync::Mutex::new(None),
                begun: AtomicU64::new(0),
                readings: AtomicU64::new(0),
                written: tokio::sync::Mutex::new(0),
            })
        };
        Arc::clone(lines.entry(id.to_owned()).or_insert_with(new))
    }
}

impl<T: Clone> Line<T> {
    /// Syncs, or shares the outcome of a sync that began after this call: one that was under way already may have read
    /// before what the caller wants to see.
    pub async fn sync(&self, work: impl Future<Output = Result<T>> + Send) -> Result<T> {
        let arrived = self.begun.load(Ordering::SeqCst);
        let mut last = self.turn.lock().await;
        if let Some((number, outcome)) = &*last
            && *number > arrived
        {
            return outcome.clone();
        }
        let number = self.begun.fetch_add(1, Ordering::SeqCst) + 1;
        let outcome = work.await;
        *last = Some((number, outcome.clone()));
        outcome
    }

    /// To be called before the first look at the database.
    pub fn reading(&self) -> Reading {
        Reading(self.readings.fetch_add(1, Ordering::SeqCst) + 1)
    }

    /// The right to write what `reading` found; None when a later reading was written before.
    pub async fn writing(&self, reading: Reading) -> Option<Writing<'_>> {
        let written = self.written.lock().await;
        (*written < reading.0).then_some(Writing { written, reading })
    }
}

impl Writing<'_> {
    /// It is written: older readings come too late now.
    pub fn done(mut self) {
        *self.written = self.reading.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    #[tokio::test]
    async fn an_instance_gets_four_of_ten() {
        let (budget, connections) = (Budget::default(), Arc::new(Connections::default()));
        let soon = |instance| {
            let permit = budget.permit(&connections, instance, 16);
            tokio::time::timeout(std::time::Duration::from_millis(20), permit)
        };
        let mut held = Vec::new();
        for instance in ["a", "a", "a", "a", "b", "b", "b", "c", "c", "c"] {
            held.push(soon(instance).await.unwrap().unwrap());
        }
        assert!(soon("a").await.is_err(), "the instance is full");
        assert!(soon("d").await.is_err(), "the workers are all busy");
        held.clear();
        soon("a").await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn those_who_wait_share_the_next_sync_not_the_running_one() {
        let lines = Lines(Mutex::default());
        let runs = Arc::new(AtomicUsize::new(0));
        let (go, gate) = tokio::sync::watch::channel(false);
        let start = |lines: &Lines<()>| {
            let (line, runs, mut gate) = (lines.line("db"), Arc::clone(&runs), gate.clone());
            tokio::spawn(async move {
                let work = async {
                    runs.fetch_add(1, Ordering::SeqCst);
                    gate.wait_for(|open| *open).await.unwrap();
                    Ok(())
                };
                line.sync(work).await
            })
        };
        let first = start(&lines);
        while runs.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        let others: Vec<_> = (0..5).map(|_| start(&lines)).collect();
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        go.send(true).unwrap();
        first.await.unwrap().unwrap();
        for other in others {
            other.await.unwrap().unwrap();
        }
        assert_eq!(
            runs.load(Ordering::SeqCst),
            2,
            "one for the first, one for all who came while it ran"
        );
    }

    #[tokio::test]
    async fn an_older_reading_comes_too_late() {
        let line = Lines::<()>(Mutex::default()).line("db");
        let (old, new) = (line.reading(), line.reading());
        line.writing(new).await.unwrap().done();
        assert!(line.writing(old).await.is_none());
        let newer = line.reading();
        drop(line.writing(newer).await.unwrap());
        assert!(
            line.writing(newer).await.is_some(),
            "what failed to be written may be tried again"
        );
    }
}
