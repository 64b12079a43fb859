//! What can go wrong in the store, and how a use case says it to people.

use std::path::PathBuf;

use base::{Error, Reason};

/// Every function of this crate fails with this. `?` turns it into [`base::Error`] in a use case.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A row with that key is there. The text is a resource name where the query knew it.
    #[error("{0} exists already")]
    Exists(String),
    /// A referenced row is missing, or a row to delete is referred to.
    #[error("{0} refers to something that does not exist, or is itself referred to")]
    Reference(String),
    /// The row was changed since it was read (its `version` differs) or is gone.
    #[error("{0} was changed since it was read")]
    Stale(String),
    /// The holder of a run or check is no longer its holder: whatever it did must not be written.
    #[error("{0} was taken over by another holder")]
    LostLease(String),
    /// The page token is not of this list, filter and order.
    #[error("the page token is not one that this list gave out")]
    PageToken,
    #[error("the field {0:?} cannot be used to order this list")]
    Order(String),
    /// Disk or quota full. Nothing of the transaction was written.
    #[error(
        "the metadata store is full: free space on its disk (or raise its quota), then try again"
    )]
    Full(#[source] sqlx::Error),
    /// Locked for too long, deadlock, or no free connection.
    #[error("the metadata store is busy: try again")]
    Busy(#[source] sqlx::Error),
    /// Connection lost or refused.
    #[error("the metadata store cannot be reached: {0}")]
    Unreachable(#[source] sqlx::Error),
    /// A value that the store cannot hold: PostgreSQL has no NUL in text.
    #[error("the text holds a NUL character, which cannot be stored")]
    Nul(#[source] sqlx::Error),
    /// A row that this build cannot read.
    #[error("{what} in the metadata store cannot be read: {why}")]
    Corrupt { what: String, why: String },
    #[error("metadata store: {0}")]
    Sql(#[source] sqlx::Error),
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    /// Another server has the data directory.
    #[error("the data directory {dir} is in use by process {pid}; stop it, or give another --data")]
    InUse { dir: PathBuf, pid: String },
    /// The store was migrated by a newer build.
    #[error(
        "the metadata store has schema version {found}, this basalt knows up to {known}: start the newer basalt, or restore a copy made before the upgrade"
    )]
    Newer { found: i64, known: i64 },
    /// Tools that read beside a server do not upgrade.
    #[error(
        "the metadata store has schema version {found}, this basalt needs {known}: start `basalt serve` once to upgrade it"
    )]
    Older { found: i64, known: i64 },
    #[error("the metadata store could not be upgraded to schema version {version}: {why}")]
    Migration { version: i64, why: String },
    #[error("PostgreSQL {0} is too old for the metadata store: 14 or newer is needed")]
    TooOld(String),
    #[error(
        "the key does not fit: the metadata store was encrypted with key {stored}, the one given is {given}; put the right basalt.key beside the data or set BASALT_KEY"
    )]
    WrongKey { stored: String, given: String },
    #[error(
        "the key file {path} is missing: the metadata store was encrypted with key {stored}; put the file back or set BASALT_KEY"
    )]
    NoKey { path: PathBuf, stored: String },
    #[error("{0} is not a key: 32 bytes in hexadecimal or base64 are needed")]
    BadKey(String),
    /// An encrypted value was altered, moved, or written with another key.
    #[error("the secret {0} cannot be decrypted: it was altered or moved")]
    Sealed(String),
    #[error("{path} is not a complete backup: {why}")]
    BadBackup { path: PathBuf, why: String },
    #[error("the target of the restore is not empty ({0} has rows): restore into a new one")]
    NotEmpty(String),
    /// A mistake in a query function of ours.
    #[error("mistake in the store: {0}")]
    Mistake(String),
}

impl StoreError {
    /// Says what the failed statement was about: a resource name.
    #[must_use]
    pub fn about(self, name: impl std::fmt::Display) -> Self {
        match self {
            Self::Exists(_) => Self::Exists(name.to_string()),
            Self::Reference(_) => Self::Reference(name.to_string()),
            other => other,
        }
    }

    pub(crate) fn corrupt(what: impl Into<String>, why: impl std::fmt::Display) -> Self {
        Self::Corrupt { what: what.into(), why: why.to_string() }
    }

    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }
}

