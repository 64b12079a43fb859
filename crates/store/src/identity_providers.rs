//! Identity providers.

use base::Time;

use crate::changed_one;
use crate::db::{Conn, Row};
use crate::error::Result;
use crate::payload::{decode, encode};
use crate::rows::IdentityProvider;
use crate::sql::sql;

pub async fn get(conn: &mut Conn, id: &str) -> Result<Option<IdentityProvider>> {
    let text = sql("SELECT * FROM identity_provider WHERE id = $1").bind(id);
    conn.optional(text).await?.as_ref().map(provider).transpose()
}

/// Every provider, by id: there are few.
pub async fn all(conn: &mut Conn) -> Result<Vec<IdentityProvider>> {
    let rows = conn.all(sql("SELECT * FROM identity_provider ORDER BY id")).await?;
    rows.iter().map(provider).collect()
}

pub async fn insert(conn: &mut Conn, row: &mut IdentityProvider) -> Result<()> {
    let text = "INSERT INTO identity_provider (id, title, payload, version, created_at, updated_at)
        VALUES ($1, $2, $3, 1, $4, $5)";
    let insert = sql(text)
        .bind(&row.id)
        .bind(&row.title)
        .bind(encode(&row.payload)?)
        .bind(row.created_at)
        .bind(row.updated_at);
    conn.run(insert).await.map_err(|e| e.about(name(&row.id)))?;
    row.version = 1;
    Ok(())
}

pub async fn update(conn: &mut Conn, row: &mut IdentityProvider, now: Time) -> Result<()> {
    let text = "UPDATE identity_provider SET title = $3, payload = $4, updated_at = $5, version = version + 1
        WHERE id = $1 AND version = $2";
    let update = sql(text)
        .bind(&row.id)
        .bind(row.version)
        .bind(&row.title)
        .bind(encode(&row.payload)?)
        .bind(now);
    changed_one(conn.run(update).await?, || name(&row.id))?;
    (row.version, row.updated_at) = (row.version + 1, now);
    Ok(())
}

/// For good. False when there is no such provider.
pub async fn delete(conn: &mut Conn, id: &str) -> Result<bool> {
    Ok(conn.run(sql("DELETE FROM identity_provider WHERE id = $1").bind(id)).await? > 0)
}

fn name(id: &str) -> String {
    format!("idps/{id}")
}

fn provider(row: &Row) -> Result<IdentityProvider> {
    let id = row.text("id")?;
    Ok(IdentityProvider {
        title: row.text("title")?,
        payload: decode(&name(&id), &row.text("payload")?)?,
        version: row.int("version")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        id,
    })
}
