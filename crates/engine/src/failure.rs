//! What can go wrong with a target, classified so that a person knows what to do.

use std::fmt;

use base::{Error, Position, Reason};

/// A connection or a whole operation failed.
#[derive(Debug, Clone)]
pub struct Failure {
    pub kind: FailureKind,
    /// What the server or the network said.
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// User name or password refused.
    Auth,
    /// Host not found, refused, reset, unreachable.
    Network,
    /// Handshake or certificate.
    Tls,
    /// Signed in, but not allowed to do this.
    Permission,
    Timeout,
    /// Another session has what this needs, and did not let go of it in time.
    Locked,
    /// A kind, version or parameter that we cannot speak.
    Unsupported,
    /// The address must not be reached from here.
    Address,
    /// The named database does not exist.
    NoDatabase,
    /// Cancelled by us or by an administrator of the target.
    Canceled,
    /// Everything else the server says.
    Server,
}

/// One statement failed.
#[derive(Debug, Clone)]
pub struct StatementFailure {
    pub kind: FailureKind,
    pub message: String,
    /// SQLSTATE or the engine's own error number.
    pub code: String,
    /// Byte offset within the statement, where the engine tells.
    pub offset: Option<usize>,
    /// Line within the statement (from 1), where the engine tells only that.
    pub line: Option<u32>,
    /// Waiting for a lock took too long: worth trying again.
    pub lock_timeout: bool,
    /// The session is gone: whether an open transaction was committed is not known from here.
    pub connection_lost: bool,
}

/// A failure with its place in the script.
#[derive(Debug, Clone)]
pub struct PlacedFailure {
    pub failure: StatementFailure,
    /// Statement number from 0, and its place.
    pub statement: usize,
    pub position: Position,
}

impl FailureKind {
    pub const fn reason(self) -> Reason {
        match self {
            Self::Auth => Reason::ConnectionAuth,
            Self::Network => Reason::ConnectionNetwork,
            Self::Tls => Reason::ConnectionTls,
            Self::Permission => Reason::ConnectionPermission,
            Self::Timeout => Reason::ConnectionTimeout,
            Self::Unsupported => Reason::ConnectionUnsupported,
            Self::Address => Reason::AddressRefused,
            Self::NoDatabase => Reason::ResourceNotFound,
            Self::Canceled => Reason::Canceled,
            Self::Locked | Self::Server => Reason::StatementFailed,
        }
    }

    /// What a person does about it.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Auth => {
                "Check the user name and password, and that the server lets this user in from here."
            }
            Self::Network => {
                "Check host and port, that the server runs, and that a firewall does not stand between."
            }
            Self::Tls => {
                "Check that the server speaks TLS, that its certificate names this host, and that its authority is given."
            }
            Self::Permission => "Grant the user the right to connect and to read the catalog.",
            Self::Timeout => {
                "The server did not answer in time: check host, port and firewall, or raise the timeout."
            }
            Self::Locked => {
                "Another session holds a lock that this needs: look at who does, and try again when it is free."
            }
            Self::Unsupported => "This server or parameter is not one that Basalt can use.",
            Self::Address => "This address is refused by policy: choose one of a database server.",
            Self::NoDatabase => "Check the name of the database.",
            Self::Canceled => "It was cancelled: run it again when ready.",
            Self::Server => "Read the server's message.",
        }
    }
}

impl Failure {
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. {}", self.message.trim_end_matches('.'), self.kind.advice())
    }
}

impl std::error::Error for Failure {}

impl From<Failure> for Error {
    fn from(f: Failure) -> Self {
        Self::new(f.kind.reason(), f.to_string())
    }
}

impl StatementFailure {
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            code: String::new(),
            offset: None,
            line: None,
            lock_timeout: false,
            connection_lost: false,
        }
    }
}

impl fmt::Display for StatementFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code.as_str() {
            "" => f.write_str(&self.message),
            code => write!(f, "{} ({code})", self.message),
        }
    }
}

impl std::error::Error for StatementFailure {}
