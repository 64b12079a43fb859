//! Refresh tokens of browser sessions. A family is all tokens that came, one by one, from one sign-in.

use base::Time;

use crate::db::{Conn, Row};
use crate::error::Result;
use crate::rows::Session;
use crate::sql::sql;

pub async fn insert(conn: &mut Conn, row: &Session) -> Result<()> {
    let text = "INSERT INTO session (id, email, family, token_hash, created_at, expires_at, used_at, revoked_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let insert = sql(text)
        .bind(&row.id)
        .bind(&row.email)
        .bind(&row.family)
        .bind(&row.token_hash)
        .bind(row.created_at)
        .bind(row.expires_at)
        .bind(row.used_at)
        .bind(row.revoked_at);
    conn.run(insert).await?;
    Ok(())
}

/// The session of a refresh token, kept for the rest of the transaction: of two uses at the same moment one is second.
pub async fn by_token_hash(conn: &mut Conn, token_hash: &str) -> Result<Option<Session>> {
    let mut text = sql("SELECT * FROM session WHERE token_hash = $1").bind(token_hash);
    text.push(conn.words().for_update);
    conn.optional(text).await?.as_ref().map(session).transpose()
}

/// Whether the family was neither revoked nor forgotten.
pub async fn is_live(conn: &mut Conn, family: &str) -> Result<bool> {
    let text = "SELECT count(*) AS n, count(revoked_at) AS revoked FROM session WHERE family = $1";
    let row = conn.one(sql(text).bind(family)).await?;
    Ok(row.int("n")? > 0 && row.int("revoked")? == 0)
}

pub async fn mark_used(conn: &mut Conn, id: &str, now: Time) -> Result<()> {
    conn.run(sql("UPDATE session SET used_at = $2 WHERE id = $1").bind(id).bind(now)).await?;
    Ok(())
}

/// Ends every session of the family.
pub async fn revoke_family(conn: &mut Conn, family: &str, now: Time) -> Result<()> {
    let text = "UPDATE session SET revoked_at = $2 WHERE family = $1 AND revoked_at IS NULL";
    conn.run(sql(text).bind(family).bind(now)).await?;
    Ok(())
}

/// Ends every session of the account.
pub async fn revoke_of_email(conn: &mut Conn, email: &str, now: Time) -> Result<()> {
    let text = "UPDATE session SET revoked_at = $2 WHERE email = $1 AND revoked_at IS NULL";
    conn.run(sql(text).bind(email).bind(now)).await?;
    Ok(())
}

/// Forgets sessions that ended before `before`; gives their number.
pub async fn prune(conn: &mut Conn, before: Time) -> Result<u64> {
    conn.run(sql("DELETE FROM session WHERE expires_at < $1").bind(before)).await
}

fn session(row: &Row) -> Result<Session> {
    Ok(Session {
        id: row.text("id")?,
        email: row.text("email")?,
        family: row.text("family")?,
        token_hash: row.text("token_hash")?,
        created_at: row.time("created_at")?,
        expires_at: row.time("expires_at")?,
        used_at: row.opt_time("used_at")?,
        revoked_at: row.opt_time("revoked_at")?,
    })
}
