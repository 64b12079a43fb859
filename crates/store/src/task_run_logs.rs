//! The logs of task runs: append only, numbered from 1 without gap.

use std::collections::HashMap;

use crate::db::{Conn, Row, Topic};
use crate::error::Result;
use crate::payload;
use crate::rows::{LogEntry, TaskRun};
use crate::sql::sql;

/// Appends an entry, if the run is still held under `run.claim_epoch`; wakes who follows the log. False: the claim is lost.
pub async fn append(conn: &mut Conn, run: &TaskRun, entry: &LogEntry) -> Result<bool> {
    let text = "INSERT INTO task_run_log (project, task_run, seq, created_at, payload)
        SELECT project, id, $1, $2, $3 FROM task_run
        WHERE project = $4 AND id = $5 AND claim_epoch = $6 AND status = 'RUNNING'";
    let text = sql(text)
        .bind(entry.seq)
        .bind(entry.time)
        .bind(payload::encode(entry)?)
        .bind(&run.project)
        .bind(run.id)
        .bind(run.claim_epoch);
    if conn.run(text).await? == 0 {
        return Ok(false);
    }
    conn.wake(Topic::TaskRunLog, &format!("{}/{}", run.project, run.id)).await?;
    Ok(true)
}

/// The number of the last entry; 0 when there is none.
pub async fn last_seq(conn: &mut Conn, project: &str, run: i64) -> Result<i64> {
    let text = "SELECT max(seq) AS last FROM task_run_log WHERE project = $1 AND task_run = $2";
    Ok(conn.one(sql(text).bind(project).bind(run)).await?.opt_int("last")?.unwrap_or(0))
}

/// At most `limit` entries with a number above `after`, in order.
pub async fn after(
    conn: &mut Conn,
    project: &str,
    run: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<LogEntry>> {
    let text = "SELECT payload FROM task_run_log WHERE project = $1 AND task_run = $2 AND seq > $3 ORDER BY seq LIMIT $4";
    let rows = conn.all(sql(text).bind(project).bind(run).bind(after).bind(limit)).await?;
    rows.iter().map(read).collect()
}

/// How many entries each of some runs of a project has.
pub async fn counts(conn: &mut Conn, project: &str, runs: &[i64]) -> Result<HashMap<i64, i64>> {
    if runs.is_empty() {
        return Ok(HashMap::new());
    }
    let mut text =
        sql("SELECT task_run, count(*) AS n FROM task_run_log WHERE project = $1 AND task_run IN ")
            .bind(project);
    text.push_list(runs.iter().copied()).push(" GROUP BY task_run");
    conn.all(text).await?.iter().map(|r| Ok((r.int("task_run")?, r.int("n")?))).collect()
}

fn read(row: &Row) -> Result<LogEntry> {
    payload::decode("an entry of a task run log", &row.text("payload")?)
}
