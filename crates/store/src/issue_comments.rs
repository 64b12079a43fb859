//! The timeline of an issue: what people wrote and what happened.

use base::Time;
use base::page::Page;

use crate::db::{Conn, Row};
use crate::error::{Result, StoreError};
use crate::filter::{Field, Filter};
use crate::page::{self, List, ListSpec};
use crate::payload::{decode, encode};
use crate::rows::IssueComment;
use crate::sql::sql;

pub const PROJECT: Field = Field::text("project", "issue_comment.project");
pub const ISSUE: Field = Field::int("issue", "issue_comment.issue");
/// UUIDv7: the order of time.
pub const ID: Field = Field::text("id", "issue_comment.id");
pub const FIELDS: &[Field] = &[PROJECT, ISSUE, ID];

/// Oldest first.
const LIST: ListSpec = ListSpec {
    id: "issue_comments",
    columns: "issue_comment.*",
    from: "issue_comment",
    key: &[ID],
    descending: false,
};

pub async fn get(conn: &mut Conn, id: &str) -> Result<Option<IssueComment>> {
    let text = sql("SELECT * FROM issue_comment WHERE id = $1").bind(id);
    conn.optional(text).await?.as_ref().map(comment).transpose()
}

/// Of one issue; `args.filter` narrows further.
pub async fn list(
    conn: &mut Conn,
    project: &str,
    issue: i64,
    args: &List,
) -> Result<Page<IssueComment>> {
    let of_issue = Filter::eq(PROJECT, project).and(Filter::eq(ISSUE, issue));
    let args = List { filter: of_issue.and(args.filter.clone()), ..args.clone() };
    page::fetch_page(conn, &LIST, &args, comment).await
}

pub async fn insert(conn: &mut Conn, row: &IssueComment) -> Result<()> {
    let text = "INSERT INTO issue_comment (id, project, issue, creator, comment, payload, created_at, updated_at,
        thread) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let insert = sql(text)
        .bind(&row.id)
        .bind(&row.project)
        .bind(row.issue)
        .bind(&row.creator)
        .bind(&row.comment)
        .bind(encode(&row.event)?)
        .bind(row.created_at)
        .bind(row.updated_at)
        .bind(thread_text(row)?);
    conn.run(insert).await.map_err(|e| e.about(name(row)))?;
    Ok(())
}

/// Changes what was written, and its part in a thread. [`StoreError::Stale`] when it was edited since it was read.
pub async fn update(conn: &mut Conn, row: &mut IssueComment, now: Time) -> Result<()> {
    let text = "UPDATE issue_comment SET comment = $3, updated_at = $4, thread = $5 WHERE id = $1 AND updated_at = $2";
    let update = sql(text)
        .bind(&row.id)
        .bind(row.updated_at)
        .bind(&row.comment)
        .bind(now)
        .bind(thread_text(row)?);
    if conn.run(update).await? == 0 {
        return Err(StoreError::Stale(name(row)));
    }
    row.updated_at = now;
    Ok(())
}

fn name(row: &IssueComment) -> String {
    format!("projects/{}/issues/{}/issueComments/{}", row.project, row.issue, row.id)
}

/// Empty for a comment without a thread.
fn thread_text(row: &IssueComment) -> Result<String> {
    row.thread.as_ref().map_or_else(|| Ok(String::new()), encode)
}

fn comment(row: &Row) -> Result<IssueComment> {
    let id = row.text("id")?;
    let thread = row.non_empty("thread")?;
    let thread = thread.map(|t| decode(&format!("issueComments/{id}"), &t)).transpose()?;
    Ok(IssueComment {
        thread,
        project: row.text("project")?,
        issue: row.int("issue")?,
        creator: row.text("creator")?,
        comment: row.text("comment")?,
        event: decode(&format!("issueComments/{id}"), &row.text("payload")?)?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        id,
    })
}
