//! Signs in people by password and programs by key.

use base::{Error, Reason, Result, Secret};
use store::rows::{ServiceAccount, State, User, WorkspaceProfile};
use store::{StoreError, service_accounts, settings, users};

use super::throttle::Attempt;
use super::{password, session, throttle, token};
use crate::cx::Cx;
use crate::service_account;
use crate::user::Account;

/// Who wants in.
#[derive(Debug)]
pub struct Login {
    pub email: String,
    /// Of a person the password, of a program the key.
    pub password: Secret,
    /// A browser: tokens come as cookies and not in the answer.
    pub web: bool,
}

/// Somebody who is in.
#[derive(Debug)]
pub struct SignedIn {
    /// `None` for a browser, which has cookies.
    pub token: Option<Secret>,
    pub account: Account,
}

/// Errors: `WRONG_CREDENTIALS`, in the same words and after the same time whether the account exists or not;
/// `TOO_MANY_ATTEMPTS`.
pub async fn login(cx: &Cx, login: Login) -> Result<SignedIn> {
    let email = login.email.trim().to_ascii_lowercase();
    if email.is_empty() || email.contains('\0') {
        return Err(Error::field("email", "give the e-mail address of the account"));
    }
    if service_account::is_address(&email) {
        return program(cx, &email, &login).await;
    }
    person(cx, &email, login).await
}

async fn person(cx: &Cx, email: &str, login: Login) -> Result<SignedIn> {
    let attempt = throttle::begin(cx, email).await?;
    let user = {
        let mut conn = cx.app.store.read().await?;
        users::get(&mut conn, email).await?.filter(|u| u.state == State::Active)
    };
    let hash = user.as_ref().map(|u| u.password_hash.clone());
    let fits = password::verify(hash, login.password).await?;
    match user.filter(|_| fits) {
        Some(user) => enter(cx, attempt, user, login.web).await,
        None => Err(wrong()),
    }
}

async fn enter(cx: &Cx, attempt: Attempt, checked: User, web: bool) -> Result<SignedIn> {
    let now = cx.app.now();
    let mut tx = cx.app.store.begin().await?;
    let profile = settings::get::<WorkspaceProfile>(&mut tx).await?.value;
    // Again: account or password may have changed while the password was hashed.
    let user = users::get(&mut tx, &checked.email).await?;
    let mut user = user
        .filter(|u| u.state == State::Active && u.password_hash == checked.password_hash)
        .ok_or_else(wrong)?;
    attempt.succeeded(&mut tx).await?;
    user.payload.last_login_at = Some(now);
    match users::update(&mut tx, &mut user, now).await {
        // Somebody signed in as the same user at this moment: that time is as good.
        Ok(()) | Err(StoreError::Stale(_)) => {}
        Err(e) => return Err(e.into()),
    }
    let fresh = match web {
        true => Some(session::open(cx, &mut tx, &user.email, &profile, now).await?),
        false => None,
    };
    tx.commit().await?;
    let token = match &fresh {
        Some(fresh) => {
            fresh.send(cx);
            None
        }
        None => {
            let lifetime = session::access_lifetime(&profile);
            Some(token::issue(&cx.app.token_key, &user.email, None, now, lifetime)?)
        }
    };
    Ok(SignedIn { token, account: Account::User(Box::new(user)) })
}

/// A key has so much chance in it that checking one is cheap and guessing hopeless; failures count all the same.
async fn program(cx: &Cx, email: &str, login: &Login) -> Result<SignedIn> {
    if login.web {
        return Err(Error::field(
            "web",
            "service accounts take their token from the answer; leave web out",
        ));
    }
    let found = {
        let mut conn = cx.app.store.read().await?;
        service_accounts::get(&mut conn, email).await?
    };
    let fits = |a: &ServiceAccount| {
        a.state == State::Active && service_account::is_key_of(a, &login.password)
    };
    let Some(account) = found.filter(fits) else {
        throttle::begin(cx, email).await?;
        return Err(wrong());
    };
    let profile = {
        let mut conn = cx.app.store.read().await?;
        settings::get::<WorkspaceProfile>(&mut conn).await?.value
    };
    let generation = service_account::generation(&account);
    let lifetime = session::access_lifetime(&profile);
    let token = token::issue(&cx.app.token_key, email, Some(&generation), cx.app.now(), lifetime)?;
    Ok(SignedIn { token: Some(token), account: Account::ServiceAccount(Box::new(account)) })
}

fn wrong() -> Error {
    Error::new(Reason::WrongCredentials, "e-mail address or password is wrong")
}
