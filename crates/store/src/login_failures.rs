//! Failed sign-ins, counted by account and by source address. Kept for as long as they count.

use base::Time;

use crate::db::Conn;
use crate::error::Result;
use crate::rows::LoginFailure;
use crate::sql::sql;

pub async fn insert(conn: &mut Conn, row: &LoginFailure) -> Result<()> {
    let text =
        "INSERT INTO login_failure (id, email, client_ip, created_at) VALUES ($1, $2, $3, $4)";
    let insert = sql(text).bind(&row.id).bind(&row.email).bind(&row.client_ip).bind(row.created_at);
    conn.run(insert).await?;
    Ok(())
}

/// When the `n`-th of the latest failures of an account since then was; `None`: there are fewer.
pub async fn nth_of_email(
    conn: &mut Conn,
    email: &str,
    since: Time,
    n: i64,
) -> Result<Option<Time>> {
    let text = "SELECT created_at FROM login_failure WHERE email = $1 AND created_at > $2
        ORDER BY created_at DESC LIMIT 1 OFFSET $3";
    nth(conn, text, email, since, n).await
}

/// The same of a source address.
pub async fn nth_of_ip(
    conn: &mut Conn,
    client_ip: &str,
    since: Time,
    n: i64,
) -> Result<Option<Time>> {
    let text = "SELECT created_at FROM login_failure WHERE client_ip = $1 AND created_at > $2
        ORDER BY created_at DESC LIMIT 1 OFFSET $3";
    nth(conn, text, client_ip, since, n).await
}

/// The time in the row that `text` finds behind the `n` − 1 latest of a key since then.
pub(crate) async fn nth(
    conn: &mut Conn,
    text: &'static str,
    key: &str,
    since: Time,
    n: i64,
) -> Result<Option<Time>> {
    let row = conn.optional(sql(text).bind(key).bind(since).bind(n - 1)).await?;
    row.map(|row| row.time("created_at")).transpose()
}

pub async fn delete(conn: &mut Conn, id: &str) -> Result<()> {
    conn.run(sql("DELETE FROM login_failure WHERE id = $1").bind(id)).await?;
    Ok(())
}

pub async fn delete_of_email(conn: &mut Conn, email: &str) -> Result<()> {
    conn.run(sql("DELETE FROM login_failure WHERE email = $1").bind(email)).await?;
    Ok(())
}

/// Forgets failures before `before`; gives their number.
pub async fn prune(conn: &mut Conn, before: Time) -> Result<u64> {
    conn.run(sql("DELETE FROM login_failure WHERE created_at < $1").bind(before)).await
}
