//! What became of a transaction: a row that it writes about itself, and that is there exactly when it committed.
//!
//! The table is ours, no catalog shows it, and it goes with its last row. A row is removed only by who knows that its outcome is
//! recorded: nobody else may say "not there, so not applied".

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use engine::{Failure, FailureKind, Outcome, Proof, StatementFailure, Transaction, Verdict};
use rusqlite::{Connection, ErrorCode};

use crate::classify_error::{failure, statement_failure};

pub(crate) const TABLE: &str = "__basalt_commit";

/// Names in the facts.
const TIMELINE: &str = "timeline";
const READ_ONLY: &str = "read_only";

/// Forgetting waits no longer for other writers: there will be another time.
const PATIENCE: Duration = Duration::from_millis(50);

/// Rows whose outcome is recorded and that could not be removed yet. Those that a crash leaves behind harm nobody.
static SETTLED: Mutex<BTreeSet<(PathBuf, String)>> = Mutex::new(BTreeSet::new());

/// Inside the transaction.
pub(crate) fn prepare(
    conn: &Connection,
    transaction: &Transaction,
    file: &Path,
    read_only: bool,
) -> Result<BTreeMap<String, String>, StatementFailure> {
    if conn.is_autocommit() {
        // Some errors roll back by themselves, and a row written now would say that all is well.
        return Err(StatementFailure::new(
            FailureKind::Server,
            "there is no open transaction: SQLite rolled it back, or the script ended it",
        ));
    }
    if read_only {
        return Ok([(READ_ONLY.to_owned(), "yes".to_owned())].into());
    }
    if transaction.id.is_empty() {
        return Ok(BTreeMap::new());
    }
    let write = || {
        conn.execute_batch(&format!(
            "CREATE TABLE IF NOT EXISTS main.{TABLE} (id TEXT PRIMARY KEY) WITHOUT ROWID"
        ))?;
        // Units of one execution go one after another: the outcome of the earlier ones is recorded.
        if let Some((execution, _)) = transaction.id.rsplit_once('-') {
            let earlier = format!(
                "DELETE FROM main.{TABLE} WHERE id GLOB ?1 || '-*' AND id NOT GLOB ?1 || '-*-*'"
            );
            conn.execute(&earlier, [execution])?;
        }
        conn.execute(&format!("INSERT INTO main.{TABLE} (id) VALUES (?1)"), [&transaction.id])
    };
    write().map_err(statement_failure)?;
    Ok([(TIMELINE.to_owned(), timeline(file))].into())
}

/// Tells this file from another one that was put in its place: the number that it has in its file system, which is given again only to a file
/// that is born later. VACUUM and checkpoints keep the file. One that was written over in place cannot be told.
pub(crate) fn timeline(file: &Path) -> String {
    let Ok(found) = file.metadata() else { return String::new() };
    let born = found.created().ok().and_then(|t| t.duration_since(UNIX_EPOCH).ok());
    format!("{}-{}", found.ino(), born.map_or(0, |d| d.as_nanos()))
}

