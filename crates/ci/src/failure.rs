//! Why a command ends without what was asked, and the exit status for it.

use crate::remote::CallError;

/// Exit statuses, as `basalt check --help` documents them. A merge is protected by any but the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Done = 0,
    /// The check found what it was told to fail on, or a change failed in a database.
    Failed = 1,
    /// Wrong use, or a file that cannot be read.
    Usage = 2,
    /// The server cannot be reached, or refuses.
    Server = 3,
    /// Nothing failed: the rollout waits for a person, a window or an earlier stage.
    Waits = 4,
    /// By SIGINT; what ran was canceled.
    Interrupted = 130,
    /// By SIGTERM; what ran was canceled.
    Terminated = 143,
}

/// One sentence for people; more lines say what stands in the way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    pub exit: Exit,
    pub message: String,
}

pub type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }

    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        // What was asked is wrong: mending the call helps, another try does not.
        let exit = if error.code == "invalid_argument" { Exit::Usage } else { Exit::Server };
        Self::new(exit, error.to_string())
    }
}
