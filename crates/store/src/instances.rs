//! Instances. Their data sources' secrets are rows of `secret`: [`secrets`] reads and [`put_secrets`] writes them.

use std::collections::HashMap;

use base::page::Page;
use base::{EngineKind, Secret, Time};

use crate::db::{Conn, Row};
use crate::error::{Result, StoreError};
use crate::filter::{Field, Filter, lines};
use crate::page::{self, List, ListSpec};
use crate::payload::{decode, encode, from_word, word};
use crate::rows::{DataSourceSecrets, Instance, InstancePayload, InstanceRole, State, SyncStatus};
use crate::sql::{or_empty, sql};
use crate::{changed_one, labels};

pub const ID: Field = Field::text("resource_id", "instance.id");
pub const NAME: Field = Field::text("name", "instance.title").searched("instance.search");
/// For `order_by`.
pub const TITLE: Field = Field::text("title", "instance.title").searched("instance.search");
/// Environment id; empty when unset.
pub const ENVIRONMENT: Field = Field::text("environment", "instance.environment");
pub const STATE: Field = Field::text("state", "instance.state");
/// Wire number.
pub const ENGINE: Field = Field::int("engine", "instance.engine");
pub const HOST: Field = Field::lines("host", "instance.hosts");
pub const PORT: Field = Field::lines("port", "instance.ports");
/// Project id; empty: of the workspace.
pub const PROJECT: Field = Field::text("project", "instance.project");
/// Project of a database on it.
pub const PROJECT_OF_DATABASE: Field = Field::text("project", "db.project").within(
    "EXISTS (SELECT 1 FROM db WHERE db.instance = instance.id AND db.state = 'ACTIVE' AND {})",
);
pub const SYNC_STATUS: Field = Field::text("sync_status", "instance.sync_status");
pub const LABELS: Field = Field::labels("'instances/' || instance.id");
pub const FIELDS: &[Field] =
    &[ID, NAME, TITLE, ENVIRONMENT, STATE, ENGINE, HOST, PORT, PROJECT, LABELS];

const LIST: ListSpec = ListSpec {
    id: "instances",
    columns: "instance.*",
    from: "instance",
    key: &[ID],
    descending: false,
};

/// What a sync found out about an instance.
#[derive(Debug, Clone)]
pub struct Synced {
    pub status: SyncStatus,
    /// Empty unless it failed.
    pub error: String,
    pub at: Time,
    /// None keeps what was known: the sync failed.
    pub found: Option<Found>,
}

#[derive(Debug, Clone)]
pub struct Found {
    pub engine_version: String,
    pub identity: String,
    pub roles: Vec<InstanceRole>,
}

pub async fn get(conn: &mut Conn, id: &str) -> Result<Option<Instance>> {
    Ok(get_many(conn, &[id.to_owned()]).await?.pop())
}

/// Keeps others from locking it until the transaction ends: two servers that sync an instance take turns.
pub async fn lock(conn: &mut Conn, id: &str) -> Result<()> {
    let mut text = sql("SELECT id FROM instance WHERE id = $1").bind(id);
    text.push(conn.words().for_update);
    conn.optional(text).await.map(drop)
}

pub async fn get_many(conn: &mut Conn, ids: &[String]) -> Result<Vec<Instance>> {
    let mut found = Vec::new();
    for batch in ids.chunks(crate::BATCH) {
        let mut text = sql("SELECT * FROM instance WHERE id IN ");
        text.push_list(batch).push(" ORDER BY id").push(conn.words().by_bytes);
        for row in conn.all(text).await? {
            found.push(instance(&row)?);
        }
    }
    with_labels(conn, found).await
}

pub async fn list(conn: &mut Conn, args: &List) -> Result<Page<Instance>> {
    let page = page::fetch_page(conn, &LIST, args, instance).await?;
    Ok(Page { items: with_labels(conn, page.items).await?, next: page.next })
}

pub async fn count(conn: &mut Conn, filter: &Filter) -> Result<i64> {
    page::count(conn, &LIST, filter).await
}

