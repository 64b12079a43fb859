//! Who shows these credentials.

use base::{Error, Reason, Result};
use store::rows::{State, WorkloadIdentity, WorkspaceProfile};
use store::{Conn, service_accounts, sessions, settings, users, workload_identities};

use super::duty;
use crate::app::App;
use crate::auth::token::{self, Claims, Purpose};
use crate::cx::Caller;
use crate::gate::Credentials;
use crate::{service_account, workload_identity};

/// See [`crate::gate::Gatekeeper::authenticate`].
pub(super) async fn authenticate(
    app: &App,
    credentials: &Credentials,
    method: Option<&str>,
) -> Result<Caller> {
    let Some(token) = credentials.bearer.as_ref().or(credentials.cookie_access.as_ref()) else {
        return Ok(Caller::Anonymous);
    };
    let claims = token::read(&app.token_key, Purpose::Access, token.expose());
    let claims = claims.filter(|c| c.is_live(app.now())).ok_or_else(over)?;
    let mut conn = app.store.read().await?;
    if workload_identity::DOMAIN.has(&claims.subject) {
        return workload(&mut conn, &claims).await?.ok_or_else(over);
    }
    let found = match service_accounts::get(&mut conn, &claims.subject).await? {
        Some(account)
            if account.state == State::Active
                && claims.session.as_deref() == Some(&service_account::generation(&account)) =>
        {
            Some(Caller::ServiceAccount { email: account.email })
        }
        Some(_) => None,
        None => user(app, &mut conn, &claims, method).await?,
    };
    found.ok_or_else(over)
}

async fn workload(conn: &mut Conn, claims: &Claims) -> Result<Option<Caller>> {
    let found = workload_identities::get(conn, &claims.subject).await?;
    let counts = |row: &WorkloadIdentity| {
        row.state == State::Active
            && claims.session.as_deref() == Some(&workload_identity::generation(row))
    };
    Ok(found.filter(counts).map(|row| Caller::WorkloadIdentity { email: row.email }))
}

async fn user(
    app: &App,
    conn: &mut Conn,
    claims: &Claims,
    method: Option<&str>,
) -> Result<Option<Caller>> {
    let Some(user) = users::get(conn, &claims.subject).await? else { return Ok(None) };
    let stale = user.payload.tokens_since().is_some_and(|since| claims.issued_at < since);
    if user.state != State::Active || stale {
        return Ok(None);
    }
    if let Some(family) = &claims.session
        && !sessions::is_live(conn, family).await?
    {
        return Ok(None);
    }
    if method.is_some_and(|method| !duty::ALLOWED.contains(&method)) {
        let profile = settings::get::<WorkspaceProfile>(conn).await?.value;
        if let Some(duty) = duty::of(&user, &profile, app.now()) {
            return Err(duty.error());
        }
    }
    Ok(Some(Caller::User { email: user.email }))
}

/// The one answer that makes clients sign in again.
fn over() -> Error {
    Error::new(Reason::NotSignedIn, "your session is over; sign in again")
}
