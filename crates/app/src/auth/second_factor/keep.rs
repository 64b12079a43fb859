//! Where the second factor of a user is kept: encrypted, one secret a part.

use base::name::UserName;
use base::{Result, Secret};
use store::{Conn, secrets};

use super::recovery;

const SECRET: &str = "second_factor/secret";
const RECOVERY: &str = "second_factor/recovery";
const PENDING_SECRET: &str = "second_factor/pending_secret";
const PENDING_RECOVERY: &str = "second_factor/pending_recovery";
const ALL: [&str; 4] = [SECRET, RECOVERY, PENDING_SECRET, PENDING_RECOVERY];

async fn get(conn: &mut Conn, email: &str, part: &str) -> Result<Option<Secret>> {
    Ok(secrets::get(conn, &UserName::new(email).to_string(), part).await?)
}

/// An empty value removes it.
async fn put(conn: &mut Conn, email: &str, part: &str, value: &Secret) -> Result<()> {
    Ok(secrets::put(conn, &UserName::new(email).to_string(), part, value).await?)
}

pub(super) async fn secret(conn: &mut Conn, email: &str) -> Result<Option<Secret>> {
    get(conn, email, SECRET).await
}

pub(super) async fn pending_secret(conn: &mut Conn, email: &str) -> Result<Option<Secret>> {
    get(conn, email, PENDING_SECRET).await
}

/// Keeps what was shown until it is confirmed.
pub(super) async fn pending(
    conn: &mut Conn,
    email: &str,
    secret: &Secret,
    codes: &[Secret],
) -> Result<()> {
    put(conn, email, PENDING_SECRET, secret).await?;
    recovery_codes(conn, email, codes, true).await
}

pub(super) async fn recovery_codes(
    conn: &mut Conn,
    email: &str,
    codes: &[Secret],
    pending: bool,
) -> Result<()> {
    let hashes: Vec<_> = codes.iter().map(|c| recovery::hash(c.expose())).collect();
    let part = if pending { PENDING_RECOVERY } else { RECOVERY };
    put(conn, email, part, &Secret::new(hashes.join("\n"))).await
}

/// What was shown counts from now on.
pub(super) async fn confirm(conn: &mut Conn, email: &str) -> Result<()> {
    for (from, to) in [(PENDING_SECRET, SECRET), (PENDING_RECOVERY, RECOVERY)] {
        let value = get(conn, email, from).await?.unwrap_or_default();
        put(conn, email, to, &value).await?;
        put(conn, email, from, &Secret::default()).await?;
    }
    Ok(())
}

pub(super) async fn forget(conn: &mut Conn, email: &str) -> Result<()> {
    for part in ALL {
        put(conn, email, part, &Secret::default()).await?;
    }
    Ok(())
}

/// Uses up a recovery code; says whether it was one.
pub(super) async fn use_up(conn: &mut Conn, email: &str, code: &str) -> Result<bool> {
    let hash = recovery::hash(code);
    let Some(kept) = get(conn, email, RECOVERY).await? else { return Ok(false) };
    let left: Vec<_> = kept.expose().lines().filter(|kept| **kept != hash).collect();
    if left.len() == kept.expose().lines().count() {
        return Ok(false);
    }
    put(conn, email, RECOVERY, &Secret::new(left.join("\n"))).await?;
    Ok(true)
}

/// Recovery codes that still count.
pub(crate) async fn recovery_codes_left(conn: &mut Conn, email: &str) -> Result<usize> {
    Ok(get(conn, email, RECOVERY).await?.map_or(0, |kept| kept.expose().lines().count()))
}

/// Follows a user to another address.
pub(crate) async fn moved(conn: &mut Conn, old: &str, new: &str) -> Result<()> {
    for part in ALL {
        let value = get(conn, old, part).await?.unwrap_or_default();
        put(conn, new, part, &value).await?;
        put(conn, old, part, &Secret::default()).await?;
    }
    Ok(())
}
