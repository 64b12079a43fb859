//! Comments of issues.

use base::page::Page;
use base::{Error, Result};
use store::rows::IssueComment;
use store::{List, issue_comments};

use crate::cx::Cx;
use crate::thread::{self, CommentView, NewThread};

const MAX_COMMENT: usize = 65_536;

pub async fn list(
    cx: &Cx,
    project: &str,
    issue: i64,
    page_size: i32,
    page_token: String,
) -> Result<Page<CommentView>> {
    let of = super::get(cx, project, issue).await?;
    let args =
        List { size: base::page::page_size(page_size), token: Some(page_token), ..List::default() };
    let mut conn = cx.app.store.read().await?;
    let page = issue_comments::list(&mut conn, project, issue, &args).await?;
    Ok(Page { items: thread::views(&mut conn, &of, page.items).await?, next: page.next })
}

pub async fn create(
    cx: &Cx,
    project: &str,
    issue: i64,
    text: &str,
    new: NewThread,
) -> Result<CommentView> {
    // A suggestion may speak for itself.
    if new.suggestion.is_none() || !text.is_empty() {
        check(text)?;
    }
    let issue = super::get(cx, project, issue).await?;
    let now = cx.now();
    let mut tx = cx.app.store.begin().await?;
    let thread = thread::begin(&mut tx, &issue, new).await?;
    let comment = IssueComment {
        thread,
        id: cx.app.new_id(),
        project: issue.project.clone(),
        issue: issue.id,
        creator: cx.caller.name().unwrap_or_default(),
        comment: text.to_owned(),
        event: None,
        created_at: now,
        updated_at: now,
    };
    issue_comments::insert(&mut tx, &comment).await?;
    super::announce(&mut tx, &issue, now).await?;
    let mut seen = thread::views(&mut tx, &issue, vec![comment]).await?;
    tx.commit().await?;
    seen.pop().ok_or_else(|| Error::internal("a comment without a view"))
}

/// Only the writer of a comment may change it; events stay as they are.
pub async fn update(
    cx: &Cx,
    project: &str,
    issue: i64,
    id: &str,
    text: &str,
) -> Result<CommentView> {
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
    let mut seen = thread::views(&mut tx, &issue, vec![comment]).await?;
    tx.commit().await?;
    seen.pop().ok_or_else(|| Error::internal("a comment without a view"))
}

fn check(text: &str) -> Result<()> {
    if text.trim().is_empty() || text.len() > MAX_COMMENT {
        return Err(Error::field("issue_comment.comment", "write a comment of 1 byte to 64 KiB"));
    }
    Ok(())
}
