//! Changes a user: people change themselves, administrators change all.

use base::name::{UserName, WORKSPACE};
use base::{Error, Reason, Result, Secret};
use store::rows::{State, User, WorkspaceProfile};
use store::{sessions, settings, users};

use super::{UserInput, email};
use crate::auth::{password, session};
use crate::cx::{Caller, Cx};
use crate::filter::Mask;

/// Fields that can be changed, as on the wire.
pub const MASK: &[&str] = &["title", "phone", "password"];

/// What to change.
#[derive(Debug)]
pub struct Update {
    pub name: String,
    /// The new values of the fields in the mask.
    pub user: UserInput,
    pub mask: Vec<String>,
    /// Makes the user when there is none; asks for the permission to.
    pub allow_missing: bool,
}

/// A new password ends all sessions and tokens of the user, but for the browser session that set it.
pub async fn update(cx: &Cx, update: Update) -> Result<User> {
    let email = email::of_name("user.name", &update.name)?;
    let own = matches!(&cx.caller, Caller::User { email: caller } if *caller == email);
    if !own {
        cx.require("bb.users.update", &UserName::new(&email).to_string()).await?;
    }
    let (found, profile) = {
        let mut conn = cx.app.store.read().await?;
        (
            users::get(&mut conn, &email).await?,
            settings::get::<WorkspaceProfile>(&mut conn).await?.value,
        )
    };
    let Some(mut user) = found else {
        if update.allow_missing {
            cx.require("bb.users.create", WORKSPACE).await?;
            return super::create(cx, UserInput { email, ..update.user }).await;
        }
        return Err(Error::not_found(UserName::new(&email)));
    };
    if user.state == State::Deleted {
        return Err(Error::deleted(UserName::new(&email)));
    }
    let mask = Mask::new(&update.mask, MASK)?;
    if mask.has("title") {
        user.title = update.user.title.trim().to_owned();
    }
    if mask.has("phone") {
        user.payload.phone = update.user.phone.clone();
    }
    let mut wrong = super::violations("user", &user.title, &user.payload.phone);
    let renew = mask.has("password");
    if renew {
        wrong.extend(password::violations(
            "user.password",
            update.user.password.expose(),
            &profile.password,
        ));
    }
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    if renew {
        user.password_hash = new_hash(cx, &user, update.user.password).await?;
    }
    let now = cx.app.now();
    let mut tx = cx.app.store.begin().await?;
    if renew {
        user.payload.password_changed_at = Some(now);
        sessions::revoke_of_email(&mut tx, &email, now).await?;
    }
    users::update(&mut tx, &mut user, now).await?;
    super::tell(&mut tx, &user).await?;
    let fresh = match renew && own && cx.credentials.bearer.is_none() {
        true => Some(session::open(cx, &mut tx, &email, &profile, now).await?),
        false => None,
    };
    tx.commit().await?;
    if let Some(fresh) = fresh {
        fresh.send(cx);
    }
    Ok(user)
}

/// Refuses a "new" password that is the old one.
async fn new_hash(cx: &Cx, user: &User, new: Secret) -> Result<Secret> {
    if password::verify(Some(user.password_hash.clone()), new.clone()).await? {
        return Err(Error::new(
            Reason::InvalidField,
            "user.password: choose another password than the present one",
        ));
    }
    password::hash(cx.app.rng.as_ref(), new).await
}
