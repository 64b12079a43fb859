//! The second factor: six digits of an app on a phone (TOTP, RFC 6238), or a recovery code.
//!
//! What the app shares with us and the hashes of the recovery codes are kept encrypted, apart from the user's row, which
//! says since when the factor is on and which code was the last. Invariants: a code counts once, also within its half
//! minute; so does a recovery code; what was shown to set the factor up is never shown again.

mod app_code;
mod keep;
mod prove;
mod recovery;
mod step;

use std::time::Duration;

use base::{Error, Reason, Result, Secret};
use store::Conn;
use store::rows::User;

use crate::cx::Cx;

pub(crate) use keep::{moved, recovery_codes_left};
pub(super) use prove::prove;
pub use step::Ask;
pub(crate) use step::Step;

/// How long what was shown can be confirmed.
const SET_UP_WITHIN: Duration = Duration::from_secs(600);

/// What is shown once.
#[derive(Debug, Clone)]
pub struct Shown {
    /// For the app, in base 32; `None` when only recovery codes are new.
    pub secret: Option<Secret>,
    pub recovery_codes: Vec<Secret>,
}

/// Carries out a step for the user, whose row the caller writes in the same transaction.
///
/// Errors: `INVALID_FIELD` under `otp_code` for a wrong code, or one that was used.
pub(crate) async fn carry_out(
    cx: &Cx,
    conn: &mut Conn,
    user: &mut User,
    step: Step,
    code: Option<&Secret>,
) -> Result<Option<Shown>> {
    let now = cx.app.now();
    if step.proves(user) && !prove(conn, user, code.unwrap_or(&Secret::default()), now).await? {
        return Err(wrong());
    }
    let rng = cx.app.rng.as_ref();
    let factor = &mut user.payload.second_factor;
    match step {
        Step::Nothing => {}
        Step::Begin => {
            let (secret, codes) = (app_code::secret(rng), recovery::codes(rng));
            keep::pending(conn, &user.email, &secret, &codes).await?;
            factor.begun_at = Some(now);
            return Ok(Some(Shown { secret: Some(secret), recovery_codes: codes }));
        }
        Step::RecoveryCodes => {
            let codes = recovery::codes(rng);
            keep::recovery_codes(conn, &user.email, &codes, factor.on_since.is_none()).await?;
            return Ok(Some(Shown { secret: None, recovery_codes: codes }));
        }
        Step::On => {
            let pending = keep::pending_secret(conn, &user.email).await?.ok_or_else(not_begun)?;
            let code = code.map_or("", |c| c.expose());
            let counted = app_code::fits(&pending, code, 0, now)?.ok_or_else(wrong)?;
            keep::confirm(conn, &user.email).await?;
            (factor.on_since, factor.begun_at, factor.last_step) = (Some(now), None, counted);
        }
        Step::Off { .. } => {
            keep::forget(conn, &user.email).await?;
            *factor = store::rows::SecondFactor::default();
        }
    }
    Ok(None)
}

fn wrong() -> Error {
    Error::field(
        "otp_code",
        "this code does not fit, or was used already; take the one that the app shows now",
    )
}

fn not_begun() -> Error {
    Error::new(
        Reason::InvalidField,
        "user.mfa_enabled: ask for a secret with regenerate_temp_mfa_secret first, and confirm it within ten minutes",
    )
}
