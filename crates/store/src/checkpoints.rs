//! Where runs are at their targets, written by the holder of the run only.

use base::Time;

use crate::db::{Conn, Row};
use crate::error::Result;
use crate::pairs;
use crate::payload::{decode, encode};
use crate::rows::{Checkpoint, TaskRun};
use crate::sql::sql;
use crate::task_runs;

/// Writes where a held run is. [`crate::StoreError::LostLease`] when the caller holds it no longer.
pub async fn put(conn: &mut Conn, held: &TaskRun, at: &Checkpoint, now: Time) -> Result<()> {
    task_runs::still_held(conn, held).await?;
    let text = "INSERT INTO checkpoint (project, task_run, payload, updated_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (project, task_run) DO UPDATE SET payload = excluded.payload, updated_at = excluded.updated_at";
    let upsert = sql(text).bind(&held.project).bind(held.id).bind(encode(at)?).bind(now);
    conn.run(upsert).await?;
    Ok(())
}

pub async fn get(conn: &mut Conn, project: &str, task_run: i64) -> Result<Option<Checkpoint>> {
    let text = "SELECT * FROM checkpoint WHERE project = $1 AND task_run = $2";
    conn.optional(sql(text).bind(project).bind(task_run)).await?.as_ref().map(read).transpose()
}

/// Of many runs, as (project, run); those that have none are absent.
pub async fn of_runs(
    conn: &mut Conn,
    runs: &[(String, i64)],
) -> Result<Vec<((String, i64), Checkpoint)>> {
    let text = "SELECT * FROM checkpoint WHERE (project, task_run) IN ";
    let keyed = |row: &Row| Ok(((row.text("project")?, row.int("task_run")?), read(row)?));
    pairs::read(conn, text, runs, "", keyed).await
}

fn read(row: &Row) -> Result<Checkpoint> {
    decode("a checkpoint", &row.text("payload")?)
}
