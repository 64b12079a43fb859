//! Webhooks of projects. Address and signing secret are kept encrypted, under the webhook's name.

use base::Time;

use crate::db::{Conn, Row};
use crate::error::Result;
use crate::payload::{decode, encode};
use crate::rows::{Webhook, WebhookSecrets};
use crate::sql::sql;
use crate::{changed_one, secrets};

const URL: &str = "url";
const SIGNING: &str = "signing_secret";

/// Its resource name.
pub fn name(project: &str, id: &str) -> String {
    format!("projects/{project}/webhooks/{id}")
}

/// In the order in which they were made.
pub async fn of_project(conn: &mut Conn, project: &str) -> Result<Vec<Webhook>> {
    of_projects(conn, &[project.to_owned()]).await
}

/// Those of all the projects.
pub async fn of_projects(conn: &mut Conn, projects: &[String]) -> Result<Vec<Webhook>> {
    let mut found = Vec::new();
    for batch in projects.chunks(crate::BATCH) {
        let mut text = sql("SELECT * FROM webhook WHERE project IN ");
        text.push_list(batch).push(" ORDER BY id").push(conn.words().by_bytes);
        for row in conn.all(text).await? {
            found.push(read(&row)?);
        }
    }
    Ok(found)
}

pub async fn get(conn: &mut Conn, project: &str, id: &str) -> Result<Option<Webhook>> {
    let text = "SELECT * FROM webhook WHERE project = $1 AND id = $2";
    conn.optional(sql(text).bind(project).bind(id)).await?.as_ref().map(read).transpose()
}

pub async fn insert(conn: &mut Conn, row: &mut Webhook) -> Result<()> {
    let text =
        "INSERT INTO webhook (project, id, kind, title, payload, version, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, 1, $6, $6)";
    let insert = sql(text)
        .bind(&row.project)
        .bind(&row.id)
        .bind(&row.kind)
        .bind(&row.title)
        .bind(encode(&row.payload)?)
        .bind(row.created_at);
    conn.run(insert).await.map_err(|e| e.about(name(&row.project, &row.id)))?;
    row.version = 1;
    Ok(())
}

pub async fn update(conn: &mut Conn, row: &mut Webhook, now: Time) -> Result<()> {
    let text = "UPDATE webhook SET kind = $4, title = $5, payload = $6, updated_at = $7, version = version + 1
        WHERE project = $1 AND id = $2 AND version = $3";
    let update = sql(text)
        .bind(&row.project)
        .bind(&row.id)
        .bind(row.version)
        .bind(&row.kind)
        .bind(&row.title)
        .bind(encode(&row.payload)?)
        .bind(now);
    changed_one(conn.run(update).await?, || name(&row.project, &row.id))?;
    (row.version, row.updated_at) = (row.version + 1, now);
    Ok(())
}

/// With its secrets, and with what was or is to be delivered to it.
pub async fn delete(conn: &mut Conn, project: &str, id: &str) -> Result<bool> {
    let target = name(project, id);
    conn.run(sql("DELETE FROM outbox WHERE target = $1").bind(&target)).await?;
    secrets::delete_all_of(conn, &target).await?;
    let text = "DELETE FROM webhook WHERE project = $1 AND id = $2";
    Ok(conn.run(sql(text).bind(project).bind(id)).await? > 0)
}

/// All of a project: part of its purge.
pub(crate) async fn delete_all_of(conn: &mut Conn, project: &str) -> Result<()> {
    for webhook in of_project(conn, project).await? {
        delete(conn, project, &webhook.id).await?;
    }
    Ok(())
}

pub async fn put_url(conn: &mut Conn, row: &Webhook, url: &base::Secret) -> Result<()> {
    secrets::put(conn, &name(&row.project, &row.id), URL, url).await
}

pub async fn put_signing(conn: &mut Conn, row: &Webhook, secret: &base::Secret) -> Result<()> {
    secrets::put(conn, &name(&row.project, &row.id), SIGNING, secret).await
}

pub async fn secrets_of(conn: &mut Conn, row: &Webhook) -> Result<WebhookSecrets> {
    let owner = name(&row.project, &row.id);
    Ok(WebhookSecrets {
        url: secrets::get(conn, &owner, URL).await?.unwrap_or_default(),
        signing: secrets::get(conn, &owner, SIGNING).await?.unwrap_or_default(),
    })
}

fn read(row: &Row) -> Result<Webhook> {
    let (project, id) = (row.text("project")?, row.text("id")?);
    Ok(Webhook {
        kind: row.text("kind")?,
        title: row.text("title")?,
        payload: decode(&name(&project, &id), &row.text("payload")?)?,
        version: row.int("version")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        project,
        id,
    })
}
