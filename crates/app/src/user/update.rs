//! Changes a user: people change themselves, administrators change all.

use base::name::{UserName, WORKSPACE};
use base::{Error, Reason, Result, Secret};
use store::rows::{State, User, WorkspaceProfile};
use store::{sessions, settings, users};

use super::{UserInput, email};
use crate::access::duty;
use crate::auth::second_factor::{self, Ask, Shown};
use crate::auth::throttle::{self, Guess};
use crate::auth::{password, session};
use crate::cx::{Caller, Cx};
use crate::filter::Mask;

/// Fields that can be changed, as on the wire.
pub const MASK: &[&str] = &["title", "phone", "password", "mfa_enabled"];

/// What to change.
#[derive(Debug)]
pub struct Update {
    pub name: String,
    /// The new values of the fields in the mask.
    pub user: UserInput,
    /// Of the second factor; `enabled` counts when the mask names it.
    pub second_factor: Ask,
    /// May be empty when only something of the second factor is made anew.
    pub mask: Vec<String>,
    /// Makes the user when there is none; asks for the permission to.
    pub allow_missing: bool,
}

/// A user as changed.
#[derive(Debug)]
pub struct Updated {
    pub user: User,
    pub shown: Option<Shown>,
}

/// A new password, and a second factor that goes on or off, end all sessions and tokens of the user, but for the browser
/// session that did it.
pub async fn update(cx: &Cx, mut update: Update) -> Result<Updated> {
    let email = email::of_name("user.name", &update.name)?;
    let own = matches!(&cx.caller, Caller::User { email: caller } if *caller == email);
    if !own {
        has_no_duty(cx).await?;
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
            let user = super::create(cx, UserInput { email, ..update.user }).await?;
            return Ok(Updated { user, shown: None });
        }
        return Err(Error::not_found(UserName::new(&email)));
    };
    if user.state == State::Deleted {
        return Err(Error::deleted(UserName::new(&email)));
    }
    let mask = match update.mask.is_empty() && update.second_factor.is_for_new() {
        true => None,
        false => Some(Mask::new(&update.mask, MASK)?),
    };
    let has = |path: &str| mask.as_ref().is_some_and(|m| m.has(path));
    if has("title") {
        user.title = update.user.title.trim().to_owned();
    }
    if has("phone") {
        user.payload.phone = update.user.phone.clone();
    }
    let mut wrong = super::violations("user", &user.title, &user.payload.phone);
    let renew = has("password");
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
    if !has("mfa_enabled") {
        update.second_factor.enabled = None;
    }
    let factor = &user.payload.second_factor;
    let step = update.second_factor.step(own, profile.require_mfa, factor, cx.app.now())?;
    let attempt = match step.is_guarded(&user) {
        true => Some(throttle::begin(cx, Guess::Code(&email)).await?),
        false => None,
    };
    if renew {
        user.password_hash = new_hash(cx, &user, update.user.password).await?;
        user.payload.password_by_other = !own;
    }
    let now = cx.app.now();
    let mut tx = cx.app.store.begin().await?;
    let code = update.second_factor.code.as_ref();
    let shown = second_factor::carry_out(cx, &mut tx, &mut user, step, code).await?;
    if let Some(attempt) = attempt {
        attempt.succeeded(&mut tx).await?;
    }
    let ends_sessions = renew || step.ends_sessions();
    if ends_sessions {
        user.payload.signed_out_at = Some(now);
        sessions::revoke_of_email(&mut tx, &email, now).await?;
    }
    if renew {
        user.payload.password_changed_at = Some(now);
    }
    users::update(&mut tx, &mut user, now).await?;
    super::tell(&mut tx, &user).await?;
    let fresh = match ends_sessions && own && cx.credentials.bearer.is_none() {
        true => Some(session::open(cx, &mut tx, &email, &profile, now).await?),
        false => None,
    };
    tx.commit().await?;
    if let Some(fresh) = fresh {
        fresh.send(cx);
    }
    Ok(Updated { user, shown })
}

/// Whoever has to do something first may change themselves only: see crate::access::duty.
async fn has_no_duty(cx: &Cx) -> Result<()> {
    let Caller::User { email } = &cx.caller else { return Ok(()) };
    let mut conn = cx.app.store.read().await?;
    let profile = settings::get::<WorkspaceProfile>(&mut conn).await?.value;
    let caller = users::get(&mut conn, email).await?;
    match caller.and_then(|caller| duty(&caller, &profile, cx.app.now())) {
        Some(duty) => Err(duty.error()),
        None => Ok(()),
    }
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
