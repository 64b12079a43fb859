//! The one error that use cases answer with, and the one table of reasons.
//!
//! Clients match on the reason, never on the text. The message is a plain sentence that says what was wrong and
//! what to do; causes ride along as `source` for the log and are never shown to a stranger.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Canonical codes, named as Connect and gRPC name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    Canceled,
    Unknown,
    InvalidArgument,
    DeadlineExceeded,
    NotFound,
    AlreadyExists,
    PermissionDenied,
    ResourceExhausted,
    FailedPrecondition,
    Aborted,
    OutOfRange,
    Unimplemented,
    Internal,
    Unavailable,
    DataLoss,
    Unauthenticated,
}

/// A request field that is wrong, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldViolation {
    /// Path in the request, snake_case, dotted: `plan.specs[0].id`.
    pub field: String,
    pub description: String,
}

/// One thing that stands in the way. An answer lists all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// UPPER_SNAKE, stable.
    pub reason: String,
    /// What it is about: a resource name.
    pub subject: String,
    /// A sentence, with what to do.
    pub message: String,
}

/// Which permission was missing, where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionDenied {
    pub method: String,
    pub permissions: Vec<String>,
    pub resources: Vec<String>,
}

/// What every use case fails with.
#[derive(Clone)]
pub struct Error {
    inner: Box<Inner>,
}

#[derive(Clone)]
struct Inner {
    code: Code,
    reason: Reason,
    message: String,
    fields: Vec<FieldViolation>,
    blockers: Vec<Blocker>,
    denied: Option<PermissionDenied>,
    metadata: Vec<(String, String)>,
    retry_after: Option<Duration>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $wire:literal => $code:ident;)*) => {
        /// Why a call was refused. The wire text is stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Reason { $($(#[$doc])* $name,)* }

        impl Reason {
            /// Every reason there is, for docs and coverage tests.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// UPPER_SNAKE text on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $wire,)* }
            }

            /// The code an error with this reason has.
            pub const fn code(self) -> Code {
                match self { $(Self::$name => Code::$code,)* }
            }
        }
    };
}

reasons! {
    /// One or more request fields are wrong; see the field violations.
    InvalidField = "INVALID_FIELD" => InvalidArgument;
    /// The body is not a message of the expected kind.
    MalformedRequest = "MALFORMED_REQUEST" => InvalidArgument;
    /// The filter text cannot be used for this list.
    InvalidFilter = "INVALID_FILTER" => InvalidArgument;
    /// The page token is not one that this list gave out.
    InvalidPageToken = "INVALID_PAGE_TOKEN" => InvalidArgument;
    /// No token, or one that is expired or revoked.
    NotSignedIn = "NOT_SIGNED_IN" => Unauthenticated;
    /// Wrong e-mail or password.
    WrongCredentials = "WRONG_CREDENTIALS" => Unauthenticated;
    /// Too many failed attempts; wait.
    TooManyAttempts = "TOO_MANY_ATTEMPTS" => ResourceExhausted;
    /// The caller lacks a permission.
    PermissionMissing = "PERMISSION_MISSING" => PermissionDenied;
    /// The account is not allowed to do this, whatever its roles.
    NotAllowed = "NOT_ALLOWED" => PermissionDenied;
    /// The person must choose another password before anything else.
    PasswordChangeRequired = "PASSWORD_CHANGE_REQUIRED" => PermissionDenied;
    /// The person must set up a second factor before anything else.
    SecondFactorRequired = "SECOND_FACTOR_REQUIRED" => PermissionDenied;
    /// The server was started read-only.
    Readonly = "READONLY" => FailedPrecondition;
    /// The named thing does not exist, or the caller may not know of it.
    ResourceNotFound = "RESOURCE_NOT_FOUND" => NotFound;
    /// A thing with that id exists.
    ResourceExists = "RESOURCE_EXISTS" => AlreadyExists;
    /// The thing was deleted; undelete it first.
    ResourceDeleted = "RESOURCE_DELETED" => FailedPrecondition;
    /// Others depend on the thing.
    ResourceInUse = "RESOURCE_IN_USE" => FailedPrecondition;
    /// Somebody changed it since it was read.
    EtagMismatch = "ETAG_MISMATCH" => Aborted;
    /// A concurrent change got in the way; read again and retry.
    Conflict = "CONFLICT" => Aborted;
    /// The request can't be met in the present state; see the blockers.
    Blocked = "BLOCKED" => FailedPrecondition;
    /// No deployment window of the environment is open.
    WindowClosed = "WINDOW_CLOSED" => FailedPrecondition;
    /// The set-up token is missing or wrong.
    SetupTokenRequired = "SETUP_TOKEN_REQUIRED" => PermissionDenied;
    /// Sign-up is closed.
    SignupClosed = "SIGNUP_CLOSED" => PermissionDenied;
    /// Body, sheet or result above its limit.
    TooLarge = "TOO_LARGE" => ResourceExhausted;
    /// The text holds a NUL byte or is not UTF-8.
    NotText = "NOT_TEXT" => InvalidArgument;
    /// The target refused user name or password.
    ConnectionAuth = "CONNECTION_AUTH" => FailedPrecondition;
    /// The target cannot be reached.
    ConnectionNetwork = "CONNECTION_NETWORK" => FailedPrecondition;
    /// TLS with the target failed.
    ConnectionTls = "CONNECTION_TLS" => FailedPrecondition;
    /// The target let us in but not to this database or view.
    ConnectionPermission = "CONNECTION_PERMISSION" => FailedPrecondition;
    /// The target did not answer in time.
    ConnectionTimeout = "CONNECTION_TIMEOUT" => FailedPrecondition;
    /// The target is a kind or version we cannot speak with.
    ConnectionUnsupported = "CONNECTION_UNSUPPORTED" => FailedPrecondition;
    /// The address is one that must not be reached from here.
    AddressRefused = "ADDRESS_REFUSED" => InvalidArgument;
    /// The statement failed at the target.
    StatementFailed = "STATEMENT_FAILED" => FailedPrecondition;
    /// The statement does more than read, or may do so; it was not run.
    StatementRefused = "STATEMENT_REFUSED" => FailedPrecondition;
    /// This server does not have the method (yet).
    NotImplemented = "NOT_IMPLEMENTED" => Unimplemented;
    /// The engine cannot do that.
    EngineUnsupported = "ENGINE_UNSUPPORTED" => Unimplemented;
    /// The metadata store is out of space or cannot be written.
    StoreUnavailable = "STORE_UNAVAILABLE" => Unavailable;
    /// The server is stopping, or a needed part is not there right now.
    Unavailable = "UNAVAILABLE" => Unavailable;
    /// The caller's deadline passed.
    Timeout = "TIMEOUT" => DeadlineExceeded;
    /// The caller went away.
    Canceled = "CANCELED" => Canceled;
    /// A mistake of ours.
    Internal = "INTERNAL" => Internal;
}

