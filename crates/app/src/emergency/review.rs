//! The review after the fact: whether it was justified. Final.

use base::{Blocker, Error, Reason, Result};
use store::rows::{EmergencyReview, IssueStatus};

use super::{people, read, tell};
use crate::cx::Cx;

const LONGEST_COMMENT: usize = 10_000;

/// What a reviewer says.
#[derive(Debug, Clone, Default)]
pub struct Review {
    pub project: String,
    pub id: String,
    /// None: nobody said.
    pub justified: Option<bool>,
    pub comment: String,
}

pub async fn review(cx: &Cx, review: Review) -> Result<read::EmergencyView> {
    let name = store::emergencies::name(&review.project, &review.id);
    cx.require("bb.rollouts.get", &name).await?;
    let me = cx.person()?;
    let Some(justified) = review.justified else {
        return Err(Error::field("verdict", "say JUSTIFIED or NOT_JUSTIFIED"));
    };
    if review.comment.trim().is_empty() || review.comment.chars().count() > LONGEST_COMMENT {
        let text = "say in 1 to 10000 characters what you found, and what follows";
        return Err(Error::field("comment", text));
    }
    let now = cx.now();
    let mut tx = cx.app.store.begin().await?;
    let found = store::emergencies::get(&mut tx, &review.project, &review.id).await?;
    let mut row = found.ok_or_else(|| Error::not_found(&name))?;
    let plan = store::plans::get_for_update(&mut tx, &row.project, row.plan).await?;
    let plan = plan.ok_or_else(|| Error::not_found(&name))?;
    let project = crate::project::live(&mut tx, &row.project).await?;
    if row.reviewed_at.is_some() {
        let message = format!("{name} is reviewed already, which is final.");
        let blocker =
            Blocker { reason: "REVIEWED".to_owned(), subject: name, message: message.clone() };
        return Err(Error::blocked(message, vec![blocker]));
    }
    if let Some(why) = people::refusal(cx, &mut tx, &project, &row).await? {
        return Err(Error::new(Reason::NotAllowed, why));
    }
    row.reviewed_at = Some(now);
    row.payload.review =
        Some(EmergencyReview { by: me, justified, comment: review.comment.trim().to_owned() });
    store::emergencies::update(&mut tx, &mut row, now).await?;
    tell::reviewed(cx, &mut tx, &row).await?;
    // Nothing of the plan is left to approve.
    let issue = crate::issue::of_plan(&mut tx, &plan.project, plan.id).await?;
    let open = issue.is_some_and(|i| i.status == IssueStatus::Open && !i.draft);
    if open && !store::tasks::any_open(&mut tx, &plan.project, plan.id).await? {
        crate::issue::status::close_for_rollout(&mut tx, cx, &plan, now).await?;
    }
    // What waited for the review goes on.
    tx.wake(store::Topic::TaskRun, "").await?;
    tx.commit().await?;
    read::get(cx, &row.project, &row.id).await
}
