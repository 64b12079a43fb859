//! Renews a browser session: a refresh token for the next pair.

use std::time::Duration;

use base::{Error, Reason, Result, Time};
use store::rows::{Session, State, WorkspaceProfile};
use store::{sessions, settings, users};

use super::{cookie, session, token};
use crate::cx::Cx;

/// Two tabs may renew at the same moment. The slower one is told that all is well, and gets nothing: the browser has the
/// new cookies already. After this, a second use means that the token was stolen.
const GRACE: Duration = Duration::from_secs(10);

/// Errors: `NOT_SIGNED_IN`, with both cookies taken back, when the session is over. The second use of a refresh token ends
/// the whole family: of two who hold it one is a thief.
pub async fn refresh(cx: &Cx) -> Result<()> {
    let Some(shown) = cx.credentials.cookie_refresh.as_ref().filter(|t| !t.is_empty()) else {
        return Err(over(cx));
    };
    let now = cx.app.now();
    let mut tx = cx.app.store.begin().await?;
    let profile = settings::get::<WorkspaceProfile>(&mut tx).await?.value;
    let Some(found) = sessions::by_token_hash(&mut tx, &session::hash(shown)).await? else {
        return Err(over(cx));
    };
    if let Some(used) = found.used_at {
        if found.revoked_at.is_none() && now.since(used) < GRACE {
            return Ok(());
        }
        sessions::revoke_family(&mut tx, &found.family, now).await?;
        tx.commit().await?;
        tracing::warn!(email = %found.email, request_id = %cx.request_id, client_ip = %cx.client_ip,
            "a refresh token came a second time; its session was ended");
        return Err(over(cx));
    }
    let user = users::get(&mut tx, &found.email).await?.filter(|u| u.state == State::Active);
    if user.is_none() || !counts(cx, &found, &profile, now) {
        return Err(over(cx));
    }
    sessions::mark_used(&mut tx, &found.id, now).await?;
    let next =
        session::next(cx, &mut tx, &found.email, &found.family, found.expires_at, &profile, now)
            .await?;
    tx.commit().await?;
    next.send(cx);
    Ok(())
}

/// Whether the session still counts, and the access token beside it, if there is one, is of the same.
fn counts(cx: &Cx, found: &Session, profile: &WorkspaceProfile, now: Time) -> bool {
    let idle =
        profile.inactive_session_timeout.is_some_and(|most| now.since(found.created_at) > most);
    let access = cx.credentials.cookie_access.as_ref().filter(|t| !t.is_empty());
    let same = access.is_none_or(|access| {
        token::read(&cx.app.token_key, token::Purpose::Access, access.expose()).is_some_and(|c| {
            c.subject == found.email && c.session.as_deref() == Some(&found.family)
        })
    });
    found.revoked_at.is_none() && now < found.expires_at && !idle && same
}

fn over(cx: &Cx) -> Error {
    cookie::clear(cx);
    Error::new(Reason::NotSignedIn, "your session is over; sign in again")
}
