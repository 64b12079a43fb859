//! Revisions: versions that were applied to a database. A deleted one stays, marked, and its version may be applied again.

use std::collections::HashMap;

use base::Time;
use base::page::Page;

use crate::db::{Conn, Row};
use crate::error::{Result, StoreError};
use crate::filter::{Field, Filter};
use crate::page::{self, List, ListSpec};
use crate::payload::{from_word, word};
use crate::rows::{InForce, Revision, RevisionKind};
use crate::sql::sql;

/// Id of the database, not its name.
pub const DATABASE: Field = Field::text("database", "revision.database_id");
pub const KIND: Field = Field::text("type", "revision.kind");
pub const VERSION: Field = Field::text("version", "revision.version");
pub const DELETED: Field =
    Field::bool("deleted", "CASE WHEN revision.deleted_at IS NULL THEN 0 ELSE 1 END");
pub const CREATED: Field = Field::time("create_time", "revision.created_at");
pub const FILE: Field = Field::text("file", "revision.file");
pub const STREAM: Field = Field::text("stream", "revision.stream");
pub const RELEASE: Field = Field::text("release", "revision.release_name");
pub const FIELDS: &[Field] = &[DATABASE, KIND, VERSION, DELETED, CREATED, FILE, STREAM, RELEASE];

const VERSION_KEY: Field = Field::text("version", "revision.version_key");
const ID: Field = Field::text("id", "revision.id");

/// Highest version first within a database.
const LIST: ListSpec = ListSpec {
    id: "revisions",
    columns: "revision.*",
    from: "revision",
    key: &[DATABASE, VERSION_KEY, ID],
    descending: true,
};

pub async fn get(conn: &mut Conn, id: &str) -> Result<Option<Revision>> {
    let row = conn.optional(sql("SELECT * FROM revision WHERE id = $1").bind(id)).await?;
    row.as_ref().map(revision).transpose()
}

pub async fn list(conn: &mut Conn, args: &List) -> Result<Page<Revision>> {
    page::fetch_page(conn, &LIST, args, revision).await
}

/// What is in force of one kind, of all streams, lowest version first, by the id of the database. Databases without any are absent.
///
/// One row a database, as text: thousands of versions for hundreds of databases are read much faster so than row by row. Ids, digests,
/// versions and streams have neither line breaks nor tabs.
pub async fn in_force(
    conn: &mut Conn,
    database_ids: &[&str],
    kind: RevisionKind,
) -> Result<HashMap<String, Vec<InForce>>> {
    let mut found: HashMap<String, Vec<InForce>> = HashMap::new();
    for batch in database_ids.chunks(crate::BATCH) {
        let mut text = sql(
            "SELECT database_id, string_agg(id || '\t' || sheet_sha256 || '\t' || version || '\t' || stream, '\n' \
             ORDER BY version_key, id) AS versions FROM revision WHERE kind = $1 AND deleted_at IS NULL AND database_id IN ",
        )
        .bind(word(kind)?);
        text.push_list(batch.iter().copied());
        text.push(" GROUP BY database_id");
        for row in conn.all(text).await? {
            let id = row.text("database_id")?;
            let versions = row.text("versions")?;
            let all = versions.split('\n').map(|line| in_force_of(&id, line));
            found.insert(id.clone(), all.collect::<Result<_>>()?);
        }
    }
    Ok(found)
}

fn in_force_of(database_id: &str, line: &str) -> Result<InForce> {
    let mut parts = line.splitn(4, '\t').map(str::to_owned);
    let mut next = || {
        let what = format!("what is in force on database {database_id}");
        parts.next().ok_or_else(|| StoreError::corrupt(what, "a part is missing"))
    };
    Ok(InForce { id: next()?, sheet_sha256: next()?, version: next()?, stream: next()? })
}

pub async fn count(conn: &mut Conn, filter: &Filter) -> Result<i64> {
    page::count(conn, &LIST, filter).await
}

/// [`crate::StoreError::Exists`] when the version is in force on the database in its stream already.
pub async fn insert(conn: &mut Conn, row: &Revision) -> Result<()> {
    let text = "INSERT INTO revision (id, database_id, kind, version, version_key, file, release_name, sheet, sheet_sha256,
        task_run, creator, created_at, deleter, deleted_at, stream, delete_reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    let insert = sql(text)
        .bind(&row.id)
        .bind(&row.database_id)
        .bind(word(row.kind)?)
        .bind(&row.version)
        .bind(version_key(&row.version))
        .bind(&row.file)
        .bind(&row.release)
        .bind(&row.sheet)
        .bind(&row.sheet_sha256)
        .bind(&row.task_run)
        .bind(&row.creator)
        .bind(row.created_at)
        .bind(&row.deleter)
        .bind(row.deleted_at)
        .bind(&row.stream)
        .bind(&row.delete_reason);
    let inserted = conn.run(insert).await;
    inserted.map_err(|e| e.about(format!("version {} of the database", row.version)))?;
    Ok(())
}

/// Who took a revision back, when and why.
#[derive(Debug, Clone, Copy)]
pub struct TakenBack<'a> {
    pub by: &'a str,
    pub at: Time,
    /// Empty when nobody said.
    pub reason: &'a str,
}

/// Marks as deleted. False when it is, or does not exist.
pub async fn delete(conn: &mut Conn, id: &str, how: TakenBack<'_>) -> Result<bool> {
    let text = "UPDATE revision SET deleter = $2, deleted_at = $3, delete_reason = $4 \
        WHERE id = $1 AND deleted_at IS NULL";
    let update = sql(text).bind(id).bind(how.by).bind(how.at).bind(how.reason);
    Ok(conn.run(update).await? > 0)
}

/// Text that sorts as the version does: dotted numbers one by one, a prefix before what it begins. Parts that are no
/// numbers sort after those that are.
fn version_key(version: &str) -> String {
    let part = |part: &str| match part.parse::<u64>() {
        Ok(number) => format!("{number:020}"),
        Err(_) => format!("~{part}"),
    };
    version.split('.').map(part).collect::<Vec<_>>().join(".")
}

fn revision(row: &Row) -> Result<Revision> {
    let id = row.text("id")?;
    Ok(Revision {
        database_id: row.text("database_id")?,
        kind: from_word(&format!("revision {id}"), &row.text("kind")?)?,
        stream: row.text("stream")?,
        version: row.text("version")?,
        file: row.text("file")?,
        release: row.text("release_name")?,
        sheet: row.text("sheet")?,
        sheet_sha256: row.text("sheet_sha256")?,
        task_run: row.text("task_run")?,
        creator: row.text("creator")?,
        created_at: row.time("created_at")?,
        deleter: row.text("deleter")?,
        deleted_at: row.opt_time("deleted_at")?,
        delete_reason: row.text("delete_reason")?,
        id,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_as_numbers_do() {
        let mut versions = ["10", "2", "1.10", "1.2", "1.2.0", "1", "2.0-rc"];
        versions.sort_by_key(|v| version_key(v));
        assert_eq!(versions, ["1", "1.2", "1.2.0", "1.10", "2", "2.0-rc", "10"]);
    }
}
