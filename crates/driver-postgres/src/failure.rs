//! What PostgreSQL and tokio-postgres say, classified.

use std::error::Error as _;

use engine::{Failure, FailureKind, StatementFailure};
use tokio_postgres::Error;
use tokio_postgres::error::{DbError, ErrorPosition};

/// A failure that belongs to no statement of the user's.
pub fn failure(error: &Error) -> Failure {
    if let Some(db) = error.as_db_error() {
        return Failure::new(kind(db), text(db));
    }
    let message = words(error);
    Failure::new(transport_kind(error, &message), message)
}

/// A statement's failure, with its place in `sql`.
pub fn statement_failure(error: &Error, sql: &str) -> StatementFailure {
    let Some(db) = error.as_db_error() else {
        let message = words(error);
        let connection_lost = error.is_closed() || is_io(error);
        let kind = if connection_lost { FailureKind::Network } else { FailureKind::Server };
        return StatementFailure { connection_lost, ..StatementFailure::new(kind, message) };
    };
    let kind = kind(db);
    StatementFailure {
        code: db.code().code().to_owned(),
        offset: offset(db, sql),
        lock_timeout: db.code().code() == "55P03",
        connection_lost: error.is_closed()
            || matches!(db.code().code(), "57P01" | "57P02" | "57P05"),
        ..StatementFailure::new(kind, text(db))
    }
}

fn kind(db: &DbError) -> FailureKind {
    match db.code().code() {
        "28P01" | "28000" => FailureKind::Auth,
        "3D000" => FailureKind::NoDatabase,
        "42501" => FailureKind::Permission,
        "55P03" => FailureKind::Locked,
        "57014" if db.message().contains("timeout") => FailureKind::Timeout,
        "57014" => FailureKind::Canceled,
        // Too many connections, starting up, shutting down: the way there, not the work.
        "53300" | "57P01" | "57P02" | "57P03" | "57P05" => FailureKind::Network,
        code if code.starts_with("08") => FailureKind::Network,
        _ => FailureKind::Server,
    }
}

/// The message with what helps: detail, hint, and where in nested code it happened.
fn text(db: &DbError) -> String {
    let mut text = db.message().to_owned();
    for (label, more) in [("Detail", db.detail()), ("Hint", db.hint()), ("Context", db.where_())] {
        if let Some(more) = more {
            text.push_str(&format!("\n{label}: {more}"));
        }
    }
    text
}

/// Byte offset of the error in `sql`. The server counts characters from 1, either in what we sent or in a text that it ran
/// on our behalf, such as a function's body: that one is looked for in what we sent.
fn offset(db: &DbError, sql: &str) -> Option<usize> {
    let (start, text, position) = match db.position()? {
        ErrorPosition::Original(position) => (0, sql, *position),
        ErrorPosition::Internal { position, query } => {
            let (query, position) = as_written(query, *position);
            (only_place(sql, query)?, query, position)
        }
    };
    let characters = usize::try_from(position).ok()?.checked_sub(1)?;
    let inside = text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(characters)?;
    Some(start + inside)
}

/// PL/pgSQL runs `PERFORM x` as `SELECT x`: what both have in common, and the place within.
fn as_written(query: &str, position: u32) -> (&str, u32) {
    match query.strip_prefix("SELECT") {
        Some(rest) if position > 6 => (rest, position - 6),
        _ => (query, position),
    }
}

/// Where `part` stands in `sql`, if it does in one place only.
fn only_place(sql: &str, part: &str) -> Option<usize> {
    let first = sql.find(part)?;
    (sql.rfind(part) == Some(first)).then_some(first)
}

fn is_io(error: &Error) -> bool {
    error.source().is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
}

/// tokio-postgres tells its kinds only in words, and the cause in `source`.
fn transport_kind(error: &Error, message: &str) -> FailureKind {
    let own = error.to_string();
    if own.starts_with("error performing TLS handshake") {
        FailureKind::Tls
    } else if own.starts_with("authentication error") || own.starts_with("invalid configuration") {
        FailureKind::Auth
    } else if error.is_closed() || is_io(error) {
        FailureKind::Network
    } else if message.contains("unexpected message") || message.contains("error parsing") {
        // Something else than PostgreSQL listens there.
        FailureKind::Unsupported
    } else {
        FailureKind::Network
    }
}

fn words(error: &Error) -> String {
    error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}
