//! Syncs an instance: now, or in the background.

use base::name::InstanceName;
use base::{Error, Result};
use store::{Topic, instances};

use super::view::load_active;
use crate::cx::Cx;
use crate::sync;

const MOST: usize = 1_000;

/// Reads version, roles and databases now; gives the names of the databases. `full` also has each database read, in the
/// background.
pub async fn sync(cx: &Cx, name: &str, full: bool) -> Result<Vec<String>> {
    let name = InstanceName::parse("name", name)?;
    let mut conn = cx.app.store.read().await?;
    let instance = load_active(&mut conn, &name).await?;
    drop(conn);
    let found = sync::instance::run(&cx.app, &instance).await?;
    if full {
        sync::request_all(&cx.app, &instance.id).await?;
    }
    Ok(found.databases)
}

/// Has these instances synced in the background, with their databases if `full` says so for any of them.
pub async fn request_sync(cx: &Cx, requests: &[(String, bool)]) -> Result<()> {
    if requests.is_empty() || requests.len() > MOST {
        return Err(Error::field("requests", format!("sync 1 to {MOST} instances at once")));
    }
    let mut tx = cx.app.store.begin().await?;
    for (name, full) in requests {
        let name = InstanceName::parse("requests.name", name)?;
        let instance = load_active(&mut tx, &name).await?;
        instances::request_sync(&mut tx, &instance.id).await?;
        if *full {
            sync::request_all_in(&mut tx, &instance.id).await?;
        }
    }
    tx.wake(Topic::Sync, "").await?;
    Ok(tx.commit().await?)
}
