//! The two cookies of a browser session, and the one that remembers the browser.

use std::time::Duration;

use base::Secret;

use crate::cx::Cx;
use crate::gate::{ACCESS_COOKIE, DEVICE_COOKIE, REFRESH_COOKIE, SIGN_ON_COOKIE};

/// Sends both tokens with the answer. The access cookie outlives its token, so that `Refresh` sees whose it was.
pub(super) fn set(cx: &Cx, access: &Secret, refresh: &Secret, lifetime: Duration) {
    for (name, value) in [(ACCESS_COOKIE, access), (REFRESH_COOKIE, refresh)] {
        cx.response_headers.add(
            "set-cookie",
            cookie(name, value.expose(), lifetime.as_secs(), cx.credentials.https),
        );
    }
}

/// Remembers the browser. Stays when the session ends.
pub(super) fn remember(cx: &Cx, device: &Secret, lifetime: Duration) {
    let https = cx.credentials.https;
    let value = cookie(DEVICE_COOKIE, device.expose(), lifetime.as_secs(), https);
    cx.response_headers.add("set-cookie", value);
}

/// Binds a sign-in at an identity provider to this browser; an empty one with no lifetime ends it.
pub(super) fn sign_on(cx: &Cx, seed: &Secret, lifetime: Duration) {
    let https = cx.credentials.https;
    let value = cookie(SIGN_ON_COOKIE, seed.expose(), lifetime.as_secs(), https);
    cx.response_headers.add("set-cookie", value);
}

/// Takes both cookies of the session back.
pub(super) fn clear(cx: &Cx) {
    for name in [ACCESS_COOKIE, REFRESH_COOKIE] {
        cx.response_headers.add("set-cookie", cookie(name, "", 0, cx.credentials.https));
    }
}

fn cookie(name: &str, value: &str, max_age: u64, https: bool) -> String {
    let secure = if https { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Strict{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_other_sites_never_see_them() {
        assert_eq!(
            cookie("access-token", "x.y", 60, true),
            "access-token=x.y; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure"
        );
        assert!(!cookie("access-token", "x.y", 60, false).contains("Secure"));
    }
}
