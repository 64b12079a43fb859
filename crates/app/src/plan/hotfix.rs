//! Hotfixes: plans whose production runs first. Only the order of stages, and with it what a stage must have finished before, is another;
//! approvals hold as ever.

use base::{Blocker, Error, Result};
use store::Conn;
use store::rows::{Hotfix, Plan, State};

use crate::cx::Cx;

/// What one must be able to do to mark a plan; whoever may edit it takes the mark away.
const PERMISSION: &str = "bb.plans.hotfix";
const LONGEST_REASON: usize = 1_000;

/// The mark, for whoever may make it; none without a reason.
pub(super) async fn of(
    cx: &Cx,
    conn: &mut Conn,
    project: &str,
    reason: &str,
) -> Result<Option<Hotfix>> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Ok(None);
    }
    if reason.chars().count() > LONGEST_REASON {
        return Err(Error::field("plan.hotfix.reason", "use at most 1000 characters"));
    }
    cx.require_on(conn, PERMISSION, &format!("projects/{project}")).await?;
    Ok(Some(Hotfix {
        reason: reason.to_owned(),
        by: cx.caller.name().unwrap_or_default(),
        at: cx.now(),
    }))
}

/// Whether that reason, or none, is another than the plan has.
pub(super) fn is_news(plan: &Plan, reason: &str) -> bool {
    plan.payload.hotfix.as_ref().map_or("", |h| h.reason.as_str()) != reason.trim()
}

/// What runs first is fixed with the rollout.
pub(super) fn may_change(name: &str, plan: &Plan) -> Result<()> {
    let (reason, message) = if plan.has_rollout {
        ("HAS_ROLLOUT", "The plan is being rolled out; the order of its stages is fixed.")
    } else if plan.state == State::Deleted {
        ("PLAN_CLOSED", "The plan is closed; reopen it first.")
    } else {
        return Ok(());
    };
    let blocker = Blocker {
        reason: reason.to_owned(),
        subject: name.to_owned(),
        message: message.to_owned(),
    };
    Err(Error::blocked(message, vec![blocker]))
}
