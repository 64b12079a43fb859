//! Gives a user another address, which is also their name.

use base::Result;
use base::name::UserName;
use base::{Error, Time};
use store::rows::{State, User};
use store::{Conn, addresses, events, service_accounts};

use super::email;
use crate::auth::second_factor;
use crate::cx::Cx;
use crate::filter::etag;

/// Roles, plans, issues and runs follow; sessions and tokens of the old address end. The audit log keeps the name of then.
pub async fn update_email(cx: &Cx, name: &str, new: &str) -> Result<User> {
    let old = email::of_name("name", name)?;
    let new = email::checked("email", new)?;
    let now = cx.app.now();
    let mut tx = cx.app.store.begin().await?;
    let mut user = super::of(&mut tx, &old).await?;
    if user.state == State::Deleted {
        return Err(Error::deleted(UserName::new(&old)));
    }
    if old == new {
        return Ok(user);
    }
    if service_accounts::get(&mut tx, &new).await?.is_some() {
        return Err(Error::exists(UserName::new(&new)));
    }
    second_factor::moved(&mut tx, &old, &new).await?;
    addresses::change(&mut tx, &mut user, &new, now).await?;
    rebind(&mut tx, &format!("user:{old}"), &format!("user:{new}"), now).await?;
    events::append(&mut tx, &UserName::new(&old).to_string(), "user", "", now).await?;
    super::tell(&mut tx, &user).await?;
    tx.commit().await?;
    Ok(user)
}

/// Writes the new member into every policy that has the old one.
async fn rebind(conn: &mut Conn, old: &str, new: &str, now: Time) -> Result<()> {
    for mut row in store::iam::all(conn).await? {
        let members = row.policy.bindings.iter_mut().flat_map(|b| &mut b.members);
        let mut touched = false;
        for member in members.filter(|m| *m == old) {
            new.clone_into(member);
            touched = true;
        }
        if touched {
            store::iam::put(conn, &mut row, now).await?;
            events::append(conn, &row.resource, "iam_policy", &etag(row.version), now).await?;
        }
    }
    Ok(())
}