pub async fn insert(conn: &mut Conn, row: &mut Instance) -> Result<()> {
    let text = "INSERT INTO instance (id, title, search, engine, engine_version, identity, environment, project, state,
        sync_status, sync_error, synced_at, hosts, ports, payload, version, created_at, updated_at, deleted_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1, $16, $17, $18)";
    let insert = sql(text)
        .bind(&row.id)
        .bind(&row.title)
        .bind(row.title.to_lowercase())
        .bind(i64::from(row.engine.number()))
        .bind(&row.engine_version)
        .bind(&row.identity)
        .bind(or_empty(row.environment.as_ref()))
        .bind(or_empty(row.project.as_ref()))
        .bind(word(row.state)?)
        .bind(word(row.sync_status)?)
        .bind(&row.sync_error)
        .bind(row.synced_at)
        .bind(hosts(&row.payload))
        .bind(ports(&row.payload))
        .bind(encode(&row.payload)?)
        .bind(row.created_at)
        .bind(row.updated_at)
        .bind(row.deleted_at);
    conn.run(insert).await.map_err(|e| e.about(name(&row.id)))?;
    row.version = 1;
    labels::replace(conn, &name(&row.id), &row.labels).await
}

/// Writes what people set: title, environment, project, state, payload, labels. What a sync found stays.
pub async fn update(conn: &mut Conn, row: &mut Instance, now: Time) -> Result<()> {
    let text = "UPDATE instance SET title = $3, search = $4, environment = $5, project = $6, state = $7, hosts = $8,
        ports = $9, payload = $10, updated_at = $11, deleted_at = $12, version = version + 1
        WHERE id = $1 AND version = $2";
    let update = sql(text)
        .bind(&row.id)
        .bind(row.version)
        .bind(&row.title)
        .bind(row.title.to_lowercase())
        .bind(or_empty(row.environment.as_ref()))
        .bind(or_empty(row.project.as_ref()))
        .bind(word(row.state)?)
        .bind(hosts(&row.payload))
        .bind(ports(&row.payload))
        .bind(encode(&row.payload)?)
        .bind(now)
        .bind(row.deleted_at);
    changed_one(conn.run(update).await?, || name(&row.id))?;
    (row.version, row.updated_at) = (row.version + 1, now);
    labels::replace(conn, &name(&row.id), &row.labels).await
}

/// Writes what a sync found. The version stays: nobody's edit is stale because of a sync. False when the instance is gone.
pub async fn record_sync(conn: &mut Conn, id: &str, synced: &Synced) -> Result<bool> {
    if let Some(found) = &synced.found {
        let mut text = sql("SELECT payload FROM instance WHERE id = $1").bind(id);
        text.push(conn.words().for_update);
        let Some(row) = conn.optional(text).await? else { return Ok(false) };
        let mut payload: InstancePayload = decode(&name(id), &row.text("payload")?)?;
        payload.roles.clone_from(&found.roles);
        let text =
            "UPDATE instance SET engine_version = $2, identity = $3, payload = $4 WHERE id = $1";
        let update = sql(text)
            .bind(id)
            .bind(&found.engine_version)
            .bind(&found.identity)
            .bind(encode(&payload)?);
        conn.run(update).await?;
    }
    let text =
        "UPDATE instance SET sync_status = $2, sync_error = $3, synced_at = $4 WHERE id = $1";
    let update = sql(text).bind(id).bind(word(synced.status)?).bind(&synced.error).bind(synced.at);
    Ok(conn.run(update).await? > 0)
}

/// Puts an instance into the queue of syncs: RUNNING until the outcome is recorded.
pub async fn request_sync(conn: &mut Conn, id: &str) -> Result<()> {
    let text = sql("UPDATE instance SET sync_status = $2 WHERE id = $1").bind(id);
    conn.run(text.bind(word(SyncStatus::Running)?)).await?;
    Ok(())
}

pub async fn delete(conn: &mut Conn, row: &mut Instance, now: Time) -> Result<()> {
    (row.state, row.deleted_at) = (State::Deleted, Some(now));
    update(conn, row, now).await
}

pub async fn undelete(conn: &mut Conn, row: &mut Instance, now: Time) -> Result<()> {
    (row.state, row.deleted_at) = (State::Active, None);
    update(conn, row, now).await
}

