//! The growing end of a run's log.

use std::time::Duration;

use base::Result;
use store::Topic;
use store::rows::LogEntry;

use super::log::find;
use crate::app::App;

const BATCH: i64 = 500;
/// Slow look for wake-ups that were lost.
const POLL: Duration = Duration::from_secs(2);

/// A piece of a log.
pub struct Piece {
    pub entries: Vec<LogEntry>,
    /// The run is over and these are the last entries.
    pub done: bool,
}

/// Entries from number `from` on; the first has number 0.
pub async fn page(app: &App, name: &str, from: i64) -> Result<Piece> {
    let mut conn = app.store.read().await?;
    // The run first: what it logged before it ended is then surely among the entries.
    let run = find(&mut conn, "task_run", name).await?;
    let entries = store::task_run_logs::after(&mut conn, &run.project, run.id, from, BATCH).await?;
    let whole = i64::try_from(entries.len()).unwrap_or(BATCH) == BATCH;
    Ok(Piece { done: !whole && !run.status.is_active(), entries })
}

/// Waits until there may be an entry `from`, or the run may be over.
pub async fn grown(app: &App, name: &str, from: i64) -> Result<()> {
    let mut wakes = app.store.wakes();
    let piece = page(app, name, from).await?;
    if piece.done || !piece.entries.is_empty() {
        return Ok(());
    }
    let ours =
        |subject: &Option<String>| subject.as_deref().is_none_or(|s| s.is_empty() || s == name);
    let deadline = tokio::time::Instant::now() + POLL;
    while tokio::time::Instant::now() < deadline {
        let left = deadline - tokio::time::Instant::now();
        let subject = crate::runners::woken(&mut wakes, Topic::TaskRunLog, left).await;
        if ours(&subject) {
            break;
        }
    }
    Ok(())
}
