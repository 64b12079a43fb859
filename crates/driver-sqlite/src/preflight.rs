//! What could stop or slow a change, found before its first statement: who may write, who is writing, and room on the disk.

use std::path::Path;

use engine::{Failure, Finding, FindingLevel};
use rusqlite::{Connection, ErrorCode, MAIN_DB};
use rustix::fs::{Access, AtFlags, CWD, accessat, statvfs};
use sql::{StatementClass, StatementKind};

use crate::classify_error::failure;

/// A log of writes that nobody could move into the file for so long slows every reader.
const BIG_WAL: u64 = 256 << 20;

/// What the statements want to do.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wants {
    pub writes: bool,
    pub vacuum: bool,
}

impl Wants {
    pub fn of(ask: &engine::Preflight<'_>) -> Self {
        let writes = ask.statements.iter().any(|(_, facts)| {
            !matches!(facts.kind.class(), StatementClass::Query | StatementClass::Session)
        });
        let vacuum = ask.statements.iter().any(|(text, facts)| {
            let first = text.get(..6).unwrap_or_default();
            facts.kind == StatementKind::Maintenance && first.eq_ignore_ascii_case("vacuum")
        });
        Self { writes, vacuum }
    }
}

/// What is so.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    file_is_read_only: bool,
    folder_is_read_only: bool,
    is_busy: bool,
    size: u64,
    wal: u64,
    free: Option<u64>,
}

pub(crate) fn preflight(
    conn: &Connection,
    file: &Path,
    wants: Wants,
) -> Result<Vec<Finding>, Failure> {
    Ok(judge(&state(conn, file, wants)?, wants, file))
}

fn state(conn: &Connection, file: &Path, wants: Wants) -> Result<State, Failure> {
    let folder = file.parent().unwrap_or(file);
    let pragma = |sql: &str| conn.query_row(sql, (), |r| r.get::<_, i64>(0)).map_err(failure);
    let pages = pragma("PRAGMA page_count")?.saturating_mul(pragma("PRAGMA page_size")?);
    // SQLite opens what it may not write for reading only, and says so.
    let file_is_read_only = conn.is_readonly(MAIN_DB).map_err(failure)?;
    let folder_is_read_only = accessat(CWD, folder, Access::WRITE_OK, AtFlags::EACCESS).is_err();
    let mut wal = file.as_os_str().to_owned();
    wal.push("-wal");
    Ok(State {
        file_is_read_only,
        folder_is_read_only,
        is_busy: wants.writes && !file_is_read_only && !folder_is_read_only && is_busy(conn)?,
        size: u64::try_from(pages).unwrap_or(0),
        wal: Path::new(&wal).metadata().map_or(0, |m| m.len()),
        free: statvfs(folder).ok().map(|s| s.f_bavail.saturating_mul(s.f_frsize)),
    })
}

/// Whether another connection is writing right now.
fn is_busy(conn: &Connection) -> Result<bool, Failure> {
    if !conn.is_autocommit() {
        return Ok(false);
    }
    let patience: i64 = conn.query_row("PRAGMA busy_timeout", (), |r| r.get(0)).map_err(failure)?;
    conn.busy_timeout(std::time::Duration::ZERO).map_err(failure)?;
    let begun = conn.execute_batch("BEGIN IMMEDIATE");
    let patience = std::time::Duration::from_millis(patience.max(0).unsigned_abs());
    conn.busy_timeout(patience).map_err(failure)?;
    match begun {
        Ok(()) => conn.execute_batch("ROLLBACK").map(|()| false).map_err(failure),
        Err(error) => match error.sqlite_error().map(|e| e.code) {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Ok(true),
            _ => Err(failure(error)),
        },
    }
}

fn judge(state: &State, wants: Wants, file: &Path) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut say = |code: &str, level, text: String| found.push(Finding::new(code, level, text));
    let (path, megabytes) = (file.display(), |bytes: u64| bytes >> 20);
    if wants.writes && state.file_is_read_only {
        say(
            "READ_ONLY",
            FindingLevel::Stop,
            format!(
                "{path} may not be written by Basalt's user: give it the right to write the file"
            ),
        );
    } else if wants.writes && state.folder_is_read_only {
        say(
            "READ_ONLY",
            FindingLevel::Stop,
            format!(
                "the folder of {path} may not be written by Basalt's user, and SQLite makes its journal there: give it the right to write the folder"
            ),
        );
    }
    if state.is_busy {
        say(
            "BLOCKER",
            FindingLevel::Warning,
            format!(
                "another connection is writing to {path}: SQLite has one writer at a time, and does not tell which program it is; let it end"
            ),
        );
    }
    // The new file is built aside, and then goes through the journal.
    let needed = state.size.saturating_mul(2);
    if let Some(free) = state.free.filter(|free| wants.vacuum && *free < needed) {
        say(
            "DISK",
            FindingLevel::Warning,
            format!(
                "VACUUM of {path} needs up to {} MB of free disk, and {} MB are free: make room first",
                megabytes(needed),
                megabytes(free)
            ),
        );
    }
    if state.wal >= BIG_WAL {
        say(
            "BIG_WAL",
            FindingLevel::Warning,
            format!(
                "the write-ahead log of {path} has {} MB: a reader that never ends keeps it from being moved into the file; end it, then run PRAGMA wal_checkpoint(TRUNCATE)",
                megabytes(state.wal)
            ),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_has_its_finding() {
        let codes = |state: State, wants: Wants| {
            let found = judge(&state, wants, Path::new("/d/shop.db"));
            found.iter().map(|f| format!("{} {:?}", f.code, f.level)).collect::<Vec<_>>()
        };
        let writes = Wants { writes: true, vacuum: true };
        let fine = State { size: 10 << 20, free: Some(20 << 20), ..State::default() };
        assert!(codes(fine, writes).is_empty());
        assert_eq!(codes(State { file_is_read_only: true, ..fine }, writes), ["READ_ONLY Stop"]);
        let folder = State { folder_is_read_only: true, ..fine };
        assert_eq!(codes(folder, writes), ["READ_ONLY Stop"]);
        assert!(codes(folder, Wants::default()).is_empty(), "reading is no matter");
        assert_eq!(codes(State { free: Some(1), ..fine }, writes), ["DISK Warning"]);
        assert!(
            codes(State { free: Some(1), ..fine }, Wants { vacuum: false, ..writes }).is_empty()
        );
        assert_eq!(codes(State { wal: BIG_WAL, ..fine }, Wants::default()), ["BIG_WAL Warning"]);
        assert_eq!(codes(State { is_busy: true, ..fine }, writes), ["BLOCKER Warning"]);
    }
}
