//! The synced catalog of a database: one row an object, of which a sync writes only those that changed.
//!
//! Estimates of rows and sizes stand in columns of their own and are left out of hash and body: they change all the time
//! and are no change of the schema.

use std::collections::HashMap;

use base::id::sha256_hex;
use schema::{Object, ObjectKind, Placed, TableStats};

use crate::blobs::off_thread;
use crate::db::{Conn, Row};
use crate::error::{Result, StoreError};
use crate::payload::{from_word, word};
use crate::sql::sql;

const LEVEL: i32 = 1;
/// Rows a statement: nine values each stay far below what either backend binds.
const BATCH: usize = 250;

/// Objects hashed and compressed, ready to write.
#[derive(Debug, Clone)]
pub struct Prepared {
    rows: Vec<Encoded>,
}

#[derive(Debug, Clone)]
struct Encoded {
    key: Key,
    hash: String,
    stats: TableStats,
    body: Vec<u8>,
}

/// (kind, schema, name)
type Key = (String, String, String);

/// What a sync changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Changed {
    /// Objects written because they are new, or differ.
    pub written: usize,
    /// Objects whose estimates alone moved.
    pub estimates: usize,
    pub removed: usize,
}

/// Does the work that needs no database, off the async threads: before the transaction.
pub async fn prepare(objects: Vec<Placed>) -> Result<Prepared> {
    // Small catalogs are done at once; an object is about 1 KiB.
    off_thread(objects.len() * 1024, move || {
        let mut compressor = zstd::bulk::Compressor::new(LEVEL).map_err(zstd_failed)?;
        let rows =
            objects.into_iter().map(|o| encode(o, &mut compressor)).collect::<Result<_>>()?;
        Ok(Prepared { rows })
    })
    .await
}

/// Makes `objects` the catalog of the database.
pub async fn replace(conn: &mut Conn, database_id: &str, objects: Vec<Placed>) -> Result<Changed> {
    let prepared = prepare(objects).await?;
    replace_prepared(conn, database_id, prepared).await
}

/// As [`replace`], for what was prepared before the transaction.
pub async fn replace_prepared(
    conn: &mut Conn,
    database_id: &str,
    prepared: Prepared,
) -> Result<Changed> {
    let mut stored = stored(conn, database_id).await?;
    let (mut changed, mut write) = (Changed::default(), Vec::new());
    for row in prepared.rows {
        match stored.remove(&row.key) {
            Some((hash, stats)) if hash == row.hash && stats == row.stats => {}
            Some((hash, _)) if hash == row.hash => {
                changed.estimates += 1;
                write.push(row);
            }
            _ => {
                changed.written += 1;
                write.push(row);
            }
        }
    }
    changed.removed = stored.len();
    let gone: Vec<Key> = stored.into_keys().collect();
    for batch in gone.chunks(BATCH) {
        let mut text = sql("DELETE FROM catalog_object WHERE database_id = ");
        text.push_bind(database_id).push(" AND (kind, schema_name, name) IN (VALUES ");
        for (i, (kind, schema, name)) in batch.iter().enumerate() {
            text.push(if i > 0 { ", " } else { "" }).push_list([kind, schema, name]);
        }
        text.push(")");
        conn.run(text).await?;
    }
    let mut write = write.into_iter();
    loop {
        let batch: Vec<Encoded> = write.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            return Ok(changed);
        }
        upsert(conn, database_id, batch).await?;
    }
}

/// Every object of a database; empty before its first sync. `schema::Catalog::from_objects` puts them together.
pub async fn objects(conn: &mut Conn, database_id: &str) -> Result<Vec<Placed>> {
    let text = "SELECT * FROM catalog_object WHERE database_id = $1";
    read(conn, sql(text).bind(database_id)).await
}

