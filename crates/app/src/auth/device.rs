//! Browsers that somebody has signed in with before: a cookie says whose, so that strangers who fail to sign in as the same
//! person do not close the door to it (crate::auth::throttle). It opens nothing.

use std::time::Duration;

use base::{Result, Secret};

use super::cookie;
use super::token::{self, Purpose};
use crate::cx::Cx;

const LIFETIME: Duration = Duration::from_secs(180 * 24 * 3_600);

/// The id of the caller's browser, when `email` signed in with it before.
pub(super) fn shown(cx: &Cx, email: &str) -> Option<String> {
    let shown = cx.credentials.cookie_device.as_ref()?;
    let claims = token::read(&cx.app.token_key, Purpose::Device, shown.expose())?;
    let same = claims.subject == email && claims.is_live(cx.app.now());
    claims.session.filter(|_| same)
}

/// What remembers the caller's browser as one of `email`.
pub(super) fn remember(cx: &Cx, email: &str) -> Result<Secret> {
    let id = shown(cx, email).unwrap_or_else(|| cx.app.new_id());
    let key = &cx.app.token_key;
    token::issue(key, Purpose::Device, email, Some(&id), cx.app.now(), LIFETIME)
}

/// Sends it with the answer.
pub(super) fn send(cx: &Cx, device: &Secret) {
    cookie::remember(cx, device, LIFETIME);
}
