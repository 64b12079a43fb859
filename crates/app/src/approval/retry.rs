//! Looks for the gates of an issue again: after its checks failed, or when what is to run is not any more what was approved,
//! because a database was moved. What was found and still counts stays.

use base::{Error, Reason, Result};
use policy::approval::Status;
use store::rows::CheckStatus;

use super::view::{self, IssueView};
use super::{Locked, find, gate, happened};
use crate::cx::Cx;

/// For the creator of the issue, and for who may change issues.
pub async fn retry(cx: &Cx, project: &str, issue: i64) -> Result<IssueView> {
    let name = format!("projects/{project}/issues/{issue}");
    cx.require("bb.issues.get", &name).await?;
    let found = crate::issue::get(cx, project, issue).await?;
    if Some(&found.creator) != cx.caller.name().as_ref() {
        cx.require("bb.issues.update", &name).await?;
    }
    let now = cx.now();
    let mut tx = cx.app.store.begin().await?;
    let Locked { issue: row, plan, approval } = Locked::read(&mut tx, project, issue).await?;
    let Some(plan) = plan else { return view::get(cx, project, issue).await };
    let check = store::plan_checks::get(&mut tx, project, plan.id).await?;
    let over = |c: &store::rows::PlanCheck| {
        c.input_version == plan.input_version
            && !matches!(c.status, CheckStatus::Failed | CheckStatus::Canceled)
    };
    if !check.as_ref().is_some_and(over) {
        store::plan_checks::request(&mut tx, project, plan.id, plan.input_version, now).await?;
    }
    if let Some(approval) = approval.filter(|a| a.status != Status::Checking) {
        if approval.status == Status::Rejected {
            return Err(Error::new(
                Reason::NotAllowed,
                "the issue was sent back; its creator asks for it again",
            ));
        }
        if !gate::covers_all(&mut tx, &plan, &approval).await? {
            super::void(&mut tx, &row, now).await?;
        }
    }
    store::approvals::wake(&mut tx).await?;
    happened::announce(&mut tx, &row, now).await?;
    tx.commit().await?;
    find::find(cx, project, issue).await?;
    view::get(cx, project, issue).await
}
