//! Policies of the workspace, of environments and of projects.

use base::Time;

use crate::changed_one;
use crate::db::{Conn, Row};
use crate::error::Result;
use crate::payload::{decode, encode};
use crate::rows::OrgPolicy;
use crate::sql::sql;

pub async fn get(conn: &mut Conn, resource: &str, kind: &str) -> Result<Option<OrgPolicy>> {
    let text = "SELECT * FROM org_policy WHERE resource = $1 AND kind = $2";
    conn.optional(sql(text).bind(resource).bind(kind)).await?.as_ref().map(policy).transpose()
}

/// Those of one resource, by kind.
pub async fn of(conn: &mut Conn, resource: &str) -> Result<Vec<OrgPolicy>> {
    let text = "SELECT * FROM org_policy WHERE resource = $1 ORDER BY kind";
    conn.all(sql(text).bind(resource)).await?.iter().map(policy).collect()
}

/// Those of one kind, of all resources.
pub async fn of_kind(conn: &mut Conn, kind: &str) -> Result<Vec<OrgPolicy>> {
    let text = "SELECT * FROM org_policy WHERE kind = $1 ORDER BY resource";
    conn.all(sql(text).bind(kind)).await?.iter().map(policy).collect()
}

pub async fn insert(conn: &mut Conn, row: &mut OrgPolicy) -> Result<()> {
    let text = "INSERT INTO org_policy (resource, kind, payload, version, updated_at)
        VALUES ($1, $2, $3, 1, $4)";
    let insert = sql(text)
        .bind(&row.resource)
        .bind(row.payload.body.kind())
        .bind(encode(&row.payload)?)
        .bind(row.updated_at);
    conn.run(insert).await.map_err(|e| e.about(name(row)))?;
    row.version = 1;
    Ok(())
}

pub async fn update(conn: &mut Conn, row: &mut OrgPolicy, now: Time) -> Result<()> {
    let text = "UPDATE org_policy SET payload = $4, updated_at = $5, version = version + 1
        WHERE resource = $1 AND kind = $2 AND version = $3";
    let update = sql(text)
        .bind(&row.resource)
        .bind(row.payload.body.kind())
        .bind(row.version)
        .bind(encode(&row.payload)?)
        .bind(now);
    changed_one(conn.run(update).await?, || name(row))?;
    (row.version, row.updated_at) = (row.version + 1, now);
    Ok(())
}

/// For good. False when there is no such policy.
pub async fn delete(conn: &mut Conn, resource: &str, kind: &str) -> Result<bool> {
    let text = "DELETE FROM org_policy WHERE resource = $1 AND kind = $2";
    Ok(conn.run(sql(text).bind(resource).bind(kind)).await? > 0)
}

/// All those of a resource: it is about to go.
pub async fn forget(conn: &mut Conn, resource: &str) -> Result<()> {
    conn.run(sql("DELETE FROM org_policy WHERE resource = $1").bind(resource)).await?;
    Ok(())
}

fn name(row: &OrgPolicy) -> String {
    format!("{}/policies/{}", row.resource, row.payload.body.kind())
}

fn policy(row: &Row) -> Result<OrgPolicy> {
    let (resource, kind) = (row.text("resource")?, row.text("kind")?);
    Ok(OrgPolicy {
        payload: decode(&format!("{resource}/policies/{kind}"), &row.text("payload")?)?,
        version: row.int("version")?,
        updated_at: row.time("updated_at")?,
        resource,
    })
}