/// As [`objects`], but of each schema's tables the first by name only: those of a database of thousands take long to unpack.
pub async fn objects_with_first_tables(
    conn: &mut Conn,
    database_id: &str,
    tables: usize,
) -> Result<Vec<Placed>> {
    let mut text = sql("SELECT * FROM catalog_object WHERE database_id = $1 AND (kind <> $2 OR (schema_name, name) IN
        (SELECT schema_name, name FROM (SELECT schema_name, name, ROW_NUMBER() OVER (PARTITION BY schema_name ORDER BY name");
    text = text.bind(database_id).bind(ObjectKind::Table.as_str());
    text.push(conn.words().by_bytes).push(") AS place FROM catalog_object");
    text.push(" WHERE database_id = $1 AND kind = $2) AS named WHERE place <= ");
    text.push_bind(i64::try_from(tables).unwrap_or(i64::MAX)).push("))");
    read(conn, text).await
}

/// One object.
pub async fn object(
    conn: &mut Conn,
    database_id: &str,
    kind: ObjectKind,
    schema: &str,
    name: &str,
) -> Result<Option<Placed>> {
    let text = "SELECT * FROM catalog_object WHERE database_id = $1 AND kind = $2 AND schema_name = $3 AND name = $4";
    let select = sql(text).bind(database_id).bind(kind.as_str()).bind(schema).bind(name);
    Ok(read(conn, select).await?.pop())
}

/// (schema, name, estimated rows) of the tables of which the engine estimates rows, without reading the tables.
pub async fn table_rows(conn: &mut Conn, database_id: &str) -> Result<Vec<(String, String, i64)>> {
    let text = "SELECT schema_name, name, row_estimate FROM catalog_object
        WHERE database_id = $1 AND kind = $2 AND row_estimate >= 0";
    let select = sql(text).bind(database_id).bind(ObjectKind::Table.as_str());
    let row = |r: &Row| Ok((r.text("schema_name")?, r.text("name")?, r.int("row_estimate")?));
    conn.all(select).await?.iter().map(row).collect()
}

/// Hash by (kind, schema, name): to compare catalogs without reading them.
pub async fn hashes(
    conn: &mut Conn,
    database_id: &str,
) -> Result<HashMap<(ObjectKind, String, String), String>> {
    let stored = stored(conn, database_id).await?;
    stored
        .into_iter()
        .map(|((kind, schema, name), (hash, _))| {
            Ok(((from_word("kind of object", &kind)?, schema, name), hash))
        })
        .collect()
}

async fn stored(conn: &mut Conn, database_id: &str) -> Result<HashMap<Key, (String, TableStats)>> {
    let text = "SELECT kind, schema_name, name, hash, row_estimate, data_bytes, index_bytes FROM catalog_object
        WHERE database_id = $1";
    let mut out = HashMap::new();
    conn.each(sql(text).bind(database_id), |row| {
        let key = (row.text("kind")?, row.text("schema_name")?, row.text("name")?);
        out.insert(key, (row.text("hash")?, stats(&row)?));
        Ok(())
    })
    .await?;
    Ok(out)
}

async fn upsert(conn: &mut Conn, database_id: &str, batch: Vec<Encoded>) -> Result<()> {
    let mut text = sql("INSERT INTO catalog_object (database_id, kind, schema_name, name, hash, row_estimate, data_bytes,
        index_bytes, body) VALUES ");
    for (i, row) in batch.into_iter().enumerate() {
        text.push(if i > 0 { ", (" } else { "(" }).push_bind(database_id);
        text.push(", ").push_bind(row.key.0).push(", ").push_bind(row.key.1);
        text.push(", ").push_bind(row.key.2).push(", ").push_bind(row.hash);
        text.push(", ").push_bind(row.stats.rows).push(", ").push_bind(row.stats.data_bytes);
        text.push(", ").push_bind(row.stats.index_bytes).push(", ").push_bind(row.body).push(")");
    }
    text.push(
        " ON CONFLICT (database_id, kind, schema_name, name) DO UPDATE SET hash = excluded.hash, row_estimate = excluded.row_estimate,
        data_bytes = excluded.data_bytes, index_bytes = excluded.index_bytes, body = excluded.body",
    );
    let written = conn.run(text).await;
    written.map_err(|e| e.about(format!("the catalog of database {database_id}")))?;
    Ok(())
}

async fn read(conn: &mut Conn, select: crate::sql::Sql) -> Result<Vec<Placed>> {
    let mut packed = Vec::new();
    conn.each(select, |row| {
        let place = (row.text("schema_name")?, row.text("name")?);
        packed.push((place, stats(&row)?, row.bytes("body")?));
        Ok(())
    })
    .await?;
    off_thread(packed.len() * 1024, move || {
        packed
            .into_iter()
            .map(|((schema, name), stats, body)| decode(schema, name, stats, &body))
            .collect()
    })
    .await
}

fn encode(placed: Placed, compressor: &mut zstd::bulk::Compressor<'_>) -> Result<Encoded> {
    let Placed { schema, name, mut object } = placed;
    let stats = take_stats(&mut object);
    let json = serde_json::to_vec(&object)
        .map_err(|e| StoreError::Mistake(format!("a catalog object as JSON: {e}")))?;
    Ok(Encoded {
        key: (word(object.kind())?, schema, name),
        // The JSON that `Object::hash` makes for itself: the estimates are out already.
        hash: sha256_hex(&json),
        stats,
        body: compressor.compress(&json).map_err(zstd_failed)?,
    })
}

fn decode(schema: String, name: String, stats: TableStats, body: &[u8]) -> Result<Placed> {
    let what = || format!("catalog object {schema}.{name}");
    let json = zstd::decode_all(body).map_err(|e| StoreError::corrupt(what(), e))?;
    let mut object: Object =
        serde_json::from_slice(&json).map_err(|e| StoreError::corrupt(what(), e))?;
    put_stats(&mut object, stats);
    Ok(Placed { schema, name, object })
}

/// Takes out what is no part of the object's identity.
fn take_stats(object: &mut Object) -> TableStats {
    match object {
        Object::Table(table) => std::mem::take(&mut table.stats),
        Object::Database(catalog) => {
            let size = std::mem::take(&mut catalog.size);
            TableStats { data_bytes: size, ..TableStats::default() }
        }
        _ => TableStats::default(),
    }
}

fn put_stats(object: &mut Object, stats: TableStats) {
    match object {
        Object::Table(table) => table.stats = stats,
        Object::Database(catalog) => catalog.size = stats.data_bytes,
        _ => {}
    }
}

fn stats(row: &Row) -> Result<TableStats> {
    Ok(TableStats {
        rows: row.int("row_estimate")?,
        data_bytes: row.int("data_bytes")?,
        index_bytes: row.int("index_bytes")?,
    })
}

fn zstd_failed(e: impl std::fmt::Display) -> StoreError {
    StoreError::Mistake(format!("zstd: {e}"))
}
