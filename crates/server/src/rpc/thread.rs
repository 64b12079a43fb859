//! ThreadService: threads about lines of SQL.

use api::basalt::v1 as pb;
use app::cx::Cx;
use app::thread::{self, CommentView};
use base::name::{IssueCommentName, parse_number};

use super::issue::comment_to_wire;
use super::{Error, Result};

pub struct Threads;

impl pb::ThreadService<Cx, Error> for Threads {
    async fn resolve_thread(
        &self,
        cx: Cx,
        request: pb::ResolveThreadRequest,
    ) -> Result<pb::Thread> {
        let (name, issue) = comment_name(&request.name)?;
        let (project, id) = (&name.project, &name.comment);
        let done = thread::resolve(&cx, project, issue, id, request.resolved).await?;
        Ok(to_wire(done))
    }

    async fn apply_suggestion(
        &self,
        cx: Cx,
        request: pb::ApplySuggestionRequest,
    ) -> Result<pb::Thread> {
        let (name, issue) = comment_name(&request.name)?;
        Ok(to_wire(thread::apply(&cx, &name.project, issue, &name.comment).await?))
    }
}

fn to_wire(view: CommentView) -> pb::Thread {
    let comment = comment_to_wire(view);
    pb::Thread { name: comment.name.clone(), comment: Some(comment) }
}

fn comment_name(text: &str) -> base::Result<(IssueCommentName, i64)> {
    let name = IssueCommentName::parse("name", text)?;
    let issue = parse_number("name", &name.issue)?;
    Ok((name, issue))
}
