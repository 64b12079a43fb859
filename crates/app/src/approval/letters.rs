//! Mail about an approval: to those whose turn it is, and to the author when it is decided. Written into the outbox, so that a
//! mail server that is slow or away delays nothing.

use std::collections::BTreeSet;

use base::Result;
use policy::approval::{Decision, Gate, Step};
use store::Conn;
use store::rows::Issue;

use super::holders::Book;
use crate::cx::Cx;
use crate::mail::{self, Letter, Review};
use crate::webhook::console;

/// A role that more people hold is asked in the console and by webhooks: that many mails help nobody.
const MOST: usize = 100;

/// It is the turn of `role`: those who can take the step are told, and neither the author nor who took an earlier one.
pub(super) async fn asked(
    cx: &Cx,
    conn: &mut Conn,
    issue: &Issue,
    gate: &Gate,
    role: &str,
) -> Result<()> {
    if !mail::is_set_up(conn).await? {
        return Ok(());
    }
    let mut holders = Book::default().of(cx, conn, &issue.project, role).await?.all;
    holders.remove(&issue.creator);
    for taken in &gate.steps {
        holders.remove(&taken.by);
    }
    let console = console(&cx.app, conn).await?;
    let page = page(issue);
    let letter =
        Letter::approval_asked(review(issue, gate, &console, &page), address(&issue.creator), role);
    let people = holders.into_iter().take(MOST).collect();
    mail::post_to_all(&cx.app, conn, &people, &letter).await
}

/// The gate is open, or was sent back: the author is told, unless they did it.
pub(super) async fn decided(
    cx: &Cx,
    conn: &mut Conn,
    issue: &Issue,
    gate: &Gate,
    step: &Step,
) -> Result<()> {
    if step.by == issue.creator {
        return Ok(());
    }
    let console = console(&cx.app, conn).await?;
    let page = page(issue);
    let of = review(issue, gate, &console, &page);
    let by = address(&step.by);
    let letter = match step.decision {
        Decision::Approved => Letter::approved(of, by, &step.comment),
        Decision::Rejected => Letter::sent_back(of, by, &step.comment),
    };
    mail::post_to_all(&cx.app, conn, &BTreeSet::from([issue.creator.clone()]), &letter).await
}

fn review<'a>(issue: &'a Issue, gate: &'a Gate, console: &'a str, page: &'a str) -> Review<'a> {
    Review { console, page, title: &issue.title, stages: &gate.stages }
}

/// The plan's page shows its issue too.
fn page(issue: &Issue) -> String {
    let project = &issue.project;
    issue.plan.map_or_else(
        || format!("projects/{project}/issues/{}", issue.id),
        |plan| format!("projects/{project}/plans/{plan}"),
    )
}

fn address(person: &str) -> &str {
    person.split_once('/').map_or(person, |(_, email)| email)
}