impl From<StoreError> for Error {
    fn from(e: StoreError) -> Self {
        match &e {
            StoreError::Exists(name) => Self::exists(name).with_source(e),
            StoreError::Stale(name) => Self::etag(name).with_source(e),
            StoreError::Reference(name) => Self::new(
                Reason::Conflict,
                format!("{name} refers to something that is not there, or others refer to it; read again and repeat"),
            )
            .with_source(e),
            StoreError::LostLease(_) => Self::new(Reason::Conflict, e.to_string()).with_source(e),
            StoreError::PageToken => Self::new(
                Reason::InvalidPageToken,
                "page_token is not one that this list with this filter and order gave out; start again without it",
            ),
            StoreError::Order(_) => Self::field("order_by", e.to_string()),
            StoreError::Nul(_) => Self::new(Reason::NotText, e.to_string()).with_source(e),
            StoreError::Full(_)
            | StoreError::Busy(_)
            | StoreError::Unreachable(_)
            | StoreError::InUse { .. }
            | StoreError::Io { .. } => {
                // The path and the driver's words stay in the source: they are for the log.
                let message = match &e {
                    StoreError::Io { source, .. } => {
                        format!("the metadata store cannot be written: {}", source.kind())
                    }
                    StoreError::Unreachable(_) => {
                        "the metadata store cannot be reached: try again, or ask whoever runs it"
                            .to_owned()
                    }
                    _ => e.to_string(),
                };
                Self::new(Reason::StoreUnavailable, message).with_source(e)
            }
            StoreError::NotEmpty(_) | StoreError::BadBackup { .. } => {
                Self::new(Reason::Blocked, e.to_string()).with_source(e)
            }
            _ => Self::internal("the metadata store failed; the server's log says why").with_source(e),
        }
    }
}

/// Tells apart what callers must tell apart. Codes: SQLite result codes (sqlite.org/rescode.html), PostgreSQL SQLSTATE.
impl From<sqlx::Error> for StoreError {
    fn from(e: sqlx::Error) -> Self {
        let code = match &e {
            sqlx::Error::Database(d) => d.code().map(std::borrow::Cow::into_owned),
            sqlx::Error::PoolTimedOut => return Self::Busy(e),
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => return Self::Unreachable(e),
            _ => return Self::Sql(e),
        };
        let sqlite = matches!(&e, sqlx::Error::Database(d) if d.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some());
        match code.as_deref() {
            Some(code) if sqlite => from_sqlite(code.parse().unwrap_or(1), e),
            Some(code) => from_sqlstate(code, e),
            None => Self::Sql(e),
        }
    }
}

/// `code` is extended: its low byte is the primary code.
fn from_sqlite(code: i32, e: sqlx::Error) -> StoreError {
    match (code & 0xff, code) {
        (_, 1555 | 2067 | 2579) => StoreError::Exists("the row".to_owned()),
        (_, 787) => StoreError::Reference("the row".to_owned()),
        (13, _) => StoreError::Full(e),    // SQLITE_FULL
        (5 | 6, _) => StoreError::Busy(e), // SQLITE_BUSY, SQLITE_LOCKED
        // SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_READONLY: disk trouble
        (8 | 10 | 14, _) => StoreError::Unreachable(e),
        _ => StoreError::Sql(e),
    }
}

fn from_sqlstate(code: &str, e: sqlx::Error) -> StoreError {
    match code {
        "23505" => StoreError::Exists("the row".to_owned()),
        "23503" => StoreError::Reference("the row".to_owned()),
        "53100" => StoreError::Full(e),
        "40001" | "40P01" | "55P03" | "53300" => StoreError::Busy(e),
        "22021" => StoreError::Nul(e),
        _ if code.starts_with("08") || code.starts_with("57P") || code.starts_with("28") => {
            StoreError::Unreachable(e)
        }
        _ => StoreError::Sql(e),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_get_a_reason_and_no_inner_words() {
        let e: Error = StoreError::Full(sqlx::Error::RowNotFound).into();
        assert_eq!(e.reason(), Reason::StoreUnavailable);
        assert!(e.message().contains("free space"), "{e}");
        let e: Error = StoreError::corrupt("plan 3", "bad JSON at 7").into();
        assert_eq!(e.reason(), Reason::Internal);
        assert!(!e.message().contains("JSON"), "{e}");
        let e: Error = StoreError::Exists("row".into()).about("projects/shop").into();
        assert_eq!(
            (e.reason(), e.message().contains("projects/shop")),
            (Reason::ResourceExists, true)
        );
    }
}
