//! Databases of instances, as the last sync found them.

use base::Time;
use base::page::Page;

use crate::db::{Conn, Row};
use crate::error::Result;
use crate::filter::{Field, Filter};
use crate::page::{self, List, ListSpec};
use crate::payload::{decode, encode, from_word, word};
use crate::rows::{Database, DatabasePayload, State, SyncStatus};
use crate::sql::{or_empty, sql};
use crate::{changed_one, labels};

pub const INSTANCE: Field = Field::text("instance", "db.instance");
pub const NAME: Field = Field::text("name", "db.name").searched("db.search");
pub const PROJECT: Field = Field::text("project", "db.project");
/// The environment in force: the database's, else the instance's; empty when neither has one.
pub const ENVIRONMENT: Field = Field::text("environment", EFFECTIVE);
/// Wire number.
pub const ENGINE: Field = Field::int("engine", "instance.engine");
pub const STATE: Field = Field::text("state", "db.state");
/// State of the instance: the databases of a deleted one are not shown.
pub const INSTANCE_STATE: Field = Field::text("instance_state", "instance.state");
pub const SYNC_STATUS: Field = Field::text("sync_status", "db.sync_status");
/// A table of that name, or containing it.
pub const TABLE: Field = Field::text("table", "catalog_object.name")
    .searched("lower(catalog_object.name)")
    .within("EXISTS (SELECT 1 FROM catalog_object WHERE catalog_object.database_id = db.id AND catalog_object.kind = 'table' AND {})");
pub const LABELS: Field = Field::labels("'instances/' || db.instance || '/databases/' || db.name");
pub const FIELDS: &[Field] = &[
    INSTANCE,
    NAME,
    PROJECT,
    ENVIRONMENT,
    ENGINE,
    STATE,
    INSTANCE_STATE,
    SYNC_STATUS,
    TABLE,
    LABELS,
];

const EFFECTIVE: &str =
    "CASE WHEN db.environment <> '' THEN db.environment ELSE instance.environment END";
const COLUMNS: &str = "db.*, CASE WHEN db.environment <> '' THEN db.environment ELSE instance.environment END AS effective_environment";
const FROM: &str = "db JOIN instance ON instance.id = db.instance";

const LIST: ListSpec = ListSpec {
    id: "databases",
    columns: COLUMNS,
    from: FROM,
    key: &[INSTANCE, NAME],
    descending: false,
};

/// What a sync found out about one database.
#[derive(Debug, Clone)]
pub struct Synced {
    pub status: SyncStatus,
    /// Empty unless it failed.
    pub error: String,
    pub at: Time,
    /// None keeps what was known and when that was found: the sync failed.
    pub found: Option<Found>,
}

#[derive(Debug, Clone)]
pub struct Found {
    /// Blob of the schema as SQL.
    pub schema_sha256: String,
    pub size_bytes: i64,
    pub table_count: i64,
    pub payload: DatabasePayload,
}

pub async fn get(conn: &mut Conn, instance: &str, name: &str) -> Result<Option<Database>> {
    let keys = [(instance.to_owned(), name.to_owned())];
    Ok(get_many(conn, &keys).await?.pop())
}

/// Keeps others from locking it until the transaction ends.
pub async fn lock(conn: &mut Conn, id: &str) -> Result<()> {
    let mut text = sql("SELECT id FROM db WHERE id = $1").bind(id);
    text.push(conn.words().for_update);
    conn.optional(text).await.map(drop)
}

pub async fn get_by_id(conn: &mut Conn, id: &str) -> Result<Option<Database>> {
    Ok(get_many_by_id(conn, &[id.to_owned()]).await?.pop())
}

/// By (instance, name).
pub async fn get_many(conn: &mut Conn, keys: &[(String, String)]) -> Result<Vec<Database>> {
    let mut found = Vec::new();
    for batch in keys.chunks(crate::BATCH) {
        let mut text = select(" WHERE (db.instance, db.name) IN ");
        text.push_pairs(batch.iter().map(|(instance, name)| (instance, name)));
        read(conn, text, &mut found).await?;
    }
    with_labels(conn, found).await
}

