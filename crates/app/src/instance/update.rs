//! Changes an instance. What decides how it is reached, or what of it is synced, asks for a sync.

use std::collections::BTreeSet;

use base::name::InstanceName;
use base::{Error, Result};
use store::rows::Instance;
use store::{Conn, Topic, instances};

use super::create::{NewInstance, violations};
use super::sources::{self, SourceInput, replaced};
use super::view::{InstanceView, load_active, tell, view};
use crate::cx::Cx;
use crate::filter::Mask;

/// Fields that can be changed, as on the wire.
const MASK: &[&str] = &[
    "title",
    "external_link",
    "data_sources",
    "environment",
    "activation",
    "sync_interval",
    "maximum_connections",
    "sync_databases",
    "labels",
];
const MOST: usize = 1_000;

/// What to change.
#[derive(Debug)]
pub struct InstanceChange {
    pub name: String,
    /// The new values of the fields in the mask.
    pub new: NewInstance,
    pub mask: Vec<String>,
    /// Makes the instance when it is not there; the gate has asked for the permission to.
    pub allow_missing: bool,
}

pub async fn update(cx: &Cx, change: InstanceChange) -> Result<InstanceView> {
    let name = InstanceName::parse("instance.name", &change.name)?;
    let mut tx = cx.app.store.begin().await?;
    if change.allow_missing && instances::get(&mut tx, &name.instance).await?.is_none() {
        drop(tx);
        return super::create(cx, "", &name.instance, change.new, false).await;
    }
    let instance = apply(cx, &mut tx, &name, change).await?;
    let seen = view(&mut tx, instance).await?;
    tx.commit().await?;
    Ok(seen)
}

/// All of them, or none. `allow_missing` makes nothing here.
pub async fn update_many(cx: &Cx, changes: Vec<InstanceChange>) -> Result<Vec<InstanceView>> {
    if changes.is_empty() || changes.len() > MOST {
        return Err(Error::field("requests", format!("change 1 to {MOST} instances at once")));
    }
    let mut tx = cx.app.store.begin().await?;
    let mut seen = Vec::with_capacity(changes.len());
    for change in changes {
        let name = InstanceName::parse("requests.instance.name", &change.name)?;
        let instance = apply(cx, &mut tx, &name, change).await?;
        seen.push(view(&mut tx, instance).await?);
    }
    tx.commit().await?;
    Ok(seen)
}

async fn apply(
    cx: &Cx,
    tx: &mut Conn,
    name: &InstanceName,
    change: InstanceChange,
) -> Result<Instance> {
    let mut row = load_active(tx, name).await?;
    let mask = Mask::new(&change.mask, MASK)?;
    let new = change.new;
    if mask.has("title") {
        new.title.trim().clone_into(&mut row.title);
    }
    if mask.has("environment") {
        row.environment = new.environment;
    }
    if mask.has("labels") {
        row.labels = new.labels;
    }
    let payload = &mut row.payload;
    if mask.has("external_link") {
        payload.external_link = new.payload.external_link;
    }
    if mask.has("activation") {
        payload.activation = new.payload.activation;
    }
    if mask.has("maximum_connections") {
        payload.maximum_connections = new.payload.maximum_connections;
    }
    if mask.has("sync_interval") {
        payload.sync_interval = new.payload.sync_interval;
    }
    if mask.has("sync_databases") {
        payload.sync_databases = new.payload.sync_databases;
    }
    let mut wrong = violations(tx, &row).await?;
    if mask.has("data_sources") {
        let inputs = with_stored_secrets(tx, &row, new.sources).await?;
        wrong.extend(sources::violations(row.engine, "instance.data_sources", &inputs));
        if wrong.is_empty() {
            put_sources(tx, &mut row, inputs).await?;
        }
    }
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    instances::update(tx, &mut row, cx.app.now()).await?;
    if mask.has("data_sources") || mask.has("sync_databases") {
        instances::request_sync(tx, &row.id).await?;
        tx.wake(Topic::Sync, "").await?;
    }
    tell(tx, &row, row.updated_at).await?;
    Ok(row)
}

/// Callers cannot read secrets, so they cannot send back those that stay: an empty one of a known data source is the stored one.
pub(super) async fn with_stored_secrets(
    conn: &mut Conn,
    row: &Instance,
    inputs: Vec<SourceInput>,
) -> Result<Vec<SourceInput>> {
    let mut stored = instances::secrets(conn, &row.id).await?;
    let merged = inputs.into_iter().map(|input| {
        let secrets = stored.remove(&input.source.id).unwrap_or_default();
        replaced(&SourceInput { source: input.source.clone(), secrets }, &input)
    });
    Ok(merged.collect())
}

/// Makes these the data sources of the row and writes their secrets; the row itself is left to the caller.
pub(super) async fn put_sources(
    conn: &mut Conn,
    row: &mut Instance,
    inputs: Vec<SourceInput>,
) -> Result<()> {
    let kept: BTreeSet<&str> = inputs.iter().map(|i| i.source.id.as_str()).collect();
    let none = Default::default();
    for old in row.payload.data_sources.iter().filter(|s| !kept.contains(s.id.as_str())) {
        instances::put_secrets(conn, &row.id, &old.id, &none).await?;
    }
    for input in &inputs {
        instances::put_secrets(conn, &row.id, &input.source.id, &input.secrets).await?;
    }
    row.payload.data_sources = inputs.into_iter().map(|i| i.source).collect();
    Ok(())
}
