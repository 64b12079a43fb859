//! Version, roles and the list of databases of one instance.

use std::sync::Arc;
use std::time::Duration;

use base::name::{DEFAULT_PROJECT, DatabaseName, InstanceName};
use base::{Error, Reason, Result, Time};
use engine::InstanceInfo;
use store::instances::{Found, Synced as Record};
use store::rows::{
    DataSourceKind, Database, DatabasePayload, Instance, InstanceRole, State, SyncStatus,
};
use store::{Conn, Topic};

use super::compare::{Difference, compare};
use crate::app::App;
use crate::connections;
use crate::target;

/// Connecting, reading and writing together.
const TIMEOUT: Duration = Duration::from_secs(15 * 60);

/// What a sync found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Synced {
    /// Names of the databases that are there now, sorted.
    pub databases: Vec<String>,
}

/// Asks the server and stores what it says: new databases come into the default project and are read in the background,
/// missing ones are marked deleted, those that are back come back. A failure is kept with the instance and given back.
///
/// Who asks while a sync of the same instance runs waits for the next one, which all who wait share.
pub async fn run(app: &Arc<App>, instance: &Instance) -> Result<Synced> {
    let line = app.syncs.of_instances.line(&instance.id);
    line.sync(async {
        let limit = connections::limit(&instance.payload);
        let _permit = app.syncs.permit(&app.connections, &instance.id, limit).await?;
        let read = tokio::time::timeout(TIMEOUT, read(app, instance)).await;
        let read = read.unwrap_or_else(|_| {
            let minutes = TIMEOUT.as_secs() / 60;
            Err(Error::new(
                Reason::ConnectionTimeout,
                format!("the sync took longer than {minutes} minutes"),
            ))
        });
        match read {
            Ok(found) => keep(app, instance, found).await,
            Err(error) => {
                keep_failure(app, instance, &error).await?;
                Err(error)
            }
        }
    })
    .await
}

/// What the server says, stored nowhere.
pub async fn read(app: &App, instance: &Instance) -> Result<InstanceInfo> {
    let mut target = target::resolve(app, instance, DataSourceKind::Admin, None).await?;
    "basalt sync".clone_into(&mut target.application_name);
    let mut session = app.engines.get(instance.engine)?.connect(&target).await?;
    let found = session.sync_instance().await;
    session.close().await;
    Ok(found?)
}

async fn keep(app: &App, instance: &Instance, found: InstanceInfo) -> Result<Synced> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    // Another server may have read the same databases.
    store::instances::lock(&mut tx, &instance.id).await?;
    // Read here, not taken from the caller: it may be minutes old.
    let Some(before) = store::instances::get(&mut tx, &instance.id).await? else {
        return Err(Error::not_found(InstanceName::new(&instance.id)));
    };
    let roles: Vec<InstanceRole> = found
        .roles
        .into_iter()
        .map(|r| InstanceRole { name: r.name, attributes: r.attributes })
        .collect();
    let server = found.server;
    let stored = store::databases::of_instance(&mut tx, &before.id).await?;
    let difference = compare(&stored, found.databases, &before.payload.sync_databases);
    let changed = !difference.is_empty()
        || before.sync_status != SyncStatus::Ok
        || before.engine_version != server.version
        || before.payload.roles != roles;
    let record = Record {
        status: SyncStatus::Ok,
        error: String::new(),
        at: now,
        found: Some(Found { engine_version: server.version, identity: server.identity, roles }),
    };
    store::instances::record_sync(&mut tx, &before.id, &record).await?;
    write_databases(app, &mut tx, &before, &stored, difference, now).await?;
    if changed {
        tell(&mut tx, &before, now).await?;
    }
    let mut databases = store::databases::of_instance(&mut tx, &before.id).await?;
    databases.retain(|d| d.state == State::Active);
    tx.commit().await?;
    Ok(Synced { databases: databases.into_iter().map(|d| d.name).collect() })
}

async fn write_databases(
    app: &App,
    tx: &mut Conn,
    instance: &Instance,
    stored: &[Database],
    difference: Difference,
    now: Time,
) -> Result<()> {
    let Difference { new, back, gone } = difference;
    let mut rows: Vec<Database> = new
        .into_iter()
        .map(|info| Database {
            id: app.new_id(),
            instance: instance.id.clone(),
            name: info.name,
            project: instance.project.clone().unwrap_or_else(|| DEFAULT_PROJECT.to_owned()),
            environment: None,
            effective_environment: instance.environment.clone(),
            state: State::Active,
            sync_status: SyncStatus::Never,
            sync_error: String::new(),
            synced_at: None,
            schema_sha256: None,
            size_bytes: 0,
            table_count: 0,
            labels: std::collections::BTreeMap::new(),
            payload: DatabasePayload {
                owner: info.owner,
                character_set: info.character_set,
                collation: info.collation,
                release: String::new(),
            },
            version: 1,
            created_at: now,
            updated_at: now,
        })
        .collect();
    store::databases::insert_many(tx, &mut rows).await?;
    store::databases::set_state(tx, &gone, State::Deleted, now).await?;
    store::databases::set_state(tx, &back, State::Active, now).await?;
    if !back.is_empty() {
        super::request(tx, &back).await?;
    }
    // What is new was never synced: the runner takes it up.
    if !rows.is_empty() {
        tx.wake(Topic::Sync, "").await?;
    }
    let moved = stored.iter().filter(|d| back.contains(&d.id) || gone.contains(&d.id));
    for database in moved.chain(&rows) {
        let name = DatabaseName::new(&database.instance, &database.name).to_string();
        store::events::append(tx, &name, "database", &database.version.to_string(), now).await?;
    }
    Ok(())
}

/// Keeps why the sync failed; what was known stays.
pub(crate) async fn keep_failure(app: &App, instance: &Instance, error: &Error) -> Result<()> {
    let mut tx = app.store.begin().await?;
    let Some(before) = store::instances::get(&mut tx, &instance.id).await? else { return Ok(()) };
    let record =
        Record { status: SyncStatus::Failed, error: error.to_string(), at: app.now(), found: None };
    store::instances::record_sync(&mut tx, &before.id, &record).await?;
    if before.sync_status != record.status || before.sync_error != record.error {
        tell(&mut tx, &before, record.at).await?;
    }
    Ok(tx.commit().await?)
}

async fn tell(tx: &mut Conn, instance: &Instance, now: Time) -> Result<()> {
    let (name, etag) = (InstanceName::new(&instance.id).to_string(), instance.version.to_string());
    Ok(store::events::append(tx, &name, "instance", &etag, now).await?)
}