pub async fn get_many_by_id(conn: &mut Conn, ids: &[String]) -> Result<Vec<Database>> {
    let mut found = Vec::new();
    for batch in ids.chunks(crate::BATCH) {
        let mut text = select(" WHERE db.id IN ");
        text.push_list(batch);
        read(conn, text, &mut found).await?;
    }
    with_labels(conn, found).await
}

/// Every database of an instance, deleted ones too.
pub async fn of_instance(conn: &mut Conn, instance: &str) -> Result<Vec<Database>> {
    let mut found = Vec::new();
    let mut text = select(" WHERE db.instance = ");
    text.push_bind(instance);
    read(conn, text, &mut found).await?;
    with_labels(conn, found).await
}

pub async fn list(conn: &mut Conn, args: &List) -> Result<Page<Database>> {
    let page = page::fetch_page(conn, &LIST, args, database).await?;
    Ok(Page { items: with_labels(conn, page.items).await?, next: page.next })
}

pub async fn count(conn: &mut Conn, filter: &Filter) -> Result<i64> {
    page::count(conn, &LIST, filter).await
}

pub async fn insert(conn: &mut Conn, row: &mut Database) -> Result<()> {
    insert_many(conn, std::slice::from_mut(row)).await
}

/// Inserts what a sync found new.
pub async fn insert_many(conn: &mut Conn, rows: &mut [Database]) -> Result<()> {
    for batch in rows.chunks_mut(crate::BATCH) {
        let mut text = sql(
            "INSERT INTO db (id, instance, name, search, project, environment, state, sync_status, sync_error, synced_at,
            schema_sha256, size_bytes, table_count, payload, version, created_at, updated_at) VALUES ",
        );
        for (i, row) in batch.iter().enumerate() {
            let schema = row.schema_sha256.clone().unwrap_or_default();
            text.push(if i > 0 { ", (" } else { "(" });
            text.push_bind(&row.id).push(", ").push_bind(&row.instance).push(", ");
            text.push_bind(&row.name).push(", ").push_bind(row.name.to_lowercase()).push(", ");
            text.push_bind(&row.project).push(", ");
            text.push_bind(or_empty(row.environment.as_ref())).push(", ");
            text.push_bind(word(row.state)?).push(", ");
            text.push_bind(word(row.sync_status)?).push(", ");
            text.push_bind(&row.sync_error).push(", ").push_bind(row.synced_at).push(", ");
            text.push_bind(schema).push(", ").push_bind(row.size_bytes).push(", ");
            text.push_bind(row.table_count).push(", ");
            text.push_bind(encode(&row.payload)?).push(", 1, ");
            text.push_bind(row.created_at).push(", ").push_bind(row.updated_at).push(")");
        }
        let what = if let [one] = &*batch { name(one) } else { "a database".to_owned() };
        conn.run(text).await.map_err(|e| e.about(what))?;
        for row in batch {
            row.version = 1;
            if !row.labels.is_empty() {
                labels::replace(conn, &name(row), &row.labels).await?;
            }
        }
    }
    Ok(())
}

/// Writes what people set: project, environment, state, labels. What a sync found stays.
pub async fn update(conn: &mut Conn, row: &mut Database, now: Time) -> Result<()> {
    let text = "UPDATE db SET project = $3, environment = $4, state = $5, updated_at = $6, version = version + 1
        WHERE id = $1 AND version = $2";
    let update = sql(text)
        .bind(&row.id)
        .bind(row.version)
        .bind(&row.project)
        .bind(or_empty(row.environment.as_ref()))
        .bind(word(row.state)?)
        .bind(now);
    let changed = conn.run(update).await.map_err(|e| e.about(name(row)))?;
    changed_one(changed, || name(row))?;
    (row.version, row.updated_at) = (row.version + 1, now);
    labels::replace(conn, &name(row), &row.labels).await
}

