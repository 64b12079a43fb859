//! A new user, made by an administrator. How people sign themselves up is in crate::auth.

use base::{Error, Result, Secret, Time};
use store::rows::{State, User, UserPayload, WorkspaceProfile};
use store::{Conn, settings, users};

use super::{UserInput, email};
use crate::auth::password;
use crate::cx::Cx;
use crate::mail::{self, Letter};

/// Without a password the user cannot sign in until one is set.
pub async fn create(cx: &Cx, input: UserInput) -> Result<User> {
    let (email, profile) = {
        let mut conn = cx.app.store.read().await?;
        let profile = settings::get::<WorkspaceProfile>(&mut conn).await?.value;
        (check(&input, &profile)?, profile)
    };
    if !input.password.is_empty() {
        let wrong =
            password::violations("user.password", input.password.expose(), &profile.password);
        if !wrong.is_empty() {
            return Err(Error::fields(wrong));
        }
    }
    let hash = match input.password.is_empty() {
        true => Secret::default(),
        false => password::hash(cx.app.rng.as_ref(), input.password.clone()).await?,
    };
    let mut user = row(email, &input, hash, cx.app.now());
    user.payload.password_by_other = !input.password.is_empty();
    let mut tx = cx.app.store.begin().await?;
    insert(&mut tx, &mut user).await?;
    let console = crate::webhook::console(&cx.app, &mut tx).await?;
    let by = cx.caller.name().and_then(|name| name.split_once('/').map(|(_, by)| by.to_owned()));
    let has_password = !user.password_hash.is_empty();
    let invite =
        Letter::invite(&console, &user.email, by.as_deref().unwrap_or_default(), has_password);
    mail::post(&cx.app, &mut tx, &user.email, &invite).await?;
    tx.commit().await?;
    Ok(user)
}

/// The address to keep, when the input is sound: fields named as of a `user`.
pub(crate) fn check(input: &UserInput, profile: &WorkspaceProfile) -> Result<String> {
    let email = email::checked("user.email", &input.email)?;
    if profile.enforce_identity_domain {
        let domain = email.split_once('@').map_or("", |(_, domain)| domain);
        if !profile.domains.iter().any(|d| d.eq_ignore_ascii_case(domain)) {
            let text =
                format!("this workspace takes addresses of {} only", profile.domains.join(", "));
            return Err(Error::field("user.email", text));
        }
    }
    let wrong = super::violations("user", title(input, &email), &input.phone);
    if wrong.is_empty() { Ok(email) } else { Err(Error::fields(wrong)) }
}

/// The row of a new user.
pub(crate) fn row(email: String, input: &UserInput, password_hash: Secret, now: Time) -> User {
    let payload = UserPayload { phone: input.phone.clone(), ..UserPayload::default() };
    User {
        title: title(input, &email).trim().to_owned(),
        password_hash,
        state: State::Active,
        payload,
        version: 0,
        created_at: now,
        updated_at: now,
        email,
    }
}

pub(crate) async fn insert(conn: &mut Conn, user: &mut User) -> Result<()> {
    users::insert(conn, user).await?;
    super::tell(conn, user).await
}

/// A user who gave no title is called by the address.
fn title<'a>(input: &'a UserInput, email: &'a str) -> &'a str {
    if input.title.trim().is_empty() { email } else { &input.title }
}
