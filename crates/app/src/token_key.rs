//! The key that signs access tokens: made once, kept encrypted in the store, so that tokens outlive a restart and every
//! replica reads them.

use base::name::WORKSPACE;
use base::{Error, Result, Rng, Secret};
use store::{Db, secrets};

const FIELD: &str = "token_key";

/// Reads the key, or makes it at the first start.
pub async fn token_key(store: &Db, rng: &dyn Rng) -> Result<Secret<Vec<u8>>> {
    let mut conn = store.read().await?;
    let found = secrets::get(&mut conn, WORKSPACE, FIELD).await?;
    drop(conn);
    let text = match found {
        Some(text) => text,
        None => make(store, rng).await?,
    };
    Ok(Secret::new(text.expose().clone().into_bytes()))
}

/// Two replicas that start together agree on the key of whoever commits first.
async fn make(store: &Db, rng: &dyn Rng) -> Result<Secret> {
    let mut tx = store.begin().await?;
    if secrets::get(&mut tx, WORKSPACE, FIELD).await?.is_none() {
        secrets::put(&mut tx, WORKSPACE, FIELD, &Secret::new(base::id::token(rng))).await?;
    }
    tx.commit().await?;
    let mut conn = store.read().await?;
    let found = secrets::get(&mut conn, WORKSPACE, FIELD).await?;
    found.ok_or_else(|| Error::internal("the token key was not kept"))
}