/// Removes the instance with its databases, their catalogs, changelogs, revisions and secrets for good. False when there is
/// no such instance.
pub async fn purge(conn: &mut Conn, id: &str) -> Result<bool> {
    for text in [
        "DELETE FROM catalog_object WHERE database_id IN (SELECT id FROM db WHERE instance = $1)",
        "DELETE FROM changelog WHERE database_id IN (SELECT id FROM db WHERE instance = $1)",
        "DELETE FROM revision WHERE database_id IN (SELECT id FROM db WHERE instance = $1)",
        "DELETE FROM label WHERE owner IN (SELECT 'instances/' || instance || '/databases/' || name FROM db WHERE instance = $1)",
        "DELETE FROM db WHERE instance = $1",
    ] {
        conn.run(sql(text).bind(id)).await?;
    }
    for text in ["DELETE FROM label WHERE owner = $1", "DELETE FROM secret WHERE owner = $1"] {
        conn.run(sql(text).bind(name(id))).await?;
    }
    let deleted = conn.run(sql("DELETE FROM instance WHERE id = $1").bind(id)).await;
    Ok(deleted.map_err(|e| e.about(name(id)))? > 0)
}

/// The decrypted secrets of every data source of an instance, by data source id.
pub async fn secrets(conn: &mut Conn, id: &str) -> Result<HashMap<String, DataSourceSecrets>> {
    let mut out: HashMap<String, DataSourceSecrets> = HashMap::new();
    for (path, value) in crate::secrets::all_of(conn, &name(id), "data_source/").await? {
        let Some((source, field)) = path.trim_start_matches("data_source/").rsplit_once('/') else {
            return Err(StoreError::corrupt(format!("secret {path} of {}", name(id)), "no field"));
        };
        let secrets = out.entry(source.to_owned()).or_default();
        let Some((_, slot)) = fields_mut(secrets).into_iter().find(|(name, _)| *name == field)
        else {
            return Err(StoreError::corrupt(format!("secret {path} of {}", name(id)), "not known"));
        };
        *slot = value;
    }
    Ok(out)
}

/// Makes these the secrets of one data source: an empty one is removed.
pub async fn put_secrets(
    conn: &mut Conn,
    id: &str,
    data_source: &str,
    secrets: &DataSourceSecrets,
) -> Result<()> {
    let mut secrets = secrets.clone();
    for (field, value) in fields_mut(&mut secrets) {
        let path = format!("data_source/{data_source}/{field}");
        crate::secrets::put(conn, &name(id), &path, value).await?;
    }
    Ok(())
}

fn fields_mut(secrets: &mut DataSourceSecrets) -> [(&'static str, &mut Secret); 6] {
    let DataSourceSecrets { password, ssl_ca, ssl_cert, ssl_key, ssh_password, ssh_private_key } =
        secrets;
    [
        ("password", password),
        ("ssl_ca", ssl_ca),
        ("ssl_cert", ssl_cert),
        ("ssl_key", ssl_key),
        ("ssh_password", ssh_password),
        ("ssh_private_key", ssh_private_key),
    ]
}

fn name(id: &str) -> String {
    format!("instances/{id}")
}

fn hosts(payload: &InstancePayload) -> String {
    lines(payload.data_sources.iter().map(|d| d.host.as_str()))
}

fn ports(payload: &InstancePayload) -> String {
    lines(payload.data_sources.iter().map(|d| d.port.as_str()))
}

async fn with_labels(conn: &mut Conn, mut rows: Vec<Instance>) -> Result<Vec<Instance>> {
    let owners: Vec<String> = rows.iter().map(|r| name(&r.id)).collect();
    let mut found = labels::of_many(conn, &owners).await?;
    for (row, owner) in rows.iter_mut().zip(&owners) {
        row.labels = found.remove(owner).unwrap_or_default();
    }
    Ok(rows)
}

fn instance(row: &Row) -> Result<Instance> {
    let id = row.text("id")?;
    let what = name(&id);
    let engine = row.int("engine")?;
    let engine = i32::try_from(engine)
        .ok()
        .and_then(EngineKind::from_number)
        .ok_or_else(|| StoreError::corrupt(&what, format!("engine {engine} is not known")))?;
    Ok(Instance {
        title: row.text("title")?,
        engine,
        engine_version: row.text("engine_version")?,
        identity: row.text("identity")?,
        environment: row.non_empty("environment")?,
        project: row.non_empty("project")?,
        state: from_word(&what, &row.text("state")?)?,
        sync_status: from_word(&what, &row.text("sync_status")?)?,
        sync_error: row.text("sync_error")?,
        synced_at: row.opt_time("synced_at")?,
        labels: Default::default(),
        payload: decode(&what, &row.text("payload")?)?,
        version: row.int("version")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        deleted_at: row.opt_time("deleted_at")?,
        id,
    })
}
