//! One-time codes by mail: to choose a new password, and to sign in.
//!
//! Asked for an address of nobody the answer is the same, takes as long, and writes the same rows: only the runner that would send the
//! mail looks who is there. A code is eight digits, good for fifteen minutes, five guesses and one use. An address gets one a minute and
//! five an hour; a source may ask for twenty addresses in ten minutes.

use std::time::Duration;

use base::{Error, Reason, Result, Rng, Secret};
use store::rows::{MailCode, WorkspaceProfile};
use store::{Conn, mail_codes, settings};

use super::{password, throttle};
use crate::cx::Cx;
use crate::mail::{self, Letter};
use crate::user::email;

const GOOD_FOR: Duration = Duration::from_secs(15 * 60);
const MOST_FAILURES: i64 = 5;
const PAUSE: Duration = Duration::from_secs(60);
const MOST_SENT: i64 = 5;
const WINDOW: Duration = Duration::from_secs(3_600);
const MOST_OF_SOURCE: i64 = 20;
const SOURCE_WINDOW: Duration = Duration::from_secs(600);
/// Rows of addresses that nobody asked about for as long are of no use.
const KEPT: Duration = Duration::from_secs(24 * 3_600);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Reset,
    Login,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Reset => "RESET",
            Self::Login => "LOGIN",
        }
    }
}

/// Sends a code to choose a new password. Answers alike for known and unknown addresses.
pub async fn request_password_reset(cx: &Cx, email: &str) -> Result<()> {
    send(cx, email, Purpose::Reset).await
}

/// Sends a code to sign in, where the workspace allows that. Answers alike for known and unknown addresses.
pub async fn send_login_code(cx: &Cx, email: &str) -> Result<()> {
    let profile = {
        let mut conn = cx.app.store.read().await?;
        settings::get::<WorkspaceProfile>(&mut conn).await?.value
    };
    if !profile.allow_email_code_signin {
        return Err(Error::new(
            Reason::NotAllowed,
            "this workspace sends no codes to sign in; use your password",
        ));
    }
    send(cx, email, Purpose::Login).await
}

/// Sets a new password by a code, and ends all sessions of the account.
///
/// Errors: `WRONG_CREDENTIALS` for a code that is wrong, old or used, and for an account that is not there.
pub async fn reset_password(cx: &Cx, email: &str, code: &Secret, new: Secret) -> Result<()> {
    let email = email::checked("email", email)?;
    let profile = {
        let mut conn = cx.app.store.read().await?;
        settings::get::<WorkspaceProfile>(&mut conn).await?.value
    };
    let wrong = password::violations("new_password", new.expose(), &profile.password);
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    // Before the code is looked at: a wrong one takes as long.
    let hash = password::hash(cx.app.rng.as_ref(), new).await?;
    let now = cx.app.now();
    let mut tx = cx.app.store.begin().await?;
    if !redeem(cx, &mut tx, &email, Purpose::Reset, code).await? {
        tx.commit().await?;
        return Err(wrong_code());
    }
    let found = store::users::get(&mut tx, &email).await?;
    let mut user =
        found.filter(|u| u.state == store::rows::State::Active).ok_or_else(wrong_code)?;
    user.password_hash = hash;
    user.payload.password_changed_at = Some(now);
    user.payload.password_by_other = false;
    store::sessions::revoke_of_email(&mut tx, &email, now).await?;
    store::users::update(&mut tx, &mut user, now).await?;
    crate::user::tell(&mut tx, &user).await?;
    Ok(tx.commit().await?)
}

/// Whether the code is the one that was sent; it is used up. A wrong guess is counted: commit either way.
pub(super) async fn redeem(
    cx: &Cx,
    conn: &mut Conn,
    email: &str,
    purpose: Purpose,
    code: &Secret,
) -> Result<bool> {
    let Some(row) = mail_codes::get_for_update(conn, email, purpose.as_str()).await? else {
        return Ok(false);
    };
    if row.failures >= MOST_FAILURES || row.expires_at <= cx.app.now() || row.code_hash.is_empty() {
        return Ok(false);
    }
    let digits = Secret::new(code.expose().split_whitespace().collect::<String>());
    if mail_codes::fits(conn, &row, &digits) {
        mail_codes::used(conn, &row).await?;
        return Ok(true);
    }
    mail_codes::failed(conn, &row).await?;
    Ok(false)
}

pub(super) fn wrong_code() -> Error {
    Error::new(Reason::WrongCredentials, "the code is wrong, too old or used; ask for a new one")
}

async fn send(cx: &Cx, email: &str, purpose: Purpose) -> Result<()> {
    let email = email::checked("email", email)?;
    let now = cx.app.now();
    let code = code(cx.app.rng.as_ref());
    let mut tx = cx.app.store.begin().await?;
    if !mail::is_set_up(&mut tx).await? {
        return Err(Error::new(
            Reason::NotAllowed,
            "this server sends no mail; ask an administrator",
        ));
    }
    mail_codes::prune(&mut tx, now.minus(KEPT)).await?;
    let since = now.minus(SOURCE_WINDOW);
    let last = mail_codes::nth_of_source(&mut tx, &cx.client_ip, since, MOST_OF_SOURCE).await?;
    if let Some(last) = last {
        let wait = last.plus(SOURCE_WINDOW).since(now);
        return Err(throttle::too_many("too many codes were asked for from here", wait));
    }
    let before = mail_codes::get_for_update(&mut tx, &email, purpose.as_str()).await?;
    let mut row = before.clone().unwrap_or_else(|| MailCode {
        email: email.clone(),
        purpose: purpose.as_str().to_owned(),
        code_hash: String::new(),
        failures: 0,
        client_ip: cx.client_ip.clone(),
        sent: 0,
        window_at: now,
        created_at: now,
        expires_at: now,
    });
    if now.since(row.window_at) >= WINDOW {
        (row.sent, row.window_at) = (0, now);
    }
    let too_soon = before.as_ref().is_some_and(|b| now.since(b.created_at) < PAUSE);
    if too_soon || row.sent >= MOST_SENT {
        // The one that was sent is still good; whoever asked is told the same.
        return Ok(());
    }
    row.sent += 1;
    row.failures = 0;
    row.client_ip.clone_from(&cx.client_ip);
    (row.created_at, row.expires_at) = (now, now.plus(GOOD_FOR));
    mail_codes::put(&mut tx, &row, Some(&code)).await?;
    let console = crate::webhook::console(&cx.app, &mut tx).await?;
    let letter = match purpose {
        Purpose::Reset => Letter::reset_code(&console, &email, code.expose()),
        Purpose::Login => Letter::login_code(&console, code.expose()),
    };
    mail::post(&cx.app, &mut tx, &email, &letter).await?;
    Ok(tx.commit().await?)
}

/// Eight digits, each as likely as any other.
fn code(rng: &dyn Rng) -> Secret {
    const RANGE: u32 = 100_000_000;
    const FAIR: u32 = u32::MAX - u32::MAX % RANGE;
    loop {
        let mut bytes = [0; 4];
        rng.fill(&mut bytes);
        let number = u32::from_be_bytes(bytes);
        if number < FAIR {
            return Secret::new(format!("{:08}", number % RANGE));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_eight_digits() {
        for _ in 0..100 {
            let code = code(&base::System);
            assert_eq!(code.expose().len(), 8);
            assert!(code.expose().bytes().all(|b| b.is_ascii_digit()));
        }
    }
}
