//! Approvals: which gates an issue has, who votes on them, and what they keep from running.
//!
//! The gates of an issue are found when the checks of its plan are done, by the rules of the workspace (`policy::approval`), and
//! kept with a fingerprint of every task that may come of the plan. Invariants: a vote, an edit and a rollout take the lock of the
//! plan and look again under it; what runs where the project requires approval is covered by an open gate of the plan's present
//! input, by its fingerprint and not by its name.

pub(crate) mod facts;
pub mod find;
pub(crate) mod gate;
mod happened;
mod holders;
mod letters;
mod print;
pub mod retry;
pub(crate) mod role_grant;
pub mod simulate;
pub mod view;
pub mod vote;

pub(crate) use holders::{roles_of_caller, roles_of_person};
pub(crate) use print::{of_task, of_wanted};
pub use view::{ApprovalView, GateView, IssueView};

use base::{Error, Result, Time};
use policy::approval::{Status, overall};
use store::Conn;
use store::rows::{ApprovalPayload, Issue, IssueApproval, Plan};

/// An issue under review, its plan kept until the transaction ends, and its approval, if its gates were looked for.
struct Locked {
    issue: Issue,
    plan: Option<Plan>,
    approval: Option<IssueApproval>,
}

impl Locked {
    /// The plan first: edits of it and rollouts take the same lock.
    async fn read(conn: &mut Conn, project: &str, id: i64) -> Result<Self> {
        let name = || format!("projects/{project}/issues/{id}");
        let found = store::issues::get(conn, project, id).await?;
        let plan = match found.ok_or_else(|| Error::not_found(name()))?.plan {
            Some(plan) => store::plans::get_for_update(conn, project, plan).await?,
            None => None,
        };
        let issue = store::issues::get(conn, project, id).await?;
        let issue = issue.ok_or_else(|| Error::not_found(name()))?;
        let approval = store::approvals::get(conn, project, id).await?;
        Ok(Self { issue, plan, approval })
    }

    /// What an approval counts for.
    fn input_version(&self) -> i64 {
        self.plan.as_ref().map_or(0, |p| p.input_version)
    }
}

/// Writes what was found, or voted, with what the gates come to.
async fn put(conn: &mut Conn, row: &mut IssueApproval, now: Time) -> Result<()> {
    row.status = overall(&row.payload.gates);
    Ok(store::approvals::put(conn, row, now).await?)
}

/// Tries rules off the async threads: many targets and rules take a while.
async fn apart<T: Send + 'static>(tried: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let done = tokio::task::spawn_blocking(tried).await;
    done.map_err(|e| Error::internal("approval rules could not be tried").with_source(e))
}

/// Rules may read what changed of an issue besides what is to run: its gates are looked for again. Votes of those that come out
/// the same stay (`find`).
pub(crate) async fn again(conn: &mut Conn, issue: &Issue, now: Time) -> Result<()> {
    // An edit of the plan, a vote and a rollout wait for each other by this lock.
    let Some(plan) = issue.plan else { return Ok(()) };
    store::plans::get_for_update(conn, &issue.project, plan).await?;
    let found = store::approvals::get(conn, &issue.project, issue.id).await?;
    if let Some(mut row) = found.filter(|row| row.status != Status::Checking) {
        row.status = Status::Checking;
        store::approvals::put(conn, &mut row, now).await?;
    }
    Ok(())
}

/// What was approved is not what is there any more: everybody is asked again, once the new checks are done.
pub(crate) async fn void(conn: &mut Conn, issue: &Issue, now: Time) -> Result<()> {
    if let Some(mut row) = store::approvals::get(conn, &issue.project, issue.id).await? {
        row.status = Status::Checking;
        row.payload = ApprovalPayload::default();
        store::approvals::put(conn, &mut row, now).await?;
    }
    Ok(())
}
