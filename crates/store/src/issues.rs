//! Issues. Numbers count per project; at most one issue a plan.

use std::collections::HashMap;

use base::page::Page;

use crate::counters;
use crate::db::{Conn, Row};
use crate::error::Result;
use crate::filter::Field;
use crate::page::{List, ListSpec, fetch_page};
use crate::payload;
use crate::rows::{Issue, IssueKind, IssueStatus};
use crate::sql::sql;

pub const PROJECT: Field = Field::text("project", "issue.project");
pub const ID: Field = Field::int("id", "issue.id");
pub const KIND: Field = Field::text("type", "issue.kind");
pub const STATUS: Field = Field::text("status", "issue.status");
pub const CREATOR: Field = Field::text("creator", "issue.creator");
pub const TITLE: Field = Field::text("title", "issue.title").searched("issue.search");
pub const CREATED: Field = Field::time("create_time", "issue.created_at");
pub const UPDATED: Field = Field::time("update_time", "issue.updated_at");

pub const FIELDS: &[Field] = &[KIND, STATUS, CREATOR, TITLE, CREATED, UPDATED];
pub const ORDERS: &[Field] = &[CREATED, UPDATED];

const LIST: ListSpec = ListSpec {
    id: "issues",
    columns: "issue.*",
    from: "issue",
    key: &[PROJECT, ID],
    descending: true,
};

/// Writes a new issue; gives its number. A second issue of one plan is `Exists`.
pub async fn insert(conn: &mut Conn, issue: &Issue) -> Result<i64> {
    let id = counters::take(conn, &issue.project, counters::Kind::Issue, 1).await?;
    let text = "INSERT INTO issue (project, id, plan, kind, title, search, description, status, draft, creator, payload,
        version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    let text = sql(text)
        .bind(&issue.project)
        .bind(id)
        .bind(issue.plan)
        .bind(payload::word(issue.kind)?)
        .bind(&issue.title)
        .bind(search(issue))
        .bind(&issue.description)
        .bind(payload::word(issue.status)?)
        .bind(issue.draft)
        .bind(&issue.creator)
        .bind(payload::encode(&issue.payload)?)
        .bind(issue.version)
        .bind(issue.created_at)
        .bind(issue.updated_at);
    conn.run(text)
        .await
        .map_err(|e| e.about(format!("the issue of plan {}", issue.plan.unwrap_or_default())))?;
    Ok(id)
}

pub async fn get(conn: &mut Conn, project: &str, id: i64) -> Result<Option<Issue>> {
    let text = sql("SELECT * FROM issue WHERE project = $1 AND id = $2").bind(project).bind(id);
    conn.optional(text).await?.as_ref().map(read).transpose()
}

/// The issue of a plan.
pub async fn of_plan(conn: &mut Conn, project: &str, plan: i64) -> Result<Option<Issue>> {
    let text = sql("SELECT * FROM issue WHERE project = $1 AND plan = $2").bind(project).bind(plan);
    conn.optional(text).await?.as_ref().map(read).transpose()
}

/// Issues of many plans of one project, by plan.
pub async fn of_plans(
    conn: &mut Conn,
    project: &str,
    plans: &[i64],
) -> Result<HashMap<i64, Issue>> {
    if plans.is_empty() {
        return Ok(HashMap::new());
    }
    let mut text = sql("SELECT * FROM issue WHERE project = $1 AND plan IN ").bind(project);
    text.push_list(plans.iter().copied());
    let issues = conn.all(text).await?;
    issues.iter().map(|r| read(r).map(|i| (i.plan.unwrap_or_default(), i))).collect()
}

/// Newest first.
pub async fn list(conn: &mut Conn, args: &List) -> Result<Page<Issue>> {
    fetch_page(conn, &LIST, args, read).await
}

/// Writes what an issue may change, if it still has `issue.version`. False: somebody was faster.
pub async fn update(conn: &mut Conn, issue: &Issue) -> Result<bool> {
    let text = "UPDATE issue SET title = $1, search = $2, description = $3, status = $4, draft = $5, payload = $6,
        updated_at = $7, version = version + 1 WHERE project = $8 AND id = $9 AND version = $10";
    let text = sql(text)
        .bind(&issue.title)
        .bind(search(issue))
        .bind(&issue.description)
        .bind(payload::word(issue.status)?)
        .bind(issue.draft)
        .bind(payload::encode(&issue.payload)?)
        .bind(issue.updated_at)
        .bind(&issue.project)
        .bind(issue.id)
        .bind(issue.version);
    Ok(conn.run(text).await? == 1)
}

fn search(issue: &Issue) -> String {
    format!("{} {}", issue.title, issue.description).to_lowercase()
}

fn read(row: &Row) -> Result<Issue> {
    let (project, id) = (row.text("project")?, row.int("id")?);
    let what = format!("projects/{project}/issues/{id}");
    Ok(Issue {
        plan: row.opt_int("plan")?,
        kind: payload::from_word::<IssueKind>(&what, &row.text("kind")?)?,
        title: row.text("title")?,
        description: row.text("description")?,
        status: payload::from_word::<IssueStatus>(&what, &row.text("status")?)?,
        draft: row.bool("draft")?,
        creator: row.text("creator")?,
        payload: payload::decode(&what, &row.text("payload")?)?,
        version: row.int("version")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        project,
        id,
    })
}
