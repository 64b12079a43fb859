//! Slows down guessing: ten wrong passwords in ten minutes and five wrong codes in five, for an account; ten failures of
//! any kind in ten minutes for a source address.
//!
//! An attempt is written down as failed before it is checked and struck out when it succeeds, so a thousand attempts at
//! the same moment do not slip past the count. Attempts that were turned away do not count, so a limit lasts as long as its
//! window from the failures that made it. Somebody who keeps failing could still hold an account closed for its owner: so a
//! browser that its owner has signed in with before has a count of its own, and the others do not matter to it.

use std::net::IpAddr;
use std::time::Duration;

use base::{Error, Reason, Result};
use store::login_failures;
use store::rows::LoginFailure;

use super::device;
use crate::cx::Cx;

const MOST_OF_SOURCE: i64 = 10;
const WINDOW: Duration = Duration::from_secs(600);

/// What is guessed, of the account with this address.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Guess<'a> {
    Password(&'a str),
    Code(&'a str),
}

impl Guess<'_> {
    const fn most(self) -> i64 {
        match self {
            Self::Password(_) => 10,
            Self::Code(_) => 5,
        }
    }

    const fn window(self) -> Duration {
        match self {
            Self::Password(_) => WINDOW,
            Self::Code(_) => Duration::from_secs(300),
        }
    }

    /// Under which the failures of an account, or of one of its browsers, are counted.
    fn key(self, device: Option<&str>) -> String {
        let (kind, email) = match self {
            Self::Password(email) => ("", email),
            Self::Code(email) => ("code:", email),
        };
        match device {
            Some(device) => format!("{kind}device:{device}"),
            // As much of it as an address can have, and without the colon that makes the other keys: the text is anybody's.
            None => {
                format!("{kind}{}", email.replace(':', ";").chars().take(254).collect::<String>())
            }
        }
    }

    const fn email(&self) -> &str {
        match self {
            Self::Password(email) | Self::Code(email) => email,
        }
    }
}

/// An attempt that has begun. Dropped without [`Attempt::succeeded`] it is a failure.
pub(crate) struct Attempt {
    id: String,
    key: String,
}

/// Begins an attempt on an account, known or not.
///
/// Errors: `TOO_MANY_ATTEMPTS` with the time to wait, the same for known and unknown accounts.
pub(crate) async fn begin(cx: &Cx, guess: Guess<'_>) -> Result<Attempt> {
    let now = cx.app.now();
    let device = device::shown(cx, guess.email());
    let failure = LoginFailure {
        id: cx.app.new_id(),
        email: guess.key(device.as_deref()),
        client_ip: source(&cx.client_ip),
        created_at: now,
    };
    let mut tx = cx.app.store.begin().await?;
    // The attempt after the last that is too many waits until the first of those does not count any more.
    let (key, window) = (&failure.email, guess.window());
    let of_account =
        login_failures::nth_of_email(&mut tx, key, now.minus(window), guess.most()).await?;
    let of_source = match device {
        Some(_) => None,
        None => {
            let (source, since) = (&failure.client_ip, now.minus(WINDOW));
            login_failures::nth_of_ip(&mut tx, source, since, MOST_OF_SOURCE).await?
        }
    };
    let until = of_account.map(|at| at.plus(window)).max(of_source.map(|at| at.plus(WINDOW)));
    if let Some(until) = until {
        return Err(too_many("too many failed attempts to sign in", until.since(now)));
    }
    login_failures::insert(&mut tx, &failure).await?;
    login_failures::prune(&mut tx, now.minus(WINDOW)).await?;
    tx.commit().await?;
    Ok(Attempt { id: failure.id, key: failure.email })
}

impl Attempt {
    /// Strikes out this attempt and those before it under the same count.
    pub(crate) async fn succeeded(self, conn: &mut store::Conn) -> Result<()> {
        login_failures::delete(conn, &self.id).await?;
        Ok(login_failures::delete_of_email(conn, &self.key).await?)
    }
}

/// A refusal that ends by itself.
pub(super) fn too_many(what: &str, wait: Duration) -> Error {
    // Whole seconds, none too few.
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let text = format!("{what}; try again in {}", in_words(seconds));
    Error::new(Reason::TooManyAttempts, text).with_retry_after(Duration::from_secs(seconds))
}

fn in_words(seconds: u64) -> String {
    let count = |n: u64, unit: &str| format!("{n} {unit}{}", if n == 1 { "" } else { "s" });
    match (seconds / 60, seconds % 60) {
        (0, seconds) => count(seconds, "second"),
        (minutes, 0) => count(minutes, "minute"),
        (minutes, seconds) => {
            format!("{} and {}", count(minutes, "minute"), count(seconds, "second"))
        }
    }
}

/// Who has one IPv6 address has 2⁶⁴ of them, so they count as one.
fn source(client_ip: &str) -> String {
    match client_ip.parse() {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        _ => client_ip.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_apart() {
        let (password, code) = (Guess::Password("a@x.io"), Guess::Code("a@x.io"));
        let keys =
            [password.key(None), code.key(None), password.key(Some("1")), code.key(Some("1"))];
        assert_eq!(keys, ["a@x.io", "code:a@x.io", "device:1", "code:device:1"]);
        assert_eq!(Guess::Password("code:a@x.io").key(None), "code;a@x.io");
        assert_eq!(Guess::Password(&"x".repeat(9_999)).key(None).len(), 254);
    }

    #[test]
    fn a_wait_is_never_too_short() {
        let wait = |millis| too_many("x", Duration::from_millis(millis));
        assert_eq!(wait(61_000).message(), "x; try again in 1 minute and 1 second");
        assert_eq!(wait(600_000).message(), "x; try again in 10 minutes");
        let short = wait(1);
        assert_eq!(short.message(), "x; try again in 1 second");
        assert_eq!(short.retry_after(), Some(Duration::from_secs(1)));
    }

    #[test]
    fn a_network_of_one_owner_is_one_source() {
        assert_eq!(source("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(source("2001:db8:1:2::1"), source("2001:db8:1:2:ffff::"));
        assert_eq!(source("192.0.2.7"), "192.0.2.7");
    }
}
