//! How people like the console: texts by key, each person's own.

use std::collections::{BTreeMap, BTreeSet};

use crate::db::Conn;
use crate::error::Result;
use crate::sql::sql;

pub async fn of(conn: &mut Conn, owner: &str) -> Result<BTreeMap<String, String>> {
    let text = "SELECT key, value FROM preference WHERE owner = $1";
    let rows = conn.all(sql(text).bind(owner)).await?;
    rows.iter().map(|row| Ok((row.text("key")?, row.text("value")?))).collect()
}

/// Who has this value there.
pub async fn owners(conn: &mut Conn, key: &str, value: &str) -> Result<BTreeSet<String>> {
    let text = "SELECT owner FROM preference WHERE key = $1 AND value = $2";
    let rows = conn.all(sql(text).bind(key).bind(value)).await?;
    rows.iter().map(|row| row.text("owner")).collect()
}

pub async fn set(conn: &mut Conn, owner: &str, key: &str, value: &str) -> Result<()> {
    let text = "INSERT INTO preference (owner, key, value) VALUES ($1, $2, $3)
        ON CONFLICT (owner, key) DO UPDATE SET value = excluded.value";
    conn.run(sql(text).bind(owner).bind(key).bind(value)).await?;
    Ok(())
}

/// No error when there is none.
pub async fn remove(conn: &mut Conn, owner: &str, key: &str) -> Result<()> {
    let text = "DELETE FROM preference WHERE owner = $1 AND key = $2";
    conn.run(sql(text).bind(owner).bind(key)).await?;
    Ok(())
}

/// All of an owner who goes.
pub async fn forget(conn: &mut Conn, owner: &str) -> Result<()> {
    conn.run(sql("DELETE FROM preference WHERE owner = $1").bind(owner)).await?;
    Ok(())
}
