//! What handlers fail with: the error of the use cases, in a type of this crate, so that generated code can make
//! one of its own faults. `?` converts.

use std::fmt;

use api::rpc::Fault;
use base::Reason;

pub type Result<T> = std::result::Result<T, Error>;

/// A [`base::Error`] on its way to the wire.
#[derive(Debug, Clone)]
pub struct Error(base::Error);

impl Error {
    pub fn into_inner(self) -> base::Error {
        self.0
    }
}

impl From<base::Error> for Error {
    fn from(error: base::Error) -> Self {
        Self(error)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        let reason = match &fault {
            Fault::Unimplemented { .. } => Reason::NotImplemented,
            Fault::Malformed { .. } => Reason::MalformedRequest,
        };
        Self(base::Error::new(reason, fault.to_string()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
