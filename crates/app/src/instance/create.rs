//! A new instance. It is synced in the background.

use std::collections::BTreeMap;

use base::id::check_resource_id;
use base::name::{InstanceName, WORKSPACE};
use base::{Error, FieldViolation, Result};
use store::rows::{Instance, InstancePayload, State, SyncStatus};
use store::{Conn, Topic, instances};

use super::sources::{self, SourceInput};
use super::view::{InstanceView, tell, view};
use super::{probe, rules};
use crate::cx::Cx;

/// What people say of an instance.
#[derive(Debug, Clone)]
pub struct NewInstance {
    pub title: String,
    /// Must be said when the instance is made, and never changes.
    pub engine: Option<base::EngineKind>,
    /// Environment id.
    pub environment: Option<String>,
    pub labels: BTreeMap<String, String>,
    /// Without the data sources.
    pub payload: InstancePayload,
    pub sources: Vec<SourceInput>,
}

/// With `validate_only` nothing is stored: each data source is connected to instead.
///
/// `parent` is empty, the workspace, or the project that should own the instance; none may, in this version.
pub async fn create(
    cx: &Cx,
    parent: &str,
    id: &str,
    new: NewInstance,
    validate_only: bool,
) -> Result<InstanceView> {
    if !(parent.is_empty() || parent == WORKSPACE) {
        let what = "instances of one project are not available in this version; leave it empty";
        return Err(Error::field("parent", what));
    }
    if !(validate_only && id.is_empty()) {
        check_resource_id("instance_id", id)?;
    }
    let (mut instance, inputs) = prepare(cx, id, new).await?;
    if validate_only {
        probe::all(&cx.app, instance.engine, &inputs).await?;
        return Ok(InstanceView { instance, secrets: Vec::new() });
    }
    let mut tx = cx.app.store.begin().await?;
    instances::insert(&mut tx, &mut instance).await?;
    for input in &inputs {
        instances::put_secrets(&mut tx, &instance.id, &input.source.id, &input.secrets).await?;
    }
    tell(&mut tx, &instance, instance.created_at).await?;
    // Never synced: the runner takes it up.
    tx.wake(Topic::Sync, "").await?;
    tx.commit().await?;
    let mut conn = cx.app.store.read().await?;
    view(&mut conn, instance).await
}

/// The row to store, after everything was checked.
async fn prepare(cx: &Cx, id: &str, new: NewInstance) -> Result<(Instance, Vec<SourceInput>)> {
    let mut conn = cx.app.store.read().await?;
    if !id.is_empty() && instances::get(&mut conn, id).await?.is_some() {
        return Err(Error::exists(InstanceName::new(id)));
    }
    // The engine comes first: the rest depends on it.
    let engine = new.engine;
    let engine = engine
        .ok_or_else(|| Error::field("instance.engine", "say which engine it is, e.g. POSTGRES"))?;
    cx.app.engines.get(engine)?;
    let now = cx.app.now();
    let data_sources = new.sources.iter().map(|s| s.source.clone()).collect();
    let instance = Instance {
        id: id.to_owned(),
        title: new.title.trim().to_owned(),
        engine,
        engine_version: String::new(),
        identity: String::new(),
        environment: new.environment,
        project: None,
        state: State::Active,
        sync_status: SyncStatus::Never,
        sync_error: String::new(),
        synced_at: None,
        labels: new.labels,
        payload: InstancePayload { data_sources, ..new.payload },
        version: 0,
        created_at: now,
        updated_at: now,
        deleted_at: None,
    };
    let mut wrong = violations(&mut conn, &instance).await?;
    wrong.extend(sources::violations(instance.engine, "instance.data_sources", &new.sources));
    if wrong.is_empty() { Ok((instance, new.sources)) } else { Err(Error::fields(wrong)) }
}

/// Everything wrong with an instance, its data sources aside.
pub(super) async fn violations(
    conn: &mut Conn,
    instance: &Instance,
) -> Result<Vec<FieldViolation>> {
    let environments = crate::setting::environments(conn).await?;
    Ok(rules::violations(instance, &environments))
}
