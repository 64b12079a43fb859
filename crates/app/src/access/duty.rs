//! What a person has to do before anything else. Pure.
//!
//! Only of those who sign in by password: whoever has none comes from an identity provider, which asks for its own factors.

use base::{Error, Reason, Time};
use store::rows::{User, WorkspaceProfile};

/// What can be called all the same: what a person needs to do it, and what the console needs to show it. The use case of
/// the first makes sure that people change themselves only.
pub(super) const ALLOWED: [&str; 2] =
    ["/bytebase.v1.UserService/UpdateUser", "/bytebase.v1.ActuatorService/GetActuatorInfo"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// The password is too old, or somebody else chose it.
    ChangePassword,
    /// The workspace asks for a second factor.
    SetUpSecondFactor,
}

/// The first thing that `user` has to do.
pub fn of(user: &User, profile: &WorkspaceProfile, now: Time) -> Option<Duty> {
    let rule = &profile.password;
    let since = user.payload.password_changed_at.unwrap_or(user.created_at);
    let old = rule.rotation.is_some_and(|most| now.since(since) > most);
    let of_other = rule.reset_at_first_login && user.payload.password_by_other;
    if user.password_hash.is_empty() {
        None
    } else if old || of_other {
        Some(Duty::ChangePassword)
    } else if profile.require_mfa && user.payload.second_factor.on_since.is_none() {
        Some(Duty::SetUpSecondFactor)
    } else {
        None
    }
}

impl Duty {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ChangePassword => "CHANGE_PASSWORD",
            Self::SetUpSecondFactor => "SET_UP_SECOND_FACTOR",
        }
    }

    /// Refuses all else.
    pub fn error(self) -> Error {
        match self {
            Self::ChangePassword => Error::new(
                Reason::PasswordChangeRequired,
                "change your password first: it is too old here, or somebody else chose it",
            ),
            Self::SetUpSecondFactor => Error::new(
                Reason::SecondFactorRequired,
                "set up a second factor first: this workspace asks everybody for one",
            ),
        }
    }
}
