//! Repositories that projects watch. Access token and webhook secret are kept encrypted, under the repository's name.
//!
//! Who syncs claims the repository: its epoch goes up, and nobody else has it while the lease lasts. What people change raises the
//! epoch too, so that a sync which began before writes nothing: [`settle`] is refused as stale.

use std::time::Duration;

use base::{Secret, Time};

use crate::db::{Conn, Row, Topic};
use crate::error::Result;
use crate::payload::{decode, encode};
use crate::plan_checks::micros;
use crate::rows::Repository;
use crate::sql::sql;
use crate::{changed_one, secrets};

const TOKEN: &str = "access_token";
const WEBHOOK: &str = "webhook_secret";
/// Looked at together.
const MOST_DUE: i64 = 100;

/// Its resource name.
pub fn name(project: &str, id: &str) -> String {
    format!("projects/{project}/repositories/{id}")
}

/// In the order in which they were made.
pub async fn of_project(conn: &mut Conn, project: &str) -> Result<Vec<Repository>> {
    let mut text = sql("SELECT * FROM repository WHERE project = $1 ORDER BY id").bind(project);
    text.push(conn.words().by_bytes);
    conn.all(text).await?.iter().map(read).collect()
}

pub async fn get(conn: &mut Conn, project: &str, id: &str) -> Result<Option<Repository>> {
    let text = "SELECT * FROM repository WHERE project = $1 AND id = $2";
    conn.optional(sql(text).bind(project).bind(id)).await?.as_ref().map(read).transpose()
}

/// Whatever its project: for messages of hosts.
pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Repository>> {
    let text = sql("SELECT * FROM repository WHERE id = $1").bind(id);
    conn.optional(text).await?.as_ref().map(read).transpose()
}

/// Nobody else changes it, or asks for a sync of it, until the transaction ends.
pub async fn get_for_update(
    conn: &mut Conn,
    project: &str,
    id: &str,
) -> Result<Option<Repository>> {
    let text = "SELECT * FROM repository WHERE project = $1 AND id = $2";
    let mut text = sql(text).bind(project).bind(id);
    text.push(conn.words().for_update);
    conn.optional(text).await?.as_ref().map(read).transpose()
}

pub async fn insert(conn: &mut Conn, row: &mut Repository) -> Result<()> {
    let text = "INSERT INTO repository (project, id, title, actor, payload, version, created_at, updated_at, state,
        checked_at, next_at, epoch, lease_until) VALUES ($1, $2, $3, $4, $5, 1, $6, $6, $7, NULL, $8, 0, 0)";
    let insert = sql(text)
        .bind(&row.project)
        .bind(&row.id)
        .bind(&row.title)
        .bind(&row.actor)
        .bind(encode(&row.payload)?)
        .bind(row.created_at)
        .bind(encode(&row.state)?)
        .bind(row.next_at);
    conn.run(insert).await.map_err(|e| e.about(name(&row.project, &row.id)))?;
    row.version = 1;
    conn.wake(Topic::Repository, "").await
}

/// Writes everything, and ends the claim of whoever syncs it.
pub async fn update(conn: &mut Conn, row: &mut Repository, now: Time) -> Result<()> {
    let text = "UPDATE repository SET title = $4, actor = $5, payload = $6, updated_at = $7, state = $8, next_at = $9,
        version = version + 1, epoch = epoch + 1, lease_until = 0 WHERE project = $1 AND id = $2 AND version = $3";
    let update = sql(text)
        .bind(&row.project)
        .bind(&row.id)
        .bind(row.version)
        .bind(&row.title)
        .bind(&row.actor)
        .bind(encode(&row.payload)?)
        .bind(now)
        .bind(encode(&row.state)?)
        .bind(row.next_at);
    changed_one(conn.run(update).await?, || name(&row.project, &row.id))?;
    (row.version, row.epoch, row.updated_at) = (row.version + 1, row.epoch + 1, now);
    conn.wake(Topic::Repository, "").await
}

/// With its secrets, its history, the messages that came for it and those that were to go to its host.
pub async fn delete(conn: &mut Conn, project: &str, id: &str) -> Result<bool> {
    secrets::delete_all_of(conn, &name(project, id)).await?;
    conn.run(sql("DELETE FROM outbox WHERE target = $1").bind(name(project, id))).await?;
    conn.run(sql("DELETE FROM hook_delivery WHERE repository = $1").bind(id)).await?;
    let syncs = "DELETE FROM repository_sync WHERE project = $1 AND repository = $2";
    conn.run(sql(syncs).bind(project).bind(id)).await?;
    let text = "DELETE FROM repository WHERE project = $1 AND id = $2";
    Ok(conn.run(sql(text).bind(project).bind(id)).await? > 0)
}

/// All of a project: part of its purge.
pub(crate) async fn delete_all_of(conn: &mut Conn, project: &str) -> Result<()> {
    for row in of_project(conn, project).await? {
        delete(conn, project, &row.id).await?;
    }
    Ok(())
}

