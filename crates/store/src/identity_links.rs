//! Who somebody is at an identity provider. Invariant: an account has at most one name at a provider, and a name one account.

use base::Time;

use crate::db::Conn;
use crate::error::Result;
use crate::sql::sql;

/// Whose account the provider's name is: `users/{email}`.
pub async fn owner(conn: &mut Conn, provider: &str, subject: &str) -> Result<Option<String>> {
    let text = "SELECT owner FROM identity_link WHERE provider = $1 AND subject = $2";
    let row = conn.optional(sql(text).bind(provider).bind(subject)).await?;
    row.map(|row| row.text("owner")).transpose()
}

/// Whether the account has a name there.
pub async fn is_linked(conn: &mut Conn, provider: &str, owner: &str) -> Result<bool> {
    let text = "SELECT 1 AS n FROM identity_link WHERE provider = $1 AND owner = $2";
    Ok(conn.optional(sql(text).bind(provider).bind(owner)).await?.is_some())
}

/// [`crate::StoreError::Exists`] when either has a link already.
pub async fn insert(
    conn: &mut Conn,
    provider: &str,
    subject: &str,
    owner: &str,
    now: Time,
) -> Result<()> {
    let text =
        "INSERT INTO identity_link (provider, subject, owner, created_at) VALUES ($1, $2, $3, $4)";
    let insert = sql(text).bind(provider).bind(subject).bind(owner).bind(now);
    conn.run(insert).await.map_err(|e| e.about(owner))?;
    Ok(())
}

/// All of an account, at whatever provider.
pub async fn forget_owner(conn: &mut Conn, owner: &str) -> Result<()> {
    conn.run(sql("DELETE FROM identity_link WHERE owner = $1").bind(owner)).await?;
    Ok(())
}

/// All at a provider: its names mean nothing any more.
pub async fn forget_provider(conn: &mut Conn, provider: &str) -> Result<()> {
    conn.run(sql("DELETE FROM identity_link WHERE provider = $1").bind(provider)).await?;
    Ok(())
}
