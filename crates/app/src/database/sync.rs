//! Syncs databases: now, or in the background.

use base::name::DatabaseName;
use base::{Error, Result};

use super::view::{check_parent, load_active};
use crate::cx::Cx;
use crate::sync;

const MOST: usize = 5_000;

/// Reads the schema afresh and returns when it is stored. Who asks for it accepts the present state of the database, also one that was
/// restored or failed over since the last change.
pub async fn sync(cx: &Cx, name: &str) -> Result<()> {
    let name = DatabaseName::parse("name", name)?;
    let mut conn = cx.app.store.read().await?;
    let database = load_active(&mut conn, &name).await?;
    drop(conn);
    sync::database::run(&cx.app, &database).await?;
    let mut tx = cx.app.store.begin().await?;
    store::marks::forget(&mut tx, &database.instance, &database.name).await?;
    Ok(tx.commit().await?)
}

/// Has them synced in the background, and accepts their present state as [`sync`] does. `parent` is their instance, or `instances/-`.
pub async fn request_sync(cx: &Cx, parent: &str, names: &[String]) -> Result<()> {
    if names.is_empty() || names.len() > MOST {
        return Err(Error::field("names", format!("sync 1 to {MOST} databases at once")));
    }
    let mut tx = cx.app.store.begin().await?;
    let mut ids = Vec::with_capacity(names.len());
    for name in names {
        let name = DatabaseName::parse("names", name)?;
        check_parent("names", parent, &name)?;
        let database = load_active(&mut tx, &name).await?;
        store::marks::forget(&mut tx, &database.instance, &database.name).await?;
        ids.push(database.id);
    }
    sync::request(&mut tx, &ids).await?;
    Ok(tx.commit().await?)
}
