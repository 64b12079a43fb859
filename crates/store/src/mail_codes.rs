//! One-time codes that were sent by mail. A code is short, so its hash is keyed: who has the database alone cannot try them all.

use base::{Secret, Time};

use crate::db::{Conn, Row};
use crate::error::Result;
use crate::rows::MailCode;
use crate::sql::sql;

const PURPOSE: &str = "mail code";

/// Keeps the row until the end of the transaction.
pub async fn get_for_update(
    conn: &mut Conn,
    email: &str,
    purpose: &str,
) -> Result<Option<MailCode>> {
    let mut text = sql("SELECT * FROM mail_code WHERE email = $1 AND purpose = $2");
    text.push(conn.words().for_update);
    conn.optional(text.bind(email).bind(purpose)).await?.as_ref().map(read).transpose()
}

/// Writes the row with a new code, or with none.
pub async fn put(conn: &mut Conn, row: &MailCode, code: Option<&Secret>) -> Result<()> {
    let hash = code.map_or_else(String::new, |code| {
        hex::encode(conn.vault().sign(PURPOSE, &bytes(row, code)))
    });
    let text = "INSERT INTO mail_code (email, purpose, code_hash, failures, client_ip, sent, window_at, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (email, purpose) DO UPDATE SET code_hash = excluded.code_hash, failures = excluded.failures,
        client_ip = excluded.client_ip, sent = excluded.sent, window_at = excluded.window_at,
        created_at = excluded.created_at, expires_at = excluded.expires_at";
    let put = sql(text)
        .bind(&row.email)
        .bind(&row.purpose)
        .bind(hash)
        .bind(row.failures)
        .bind(&row.client_ip)
        .bind(row.sent)
        .bind(row.window_at)
        .bind(row.created_at)
        .bind(row.expires_at);
    conn.run(put).await?;
    Ok(())
}

/// Whether the code is the one that was sent last.
pub fn fits(conn: &Conn, row: &MailCode, code: &Secret) -> bool {
    let kept = hex::decode(&row.code_hash).unwrap_or_default();
    conn.vault().is_signed(PURPOSE, &bytes(row, code), &kept)
}

/// Counts a wrong guess.
pub async fn failed(conn: &mut Conn, row: &MailCode) -> Result<()> {
    let text = "UPDATE mail_code SET failures = failures + 1 WHERE email = $1 AND purpose = $2";
    conn.run(sql(text).bind(&row.email).bind(&row.purpose)).await?;
    Ok(())
}

/// It was used: it does not fit again, and how many were sent still counts.
pub async fn used(conn: &mut Conn, row: &MailCode) -> Result<()> {
    let text = "UPDATE mail_code SET code_hash = '' WHERE email = $1 AND purpose = $2";
    conn.run(sql(text).bind(&row.email).bind(&row.purpose)).await?;
    Ok(())
}

/// When a source asked for the `n`-th of its latest addresses since then; `None`: it asked for fewer.
pub async fn nth_of_source(
    conn: &mut Conn,
    client_ip: &str,
    since: Time,
    n: i64,
) -> Result<Option<Time>> {
    let text = "SELECT created_at FROM mail_code WHERE client_ip = $1 AND created_at > $2
        ORDER BY created_at DESC LIMIT 1 OFFSET $3";
    crate::login_failures::nth(conn, text, client_ip, since, n).await
}

/// Forgets what was asked for before then.
pub async fn prune(conn: &mut Conn, before: Time) -> Result<u64> {
    conn.run(sql("DELETE FROM mail_code WHERE created_at < $1").bind(before)).await
}

fn bytes(row: &MailCode, code: &Secret) -> Vec<u8> {
    format!("{}\0{}\0{}", row.email, row.purpose, code.expose()).into_bytes()
}

fn read(row: &Row) -> Result<MailCode> {
    Ok(MailCode {
        email: row.text("email")?,
        purpose: row.text("purpose")?,
        code_hash: row.text("code_hash")?,
        failures: row.int("failures")?,
        client_ip: row.text("client_ip")?,
        sent: row.int("sent")?,
        window_at: row.time("window_at")?,
        created_at: row.time("created_at")?,
        expires_at: row.time("expires_at")?,
    })
}
