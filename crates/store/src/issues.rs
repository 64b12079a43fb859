//! Issues, numbered per project; at most one a plan.

use base::Time;
use base::page::Page;

use crate::changed_one;
use crate::counters::{self, Kind};
use crate::db::{Conn, Row};
use crate::error::Result;
use crate::filter::{Field, Filter, lines};
use crate::page::{self, List, ListSpec};
use crate::pairs;
use crate::payload::{decode, encode, from_word, word};
use crate::rows::Issue;
use crate::sql::sql;

pub const PROJECT: Field = Field::text("project", "issue.project");
pub const ID: Field = Field::int("id", "issue.id");
pub const STATUS: Field = Field::text("status", "issue.status");
pub const KIND: Field = Field::text("type", "issue.kind");
pub const CREATOR: Field = Field::text("creator", "issue.creator");
pub const LABELS: Field = Field::lines("labels", "issue.labels");
pub const DRAFT: Field = Field::bool("draft", "issue.draft");
pub const CREATED: Field = Field::time("create_time", "issue.created_at");
pub const UPDATED: Field = Field::time("update_time", "issue.updated_at");
/// Roles whose turn it is to approve: of those issues alone that wait for somebody.
pub const PENDING: Field =
    Field::lines("pending_role", "issue_approval.pending").within(OF_APPROVAL);
/// Where the approval stands; none of an issue whose gates are looked for.
pub const APPROVAL: Field =
    Field::text("approval_status", "issue_approval.status").within(OF_APPROVAL);
const OF_APPROVAL: &str = "EXISTS (SELECT 1 FROM issue_approval WHERE issue_approval.project = issue.project AND issue_approval.issue = issue.id AND {})";
/// Title and description, for `contains`.
pub const TEXT: Field = Field::text("query", "issue.search");
pub const FIELDS: &[Field] =
    &[PROJECT, ID, STATUS, KIND, CREATOR, LABELS, DRAFT, APPROVAL, CREATED, UPDATED];

/// Newest first within a project.
const LIST: ListSpec = ListSpec {
    id: "issues",
    columns: "issue.*",
    from: "issue",
    key: &[PROJECT, ID],
    descending: true,
};

pub async fn get(conn: &mut Conn, project: &str, id: i64) -> Result<Option<Issue>> {
    Ok(get_many(conn, &[(project.to_owned(), id)]).await?.pop())
}

/// By (project, id).
pub async fn get_many(conn: &mut Conn, keys: &[(String, i64)]) -> Result<Vec<Issue>> {
    pairs::read(conn, "SELECT * FROM issue WHERE (project, id) IN ", keys, "", issue).await
}

/// The issues of many plans, by (project, plan).
pub async fn of_plans(conn: &mut Conn, keys: &[(String, i64)]) -> Result<Vec<Issue>> {
    pairs::read(conn, "SELECT * FROM issue WHERE (project, plan) IN ", keys, "", issue).await
}

pub async fn list(conn: &mut Conn, args: &List) -> Result<Page<Issue>> {
    page::fetch_page(conn, &LIST, args, issue).await
}

pub async fn count(conn: &mut Conn, filter: &Filter) -> Result<i64> {
    page::count(conn, &LIST, filter).await
}

/// Takes the project's next number: sets `row.id` and `row.version`. [`crate::StoreError::Exists`] when the plan has an issue.
pub async fn insert(conn: &mut Conn, row: &mut Issue) -> Result<()> {
    row.id = counters::take(conn, &row.project, Kind::Issue, 1).await?;
    let text = "INSERT INTO issue (project, id, plan, kind, title, search, description, status, draft, labels, creator,
        payload, version, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13, $14)";
    let insert = sql(text)
        .bind(&row.project)
        .bind(row.id)
        .bind(row.plan)
        .bind(word(row.kind)?)
        .bind(&row.title)
        .bind(search(row))
        .bind(&row.description)
        .bind(word(row.status)?)
        .bind(row.draft)
        .bind(lines(row.payload.labels.iter().map(String::as_str)))
        .bind(&row.creator)
        .bind(encode(&row.payload)?)
        .bind(row.created_at)
        .bind(row.updated_at);
    let about = match row.plan {
        Some(plan) => format!("the issue of projects/{}/plans/{plan}", row.project),
        None => name(row),
    };
    conn.run(insert).await.map_err(|e| e.about(about))?;
    row.version = 1;
    Ok(())
}

pub async fn update(conn: &mut Conn, row: &mut Issue, now: Time) -> Result<()> {
    let text = "UPDATE issue SET title = $4, search = $5, description = $6, status = $7, draft = $8, labels = $9,
        payload = $10, updated_at = $11, version = version + 1
        WHERE project = $1 AND id = $2 AND version = $3";
    let update = sql(text)
        .bind(&row.project)
        .bind(row.id)
        .bind(row.version)
        .bind(&row.title)
        .bind(search(row))
        .bind(&row.description)
        .bind(word(row.status)?)
        .bind(row.draft)
        .bind(lines(row.payload.labels.iter().map(String::as_str)))
        .bind(encode(&row.payload)?)
        .bind(now);
    changed_one(conn.run(update).await?, || name(row))?;
    (row.version, row.updated_at) = (row.version + 1, now);
    Ok(())
}

fn name(row: &Issue) -> String {
    format!("projects/{}/issues/{}", row.project, row.id)
}

fn search(row: &Issue) -> String {
    format!("{}\n{}", row.title, row.description).to_lowercase()
}

fn issue(row: &Row) -> Result<Issue> {
    let (project, id) = (row.text("project")?, row.int("id")?);
    let what = format!("projects/{project}/issues/{id}");
    Ok(Issue {
        plan: row.opt_int("plan")?,
        kind: from_word(&what, &row.text("kind")?)?,
        title: row.text("title")?,
        description: row.text("description")?,
        status: from_word(&what, &row.text("status")?)?,
        draft: row.bool("draft")?,
        creator: row.text("creator")?,
        payload: decode(&what, &row.text("payload")?)?,
        version: row.int("version")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        project,
        id,
    })
}
