//! Deleting users, softly: their name stays in what they did, and they can come back.

use base::name::{UserName, WORKSPACE};
use base::{Result, Time};
use store::rows::{State, User};
use store::{Conn, drafts, identity_links, preferences, sessions, users};

use super::email;
use crate::cx::Cx;
use crate::iam_policy::{admins, last_admin};

/// Ends their sessions at once, and forgets what is theirs alone: drafts, preferences, and who they are at identity providers. Refused for the last administrator.
pub async fn delete(cx: &Cx, name: &str) -> Result<()> {
    let email = email::of_name("name", name)?;
    let owner = UserName::new(&email).to_string();
    cx.require("bb.users.delete", &owner).await?;
    let now = cx.app.now();
    let mut tx = cx.app.store.begin().await?;
    let mut user = super::of(&mut tx, &email).await?;
    if user.state == State::Deleted {
        return Err(base::Error::deleted(UserName::new(&email)));
    }
    keep_an_admin(&mut tx, &email, now).await?;
    users::delete(&mut tx, &mut user, now).await?;
    sessions::revoke_of_email(&mut tx, &email, now).await?;
    drafts::forget(&mut tx, &owner).await?;
    preferences::forget(&mut tx, &owner).await?;
    identity_links::forget_owner(&mut tx, &owner).await?;
    super::tell(&mut tx, &user).await?;
    Ok(tx.commit().await?)
}

/// Refuses when `email` is the only administrator left.
///
/// Writes the policy anew when they are one of several: two who delete each other at the same moment would both find the
/// other, but only one of them finds the policy unchanged.
async fn keep_an_admin(conn: &mut Conn, email: &str, now: Time) -> Result<()> {
    let Some(mut policy) = store::iam::get(conn, WORKSPACE).await? else { return Ok(()) };
    let admins = admins(conn, &policy.policy).await?;
    if !admins.iter().any(|a| a == email) {
        return Ok(());
    }
    if admins.len() == 1 {
        return Err(last_admin());
    }
    Ok(store::iam::put(conn, &mut policy, now).await?)
}

/// The roles they had count again.
pub async fn undelete(cx: &Cx, name: &str) -> Result<User> {
    let email = email::of_name("name", name)?;
    cx.require("bb.users.undelete", &UserName::new(&email).to_string()).await?;
    let mut tx = cx.app.store.begin().await?;
    let mut user = super::of(&mut tx, &email).await?;
    if user.state == State::Deleted {
        users::undelete(&mut tx, &mut user, cx.app.now()).await?;
        super::tell(&mut tx, &user).await?;
        tx.commit().await?;
    }
    Ok(user)
}
