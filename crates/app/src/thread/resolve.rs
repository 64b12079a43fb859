//! Settles a thread, or opens it again.

use base::{Error, Result};
use store::rows::Settled;

use super::{CommentView, comment, views};
use crate::cx::Cx;

pub async fn resolve(
    cx: &Cx,
    project: &str,
    issue: i64,
    id: &str,
    resolved: bool,
) -> Result<CommentView> {
    let issue = crate::issue::get(cx, project, issue).await?;
    let now = cx.now();
    let mut tx = cx.app.store.begin().await?;
    let mut found = comment(&mut tx, &issue, id).await?;
    let thread = found.thread.as_mut().filter(|t| t.anchor.is_some());
    let thread = thread.ok_or_else(|| {
        Error::field("name", "name the comment that began the thread, with its anchor")
    })?;
    // Twice is once: who settled it first stays told.
    if thread.resolved.is_some() != resolved {
        let by = cx.caller.name().unwrap_or_default();
        thread.resolved = resolved.then_some(Settled { by, at: now });
        store::issue_comments::update(&mut tx, &mut found, now).await?;
        crate::issue::announce(&mut tx, &issue, now).await?;
    }
    let mut seen = views(&mut tx, &issue, vec![found]).await?;
    tx.commit().await?;
    seen.pop().ok_or_else(|| Error::internal("a comment without a view"))
}
