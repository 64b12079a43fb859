//! Comments as people see them: of an anchor, where its lines are now.

use std::collections::{BTreeSet, HashMap};

use base::Result;
use store::Conn;
use store::rows::{Anchor, Issue, IssueComment};

use super::{lines, sheet_of, text_of};

#[derive(Debug, Clone)]
pub struct CommentView {
    pub comment: IssueComment,
    /// Of a comment with an anchor: the first of its lines in the present SQL; None when they changed.
    pub now: Option<usize>,
}

/// In the same order.
pub(crate) async fn views(
    conn: &mut Conn,
    issue: &Issue,
    comments: Vec<IssueComment>,
) -> Result<Vec<CommentView>> {
    let anchors = || comments.iter().filter_map(|c| c.thread.as_ref()?.anchor.as_ref());
    let mut specs = Vec::new();
    if anchors().next().is_some()
        && let Some(plan) = issue.plan
    {
        let plan = store::plans::get(conn, &issue.project, plan).await?;
        specs = plan.map(|p| p.payload.specs).unwrap_or_default();
    }
    // Of changes whose SQL is another than it was: each is read once.
    let edited = anchors().filter_map(|a| Some((a, sheet_of(&specs, &a.spec)?)));
    let edited: BTreeSet<_> =
        edited.filter(|(a, sheet)| a.sheet != *sheet).map(|(_, sheet)| sheet).collect();
    let mut texts = HashMap::new();
    for sheet in edited {
        if let Some(text) = text_of(conn, &sheet).await? {
            texts.insert(sheet, text);
        }
    }
    let now = |anchor: &Anchor| {
        let present = sheet_of(&specs, &anchor.spec)?;
        if present == anchor.sheet {
            return Some(anchor.first);
        }
        lines::find(texts.get(&present)?, anchor.first, &anchor.text)
    };
    let view = |comment: IssueComment| {
        let anchor = comment.thread.as_ref().and_then(|t| t.anchor.as_ref());
        CommentView { now: anchor.and_then(now), comment }
    };
    Ok(comments.into_iter().map(view).collect())
}