impl Error {
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self {
            inner: Box::new(Inner {
                code: reason.code(),
                reason,
                message: message.into(),
                fields: Vec::new(),
                blockers: Vec::new(),
                denied: None,
                metadata: Vec::new(),
                retry_after: None,
                source: None,
            }),
        }
    }

    /// One wrong field. `description` says how to mend it.
    pub fn field(field: impl Into<String>, description: impl Into<String>) -> Self {
        let violation = FieldViolation { field: field.into(), description: description.into() };
        let mut e = Self::new(
            Reason::InvalidField,
            format!("{}: {}", violation.field, violation.description),
        );
        e.inner.fields.push(violation);
        e
    }

    /// Several wrong fields at once. `violations` is not empty.
    pub fn fields(violations: Vec<FieldViolation>) -> Self {
        let text: Vec<_> =
            violations.iter().map(|v| format!("{}: {}", v.field, v.description)).collect();
        let mut e = Self::new(Reason::InvalidField, text.join("; "));
        e.inner.fields = violations;
        e
    }

    /// The same words whether the thing is absent or hidden from the caller.
    pub fn not_found(name: impl fmt::Display) -> Self {
        Self::new(Reason::ResourceNotFound, format!("{name} does not exist, or you may not see it"))
    }

    pub fn exists(name: impl fmt::Display) -> Self {
        Self::new(Reason::ResourceExists, format!("{name} exists already; choose another id"))
    }

    pub fn deleted(name: impl fmt::Display) -> Self {
        Self::new(Reason::ResourceDeleted, format!("{name} is deleted; undelete it first"))
    }

    pub fn etag(name: impl fmt::Display) -> Self {
        Self::new(
            Reason::EtagMismatch,
            format!("{name} was changed since you read it; read it again and repeat your change"),
        )
    }

    pub fn blocked(message: impl Into<String>, blockers: Vec<Blocker>) -> Self {
        let mut e = Self::new(Reason::Blocked, message);
        e.inner.blockers = blockers;
        e
    }

    /// The blockers say it all, after some words about what they block, if any. `blockers` is not empty.
    pub fn blocked_by(what: &str, blockers: Vec<Blocker>) -> Self {
        let mut text = what.to_owned();
        for (i, blocker) in blockers.iter().enumerate() {
            text.push_str(match (i, text.ends_with('.')) {
                (0, _) if text.is_empty() => "",
                (0, _) | (_, true) => " ",
                (_, false) => "; ",
            });
            text.push_str(&blocker.message);
        }
        Self::blocked(text, blockers)
    }

    /// Adds fields that are wrong: for what stands in the way because of them.
    #[must_use]
    pub fn with_fields(mut self, violations: Vec<FieldViolation>) -> Self {
        self.inner.fields = violations;
        self
    }

    pub fn permission(denied: PermissionDenied) -> Self {
        let message = format!(
            "this needs {} on {}; ask an owner or administrator to grant a role that has it",
            denied.permissions.join(" and "),
            denied.resources.join(", ")
        );
        let mut e = Self::new(Reason::PermissionMissing, message);
        e.inner.denied = Some(denied);
        e
    }

    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(Reason::Internal, message)
    }

    #[must_use]
    pub fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.inner.source = Some(Arc::new(source));
        self
    }

    /// Adds a fact that clients may read: `ErrorInfo.metadata`.
    #[must_use]
    pub fn with_metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.inner.metadata.push((key.into(), value.into()));
        self
    }

    /// The same call may pass after this time, and not before.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.inner.retry_after = Some(wait);
        self
    }

    pub fn code(&self) -> Code {
        self.inner.code
    }

    pub fn reason(&self) -> Reason {
        self.inner.reason
    }

    pub fn message(&self) -> &str {
        &self.inner.message
    }

    pub fn field_violations(&self) -> &[FieldViolation] {
        &self.inner.fields
    }

    pub fn blockers(&self) -> &[Blocker] {
        &self.inner.blockers
    }

    pub fn denied(&self) -> Option<&PermissionDenied> {
        self.inner.denied.as_ref()
    }

    pub fn metadata(&self) -> &[(String, String)] {
        &self.inner.metadata
    }

    /// How long to wait, where waiting is what helps.
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.retry_after
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.inner.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.inner.reason.as_str(), self.inner.message)?;
        let mut source = self.source();
        while let Some(s) = source {
            write!(f, ": {s}")?;
            source = s.source();
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner.source.as_deref().map(|s| s as _)
    }
}

