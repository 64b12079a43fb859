//! Roles of the workspace's own. The predefined ones are code: `policy::role`.

use base::Time;
use base::page::Page;

use crate::changed_one;
use crate::db::{Conn, Row, Topic};
use crate::error::{Result, StoreError};
use crate::filter::Field;
use crate::page::{self, List, ListSpec};
use crate::rows::Role;
use crate::sql::sql;

pub const ID: Field = Field::text("resource_id", "role.id");
pub const FIELDS: &[Field] = &[ID];

const LIST: ListSpec =
    ListSpec { id: "roles", columns: "role.*", from: "role", key: &[ID], descending: false };

pub async fn get(conn: &mut Conn, id: &str) -> Result<Option<Role>> {
    let row = conn.optional(sql("SELECT * FROM role WHERE id = $1").bind(id)).await?;
    row.as_ref().map(role).transpose()
}

pub async fn list(conn: &mut Conn, args: &List) -> Result<Page<Role>> {
    page::fetch_page(conn, &LIST, args, role).await
}

pub async fn insert(conn: &mut Conn, row: &mut Role) -> Result<()> {
    let text =
        "INSERT INTO role (id, title, description, permissions, version, created_at, updated_at)
        VALUES ($1, $2, $3, $4, 1, $5, $6)";
    let insert = sql(text)
        .bind(&row.id)
        .bind(&row.title)
        .bind(&row.description)
        .bind(permissions(row)?)
        .bind(row.created_at)
        .bind(row.updated_at);
    conn.run(insert).await.map_err(|e| e.about(name(&row.id)))?;
    row.version = 1;
    conn.wake(Topic::Access, &name(&row.id)).await
}

pub async fn update(conn: &mut Conn, row: &mut Role, now: Time) -> Result<()> {
    let text = "UPDATE role SET title = $3, description = $4, permissions = $5, updated_at = $6, version = version + 1
        WHERE id = $1 AND version = $2";
    let update = sql(text)
        .bind(&row.id)
        .bind(row.version)
        .bind(&row.title)
        .bind(&row.description)
        .bind(permissions(row)?)
        .bind(now);
    changed_one(conn.run(update).await?, || name(&row.id))?;
    (row.version, row.updated_at) = (row.version + 1, now);
    conn.wake(Topic::Access, &name(&row.id)).await
}

/// For good. False when there is no such role. Bindings to it are the caller's to look at.
pub async fn delete(conn: &mut Conn, id: &str) -> Result<bool> {
    let deleted = conn.run(sql("DELETE FROM role WHERE id = $1").bind(id)).await?;
    conn.wake(Topic::Access, &name(id)).await?;
    Ok(deleted > 0)
}

fn name(id: &str) -> String {
    format!("roles/{id}")
}

fn permissions(row: &Role) -> Result<String> {
    serde_json::to_string(&row.permissions).map_err(|e| StoreError::Mistake(e.to_string()))
}

fn role(row: &Row) -> Result<Role> {
    let id = row.text("id")?;
    let permissions = serde_json::from_str(&row.text("permissions")?);
    Ok(Role {
        title: row.text("title")?,
        description: row.text("description")?,
        permissions: permissions.map_err(|e| StoreError::corrupt(name(&id), e))?,
        version: row.int("version")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        id,
    })
}
