//! What the server, the network or the client library said, as failures that a person can act on.

use engine::{Failure, FailureKind, StatementFailure};
use mysql_async::{DriverError, Error, IoError, ServerError};

/// Error numbers that are looked at elsewhere too.
pub(crate) mod code {
    pub const SYNTAX: u16 = 1064;
    /// Nothing but comments, as an executable comment for another version is.
    pub const EMPTY_QUERY: u16 = 1065;
    /// An unexpected combination of clauses that the parser finds.
    pub const PARSE: u16 = 1149;
    /// Cannot be prepared, though it can be read.
    pub const NOT_PREPARABLE: u16 = 1295;
    pub const INTERRUPTED: u16 = 1317;
    /// KILL for a session that has gone.
    pub const NO_SUCH_THREAD: u16 = 1094;
    /// A global transaction is in a state that does not allow this.
    pub const XA_STATE: u16 = 1399;
    pub const XA_UNKNOWN: u16 = 1397;
    pub const XA_DUPLICATE: u16 = 1440;
    /// A temporary table inside a global transaction.
    pub const XA_TEMPORARY: u16 = 4091;
}

pub(crate) const LOCAL_FILE: &str = "LOAD DATA LOCAL would read a file of Basalt's machine, and is refused: put the file \
                                     where the database server can read it, and leave out LOCAL";

pub(crate) fn failure(error: Error) -> Failure {
    let kind = match &error {
        Error::Server(e) => server_kind(e),
        Error::Io(IoError::Tls(_)) => FailureKind::Tls,
        Error::Io(IoError::Io(e)) if is_tls(e) => FailureKind::Tls,
        Error::Io(IoError::Io(e)) if e.kind() == std::io::ErrorKind::TimedOut => {
            FailureKind::Timeout
        }
        Error::Io(IoError::Io(_)) => FailureKind::Network,
        Error::Driver(e) => driver_kind(e),
        Error::Url(_) => FailureKind::Unsupported,
        Error::Other(_) => FailureKind::Server,
    };
    Failure::new(kind, message(error))
}

pub(crate) fn statement_failure(error: Error, statement: &str) -> StatementFailure {
    let lost = is_lost(&error);
    let Error::Server(e) = &error else {
        let f = failure(error);
        return StatementFailure {
            connection_lost: lost,
            ..StatementFailure::new(f.kind, f.message)
        };
    };
    let place = crate::syntax::place(e.code, &e.message, statement);
    StatementFailure {
        code: e.code.to_string(),
        offset: place.offset,
        line: place.line,
        // Waited too long for a row or a table; chosen as the victim of a deadlock; NOWAIT.
        lock_timeout: matches!(e.code, 1205 | 1213 | 3572),
        connection_lost: lost,
        ..StatementFailure::new(server_kind(e), e.message.clone())
    }
}

/// The session cannot be used any more. The library closes it after every error that is not the server's.
fn is_lost(error: &Error) -> bool {
    match error {
        // Shutdown in progress; gone away; lost; killed (MariaDB); disconnected for being idle (MySQL).
        Error::Server(e) => matches!(e.code, 1053 | 1077..=1079 | 1927 | 2006 | 2013 | 4031),
        other => other.is_fatal(),
    }
}

fn server_kind(e: &ServerError) -> FailureKind {
    use FailureKind as K;
    match e.code {
        // Password; host not allowed; plugin unknown; no password given; account locked; password expired.
        1045 | 1130 | 1524 | 1698 | 1820 | 1862 | 3118 | 3955 | 4151 => K::Auth,
        // Database, another's session, table, column, routine or privilege denied.
        1044 | 1095 | 1142 | 1143 | 1227 | 1370 | 1141 | 1147 | 1403 | 1419 | 3877 | 4134 => {
            K::Permission
        }
        1049 => K::NoDatabase,
        // Secure transport required.
        3159 => K::Tls,
        1042 | 1043 | 1053 | 1077..=1079 | 1158..=1161 | 1927 | 2006 | 2013 | 4031 => K::Network,
        // max_statement_time, max_execution_time.
        1969 | 3024 => K::Timeout,
        // A lock waited for too long, a deadlock, NOWAIT.
        1205 | 1213 | 3572 => K::Locked,
        code::INTERRUPTED => K::Canceled,
        1251 | 1275 => K::Unsupported,
        _ => K::Server,
    }
}

fn driver_kind(e: &DriverError) -> FailureKind {
    match e {
        DriverError::NoClientSslFlagFromServer | DriverError::NoKeyFound => FailureKind::Tls,
        DriverError::ConnectionClosed | DriverError::PoolDisconnected => FailureKind::Network,
        DriverError::PacketTooLarge => FailureKind::Server,
        DriverError::LocalInfile(_) => FailureKind::Permission,
        DriverError::UnknownAuthPlugin { .. } => FailureKind::Auth,
        _ => FailureKind::Unsupported,
    }
}

fn is_tls(e: &std::io::Error) -> bool {
    e.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>)
}

fn message(error: Error) -> String {
    match error {
        Error::Server(e) => e.message,
        Error::Driver(DriverError::NoClientSslFlagFromServer) => "the server does not offer TLS".to_owned(),
        Error::Driver(DriverError::PacketTooLarge) => {
            "the statement is larger than the server takes: raise its max_allowed_packet, or split the statement".to_owned()
        }
        Error::Driver(DriverError::UnknownAuthPlugin { name }) => {
            format!(
                "the server asks for the sign-in method {name}, which we do not speak; some servers ask for it when there \
                 is no such user"
            )
        }
        Error::Driver(DriverError::CleartextPluginDisabled) => {
            "the server asks for the password in clear text: allow it by the parameter allowCleartextPasswords=true, over TLS"
                .to_owned()
        }
        Error::Driver(DriverError::LocalInfile(_)) => LOCAL_FILE.to_owned(),
        Error::Driver(DriverError::CantParseServerVersion { .. } | DriverError::UnexpectedPacket { .. }) => {
            "what answers there does not speak the MySQL protocol".to_owned()
        }
        Error::Driver(e) => e.to_string(),
        Error::Io(IoError::Io(e)) => e.to_string(),
        Error::Io(IoError::Tls(e)) => e.to_string(),
        other => other.to_string(),
    }
}