impl Code {
    /// In the order of their numbers, which begin at 1.
    pub const ALL: [Self; 16] = [
        Self::Canceled,
        Self::Unknown,
        Self::InvalidArgument,
        Self::DeadlineExceeded,
        Self::NotFound,
        Self::AlreadyExists,
        Self::PermissionDenied,
        Self::ResourceExhausted,
        Self::FailedPrecondition,
        Self::Aborted,
        Self::OutOfRange,
        Self::Unimplemented,
        Self::Internal,
        Self::Unavailable,
        Self::DataLoss,
        Self::Unauthenticated,
    ];

    /// The number that `google.rpc.Status` has for it.
    pub const fn number(self) -> i32 {
        self as i32 + 1
    }

    /// The code of that name: `not_found`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == name)
    }

    /// The name on the wire: `not_found`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Canceled => "canceled",
            Self::Unknown => "unknown",
            Self::InvalidArgument => "invalid_argument",
            Self::DeadlineExceeded => "deadline_exceeded",
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
            Self::PermissionDenied => "permission_denied",
            Self::ResourceExhausted => "resource_exhausted",
            Self::FailedPrecondition => "failed_precondition",
            Self::Aborted => "aborted",
            Self::OutOfRange => "out_of_range",
            Self::Unimplemented => "unimplemented",
            Self::Internal => "internal",
            Self::Unavailable => "unavailable",
            Self::DataLoss => "data_loss",
            Self::Unauthenticated => "unauthenticated",
        }
    }

    /// HTTP status as the Connect protocol maps it (connectrpc.com/docs/protocol, "Error codes").
    pub const fn http_status(self) -> u16 {
        match self {
            Self::Canceled => 499,
            Self::InvalidArgument | Self::FailedPrecondition | Self::OutOfRange => 400,
            Self::Unauthenticated => 401,
            Self::PermissionDenied => 403,
            Self::NotFound => 404,
            Self::AlreadyExists | Self::Aborted => 409,
            Self::ResourceExhausted => 429,
            Self::Unimplemented => 501,
            Self::Unavailable => 503,
            Self::DeadlineExceeded => 504,
            Self::Unknown | Self::Internal | Self::DataLoss => 500,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_distinct_upper_snake() {
        let mut seen = std::collections::HashSet::new();
        for r in Reason::ALL {
            let text = r.as_str();
            assert!(seen.insert(text), "{text} twice");
            assert!(text.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'), "{text}");
        }
    }

    #[test]
    fn codes_have_the_numbers_of_grpc() {
        for (at, code) in (1..).zip(Code::ALL) {
            assert_eq!(code.number(), at);
            assert_eq!(Code::from_name(code.as_str()), Some(code));
        }
        assert_eq!(Code::NotFound.number(), 5);
        assert_eq!(Code::from_name("fine"), None);
    }

    #[test]
    fn blockers_become_one_message() {
        let blocker = |message: &str| Blocker {
            reason: "X".to_owned(),
            subject: "tasks/1".to_owned(),
            message: message.to_owned(),
        };
        let text = |what, messages: [&str; 2]| {
            Error::blocked_by(what, messages.map(blocker).to_vec()).to_string()
        };
        assert_eq!(text("", ["a is done", "b is gone"]), "a is done; b is gone");
        assert_eq!(text("Not yet:", ["a is done", "b is gone"]), "Not yet: a is done; b is gone");
        assert_eq!(
            text("No.", ["The plan is empty.", "It is closed."]),
            "No. The plan is empty. It is closed."
        );
    }

    #[test]
    fn sources_are_for_the_log_only() {
        let e = Error::internal("could not write").with_source(std::io::Error::other("disk full"));
        assert_eq!(e.to_string(), "could not write");
        assert_eq!(format!("{e:?}"), "INTERNAL: could not write: disk full");
    }
}
