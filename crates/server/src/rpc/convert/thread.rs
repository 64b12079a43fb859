//! What comments have to do with lines of SQL.

use api::bytebase::v1 as pb;
use app::thread::{NewAnchor, NewThread};
use base::name::SheetName;
use pb::issue_comment::{Anchor, Suggestion};
use store::rows::Thread;

use super::value::timestamp;

pub fn from_wire(
    anchor: Option<Anchor>,
    reply_to: String,
    suggestion: Option<Suggestion>,
) -> NewThread {
    let anchor = anchor.map(|a| NewAnchor {
        spec: a.spec_id,
        sheet: a.sheet,
        first: a.line,
        last: a.end_line,
    });
    NewThread { anchor, reply_to, suggestion: suggestion.map(|s| s.replacement) }
}

/// `parent`: before the id of a comment. `now`: where the lines of an anchor are.
pub fn put(
    project: &str,
    parent: &str,
    thread: Thread,
    now: Option<usize>,
    wire: &mut pb::IssueComment,
) {
    let number = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    wire.reply_to = thread.root.map(|id| format!("{parent}/{id}")).unwrap_or_default();
    wire.anchor = thread.anchor.map(|a| Anchor {
        spec_id: a.spec,
        sheet: SheetName::new(project, a.sheet).to_string(),
        line: number(a.first),
        end_line: number(a.last),
        text: a.text,
        outdated: now.is_none(),
        current_line: now.map(number).unwrap_or_default(),
    });
    wire.suggestion = thread.suggestion.map(|s| {
        let (applier, time) = s.applied.map(|a| (a.by, timestamp(a.at))).unzip();
        let replacement = s.replacement;
        Suggestion { replacement, applier: applier.unwrap_or_default(), apply_time: time }
    });
    if let Some(settled) = thread.resolved {
        wire.resolver = settled.by;
        wire.resolve_time = Some(timestamp(settled.at));
    }
}
