//! Slows down guessing: ten failures in ten minutes for an account, and for a source address.
//!
//! An attempt is written down as failed before it is checked and struck out when it succeeds, so a thousand attempts at
//! the same moment do not slip past the count. Attempts that were turned away do not count, so a limit lasts ten minutes
//! from the failures that made it, not for ever.

use std::time::Duration;

use base::{Error, Reason, Result};
use store::login_failures;
use store::rows::LoginFailure;

use crate::cx::Cx;

const MOST: i64 = 10;
const WINDOW: Duration = Duration::from_secs(600);

/// An attempt that has begun. Dropped without [`Attempt::succeeded`] it is a failure.
pub(super) struct Attempt {
    id: String,
    email: String,
}

/// Begins an attempt on an account, known or not.
///
/// Errors: `TOO_MANY_ATTEMPTS`, the same for known and unknown accounts.
pub(super) async fn begin(cx: &Cx, email: &str) -> Result<Attempt> {
    let now = cx.app.now();
    let since = now.minus(WINDOW);
    let failure = LoginFailure {
        id: cx.app.new_id(),
        // As much of it as an address can have: the text is anybody's.
        email: email.chars().take(254).collect(),
        client_ip: cx.client_ip.clone(),
        created_at: now,
    };
    let mut tx = cx.app.store.begin().await?;
    let of_account = login_failures::count_of_email(&mut tx, &failure.email, since).await?;
    let of_source = login_failures::count_of_ip(&mut tx, &failure.client_ip, since).await?;
    if of_account >= MOST || of_source >= MOST {
        return Err(Error::new(
            Reason::TooManyAttempts,
            "too many failed attempts to sign in; wait ten minutes and try again",
        ));
    }
    login_failures::insert(&mut tx, &failure).await?;
    login_failures::prune(&mut tx, since).await?;
    tx.commit().await?;
    Ok(Attempt { id: failure.id, email: failure.email })
}

impl Attempt {
    /// Strikes out this attempt and the account's failures before it.
    pub(super) async fn succeeded(self, conn: &mut store::Conn) -> Result<()> {
        login_failures::delete(conn, &self.id).await?;
        Ok(login_failures::delete_of_email(conn, &self.email).await?)
    }
}
