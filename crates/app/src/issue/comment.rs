//! Comments of issues.

use base::page::Page;
use base::{Error, Result};
use store::rows::IssueComment;
use store::{List, issue_comments};

use crate::cx::Cx;

const MAX_COMMENT: usize = 65_536;

pub async fn list(
    cx: &Cx,
    project: &str,
    issue: i64,
    page_size: i32,
    page_token: String,
) -> Result<Page<IssueComment>> {
    super::get(cx, project, issue).await?;
    let args =
        List { size: base::page::page_size(page_size), token: Some(page_token), ..List::default() };
    let mut conn = cx.app.store.read().await?;
    Ok(issue_comments::list(&mut conn, project, issue, &args).await?)
}

pub async fn create(cx: &Cx, project: &str, issue: i64, text: &str) -> Result<IssueComment> {
    check(text)?;
    let issue = super::get(cx, project, issue).await?;
    let now = cx.now();
    let comment = IssueComment {
        id: cx.app.new_id(),
        project: issue.project.clone(),
        issue: issue.id,
        creator: cx.caller.name().unwrap_or_default(),
        comment: text.to_owned(),
        event: None,
        created_at: now,
        updated_at: now,
    };
    let mut tx = cx.app.store.begin().await?;
    issue_comments::insert(&mut tx, &comment).await?;
    super::announce(&mut tx, &issue, now).await?;
    tx.commit().await?;
    Ok(comment)
}

/// Only the writer of a comment may change it; events stay as they are.
pub async fn update(
    cx: &Cx,
    project: &str,
    issue: i64,
    id: &str,
    text: &str,
) -> Result<IssueComment> {
    check(text)?;
    let issue = super::get(cx, project, issue).await?;
    let mut tx = cx.app.store.begin().await?;
    let found = issue_comments::get(&mut tx, id).await?;
    let found = found.filter(|c| c.project == issue.project && c.issue == issue.id);
    let name = format!("projects/{project}/issues/{}/issueComments/{id}", issue.id);
    let mut comment = found.ok_or_else(|| Error::not_found(&name))?;
    if Some(&comment.creator) != cx.caller.name().as_ref() {
        return Err(Error::new(
            base::Reason::NotAllowed,
            "only the writer of a comment can change it",
        ));
    }
    if comment.event.is_some() {
        return Err(Error::field(
            "issue_comment.name",
            "this entry of the timeline is an event and cannot be changed",
        ));
    }
    let now = cx.now();
    text.clone_into(&mut comment.comment);
    issue_comments::update(&mut tx, &mut comment, now).await?;
    super::announce(&mut tx, &issue, now).await?;
    tx.commit().await?;
    Ok(comment)
}

fn check(text: &str) -> Result<()> {
    if text.trim().is_empty() || text.len() > MAX_COMMENT {
        return Err(Error::field("issue_comment.comment", "write a comment of 1 byte to 64 KiB"));
    }
    Ok(())
}
