//! A user's new e-mail address. The address is the key and part of the name, so whatever names the user follows.
//!
//! The audit log does not: it says who somebody was when they did it, and its records are chained.

use base::Time;

use crate::changed_one;
use crate::db::Conn;
use crate::error::Result;
use crate::rows::User;
use crate::sql::sql;

/// Where names of users stand. Policies are the caller's to look at.
const NAMED: &[&str] = &[
    "UPDATE group_member SET member = $2 WHERE member = $1",
    "UPDATE sheet SET creator = $2 WHERE creator = $1",
    "UPDATE plan SET creator = $2 WHERE creator = $1",
    "UPDATE issue SET creator = $2 WHERE creator = $1",
    "UPDATE issue_comment SET creator = $2 WHERE creator = $1",
    "UPDATE task_run SET creator = $2 WHERE creator = $1",
    "UPDATE changelog SET creator = $2 WHERE creator = $1",
    "UPDATE revision SET creator = $2 WHERE creator = $1",
    "UPDATE revision SET deleter = $2 WHERE deleter = $1",
    "UPDATE query_history SET creator = $2 WHERE creator = $1",
    "UPDATE draft SET owner = $2 WHERE owner = $1",
    "UPDATE preference SET owner = $2 WHERE owner = $1",
    "UPDATE identity_link SET owner = $2 WHERE owner = $1",
];

/// Gives the user this address, lower-cased by the caller, and forgets their sessions: they carry the old one.
///
/// [`crate::StoreError::Exists`] when it is taken, [`crate::StoreError::Stale`] as for an update. Call it in a transaction.
pub async fn change(conn: &mut Conn, row: &mut User, email: &str, now: Time) -> Result<()> {
    let (old, new) = (format!("users/{}", row.email), format!("users/{email}"));
    let text = "UPDATE app_user SET email = $3, version = version + 1, updated_at = $4
        WHERE email = $1 AND version = $2";
    let update = sql(text).bind(&row.email).bind(row.version).bind(email).bind(now);
    let changed = conn.run(update).await.map_err(|e| e.about(&new))?;
    changed_one(changed, || old.clone())?;
    for text in NAMED {
        conn.run(sql(text).bind(&old).bind(&new)).await?;
    }
    conn.run(sql("DELETE FROM session WHERE email = $1").bind(&row.email)).await?;
    email.clone_into(&mut row.email);
    (row.version, row.updated_at) = (row.version + 1, now);
    Ok(())
}
