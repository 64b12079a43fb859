//! Comments and events of issues, oldest first.

use base::Time;
use base::page::Page;

use crate::db::{Conn, Row};
use crate::error::Result;
use crate::filter::Field;
use crate::page::{List, ListSpec, fetch_page};
use crate::payload;
use crate::rows::IssueComment;
use crate::sql::sql;

pub const PROJECT: Field = Field::text("project", "issue_comment.project");
pub const ISSUE: Field = Field::int("issue", "issue_comment.issue");
pub const ID: Field = Field::text("id", "issue_comment.id");

const LIST: ListSpec = ListSpec {
    id: "issue_comments",
    columns: "issue_comment.*",
    from: "issue_comment",
    key: &[ID],
    descending: false,
};

pub async fn insert(conn: &mut Conn, comment: &IssueComment) -> Result<()> {
    let text = "INSERT INTO issue_comment (id, project, issue, creator, comment, payload, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let text = sql(text)
        .bind(&comment.id)
        .bind(&comment.project)
        .bind(comment.issue)
        .bind(&comment.creator)
        .bind(&comment.comment)
        .bind(payload::encode(&comment.event)?)
        .bind(comment.created_at)
        .bind(comment.updated_at);
    conn.run(text).await?;
    Ok(())
}

pub async fn get(
    conn: &mut Conn,
    project: &str,
    issue: i64,
    id: &str,
) -> Result<Option<IssueComment>> {
    let text = "SELECT * FROM issue_comment WHERE id = $1 AND project = $2 AND issue = $3";
    conn.optional(sql(text).bind(id).bind(project).bind(issue))
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

pub async fn list(conn: &mut Conn, args: &List) -> Result<Page<IssueComment>> {
    fetch_page(conn, &LIST, args, read).await
}

pub async fn update_text(conn: &mut Conn, id: &str, comment: &str, now: Time) -> Result<bool> {
    let text = "UPDATE issue_comment SET comment = $1, updated_at = $2 WHERE id = $3";
    Ok(conn.run(sql(text).bind(comment).bind(now).bind(id)).await? == 1)
}

fn read(row: &Row) -> Result<IssueComment> {
    let id = row.text("id")?;
    Ok(IssueComment {
        project: row.text("project")?,
        issue: row.int("issue")?,
        creator: row.text("creator")?,
        comment: row.text("comment")?,
        event: payload::decode(&format!("issue comment {id}"), &row.text("payload")?)?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        id,
    })
}
