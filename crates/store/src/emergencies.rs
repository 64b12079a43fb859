//! Emergency runs and their reviews.

use base::Time;
use base::page::Page;

use crate::changed_one;
use crate::db::{Conn, Row};
use crate::error::Result;
use crate::filter::Field;
use crate::page::{self, List, ListSpec};
use crate::payload::{decode, encode};
use crate::rows::Emergency;
use crate::sql::sql;

pub const PROJECT: Field = Field::text("project", "emergency.project");
pub const PLAN: Field = Field::int("plan", "emergency.plan");
/// UUIDv7: the order of time.
pub const ID: Field = Field::text("id", "emergency.id");
pub const REVIEWED: Field =
    Field::bool("reviewed", "(CASE WHEN emergency.reviewed_at IS NULL THEN 0 ELSE 1 END)");
pub const FIELDS: &[Field] = &[PROJECT, PLAN, ID, REVIEWED];

/// Newest first.
const LIST: ListSpec = ListSpec {
    id: "emergencies",
    columns: "emergency.*",
    from: "emergency",
    key: &[ID, PROJECT],
    descending: true,
};

pub fn name(project: &str, id: &str) -> String {
    format!("projects/{project}/emergencies/{id}")
}

pub async fn get(conn: &mut Conn, project: &str, id: &str) -> Result<Option<Emergency>> {
    let text = "SELECT * FROM emergency WHERE project = $1 AND id = $2";
    conn.optional(sql(text).bind(project).bind(id)).await?.as_ref().map(read).transpose()
}

pub async fn list(conn: &mut Conn, args: &List) -> Result<Page<Emergency>> {
    page::fetch_page(conn, &LIST, args, read).await
}

/// Those whose review is due since `now` and not done. Few: they are in the way of people.
pub async fn overdue(conn: &mut Conn, now: Time) -> Result<Vec<Emergency>> {
    let mut text = sql("SELECT * FROM emergency WHERE reviewed_at IS NULL AND due_at <= ");
    text.push_bind(now);
    text.push(" ORDER BY due_at, project").push(conn.words().by_bytes).push(", id");
    conn.all(text).await?.iter().map(read).collect()
}

pub async fn insert(conn: &mut Conn, row: &mut Emergency) -> Result<()> {
    let text = "INSERT INTO emergency (project, id, plan, creator, due_at, payload, version, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7)";
    let insert = sql(text)
        .bind(&row.project)
        .bind(&row.id)
        .bind(row.plan)
        .bind(&row.creator)
        .bind(row.due_at)
        .bind(encode(&row.payload)?)
        .bind(row.created_at);
    conn.run(insert).await.map_err(|e| e.about(name(&row.project, &row.id)))?;
    row.version = 1;
    Ok(())
}

/// Writes its review. [`crate::StoreError::Stale`] when somebody was faster.
pub async fn update(conn: &mut Conn, row: &mut Emergency, now: Time) -> Result<()> {
    let text = "UPDATE emergency SET reviewed_at = $4, payload = $5, updated_at = $6, version = version + 1
        WHERE project = $1 AND id = $2 AND version = $3";
    let update = sql(text)
        .bind(&row.project)
        .bind(&row.id)
        .bind(row.version)
        .bind(row.reviewed_at)
        .bind(encode(&row.payload)?)
        .bind(now);
    changed_one(conn.run(update).await?, || name(&row.project, &row.id))?;
    (row.version, row.updated_at) = (row.version + 1, now);
    Ok(())
}

fn read(row: &Row) -> Result<Emergency> {
    let (project, id) = (row.text("project")?, row.text("id")?);
    Ok(Emergency {
        plan: row.int("plan")?,
        creator: row.text("creator")?,
        due_at: row.time("due_at")?,
        reviewed_at: row.opt_time("reviewed_at")?,
        payload: decode(&name(&project, &id), &row.text("payload")?)?,
        version: row.int("version")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        project,
        id,
    })
}
