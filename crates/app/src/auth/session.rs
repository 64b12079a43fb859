//! Sessions of browsers: a family is all refresh tokens that came, one by one, from one sign-in.

use std::time::Duration;

use base::id::{sha256_hex, token as random};
use base::{Result, Secret, Time};
use store::rows::{Session, WorkspaceProfile};
use store::{Conn, sessions};

use super::token::Purpose;
use super::{cookie, device, token};
use crate::cx::Cx;

const ACCESS: Duration = Duration::from_secs(3_600);
const REFRESH: Duration = Duration::from_secs(7 * 24 * 3_600);

/// Both tokens of a session, to be sent once the transaction that keeps them has committed.
pub(crate) struct Fresh {
    access: Secret,
    refresh: Secret,
    lifetime: Duration,
    /// Remembers the browser, at a sign-in.
    device: Option<Secret>,
}

/// Begins a session: a family of its own, so a token from before the sign-in is worth nothing after it.
pub(crate) async fn open(
    cx: &Cx,
    conn: &mut Conn,
    email: &str,
    profile: &WorkspaceProfile,
    now: Time,
) -> Result<Fresh> {
    // Those that ended are worth nothing to anybody, also not to a thief.
    sessions::prune(conn, now).await?;
    let expires_at = now.plus(profile.refresh_token_duration.unwrap_or(REFRESH));
    let fresh = next(cx, conn, email, &cx.app.new_id(), expires_at, profile, now).await?;
    Ok(Fresh { device: Some(device::remember(cx, email)?), ..fresh })
}

/// The next pair of a family. It ends when the first did.
pub(super) async fn next(
    cx: &Cx,
    conn: &mut Conn,
    email: &str,
    family: &str,
    expires_at: Time,
    profile: &WorkspaceProfile,
    now: Time,
) -> Result<Fresh> {
    let refresh = Secret::new(random(cx.app.rng.as_ref()));
    let row = Session {
        id: cx.app.new_id(),
        email: email.to_owned(),
        family: family.to_owned(),
        token_hash: hash(&refresh),
        created_at: now,
        expires_at,
        used_at: None,
        revoked_at: None,
    };
    sessions::insert(conn, &row).await?;
    let (key, access) = (&cx.app.token_key, access_lifetime(profile));
    let access = token::issue(key, Purpose::Access, email, Some(family), now, access)?;
    Ok(Fresh { access, refresh, lifetime: expires_at.since(now), device: None })
}

/// How long an access token lives: no longer than a session may be idle, since only a refresh shows that it is not.
pub(super) fn access_lifetime(profile: &WorkspaceProfile) -> Duration {
    let lifetime = profile.access_token_duration.unwrap_or(ACCESS);
    profile.inactive_session_timeout.map_or(lifetime, |idle| idle.min(lifetime))
}

/// What is kept of a refresh token.
pub(super) fn hash(refresh: &Secret) -> String {
    sha256_hex(refresh.expose().as_bytes())
}

impl Fresh {
    /// Adds the cookies to the answer.
    pub(crate) fn send(&self, cx: &Cx) {
        cookie::set(cx, &self.access, &self.refresh, self.lifetime);
        if let Some(device) = &self.device {
            device::send(cx, device);
        }
    }
}
