//! Adds, changes and removes one data source of an instance.

use base::name::InstanceName;
use base::{Error, Reason, Result};
use store::rows::{DataSourceKind, Instance};
use store::{Conn, Topic, instances};

use super::probe;
use super::sources::{self, SourceInput, edited};
use super::update::put_sources;
use super::view::{InstanceView, load_active, tell, view};
use crate::cx::Cx;

/// Adds a read-only data source: the admin's is there from the start. With `validate_only` it is connected to instead.
pub async fn add_source(
    cx: &Cx,
    name: &str,
    input: SourceInput,
    validate_only: bool,
) -> Result<InstanceView> {
    let name = InstanceName::parse("name", name)?;
    let mut tx = cx.app.store.begin().await?;
    let row = load_active(&mut tx, &name).await?;
    if input.source.kind == DataSourceKind::Admin {
        let what = "the instance has an admin data source already; change that one, or add a READ_ONLY one";
        return Err(Error::field("data_source.type", what));
    }
    let mut inputs = stored(&mut tx, &row).await?;
    if inputs.iter().any(|i| i.source.id == input.source.id) {
        return Err(Error::exists(format!("data source {:?} of {name}", input.source.id)));
    }
    inputs.push(input.clone());
    keep_or_probe(cx, tx, row, inputs, &input, validate_only).await
}

/// Changes the data source with the input's id: the fields that `mask` names, or all without a mask. A secret that the
/// mask does not name stays when the input's is empty. With `validate_only` the result is connected to instead.
pub async fn update_source(
    cx: &Cx,
    name: &str,
    input: SourceInput,
    mask: Option<&[String]>,
    validate_only: bool,
    allow_missing: bool,
) -> Result<InstanceView> {
    let parsed = InstanceName::parse("name", name)?;
    let mut tx = cx.app.store.begin().await?;
    let row = load_active(&mut tx, &parsed).await?;
    let mut inputs = stored(&mut tx, &row).await?;
    let Some(slot) = inputs.iter_mut().find(|i| i.source.id == input.source.id) else {
        drop(tx);
        return match allow_missing {
            true => add_source(cx, name, input, validate_only).await,
            false => Err(no_source(&parsed, &input.source.id)),
        };
    };
    let mut after = edited(slot, &input, mask).map_err(|v| Error::fields(vec![v]))?;
    // What it is for never changes: an instance keeps its one admin.
    after.source.kind = slot.source.kind;
    slot.clone_from(&after);
    keep_or_probe(cx, tx, row, inputs, &after, validate_only).await
}

/// Removes a read-only data source with its secrets.
pub async fn remove_source(cx: &Cx, name: &str, id: &str) -> Result<InstanceView> {
    let name = InstanceName::parse("name", name)?;
    let mut tx = cx.app.store.begin().await?;
    let mut row = load_active(&mut tx, &name).await?;
    let mut inputs = stored(&mut tx, &row).await?;
    let at = inputs.iter().position(|i| i.source.id == id);
    let removed = inputs.remove(at.ok_or_else(|| no_source(&name, id))?);
    if removed.source.kind == DataSourceKind::Admin {
        let what = "the admin data source cannot be removed; change it instead";
        return Err(Error::field("data_source.id", what));
    }
    put_sources(&mut tx, &mut row, inputs).await?;
    instances::update(&mut tx, &mut row, cx.app.now()).await?;
    tell(&mut tx, &row, row.updated_at).await?;
    let seen = view(&mut tx, row).await?;
    tx.commit().await?;
    Ok(seen)
}

/// Checks all data sources, then stores them, or connects with `changed` alone and stores nothing.
async fn keep_or_probe(
    cx: &Cx,
    mut tx: store::Tx,
    mut row: Instance,
    inputs: Vec<SourceInput>,
    changed: &SourceInput,
    validate_only: bool,
) -> Result<InstanceView> {
    let wrong = sources::violations_of(row.engine, "data_source", changed);
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    if validate_only {
        let seen = view(&mut tx, row).await?;
        // No transaction stays open while we wait for a server.
        drop(tx);
        probe::one(&cx.app, seen.instance.engine, changed).await?;
        return Ok(seen);
    }
    put_sources(&mut tx, &mut row, inputs).await?;
    instances::update(&mut tx, &mut row, cx.app.now()).await?;
    if changed.source.kind == DataSourceKind::Admin {
        instances::request_sync(&mut tx, &row.id).await?;
        tx.wake(Topic::Sync, "").await?;
    }
    tell(&mut tx, &row, row.updated_at).await?;
    let seen = view(&mut tx, row).await?;
    tx.commit().await?;
    Ok(seen)
}

/// The data sources as they are stored, secrets included.
async fn stored(conn: &mut Conn, row: &Instance) -> Result<Vec<SourceInput>> {
    let mut secrets = instances::secrets(conn, &row.id).await?;
    let sources = row.payload.data_sources.iter().cloned();
    let whole = sources.map(|source| {
        let secrets = secrets.remove(&source.id).unwrap_or_default();
        SourceInput { source, secrets }
    });
    Ok(whole.collect())
}

fn no_source(name: &InstanceName, id: &str) -> Error {
    Error::new(Reason::ResourceNotFound, format!("{name} has no data source {id:?}"))
}
