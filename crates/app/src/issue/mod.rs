//! Issues: the record of a review, with its comments and events.

pub mod comment;
pub mod create;
pub mod list;
pub mod role_grant;
pub mod status;
mod submit;
pub mod update;

use base::{Error, Result, Time};
use store::Conn;
use store::rows::Issue;

use crate::cx::Cx;
use crate::webhook::{self, EventKind, Happening};

pub async fn get(cx: &Cx, project: &str, id: i64) -> Result<Issue> {
    let mut conn = cx.app.store.read().await?;
    let found = store::issues::get(&mut conn, project, id).await?;
    found.ok_or_else(|| Error::not_found(format!("projects/{project}/issues/{id}")))
}

/// The issue of a plan, if it has one.
pub(crate) async fn of_plan(conn: &mut Conn, project: &str, plan: i64) -> Result<Option<Issue>> {
    Ok(store::issues::of_plans(conn, &[(project.to_owned(), plan)]).await?.pop())
}

/// Tells webhooks of an issue that is open for review: made so, or submitted.
async fn tell_created(cx: &Cx, conn: &mut Conn, issue: &Issue) -> Result<()> {
    let mut created = Happening::of_issue(EventKind::IssueCreated, issue, cx.caller.name());
    issue.description.clone_into(&mut created.detail);
    webhook::emit(&cx.app, conn, &created).await
}

/// Tells the event stream that an issue changed, and with it what its plan shows.
pub(crate) async fn announce(conn: &mut Conn, issue: &Issue, now: Time) -> Result<()> {
    store::events::append(
        conn,
        &format!("projects/{}/issues/{}", issue.project, issue.id),
        "issue",
        "",
        now,
    )
    .await?;
    if let Some(plan) = issue.plan {
        store::events::append(
            conn,
            &format!("projects/{}/plans/{plan}", issue.project),
            "plan",
            "",
            now,
        )
        .await?;
    }
    Ok(())
}
