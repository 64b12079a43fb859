//! What SQLite says, as failures that a person can act on.

use engine::{Failure, FailureKind, StatementFailure};
use rusqlite::{Error, ErrorCode, ffi};

pub(crate) fn failure(error: Error) -> Failure {
    let kind = kind(&error);
    Failure::new(kind, message(error))
}

pub(crate) fn statement_failure(error: Error) -> StatementFailure {
    let kind = kind(&error);
    let raw = raw(&error);
    let offset = match &error {
        Error::SqlInputError { offset, .. } => usize::try_from(*offset).ok(),
        _ => None,
    };
    StatementFailure {
        code: raw.map(|e| e.extended_code.to_string()).unwrap_or_default(),
        offset,
        lock_timeout: matches!(
            raw.map(|e| e.code),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
        ),
        ..StatementFailure::new(kind, message(error))
    }
}

/// Whether the text could not be read, rather than a name in it not be found.
pub(crate) fn is_syntax(message: &str) -> bool {
    ["syntax error", "incomplete input", "unrecognized token"].iter().any(|m| message.contains(m))
}

fn raw(error: &Error) -> Option<&ffi::Error> {
    match error {
        Error::SqlInputError { error, .. } => Some(error),
        other => other.sqlite_error(),
    }
}

fn kind(error: &Error) -> FailureKind {
    match raw(error).map(|e| e.code) {
        Some(ErrorCode::OperationInterrupted) => FailureKind::Canceled,
        Some(
            ErrorCode::PermissionDenied
            | ErrorCode::ReadOnly
            | ErrorCode::AuthorizationForStatementDenied
            | ErrorCode::CannotOpen,
        ) => FailureKind::Permission,
        Some(ErrorCode::NotADatabase) => FailureKind::Unsupported,
        _ => FailureKind::Server,
    }
}

fn message(error: Error) -> String {
    let refused = raw(&error).is_some_and(|e| e.code == ErrorCode::AuthorizationForStatementDenied);
    let text = match error {
        Error::SqlInputError { msg, .. } => msg,
        Error::SqliteFailure(_, Some(text)) => text,
        other => other.to_string(),
    };
    if refused {
        return format!("{text}: other files, and the schema as a table, are out of reach here");
    }
    text
}
