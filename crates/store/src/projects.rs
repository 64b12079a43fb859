//! Projects.

use base::Time;
use base::page::Page;

use crate::db::{Conn, Row};
use crate::error::Result;
use crate::filter::{Field, Filter};
use crate::page::{self, List, ListSpec};
use crate::payload::{decode, encode, from_word, word};
use crate::rows::{Project, State};
use crate::sql::sql;
use crate::{changed_one, labels};

pub const ID: Field = Field::text("resource_id", "project.id");
pub const TITLE: Field = Field::text("name", "project.title").searched("project.search");
pub const STATE: Field = Field::text("state", "project.state");
pub const LABELS: Field = Field::labels("'projects/' || project.id");
pub const CREATED: Field = Field::time("create_time", "project.created_at");
pub const FIELDS: &[Field] = &[ID, TITLE, STATE, LABELS, CREATED];

const LIST: ListSpec = ListSpec {
    id: "projects",
    columns: "project.*",
    from: "project",
    key: &[ID],
    descending: false,
};

pub async fn get(conn: &mut Conn, id: &str) -> Result<Option<Project>> {
    Ok(get_many(conn, &[id.to_owned()]).await?.pop())
}

pub async fn get_many(conn: &mut Conn, ids: &[String]) -> Result<Vec<Project>> {
    let mut found = Vec::new();
    for batch in ids.chunks(crate::BATCH) {
        let mut text = sql("SELECT project.* FROM project WHERE project.id IN ");
        text.push_list(batch).push(" ORDER BY project.id").push(conn.words().by_bytes);
        for row in conn.all(text).await? {
            found.push(project(&row)?);
        }
    }
    with_labels(conn, found).await
}

pub async fn list(conn: &mut Conn, args: &List) -> Result<Page<Project>> {
    let page = page::fetch_page(conn, &LIST, args, project).await?;
    Ok(Page { items: with_labels(conn, page.items).await?, next: page.next })
}

pub async fn count(conn: &mut Conn, filter: &Filter) -> Result<i64> {
    page::count(conn, &LIST, filter).await
}

pub async fn insert(conn: &mut Conn, row: &mut Project) -> Result<()> {
    let text = "INSERT INTO project (id, title, search, state, payload, version, created_at, updated_at, deleted_at)
        VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8)";
    let insert = sql(text)
        .bind(&row.id)
        .bind(&row.title)
        .bind(row.title.to_lowercase())
        .bind(word(row.state)?)
        .bind(encode(&row.payload)?)
        .bind(row.created_at)
        .bind(row.updated_at)
        .bind(row.deleted_at);
    conn.run(insert).await.map_err(|e| e.about(name(&row.id)))?;
    row.version = 1;
    labels::replace(conn, &name(&row.id), &row.labels).await
}

pub async fn update(conn: &mut Conn, row: &mut Project, now: Time) -> Result<()> {
    let text = "UPDATE project SET title = $3, search = $4, state = $5, payload = $6, updated_at = $7, deleted_at = $8,
        version = version + 1 WHERE id = $1 AND version = $2";
    let update = sql(text)
        .bind(&row.id)
        .bind(row.version)
        .bind(&row.title)
        .bind(row.title.to_lowercase())
        .bind(word(row.state)?)
        .bind(encode(&row.payload)?)
        .bind(now)
        .bind(row.deleted_at);
    changed_one(conn.run(update).await?, || name(&row.id))?;
    (row.version, row.updated_at) = (row.version + 1, now);
    labels::replace(conn, &name(&row.id), &row.labels).await
}

/// Marks as deleted; the databases keep their project.
pub async fn delete(conn: &mut Conn, row: &mut Project, now: Time) -> Result<()> {
    (row.state, row.deleted_at) = (State::Deleted, Some(now));
    update(conn, row, now).await
}

pub async fn undelete(conn: &mut Conn, row: &mut Project, now: Time) -> Result<()> {
    (row.state, row.deleted_at) = (State::Active, None);
    update(conn, row, now).await
}

/// Removes the project with its plans, issues, rollouts, releases, sheets and policy for good; its databases move to `heir`. Changelogs
/// of the databases stay. False when there is no such project.
pub async fn purge(conn: &mut Conn, id: &str, heir: &str) -> Result<bool> {
    let move_databases = "UPDATE db SET project = $2, version = version + 1 WHERE project = $1";
    conn.run(sql(move_databases).bind(id).bind(heir)).await.map_err(|e| e.about(name(heir)))?;
    crate::webhooks::delete_all_of(conn, id).await?;
    crate::repositories::delete_all_of(conn, id).await?;
    // Children first, as the foreign keys ask.
    for text in [
        "DELETE FROM task_run_log WHERE project = $1",
        "DELETE FROM checkpoint WHERE project = $1",
        "DELETE FROM task_run WHERE project = $1",
        "DELETE FROM task WHERE project = $1",
        "DELETE FROM emergency WHERE project = $1",
        "DELETE FROM issue_approval WHERE project = $1",
        "DELETE FROM issue_comment WHERE project = $1",
        "DELETE FROM issue WHERE project = $1",
        "DELETE FROM plan_check WHERE project = $1",
        "DELETE FROM told_once WHERE project = $1",
        "DELETE FROM plan WHERE project = $1",
        "DELETE FROM release WHERE project = $1",
        "DELETE FROM sheet WHERE project = $1",
        "DELETE FROM counter WHERE project = $1",
        "DELETE FROM query_history WHERE project = $1",
    ] {
        conn.run(sql(text).bind(id)).await?;
    }
    for text in [
        "DELETE FROM label WHERE owner = $1",
        "DELETE FROM iam_policy WHERE resource = $1",
        "DELETE FROM secret WHERE owner = $1",
        "DELETE FROM review_attachment WHERE resource = $1",
        "DELETE FROM org_policy WHERE resource = $1",
    ] {
        conn.run(sql(text).bind(name(id))).await?;
    }
    let deleted = conn.run(sql("DELETE FROM project WHERE id = $1").bind(id)).await;
    Ok(deleted.map_err(|e| e.about(name(id)))? > 0)
}

fn name(id: &str) -> String {
    format!("projects/{id}")
}

async fn with_labels(conn: &mut Conn, mut rows: Vec<Project>) -> Result<Vec<Project>> {
    let owners: Vec<String> = rows.iter().map(|r| name(&r.id)).collect();
    let mut found = labels::of_many(conn, &owners).await?;
    for (row, owner) in rows.iter_mut().zip(&owners) {
        row.labels = found.remove(owner).unwrap_or_default();
    }
    Ok(rows)
}

fn project(row: &Row) -> Result<Project> {
    let id = row.text("id")?;
    let what = name(&id);
    Ok(Project {
        title: row.text("title")?,
        state: from_word(&what, &row.text("state")?)?,
        labels: Default::default(),
        payload: decode(&what, &row.text("payload")?)?,
        version: row.int("version")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        deleted_at: row.opt_time("deleted_at")?,
        id,
    })
}
