//! The schema of one database: read, kept in the store object by object, and as SQL text by content.
//!
//! [`run`] connects by itself; [`snapshot`] reads on a session that is open already (before and after a change).

use std::sync::Arc;
use std::time::Duration;

use base::name::DatabaseName;
use base::{Error, Reason, Result};
use engine::{Mark, Session};
use schema::Catalog;
use sql::Dialect;
use store::Conn;
use store::blobs::Packed;
use store::catalogs::{self, Prepared};
use store::databases::{Found, Synced};
use store::rows::{DataSourceKind, Database, DatabasePayload, Instance, SyncStatus, TaskRun};

use super::budget::{Line, Reading};
use crate::app::App;
use crate::connections;
use crate::database::tell;
use crate::target;

/// Connecting, reading and writing together.
const TIMEOUT: Duration = Duration::from_secs(15 * 60);

/// What a reading found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Blob with the schema as SQL.
    pub schema_sha256: String,
    /// The schema differs from the one that was stored before.
    pub changed: bool,
    pub tables: i64,
    /// Bytes on disk; 0 when the engine does not tell.
    pub size: i64,
}

/// Connects, reads and stores. A failure is kept with the database and given back.
///
/// Who asks while a sync of the same database runs waits for the next one, which all who wait share.
pub async fn run(app: &App, database: &Database) -> Result<Snapshot> {
    let line = app.syncs.of_databases.line(&database.id);
    line.sync(async {
        let limit = connections::limit(&instance_of(app, database).await?.payload);
        let _permit = app.syncs.permit(&app.connections, &database.instance, limit).await?;
        let outcome = in_time(Box::pin(connect_and_read(app, &line, database))).await;
        if let Err(error) = &outcome {
            keep_failure(app, database, error).await?;
        }
        outcome
    })
    .await
}

/// Connects, reads and stores, and gives with it where the server's history is, as a change remembers it. Nobody shares it, and a failure is only
/// given back.
pub async fn run_marked(app: &App, database: &Database) -> Result<(Snapshot, Mark)> {
    let line = app.syncs.of_databases.line(&database.id);
    let instance = instance_of(app, database).await?;
    let limit = connections::limit(&instance.payload);
    let _permit = app.syncs.permit(&app.connections, &database.instance, limit).await?;
    let read = Box::pin(async {
        let mut session = connect(app, &instance, database).await?;
        let found: Result<_> = async {
            let taken =
                read_and_keep(app, &line, session.as_mut(), &instance, database, None).await?;
            Ok((taken, session.mark().await?))
        }
        .await;
        session.close().await;
        found
    });
    in_time(read).await
}

/// Reads the schema on an open session and stores it; for a run only while that is held.
pub async fn snapshot(
    app: &App,
    session: &mut dyn Session,
    database: &Database,
    held: Option<&TaskRun>,
) -> Result<Snapshot> {
    let line = app.syncs.of_databases.line(&database.id);
    let instance = instance_of(app, database).await?;
    read_and_keep(app, &line, session, &instance, database, held).await
}

async fn connect_and_read(
    app: &App,
    line: &Line<Snapshot>,
    database: &Database,
) -> Result<Snapshot> {
    let instance = instance_of(app, database).await?;
    let mut session = connect(app, &instance, database).await?;
    let outcome = read_and_keep(app, line, session.as_mut(), &instance, database, None).await;
    session.close().await;
    outcome
}

async fn connect(app: &App, instance: &Instance, database: &Database) -> Result<Box<dyn Session>> {
    let mut target =
        target::resolve(app, instance, DataSourceKind::Admin, Some(&database.name)).await?;
    "basalt sync".clone_into(&mut target.application_name);
    Ok(app.engines.get(instance.engine)?.connect(&target).await?)
}

async fn in_time<T>(work: impl Future<Output = Result<T>> + Send) -> Result<T> {
    tokio::time::timeout(TIMEOUT, work).await.unwrap_or_else(|_| {
        let minutes = TIMEOUT.as_secs() / 60;
        Err(Error::new(
            Reason::ConnectionTimeout,
            format!("the sync took longer than {minutes} minutes"),
        ))
    })
}

async fn instance_of(app: &App, database: &Database) -> Result<Instance> {
    let mut conn = app.store.read().await?;
    let found = store::instances::get(&mut conn, &database.instance).await?;
    found.ok_or_else(|| Error::not_found(base::name::InstanceName::new(&database.instance)))
}

