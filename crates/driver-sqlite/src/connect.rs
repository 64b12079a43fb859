//! Opens a file so that its content can do no harm and its SQL reaches nothing else.

use std::path::{Path, PathBuf};
use std::time::Duration;

use engine::Failure;
use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use crate::classify_error::failure;

/// Waiting for a lock before any setting says otherwise.
const BUSY: Duration = Duration::from_secs(5);

/// Pragmas that would undo what is set here, or that place files elsewhere.
const REFUSED_PRAGMAS: [&str; 4] =
    ["writable_schema", "trusted_schema", "temp_store_directory", "data_store_directory"];

/// Of the C interface; the library has no name for it when the file is not given as a literal.
const SQLITE_ATTACH: i32 = 24;

/// The session of an instance: no database, nothing to read.
pub(crate) fn open_none() -> Result<Connection, Failure> {
    let conn = Connection::open_in_memory().map_err(failure)?;
    harden(&conn, false).map_err(failure)?;
    Ok(conn)
}

pub(crate) fn open(path: &Path, read_only: bool) -> Result<Connection, Failure> {
    let access = if read_only {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE
    };
    // Without URI: a file name is only a file name. Without CREATE: a missing file is an error.
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let conn = Connection::open_with_flags(path, flags).map_err(failure)?;
    harden(&conn, read_only).map_err(failure)?;
    // The file is not looked at before the first read: a file that is no database shows itself here.
    conn.query_row("SELECT count(*) FROM sqlite_schema", (), |_| Ok(())).map_err(failure)?;
    Ok(conn)
}

/// A new, empty database file. Fails when there is one.
pub(crate) fn create(path: &PathBuf) -> Result<(), Failure> {
    let made = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
    let denied = |e: std::io::Error| {
        let kind = match e.kind() {
            std::io::ErrorKind::PermissionDenied => engine::FailureKind::Permission,
            _ => engine::FailureKind::Server,
        };
        Failure::new(kind, format!("{}: {e}", path.display()))
    };
    drop(made.map_err(denied)?);
    // An empty file is a database already, but nobody else can see that: this writes the header.
    let conn =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(failure)?;
    let written =
        conn.execute_batch("BEGIN; PRAGMA user_version = 1; PRAGMA user_version = 0; COMMIT");
    written.map_err(failure)?;
    conn.close().map_err(|(_, e)| failure(e))
}

fn harden(conn: &Connection, read_only: bool) -> rusqlite::Result<()> {
    conn.busy_timeout(BUSY)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true)?;
    // VACUUM attaches a nameless file for its own use.
    conn.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 1)?;
    if read_only {
        conn.pragma_update(None, "query_only", true)?;
    }
    conn.authorizer(Some(move |context: AuthContext<'_>| authorize(&context, read_only)))
}

fn authorize(context: &AuthContext<'_>, read_only: bool) -> Authorization {
    let refused = match context.action {
        AuthAction::Attach { filename } => !filename.is_empty(),
        AuthAction::Unknown { code, .. } => code == SQLITE_ATTACH,
        AuthAction::Pragma { pragma_name, pragma_value } => {
            let is = |name: &str| pragma_name.eq_ignore_ascii_case(name);
            pragma_value.is_some()
                && (REFUSED_PRAGMAS.iter().any(|p| is(p)) || (read_only && is("query_only")))
        }
        AuthAction::Function { function_name } => {
            function_name.eq_ignore_ascii_case("load_extension")
        }
        _ => false,
    };
    if refused { Authorization::Deny } else { Authorization::Allow }
}
