//! What databases look like, read from their servers and kept in the store.
//!
//! Two kinds: [`instance::run`] reads version, roles and the list of databases; [`database::run`] reads the catalog of one
//! database. Both are idempotent, keep the error of a failure with the thing that failed, and tell open pages only when
//! something changed. Background work is asked for by [`request`] and done by the runner: the queue is the store, so that
//! nothing is forgotten by a restart.

mod budget;
mod compare;
pub mod database;
pub mod instance;

use base::Result;
use store::rows::State;
use store::{Conn, Topic, databases};

use crate::app::App;

pub use budget::Budget;

/// Asks for these databases (ids) to be synced in the background.
///
/// Until it is done their status is "running", which a restarted server takes up again. A sync that is under way already
/// counts as the one asked for.
pub async fn request(tx: &mut Conn, ids: &[String]) -> Result<()> {
    databases::request_sync(tx, ids).await?;
    Ok(tx.wake(Topic::Sync, "").await?)
}

/// Asks for all databases of an instance.
pub async fn request_all(app: &App, instance: &str) -> Result<()> {
    let mut tx = app.store.begin().await?;
    request_all_in(&mut tx, instance).await?;
    Ok(tx.commit().await?)
}

/// Asks for all databases of an instance, in a transaction of the caller's.
pub async fn request_all_in(tx: &mut Conn, instance: &str) -> Result<()> {
    let mut all = databases::of_instance(tx, instance).await?;
    all.retain(|d| d.state == State::Active);
    let ids: Vec<String> = all.into_iter().map(|d| d.id).collect();
    request(tx, &ids).await
}
