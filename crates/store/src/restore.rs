//! Puts a backup into a new, empty store: all of it, checked, or nothing.

use std::collections::BTreeMap;
use std::path::Path;

use crate::archive::{self, Item, Reader, Sum, Summing};
use crate::backup::{self, Summary, TABLES, select};
use crate::db::{Conn, Db, Options, SCHEMA_VERSION};
use crate::error::{Result, StoreError};
use crate::key::{Key, KeySource};
use crate::sql::{Value, sql};

/// Values a statement: below what either backend binds.
const VALUES: usize = 10_000;
/// Bytes a statement, as far as rows allow.
const BYTES: usize = 4 * 1024 * 1024;

/// Restores `path` into the store that `options` names, which must be new or empty, and gives it open and migrated to this
/// build's version.
///
/// The key must be there already, in its file or given: without the right one ([`StoreError::NoKey`],
/// [`StoreError::WrongKey`]) nothing is touched. The file is checked before, the rows after writing, within one transaction.
pub async fn restore(path: &Path, options: Options) -> Result<(Db, Summary)> {
    let summary = backup::verify(path)?;
    if summary.schema_version > SCHEMA_VERSION {
        return Err(StoreError::Newer { found: summary.schema_version, known: SCHEMA_VERSION });
    }
    check_key(&options, &summary.key_fingerprint)?;
    let db = Db::open(options.clone().at_version(summary.schema_version)).await?;
    let filled = fill(&db, path).await;
    if filled.is_err() || summary.schema_version < SCHEMA_VERSION {
        db.close().await;
    }
    filled?;
    if summary.schema_version == SCHEMA_VERSION {
        return Ok((db, summary));
    }
    drop(db);
    Ok((Db::open(options).await?, summary))
}

fn check_key(options: &Options, fingerprint: &str) -> Result<()> {
    let key = match &options.key {
        KeySource::Given(key) => key.clone(),
        KeySource::File(path) => Key::read(path)?.ok_or_else(|| StoreError::NoKey {
            path: path.clone(),
            stored: fingerprint.to_owned(),
        })?,
    };
    if key.fingerprint() == fingerprint {
        return Ok(());
    }
    Err(StoreError::WrongKey { stored: fingerprint.to_owned(), given: key.fingerprint() })
}

async fn fill(db: &Db, path: &Path) -> Result<()> {
    let mut tx = db.begin().await?;
    for table in TABLES.iter().filter(|t| **t != "meta") {
        let mut text = sql("SELECT count(*) AS n FROM ");
        text.push(table);
        if tx.one(text).await?.int("n")? > 0 {
            return Err(StoreError::NotEmpty((*table).to_owned()));
        }
    }
    // A new store has said its first facts there.
    tx.run(sql("DELETE FROM meta")).await?;
    let expected = load(&mut tx, path).await?;
    for (table, sum) in &expected {
        if written(&mut tx, table).await? != *sum {
            let why = format!("table {table} differs after writing");
            return Err(StoreError::BadBackup { path: path.to_owned(), why });
        }
    }
    let reset = tx.words().reset_identity;
    if !reset.is_empty() {
        tx.run(sql(reset)).await?;
    }
    tx.commit().await
}

async fn load(conn: &mut Conn, path: &Path) -> Result<BTreeMap<String, Sum>> {
    let mut reader = Reader::open(path)?;
    let mut batch = Batch::default();
    loop {
        match reader.next()? {
            Item::Table(table, columns) => {
                batch.write(conn).await?;
                if !TABLES.contains(&table.as_str()) || !columns.iter().all(|c| is_name(c)) {
                    let why = format!("table {table} is not one of a store");
                    return Err(StoreError::BadBackup { path: path.to_owned(), why });
                }
                batch = Batch { table, columns, ..Batch::default() };
            }
            Item::Row(row) => {
                batch.bytes += row.iter().map(size).sum::<usize>();
                batch.values += row.len();
                batch.rows.push(row);
                if batch.bytes >= BYTES || batch.values >= VALUES {
                    batch.write(conn).await?;
                }
            }
            Item::End(sums) => {
                batch.write(conn).await?;
                return Ok(sums);
            }
        }
    }
}

/// Rows of one table for one statement.
#[derive(Default)]
struct Batch {
    table: String,
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
    bytes: usize,
    values: usize,
}

impl Batch {
    async fn write(&mut self, conn: &mut Conn) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let mut text = sql("INSERT INTO ");
        text.push(&self.table).push(" (").push(&self.columns.join(", ")).push(")");
        if self.table == "event" {
            text.push(conn.words().overriding);
        }
        text.push(" VALUES ");
        for (i, row) in self.rows.drain(..).enumerate() {
            text.push(if i > 0 { ", " } else { "" }).push_list(row);
        }
        (self.bytes, self.values) = (0, 0);
        conn.run(text).await?;
        Ok(())
    }
}

async fn written(conn: &mut Conn, table: &str) -> Result<Sum> {
    let mut summing = Summing::default();
    conn.each(select(table), |row| {
        summing.add(&archive::line_of(&row)?);
        Ok(())
    })
    .await?;
    Ok(summing.finish())
}

fn size(value: &Value) -> usize {
    match value {
        Value::Int(_) => 8,
        Value::Text(v) => v.as_ref().map_or(0, String::len),
        Value::Bytes(v) => v.as_ref().map_or(0, Vec::len),
    }
}

/// Column names come from the file: they must be names and nothing else.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}
