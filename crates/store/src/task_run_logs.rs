//! What runs log: lines appended by the run's holder, numbered from 1 without gap, so that a reader can follow from any.

use base::Time;
use serde::{Deserialize, Serialize};

use crate::db::{Conn, Row, Topic};
use crate::error::Result;
use crate::payload::{decode, encode};
use crate::rows::{LogEntry, LogKind, TaskRun};
use crate::sql::sql;
use crate::task_runs;

#[derive(Serialize, Deserialize)]
struct Line {
    holder: String,
    kind: LogKind,
}

/// Appends lines of a held run and wakes those who follow it; `name` is the run's resource name. Gives the last number.
/// [`crate::StoreError::LostLease`] when the caller holds the run no longer.
pub async fn append(
    conn: &mut Conn,
    held: &TaskRun,
    name: &str,
    lines: &[(Time, LogKind)],
) -> Result<i64> {
    task_runs::still_held(conn, held).await?;
    let mut seq = last(conn, &held.project, held.id).await?;
    for batch in lines.chunks(crate::BATCH) {
        let mut text =
            sql("INSERT INTO task_run_log (project, task_run, seq, created_at, payload) VALUES ");
        for (i, (time, kind)) in batch.iter().enumerate() {
            seq += 1;
            let line = Line { holder: held.holder.clone(), kind: kind.clone() };
            text.push(if i > 0 { ", (" } else { "(" }).push_bind(&held.project).push(", ");
            text.push_bind(held.id).push(", ").push_bind(seq).push(", ").push_bind(*time);
            text.push(", ").push_bind(encode(&line)?).push(")");
        }
        conn.run(text).await?;
    }
    conn.wake(Topic::TaskRunLog, name).await?;
    Ok(seq)
}

/// The whole log of runs that ended without an execution: the same line for each, given as id and resource name.
pub async fn only_line(
    conn: &mut Conn,
    project: &str,
    runs: &[(i64, String)],
    holder: &str,
    kind: &LogKind,
    now: Time,
) -> Result<()> {
    let line = encode(&Line { holder: holder.to_owned(), kind: kind.clone() })?;
    for batch in runs.chunks(crate::BATCH) {
        let mut text =
            sql("INSERT INTO task_run_log (project, task_run, seq, created_at, payload) VALUES ");
        for (i, (id, _)) in batch.iter().enumerate() {
            text.push(if i > 0 { ", (" } else { "(" }).push_bind(project).push(", ");
            text.push_bind(*id).push(", 1, ").push_bind(now).push(", ");
            text.push_bind(line.clone()).push(")");
        }
        conn.run(text).await?;
    }
    for (_, name) in runs {
        conn.wake(Topic::TaskRunLog, name).await?;
    }
    Ok(())
}

/// At most `limit` lines after number `seq` (0: from the beginning), in order.
pub async fn after(
    conn: &mut Conn,
    project: &str,
    task_run: i64,
    seq: i64,
    limit: i64,
) -> Result<Vec<LogEntry>> {
    let text = "SELECT * FROM task_run_log WHERE project = $1 AND task_run = $2 AND seq > $3 ORDER BY seq LIMIT $4";
    let select = sql(text).bind(project).bind(task_run).bind(seq).bind(limit);
    conn.all(select).await?.iter().map(entry).collect()
}

/// The number of the last line; 0 when there is none.
pub async fn last(conn: &mut Conn, project: &str, task_run: i64) -> Result<i64> {
    let text = "SELECT coalesce(max(seq), 0) AS last FROM task_run_log WHERE project = $1 AND task_run = $2";
    conn.one(sql(text).bind(project).bind(task_run)).await?.int("last")
}

fn entry(row: &Row) -> Result<LogEntry> {
    let line: Line = decode("a line of a run's log", &row.text("payload")?)?;
    Ok(LogEntry {
        seq: row.int("seq")?,
        time: row.time("created_at")?,
        holder: line.holder,
        kind: line.kind,
    })
}
