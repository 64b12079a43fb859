//! Threads of comments about lines of SQL: begun at an anchor, answered, settled, and their suggestions applied.
//!
//! An anchor keeps the lines as they were when it was written; where they are now is found out when it is read. A suggestion is applied
//! through the same use case as any other edit, so that checks run anew and everybody who approved is asked again.

mod apply;
mod begin;
mod lines;
mod resolve;
mod view;

pub use apply::apply;
pub(crate) use begin::begin;
pub use begin::{NewAnchor, NewThread};
pub use resolve::resolve;
pub use view::CommentView;
pub(crate) use view::views;

use base::{Error, Result};
use store::Conn;
use store::rows::{Issue, IssueComment, Spec, SpecConfig};

/// Largest script whose lines are looked for, in bytes.
const LARGEST: i64 = 2 << 20;

/// A comment of the issue, by its id.
async fn comment(conn: &mut Conn, issue: &Issue, id: &str) -> Result<IssueComment> {
    let found = store::issue_comments::get(conn, id).await?;
    let found = found.filter(|c| c.project == issue.project && c.issue == issue.id);
    found.ok_or_else(|| Error::not_found(name(&issue.project, issue.id, id)))
}

fn name(project: &str, issue: i64, id: &str) -> String {
    format!("projects/{project}/issues/{issue}/issueComments/{id}")
}

/// The sheet that a change of a plan has, if it is one with a sheet.
fn sheet_of(specs: &[Spec], id: &str) -> Option<String> {
    let spec = specs.iter().find(|s| s.id == id)?;
    let SpecConfig::ChangeDatabase(change) = &spec.config else { return None };
    let name = base::name::SheetName::parse("sheet", &change.sheet).ok()?;
    Some(name.sheet)
}

/// The text of a sheet; None when it is too large to look for lines in it.
async fn text_of(conn: &mut Conn, sheet: &str) -> Result<Option<String>> {
    match store::blobs::size(conn, sheet).await? {
        Some(size) if size <= LARGEST => Ok(store::blobs::text(conn, sheet).await?),
        _ => Ok(None),
    }
}
