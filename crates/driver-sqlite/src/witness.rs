//! The state of what a statement changes.
//!
//! The schema shows what is made and dropped, and a PRAGMA shows its own value. What VACUUM, ANALYZE and REINDEX did cannot be seen,
//! and running them again does no harm.

use std::path::Path;

use engine::{Failure, Witness};
use rusqlite::Connection;
use sql::{Dialect as _, Facts, StatementKind};
use sql_sqlite::DIALECT;

use crate::classify_error::failure;

/// Those that take effect at once and show it: of the file, or of this connection only, and then a new one has the default again.
const SHOWN_PRAGMAS: [&str; 4] = ["journal_mode", "foreign_keys", "synchronous", "user_version"];

pub(crate) fn witness(conn: &Connection, statement: &str) -> Result<Witness, Failure> {
    let facts = DIALECT.classify(statement);
    match facts.kind {
        StatementKind::CreateTable
        | StatementKind::CreateView
        | StatementKind::CreateIndex
        | StatementKind::CreateTrigger
        | StatementKind::DropTable
        | StatementKind::DropView
        | StatementKind::DropIndex
        | StatementKind::DropTrigger => object(conn, &facts).map_err(failure),
        StatementKind::Set => pragma(conn, statement).map_err(failure),
        _ => Ok(Witness::default()),
    }
}

/// Of a new database: its file, or that there is none.
pub(crate) fn of_file(path: &Path) -> Witness {
    let (text, broken) = match path.metadata() {
        Ok(found) if found.len() > 0 => ("there is a file", None),
        Ok(_) => (
            "there is an empty file",
            Some(format!(
                "CREATE DATABASE was left half done: {} is empty; delete it, then run the statement again",
                path.display()
            )),
        ),
        Err(_) => ("there is no file", None),
    };
    Witness { text: text.to_owned(), decisive: true, broken }
}

/// The first object is the one that is made or dropped. A temporary one goes with its session.
fn object(conn: &Connection, facts: &Facts) -> rusqlite::Result<Witness> {
    let Some(object) = facts.objects.first() else { return Ok(Witness::default()) };
    let sql = "SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM main.sqlite_schema
               WHERE name = ?1 COLLATE NOCASE
               UNION ALL SELECT 'temporary ' || type || ' ' || name || ': ' || coalesce(sql, '')
               FROM temp.sqlite_schema WHERE name = ?1 COLLATE NOCASE ORDER BY 1";
    let mut prepared = conn.prepare(sql)?;
    let found: Vec<String> =
        prepared.query_map([&object.name], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    let text = if found.is_empty() {
        format!("there is no {} {}", object.kind, object.name)
    } else {
        found.join("\n")
    };
    Ok(Witness { text, decisive: true, broken: None })
}

fn pragma(conn: &Connection, statement: &str) -> rusqlite::Result<Witness> {
    let words = statement.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let mut words = words.filter(|w| !w.is_empty() && !w.eq_ignore_ascii_case("main"));
    let name = words.nth(1).unwrap_or_default().to_ascii_lowercase();
    if !SHOWN_PRAGMAS.contains(&name.as_str()) {
        return Ok(Witness::default());
    }
    let value = conn.query_row(&format!("PRAGMA {name}"), (), |r| {
        Ok(match r.get_ref(0)? {
            rusqlite::types::ValueRef::Integer(n) => n.to_string(),
            other => String::from_utf8_lossy(other.as_bytes().unwrap_or_default()).into_owned(),
        })
    })?;
    Ok(Witness { text: format!("{name} is {value}"), decisive: true, broken: None })
}
