//! Changelogs of databases. The schemas before and after are blobs.

use base::page::Page;

use crate::db::{Conn, Row};
use crate::error::Result;
use crate::filter::Field;
use crate::page::{List, ListSpec, fetch_page};
use crate::payload;
use crate::rows::{Changelog, ChangelogKind, ChangelogStatus};
use crate::sql::sql;

pub const DATABASE: Field = Field::text("database", "changelog.database_id");
pub const ID: Field = Field::text("id", "changelog.id");
pub const STATUS: Field = Field::text("status", "changelog.status");
pub const CREATED: Field = Field::time("create_time", "changelog.created_at");

pub const FIELDS: &[Field] = &[STATUS, CREATED];

const LIST: ListSpec = ListSpec {
    id: "changelogs",
    columns: "changelog.*",
    from: "changelog",
    key: &[ID],
    descending: true,
};

pub async fn insert(conn: &mut Conn, c: &Changelog) -> Result<()> {
    let text = "INSERT INTO changelog (id, database_id, kind, status, creator, project, plan, task_run, plan_title,
        statement_sha256, before_sha256, after_sha256, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    let text = sql(text)
        .bind(&c.id)
        .bind(&c.database_id)
        .bind(payload::word(c.kind)?)
        .bind(payload::word(c.status)?)
        .bind(&c.creator)
        .bind(&c.project)
        .bind(c.plan)
        .bind(&c.task_run)
        .bind(&c.plan_title)
        .bind(c.statement_sha256.as_deref().unwrap_or_default())
        .bind(c.before_sha256.as_deref().unwrap_or_default())
        .bind(c.after_sha256.as_deref().unwrap_or_default())
        .bind(c.created_at)
        .bind(c.updated_at);
    conn.run(text).await?;
    Ok(())
}

/// Writes the end of a change: status and the schema after.
pub async fn finish(conn: &mut Conn, c: &Changelog) -> Result<()> {
    let text = "UPDATE changelog SET status = $1, after_sha256 = $2, updated_at = $3 WHERE id = $4";
    let text = sql(text)
        .bind(payload::word(c.status)?)
        .bind(c.after_sha256.as_deref().unwrap_or_default())
        .bind(c.updated_at)
        .bind(&c.id);
    conn.run(text).await?;
    Ok(())
}

pub async fn get(conn: &mut Conn, id: &str) -> Result<Option<Changelog>> {
    conn.optional(sql("SELECT * FROM changelog WHERE id = $1").bind(id))
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// The first changelog of a database.
pub async fn first(conn: &mut Conn, database_id: &str) -> Result<Option<Changelog>> {
    let text = "SELECT * FROM changelog WHERE database_id = $1 ORDER BY id LIMIT 1";
    conn.optional(sql(text).bind(database_id)).await?.as_ref().map(read).transpose()
}

/// Newest first.
pub async fn list(conn: &mut Conn, args: &List) -> Result<Page<Changelog>> {
    fetch_page(conn, &LIST, args, read).await
}

/// Ends the changelogs of a run that nobody holds any more: they stayed PENDING.
pub async fn fail_pending(conn: &mut Conn, task_run: &str, now: base::Time) -> Result<u64> {
    let text = "UPDATE changelog SET status = 'FAILED', updated_at = $1 WHERE task_run = $2 AND status = 'PENDING'";
    conn.run(sql(text).bind(now).bind(task_run)).await
}

fn read(row: &Row) -> Result<Changelog> {
    let id = row.text("id")?;
    let what = format!("changelog {id}");
    Ok(Changelog {
        database_id: row.text("database_id")?,
        kind: payload::from_word::<ChangelogKind>(&what, &row.text("kind")?)?,
        status: payload::from_word::<ChangelogStatus>(&what, &row.text("status")?)?,
        creator: row.text("creator")?,
        project: row.text("project")?,
        plan: row.opt_int("plan")?,
        task_run: row.text("task_run")?,
        plan_title: row.text("plan_title")?,
        statement_sha256: row.non_empty("statement_sha256")?,
        before_sha256: row.non_empty("before_sha256")?,
        after_sha256: row.non_empty("after_sha256")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        id,
    })
}