async fn read_and_keep(
    app: &App,
    line: &Line<Snapshot>,
    session: &mut dyn Session,
    instance: &Instance,
    database: &Database,
    held: Option<&TaskRun>,
) -> Result<Snapshot> {
    let reading = line.reading();
    let catalog = Arc::new(session.sync_database().await?);
    let schema = render(app.engines.get(instance.engine)?.dialect(), Arc::clone(&catalog)).await?;
    keep(app, (line, reading), database, held, catalog, schema).await
}

/// The schema as SQL, packed. Takes a while for thousands of tables, so it leaves the async threads.
async fn render(dialect: &'static dyn Dialect, catalog: Arc<Catalog>) -> Result<Packed> {
    let text = tokio::task::spawn_blocking(move || dialect.render(&catalog)).await;
    let text =
        text.map_err(|e| Error::internal("writing the schema as SQL failed").with_source(e))?;
    Ok(Packed::new(text.into_bytes()).await?)
}

/// Stores what was read, unless a later reading was stored already; the text is stored in any case, because a
/// changelog may refer to it.
async fn keep(
    app: &App,
    (line, reading): (&Line<Snapshot>, Reading),
    database: &Database,
    held: Option<&TaskRun>,
    catalog: Arc<Catalog>,
    schema: Packed,
) -> Result<Snapshot> {
    let catalog = Arc::unwrap_or_clone(catalog);
    let mut found = Snapshot {
        schema_sha256: schema.sha256.clone(),
        changed: false,
        tables: i64::try_from(catalog.table_count()).unwrap_or(i64::MAX),
        size: catalog.size,
    };
    let facts = DatabasePayload {
        owner: catalog.owner.clone(),
        character_set: catalog.character_set.clone(),
        collation: catalog.collation.clone(),
        ..DatabasePayload::default()
    };
    // Hashing and compressing come before the transaction: nobody else writes while it is open.
    let objects = catalogs::prepare(catalog.into_objects()).await?;
    let writing = line.writing(reading).await;
    // What was read can be read again. The changelog of a run builds on it.
    let mut tx = match held {
        Some(_) => app.store.begin_for_our_life().await?,
        None => app.store.begin_unsynced().await?,
    };
    if let Some(held) = held {
        // What a holder read before it lost its run may be older than what the next one stored.
        store::task_runs::still_held(&mut tx, held).await?;
    }
    store::blobs::put(&mut tx, &schema).await?;
    if let Some(writing) = writing {
        found.changed = write(app, &mut tx, database, objects, facts, &found).await?;
        tx.commit().await?;
        writing.done();
    } else {
        tx.commit().await?;
    }
    Ok(found)
}

/// Writes catalog, facts and outcome; whether the schema changed.
async fn write(
    app: &App,
    tx: &mut Conn,
    database: &Database,
    objects: Prepared,
    facts: DatabasePayload,
    found: &Snapshot,
) -> Result<bool> {
    // Read here, not taken from the caller: it may be minutes old.
    let before = store::databases::get_by_id(tx, &database.id).await?;
    let before = before.ok_or_else(|| Error::not_found(name_of(database)))?;
    let objects = catalogs::replace_prepared(tx, &database.id, objects).await?;
    let changed = objects.written > 0
        || objects.removed > 0
        || before.schema_sha256.as_ref() != Some(&found.schema_sha256);
    let synced = Synced {
        status: SyncStatus::Ok,
        error: String::new(),
        at: app.now(),
        found: Some(Found {
            schema_sha256: found.schema_sha256.clone(),
            size_bytes: found.size,
            table_count: found.tables,
            payload: DatabasePayload { release: before.payload.release.clone(), ..facts },
        }),
    };
    store::databases::record_sync(tx, &database.id, &synced).await?;
    if changed || before.sync_status != SyncStatus::Ok {
        tell(app, tx, &before).await?;
    }
    Ok(changed)
}

/// Keeps why the sync failed; what was known of the schema stays.
pub(crate) async fn keep_failure(app: &App, database: &Database, error: &Error) -> Result<()> {
    let mut tx = app.store.begin().await?;
    let Some(before) = store::databases::get_by_id(&mut tx, &database.id).await? else {
        return Ok(());
    };
    let error = error.to_string();
    let synced = Synced { status: SyncStatus::Failed, error, at: app.now(), found: None };
    store::databases::record_sync(&mut tx, &database.id, &synced).await?;
    if before.sync_status != synced.status || before.sync_error != synced.error {
        tell(app, &mut tx, &before).await?;
    }
    Ok(tx.commit().await?)
}

fn name_of(database: &Database) -> DatabaseName {
    DatabaseName::new(&database.instance, &database.name)
}
