//! Facts about the store itself: key and value.

use crate::db::Conn;
use crate::error::Result;
use crate::sql::sql;

/// Fingerprint of the key that secrets are encrypted with.
pub const KEY_FINGERPRINT: &str = "key_fingerprint";

pub async fn get(conn: &mut Conn, key: &str) -> Result<Option<String>> {
    let row = conn.optional(sql("SELECT value FROM meta WHERE key = $1").bind(key)).await?;
    row.map(|r| r.text("value")).transpose()
}

/// Reads and keeps the row until the end of the transaction, so that others wait.
pub(crate) async fn get_for_update(conn: &mut Conn, key: &str) -> Result<Option<String>> {
    let mut text = sql("SELECT value FROM meta WHERE key = $1").bind(key);
    text.push(conn.words().for_update);
    conn.optional(text).await?.map(|r| r.text("value")).transpose()
}

pub async fn put(conn: &mut Conn, key: &str, value: &str) -> Result<()> {
    let text = "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    conn.run(sql(text).bind(key).bind(value)).await?;
    Ok(())
}

/// Gives the value in force: the one that was there, or else `value`.
pub async fn put_if_absent(conn: &mut Conn, key: &str, value: &str) -> Result<String> {
    let text = "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";
    conn.run(sql(text).bind(key).bind(value)).await?;
    Ok(get(conn, key).await?.unwrap_or_else(|| value.to_owned()))
}
