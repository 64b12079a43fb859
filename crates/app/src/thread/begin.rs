//! What makes a comment part of a thread.

use base::name::{IssueCommentName, SheetName};
use base::{Error, Result};
use store::Conn;
use store::rows::{Anchor, Issue, Suggestion, Thread};

use super::{lines, sheet_of, text_of};

/// Most lines of an anchor.
const MOST_LINES: usize = 1_000;
const LONGEST_REPLACEMENT: usize = 65_536;

/// What a caller gives with a comment. Nothing of it: a comment on the issue.
#[derive(Debug, Clone, Default)]
pub struct NewThread {
    pub anchor: Option<NewAnchor>,
    /// Full name of the comment that began the thread; empty for none.
    pub reply_to: String,
    /// Lines that shall stand in the place of those the thread is about.
    pub suggestion: Option<String>,
}

#[derive(Debug, Clone, Default)]
pub struct NewAnchor {
    pub spec: String,
    /// `projects/{project}/sheets/{sheet}` that was read.
    pub sheet: String,
    /// From 1.
    pub first: i32,
    /// 0: as `first`.
    pub last: i32,
}

/// Checks it against what is there.
pub(crate) async fn begin(
    conn: &mut Conn,
    issue: &Issue,
    new: NewThread,
) -> Result<Option<Thread>> {
    let suggestion = new.suggestion.map(|replacement| Suggestion { replacement, applied: None });
    if suggestion.as_ref().is_some_and(|s| s.replacement.len() > LONGEST_REPLACEMENT) {
        let text = "use at most 64 KiB";
        return Err(Error::field("issue_comment.suggestion.replacement", text));
    }
    match (new.anchor, new.reply_to.as_str()) {
        (None, "") if suggestion.is_some() => Err(Error::field(
            "issue_comment.suggestion",
            "say which lines it replaces: by an anchor, or as a reply in a thread that has one",
        )),
        (None, "") => Ok(None),
        (Some(_), reply) if !reply.is_empty() => Err(Error::field(
            "issue_comment.reply_to",
            "a reply is about the lines of its thread; leave the anchor off, or the reply",
        )),
        (Some(anchor), _) => {
            let anchor = Some(anchored(conn, issue, anchor).await?);
            Ok(Some(Thread { anchor, suggestion, ..Thread::default() }))
        }
        (None, reply) => {
            let root = Some(root(conn, issue, reply).await?);
            Ok(Some(Thread { root, suggestion, ..Thread::default() }))
        }
    }
}

/// Id of the comment that began the thread.
async fn root(conn: &mut Conn, issue: &Issue, reply_to: &str) -> Result<String> {
    let field = "issue_comment.reply_to";
    let name = IssueCommentName::parse(field, reply_to)?;
    if name.project != issue.project || name.issue != issue.id.to_string() {
        return Err(Error::field(field, "the comment belongs to another issue"));
    }
    let found = super::comment(conn, issue, &name.comment).await?;
    match found.thread {
        Some(thread) if thread.anchor.is_some() => Ok(found.id),
        _ => Err(Error::field(field, "name the comment that began the thread, with its anchor")),
    }
}

async fn anchored(conn: &mut Conn, issue: &Issue, new: NewAnchor) -> Result<Anchor> {
    let at = |field: &str| format!("issue_comment.anchor.{field}");
    let sheet = SheetName::parse(&at("sheet"), &new.sheet)?.sheet;
    let plan = match issue.plan {
        Some(plan) => store::plans::get(conn, &issue.project, plan).await?,
        None => None,
    };
    let plan = plan.ok_or_else(|| Error::field(at("spec_id"), "the issue has no plan"))?;
    let present = sheet_of(&plan.payload.specs, &new.spec)
        .ok_or_else(|| Error::field(at("spec_id"), "name a change of the plan that has a sheet"))?;
    if present != sheet {
        // What the writer read is not what is there.
        return Err(Error::etag(&new.sheet));
    }
    let text = text_of(conn, &sheet).await?.ok_or_else(|| {
        Error::field(at("sheet"), "lines of scripts up to 2 MiB can be commented on")
    })?;
    let first = usize::try_from(new.first).unwrap_or(0);
    let last = if new.last == 0 { first } else { usize::try_from(new.last).unwrap_or(0) };
    if last.saturating_sub(first) >= MOST_LINES {
        return Err(Error::field(at("end_line"), "name at most 1000 lines"));
    }
    let cut = lines::cut(&text, first, last).ok_or_else(|| {
        let what = format!("lines {first} to {last} are not in the script; lines count from 1");
        Error::field(at("line"), what)
    })?;
    Ok(Anchor { spec: new.spec, sheet, first, last, text: cut.to_owned() })
}