/// Marks databases as gone or back, after a sync of their instance. Their versions count up.
pub async fn set_state(conn: &mut Conn, ids: &[String], state: State, now: Time) -> Result<()> {
    for batch in ids.chunks(crate::BATCH) {
        let mut text =
            sql("UPDATE db SET version = version + 1, state = $1, updated_at = $2 WHERE id IN ")
                .bind(word(state)?)
                .bind(now);
        text.push_list(batch);
        conn.run(text).await?;
    }
    Ok(())
}

/// Writes what a sync found. The version stays: nobody's edit is stale because of a sync. False when the database is gone.
pub async fn record_sync(conn: &mut Conn, id: &str, synced: &Synced) -> Result<bool> {
    if let Some(found) = &synced.found {
        let text = "UPDATE db SET schema_sha256 = $2, size_bytes = $3, table_count = $4, payload = $5, synced_at = $6
            WHERE id = $1";
        let update = sql(text)
            .bind(id)
            .bind(&found.schema_sha256)
            .bind(found.size_bytes)
            .bind(found.table_count)
            .bind(encode(&found.payload)?)
            .bind(synced.at);
        conn.run(update).await?;
    }
    let text = "UPDATE db SET sync_status = $2, sync_error = $3 WHERE id = $1";
    let update = sql(text).bind(id).bind(word(synced.status)?).bind(&synced.error);
    Ok(conn.run(update).await? > 0)
}

/// Puts databases into the queue of syncs: RUNNING until the outcome is recorded. What was found last stays.
pub async fn request_sync(conn: &mut Conn, ids: &[String]) -> Result<()> {
    for batch in ids.chunks(crate::BATCH) {
        let mut text =
            sql("UPDATE db SET sync_status = $1 WHERE id IN ").bind(word(SyncStatus::Running)?);
        text.push_list(batch);
        conn.run(text).await?;
    }
    Ok(())
}

fn name(row: &Database) -> String {
    format!("instances/{}/databases/{}", row.instance, row.name)
}

fn select(condition: &str) -> crate::sql::Sql {
    let mut text = sql("SELECT ");
    text.push(COLUMNS).push(" FROM ").push(FROM).push(condition);
    text
}

/// In the order of (instance, name).
async fn read(conn: &mut Conn, mut text: crate::sql::Sql, into: &mut Vec<Database>) -> Result<()> {
    let by_bytes = conn.words().by_bytes;
    text.push(&format!(" ORDER BY db.instance{by_bytes}, db.name{by_bytes}"));
    for row in conn.all(text).await? {
        into.push(database(&row)?);
    }
    Ok(())
}

async fn with_labels(conn: &mut Conn, mut rows: Vec<Database>) -> Result<Vec<Database>> {
    let owners: Vec<String> = rows.iter().map(name).collect();
    let mut found = labels::of_many(conn, &owners).await?;
    for (row, owner) in rows.iter_mut().zip(&owners) {
        row.labels = found.remove(owner).unwrap_or_default();
    }
    Ok(rows)
}

fn database(row: &Row) -> Result<Database> {
    let (instance, name) = (row.text("instance")?, row.text("name")?);
    let what = format!("instances/{instance}/databases/{name}");
    Ok(Database {
        id: row.text("id")?,
        project: row.text("project")?,
        environment: row.non_empty("environment")?,
        effective_environment: row.non_empty("effective_environment")?,
        state: from_word(&what, &row.text("state")?)?,
        sync_status: from_word(&what, &row.text("sync_status")?)?,
        sync_error: row.text("sync_error")?,
        synced_at: row.opt_time("synced_at")?,
        schema_sha256: row.non_empty("schema_sha256")?,
        size_bytes: row.int("size_bytes")?,
        table_count: row.int("table_count")?,
        labels: Default::default(),
        payload: decode(&what, &row.text("payload")?)?,
        version: row.int("version")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        instance,
        name,
    })
}
