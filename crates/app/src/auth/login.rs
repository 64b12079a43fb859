//! Signs in people by password, and a second factor where it is on, and programs by key.

use std::time::Duration;

use base::name::WORKSPACE;
use base::{Error, Reason, Result, Secret};
use store::rows::{ServiceAccount, State, User, WorkspaceProfile};
use store::{Conn, Tx, service_accounts, settings, users};

use super::enter::{self, SignedIn};
use super::single_sign_on::{self, Brought};
use super::throttle::Guess;
use super::token::Purpose;
use super::{mail_code, password, second_factor, session, throttle, token};
use crate::cx::Cx;
use crate::iam_policy::admins;
use crate::service_account;
use crate::user::Account;

/// How long a right password waits for the code.
pub(super) const SECOND_STEP: Duration = Duration::from_secs(300);

/// Who wants in.
#[derive(Debug)]
pub struct Login {
    pub email: String,
    /// Of a person the password, of a program the key.
    pub password: Secret,
    /// A browser: tokens come as cookies and not in the answer.
    pub web: bool,
    /// From a mail, instead of the password.
    pub mail_code: Option<Secret>,
    /// The second step; then e-mail address and password are not looked at.
    pub second: Option<SecondStep>,
    /// By `idps/{idp}`, with what its page brought back; then nothing else is looked at.
    pub provider: Option<(String, Brought)>,
}

/// What follows a right password.
#[derive(Debug)]
pub struct SecondStep {
    /// From the first step.
    pub token: Secret,
    /// Of the app, or a recovery code.
    pub code: Secret,
}

/// How far a sign-in came.
#[derive(Debug)]
pub enum Entry {
    In(SignedIn),
    /// A code is to follow, with this token.
    SecondStep(Secret),
}

/// Errors: `WRONG_CREDENTIALS`, in the same words and after the same time whether the account exists or not; of the second
/// step for a wrong code; `NOT_SIGNED_IN` for a second step that comes too late; `TOO_MANY_ATTEMPTS`.
pub async fn login(cx: &Cx, login: Login) -> Result<Entry> {
    if let Some((name, brought)) = &login.provider {
        return single_sign_on::sign_in(cx, name, brought, login.web).await;
    }
    if let Some(second) = login.second {
        return second_step(cx, &second, login.web).await.map(Entry::In);
    }
    let email = login.email.trim().to_ascii_lowercase();
    if email.is_empty() || email.contains('\0') {
        return Err(Error::field("email", "give the e-mail address of the account"));
    }
    if service_account::DOMAIN.has(&email) {
        return program(cx, &email, &login).await.map(Entry::In);
    }
    match login.mail_code {
        Some(code) => by_mail(cx, &email, &code, login.web).await,
        None => person(cx, &email, login).await,
    }
}

/// The code counts its own failures, so a stranger's guesses close the account to nobody.
async fn by_mail(cx: &Cx, email: &str, code: &Secret, web: bool) -> Result<Entry> {
    let mut tx = cx.app.store.begin().await?;
    if !settings::get::<WorkspaceProfile>(&mut tx).await?.value.allow_email_code_signin {
        let text = "this workspace takes no codes to sign in; use your password";
        return Err(Error::field("email_code", text));
    }
    if !mail_code::redeem(cx, &mut tx, email, mail_code::Purpose::Login, code).await? {
        tx.commit().await?;
        return Err(mail_code::wrong_code());
    }
    let user = users::get(&mut tx, email).await?.filter(|u| u.state == State::Active);
    let user = user.ok_or_else(mail_code::wrong_code)?;
    first_step_done(cx, tx, user, web).await
}

async fn person(cx: &Cx, email: &str, login: Login) -> Result<Entry> {
    let attempt = throttle::begin(cx, Guess::Password(email)).await?;
    let user = {
        let mut conn = cx.app.store.read().await?;
        users::get(&mut conn, email).await?.filter(|u| u.state == State::Active)
    };
    let hash = user.as_ref().map(|u| u.password_hash.clone());
    let fits = password::verify(hash, login.password).await?;
    let checked = user.filter(|_| fits).ok_or_else(wrong)?;
    let mut tx = cx.app.store.begin().await?;
    // Again: account or password may have changed while the password was hashed.
    let same = |u: &User| u.state == State::Active && u.password_hash == checked.password_hash;
    let user = users::get(&mut tx, email).await?.filter(same).ok_or_else(wrong)?;
    attempt.succeeded(&mut tx).await?;
    first_step_done(cx, tx, user, login.web).await
}

/// In, or on to the second factor; of those who may sign in without the identity provider.
async fn first_step_done(cx: &Cx, mut tx: Tx, user: User, web: bool) -> Result<Entry> {
    let profile = settings::get::<WorkspaceProfile>(&mut tx).await?.value;
    if profile.disallow_password_signin && !is_admin(&mut tx, &user.email).await? {
        tx.commit().await?;
        return Err(Error::new(
            Reason::NotAllowed,
            "this workspace signs in by its identity provider only; use that button",
        ));
    }
    enter::enter_or_ask(cx, tx, user, web).await
}

/// Administrators keep their passwords, for the day when the identity provider is not there.
async fn is_admin(conn: &mut Conn, email: &str) -> Result<bool> {
    let Some(policy) = store::iam::get(conn, WORKSPACE).await? else { return Ok(false) };
    Ok(admins(conn, &policy.policy).await?.iter().any(|admin| admin == email))
}

async fn second_step(cx: &Cx, second: &SecondStep, web: bool) -> Result<SignedIn> {
    let now = cx.app.now();
    let claims = token::read(&cx.app.token_key, Purpose::SecondFactor, second.token.expose());
    let claims = claims.filter(|c| c.is_live(now)).ok_or_else(over)?;
    let attempt = throttle::begin(cx, Guess::Code(&claims.subject)).await?;
    let mut tx = cx.app.store.begin().await?;
    // What happened since the first step counts: a new password, another factor, a deleted account.
    let counts = |u: &User| {
        u.state == State::Active
            && u.payload.second_factor.on_since.is_some()
            && u.payload.tokens_since().is_none_or(|since| since <= claims.issued_at)
    };
    let found = users::get(&mut tx, &claims.subject).await?;
    let mut user = found.filter(counts).ok_or_else(over)?;
    if !second_factor::prove(&mut tx, &mut user, &second.code, now).await? {
        return Err(Error::new(
            Reason::WrongCredentials,
            "this code does not fit, or was used already; take the one that the app shows now, or a recovery code",
        ));
    }
    attempt.succeeded(&mut tx).await?;
    enter::enter(cx, tx, user, web).await
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
        throttle::begin(cx, Guess::Password(email)).await?;
        return Err(wrong());
    };
    let profile = {
        let mut conn = cx.app.store.read().await?;
        settings::get::<WorkspaceProfile>(&mut conn).await?.value
    };
    let generation = service_account::generation(&account);
    let lifetime = session::access_lifetime(&profile);
    let (key, now) = (&cx.app.token_key, cx.app.now());
    let token = token::issue(key, Purpose::Access, email, Some(&generation), now, lifetime)?;
    let account = Account::ServiceAccount(Box::new(account));
    Ok(SignedIn::new(cx, Some(token), account, None))
}

fn wrong() -> Error {
    Error::new(Reason::WrongCredentials, "e-mail address or password is wrong")
}

fn over() -> Error {
    Error::new(Reason::NotSignedIn, "this sign-in took too long; begin again with your password")
}
