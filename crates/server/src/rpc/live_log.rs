//! The live log of a task run, each entry as the JSON of a `TaskRunLogEntry`.

use std::sync::Arc;

use app::App;
use app::ports::{LogEntry, LogPage, Logs};
use app::rollout::tail;
use async_trait::async_trait;
use base::Result;

use super::convert::task_log;
use crate::connect::json;

/// The port of the log route.
pub struct LiveLog(pub Arc<App>);

#[async_trait]
impl Logs for LiveLog {
    async fn page(&self, task_run: &str, from: i64) -> Result<LogPage> {
        let piece = tail::page(&self.0, task_run, from).await?;
        let mut entries = Vec::new();
        for entry in &piece.entries {
            let json = json::of("bytebase.v1.TaskRunLogEntry", &task_log::entry_to_wire(entry))?;
            entries.push(LogEntry { number: entry.seq - 1, json });
        }
        Ok(LogPage { entries, done: piece.done })
    }

    async fn grown(&self, task_run: &str, from: i64) -> Result<()> {
        tail::grown(&self.0, task_run, from).await
    }
}
