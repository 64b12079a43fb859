//! Configurations of SQL review, and what they are attached to.

use std::collections::HashMap;

use base::Time;

use crate::changed_one;
use crate::db::{Conn, Row};
use crate::error::Result;
use crate::payload::{decode, encode};
use crate::rows::ReviewConfig;
use crate::sql::{Sql, sql};

pub async fn get(conn: &mut Conn, id: &str) -> Result<Option<ReviewConfig>> {
    one(conn, sql("SELECT * FROM review_config WHERE id = $1").bind(id)).await
}

/// The configuration that is attached to `environments/{environment}` or `projects/{project}`.
pub async fn of_resource(conn: &mut Conn, resource: &str) -> Result<Option<ReviewConfig>> {
    let text = "SELECT review_config.* FROM review_config
        JOIN review_attachment ON review_attachment.review_config = review_config.id
        WHERE review_attachment.resource = $1";
    one(conn, sql(text).bind(resource)).await
}

/// Every configuration, by id: there are few.
pub async fn all(conn: &mut Conn) -> Result<Vec<ReviewConfig>> {
    let rows = conn.all(sql("SELECT * FROM review_config ORDER BY id")).await?;
    let attached = conn.all(sql("SELECT * FROM review_attachment ORDER BY resource")).await?;
    let mut resources: HashMap<String, Vec<String>> = HashMap::new();
    for row in attached {
        resources.entry(row.text("review_config")?).or_default().push(row.text("resource")?);
    }
    let with_resources = |row: &Row| {
        let mut found = config(row)?;
        found.resources = resources.remove(&found.id).unwrap_or_default();
        Ok(found)
    };
    rows.iter().map(with_resources).collect()
}

/// With its resources, to which nothing else may be attached.
pub async fn insert(conn: &mut Conn, row: &mut ReviewConfig) -> Result<()> {
    let text = "INSERT INTO review_config (id, title, payload, version, created_at, updated_at)
        VALUES ($1, $2, $3, 1, $4, $5)";
    let insert = sql(text)
        .bind(&row.id)
        .bind(&row.title)
        .bind(encode(&row.payload)?)
        .bind(row.created_at)
        .bind(row.updated_at);
    conn.run(insert).await.map_err(|e| e.about(name(&row.id)))?;
    row.version = 1;
    attach(conn, row).await
}

/// With its resources: those that it does not name any more are free again.
pub async fn update(conn: &mut Conn, row: &mut ReviewConfig, now: Time) -> Result<()> {
    let text =
        "UPDATE review_config SET title = $3, payload = $4, updated_at = $5, version = version + 1
        WHERE id = $1 AND version = $2";
    let update = sql(text)
        .bind(&row.id)
        .bind(row.version)
        .bind(&row.title)
        .bind(encode(&row.payload)?)
        .bind(now);
    changed_one(conn.run(update).await?, || name(&row.id))?;
    (row.version, row.updated_at) = (row.version + 1, now);
    free(conn, &row.id).await?;
    attach(conn, row).await
}

/// For good, with its attachments. False when there is no such configuration.
pub async fn delete(conn: &mut Conn, id: &str) -> Result<bool> {
    free(conn, id).await?;
    Ok(conn.run(sql("DELETE FROM review_config WHERE id = $1").bind(id)).await? > 0)
}

/// Takes whatever is attached to a resource away from it: the resource is about to go.
pub async fn detach(conn: &mut Conn, resource: &str) -> Result<()> {
    conn.run(sql("DELETE FROM review_attachment WHERE resource = $1").bind(resource)).await?;
    Ok(())
}

async fn free(conn: &mut Conn, id: &str) -> Result<()> {
    conn.run(sql("DELETE FROM review_attachment WHERE review_config = $1").bind(id)).await?;
    Ok(())
}

async fn attach(conn: &mut Conn, row: &mut ReviewConfig) -> Result<()> {
    row.resources.sort();
    for resource in &row.resources {
        let text = "INSERT INTO review_attachment (resource, review_config) VALUES ($1, $2)";
        let insert = conn.run(sql(text).bind(resource).bind(&row.id)).await;
        insert.map_err(|e| e.about(resource.clone()))?;
    }
    Ok(())
}

async fn one(conn: &mut Conn, select: Sql) -> Result<Option<ReviewConfig>> {
    let Some(row) = conn.optional(select).await? else { return Ok(None) };
    let mut found = config(&row)?;
    let text = "SELECT resource FROM review_attachment WHERE review_config = $1 ORDER BY resource";
    for row in conn.all(sql(text).bind(&found.id)).await? {
        found.resources.push(row.text("resource")?);
    }
    Ok(Some(found))
}

fn name(id: &str) -> String {
    format!("reviewConfigs/{id}")
}

fn config(row: &Row) -> Result<ReviewConfig> {
    let id = row.text("id")?;
    Ok(ReviewConfig {
        title: row.text("title")?,
        payload: decode(&name(&id), &row.text("payload")?)?,
        resources: Vec::new(),
        version: row.int("version")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        id,
    })
}