pub(crate) fn verdict(
    conn: &Connection,
    proof: &Proof,
    file: &Path,
    read_only: bool,
) -> Result<Verdict, Failure> {
    let Some(facts) = &proof.facts else {
        return Ok(Verdict::new(Outcome::NotApplied, "COMMIT was never sent"));
    };
    if facts.contains_key(READ_ONLY) {
        let why =
            "the session could only read: all statements had run, and there was nothing to commit";
        return Ok(Verdict::new(Outcome::Applied, why));
    }
    let Some(then) = facts.get(TIMELINE).filter(|_| !proof.id.is_empty()) else {
        return Ok(Verdict::new(Outcome::Unknown, "the transaction left no mark to ask by"));
    };
    // Who can begin to write knows that nobody else is in the middle of it.
    let begin = if read_only { "BEGIN" } else { "BEGIN IMMEDIATE" };
    match conn.execute_batch(begin) {
        Ok(()) => {}
        Err(error) if is_busy(&error) => {
            let why = "another connection is writing to the file, and it may be the one of the transaction";
            return Ok(Verdict::new(Outcome::Open, why));
        }
        Err(error) => return Err(failure(error)),
    }
    let found = is_there(conn, &proof.id);
    conn.execute_batch("ROLLBACK").map_err(failure)?;
    let id = &proof.id;
    if found.map_err(failure)? {
        let why = format!("the file holds the mark {id} that the transaction committed with");
        return Ok(Verdict::new(Outcome::Applied, why));
    }
    let now = timeline(file);
    if now != *then {
        let why = format!(
            "the file was replaced (by inode and time of birth it was {then} and is {now}): that it does not hold the mark {id} proves nothing"
        );
        return Ok(Verdict::new(Outcome::Unknown, why));
    }
    let why = format!(
        "the file does not hold the mark {id}, which the transaction would have committed with"
    );
    Ok(Verdict::new(Outcome::NotApplied, why))
}

fn is_there(conn: &Connection, id: &str) -> rusqlite::Result<bool> {
    if !has_table(conn)? {
        return Ok(false);
    }
    let count = format!("SELECT count(*) FROM main.{TABLE} WHERE id = ?1");
    conn.query_row(&count, [id], |r| r.get::<_, i64>(0)).map(|n| n > 0)
}

fn has_table(conn: &Connection) -> rusqlite::Result<bool> {
    let sql = "SELECT count(*) FROM main.sqlite_schema WHERE type = 'table' AND name = ?1";
    conn.query_row(sql, [TABLE], |r| r.get::<_, i64>(0)).map(|n| n > 0)
}

/// Removes the row of a proof, at once or later: never an error.
pub(crate) fn forget(conn: &Connection, proof: &Proof, file: &Path) {
    if proof.facts.as_ref().is_some_and(|f| f.contains_key(TIMELINE)) && !proof.id.is_empty() {
        settled().insert((file.to_owned(), proof.id.clone()));
        clean(conn, file);
    }
}

/// Removes all rows of this file whose outcome is recorded.
pub(crate) fn clean(conn: &Connection, file: &Path) {
    let ids: Vec<String> =
        settled().iter().filter(|(f, _)| f == file).map(|(_, id)| id.clone()).collect();
    if ids.is_empty() || !conn.is_autocommit() {
        return;
    }
    match remove(conn, &ids) {
        Ok(()) => {
            let mut settled = settled();
            for id in ids {
                settled.remove(&(file.to_owned(), id));
            }
        }
        Err(error) => {
            tracing::debug!(file = %file.display(), %error, "marks of transactions stay for now");
        }
    }
}

fn remove(conn: &Connection, ids: &[String]) -> rusqlite::Result<()> {
    if !has_table(conn)? {
        return Ok(());
    }
    let patience: i64 = conn.query_row("PRAGMA busy_timeout", (), |r| r.get(0))?;
    conn.busy_timeout(PATIENCE)?;
    let done = write(conn, ids);
    if done.is_err() && !conn.is_autocommit() {
        conn.execute_batch("ROLLBACK")?;
    }
    conn.busy_timeout(Duration::from_millis(patience.max(0).unsigned_abs()))?;
    done
}

fn write(conn: &Connection, ids: &[String]) -> rusqlite::Result<()> {
    conn.execute_batch("BEGIN IMMEDIATE")?;
    for id in ids {
        conn.execute(&format!("DELETE FROM main.{TABLE} WHERE id = ?1"), [id])?;
    }
    let left = format!("SELECT count(*) FROM main.{TABLE}");
    if conn.query_row(&left, (), |r| r.get::<_, i64>(0))? == 0 {
        conn.execute_batch(&format!("DROP TABLE main.{TABLE}"))?;
    }
    conn.execute_batch("COMMIT")
}

fn settled() -> std::sync::MutexGuard<'static, BTreeSet<(PathBuf, String)>> {
    SETTLED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error().map(|e| e.code),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}