pub async fn put_token(conn: &mut Conn, row: &Repository, token: &Secret) -> Result<()> {
    secrets::put(conn, &name(&row.project, &row.id), TOKEN, token).await
}

/// Empty when there is none.
pub async fn token(conn: &mut Conn, row: &Repository) -> Result<Secret> {
    Ok(secrets::get(conn, &name(&row.project, &row.id), TOKEN).await?.unwrap_or_default())
}

pub async fn put_webhook_secret(conn: &mut Conn, row: &Repository, secret: &Secret) -> Result<()> {
    secrets::put(conn, &name(&row.project, &row.id), WEBHOOK, secret).await
}

pub async fn webhook_secret(conn: &mut Conn, row: &Repository) -> Result<Secret> {
    Ok(secrets::get(conn, &name(&row.project, &row.id), WEBHOOK).await?.unwrap_or_default())
}

/// What is to be looked at now and nobody has. Takes nothing: [`claim`] does.
pub async fn due(conn: &mut Conn, now: Time) -> Result<Vec<Repository>> {
    let mut text = sql("SELECT * FROM repository WHERE next_at <= ");
    text.push_bind(now).push(" AND lease_until < ").push(conn.words().now);
    text.push(" ORDER BY next_at LIMIT ").push_bind(MOST_DUE);
    conn.all(text).await?.iter().map(read).collect()
}

/// When the next one is due that is not yet.
pub async fn next_due(conn: &mut Conn, now: Time) -> Result<Option<Time>> {
    let text = sql("SELECT min(next_at) AS next_at FROM repository WHERE next_at > $1").bind(now);
    conn.one(text).await?.opt_time("next_at")
}

/// The repository as it is, for `lease`; None when another has it.
pub async fn claim(
    conn: &mut Conn,
    row: &Repository,
    lease: Duration,
) -> Result<Option<Repository>> {
    let now = conn.words().now;
    let mut text = sql("UPDATE repository SET epoch = epoch + 1, lease_until = ");
    text.push(now).push(" + ").push_bind(micros(lease));
    text.push(" WHERE lease_until < ").push(now);
    text.push(" AND project = ").push_bind(&row.project).push(" AND id = ").push_bind(&row.id);
    match conn.run(text).await? {
        1 => get(conn, &row.project, &row.id).await,
        _ => Ok(None),
    }
}

/// Ends every claim: for a server that is alone with its store, and so knows that whoever claimed is gone.
pub async fn let_go(conn: &mut Conn) -> Result<()> {
    conn.run(sql("UPDATE repository SET lease_until = 0, epoch = epoch + 1 WHERE lease_until > 0"))
        .await?;
    Ok(())
}

/// False when the claim is over.
pub async fn extend(conn: &mut Conn, row: &Repository, lease: Duration) -> Result<bool> {
    let mut text = sql("UPDATE repository SET lease_until = ");
    text.push(conn.words().now).push(" + ").push_bind(micros(lease));
    text.push(" WHERE project = ").push_bind(&row.project).push(" AND id = ").push_bind(&row.id);
    text.push(" AND epoch = ").push_bind(row.epoch);
    Ok(conn.run(text).await? == 1)
}

/// Writes what a sync came to and ends its claim. [`crate::StoreError::Stale`] when the claim is over.
pub async fn settle(conn: &mut Conn, row: &Repository) -> Result<()> {
    let text = "UPDATE repository SET state = $4, checked_at = $5, next_at = $6, lease_until = 0
        WHERE project = $1 AND id = $2 AND epoch = $3";
    let update = sql(text)
        .bind(&row.project)
        .bind(&row.id)
        .bind(row.epoch)
        .bind(encode(&row.state)?)
        .bind(row.checked_at)
        .bind(row.next_at);
    changed_one(conn.run(update).await?, || name(&row.project, &row.id))?;
    conn.wake(Topic::Repository, "").await
}

/// Has it looked at from `at` on, also when a sync is under way.
pub async fn ask(conn: &mut Conn, row: &Repository, at: Time) -> Result<()> {
    let text = "UPDATE repository SET next_at = $3 WHERE project = $1 AND id = $2";
    conn.run(sql(text).bind(&row.project).bind(&row.id).bind(at)).await?;
    conn.wake(Topic::Repository, "").await
}

fn read(row: &Row) -> Result<Repository> {
    let (project, id) = (row.text("project")?, row.text("id")?);
    let what = name(&project, &id);
    Ok(Repository {
        title: row.text("title")?,
        actor: row.text("actor")?,
        payload: decode(&what, &row.text("payload")?)?,
        version: row.int("version")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        state: decode(&what, &row.text("state")?)?,
        checked_at: row.opt_time("checked_at")?,
        next_at: row.opt_time("next_at")?,
        epoch: row.int("epoch")?,
        project,
        id,
    })
}
