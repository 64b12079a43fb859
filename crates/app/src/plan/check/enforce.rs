//! Errors of the review stand in the way of a rollout, and of submitting a draft, where the project says so.
//!
//! Who could switch that off for the project may go past them once, with a reason: the plan keeps who did, and the audit log
//! has the call. A plan that is changed afterwards is held to the review again.

use std::collections::BTreeSet;

use base::{Blocker, Error, Result};
use store::Conn;
use store::rows::{
    CheckLevel, CheckResult, CheckStatus, CheckType, Plan, Project, ReviewBypass, SpecConfig,
};

use crate::cx::Cx;
use crate::emergency;

/// What one must be able to do to go past the review: whoever can switch it off.
const MAY_BYPASS: &str = "bb.projects.update";
/// Why something that needs the outcome of the checks has to wait.
pub const CHECKS_NOT_DONE: &str = "CHECKS_NOT_DONE";
/// Errors that are told one by one.
const MOST_TOLD: usize = 20;

/// What a caller asks about the review.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bypass<'a> {
    pub wanted: bool,
    pub reason: &'a str,
}

/// What stands in the way of the plan, on some targets or on all. Nothing when the caller may and wants to go past it,
/// which is written into the plan and told.
pub async fn blockers(
    cx: &Cx,
    conn: &mut Conn,
    project: &Project,
    plan: &mut Plan,
    targets: Option<&BTreeSet<String>>,
    bypass: Bypass<'_>,
) -> Result<Vec<Blocker>> {
    let found = found(conn, project, plan, targets).await?;
    if found.is_empty() || !bypass.wanted {
        return Ok(found);
    }
    let reason = bypass.reason.trim();
    if reason.is_empty() {
        let what = "say why the review is passed over; the audit log keeps it";
        return Err(Error::field("reason", what));
    }
    cx.require_on(conn, MAY_BYPASS, &format!("projects/{}", plan.project)).await?;
    plan.payload.review_bypass = Some(ReviewBypass {
        input_version: plan.input_version,
        by: cx.caller.name().unwrap_or_default(),
        reason: reason.to_owned(),
        at: cx.now(),
    });
    store::plans::update(conn, plan, cx.now()).await?;
    emergency::review_ignored(cx, conn, plan, reason).await?;
    Ok(Vec::new())
}

/// What stands in the way, if nobody went past it.
pub(crate) async fn found(
    conn: &mut Conn,
    project: &Project,
    plan: &Plan,
    targets: Option<&BTreeSet<String>>,
) -> Result<Vec<Blocker>> {
    if !project.payload.enforce_sql_review {
        return Ok(Vec::new());
    }
    let passed = plan.payload.review_bypass.as_ref();
    if passed.is_some_and(|b| b.input_version == plan.input_version) {
        return Ok(Vec::new());
    }
    let changes = |s: &store::rows::Spec| matches!(s.config, SpecConfig::ChangeDatabase(_));
    if !plan.payload.specs.iter().any(changes) {
        return Ok(Vec::new());
    }
    let name = format!("projects/{}/plans/{}", plan.project, plan.id);
    let block = |reason: &str, subject: &str, message: String| Blocker {
        reason: reason.to_owned(),
        subject: subject.to_owned(),
        message,
    };
    let check = store::plan_checks::get(conn, &plan.project, plan.id).await?;
    let check =
        check.filter(|c| c.status == CheckStatus::Done && c.input_version == plan.input_version);
    let Some(check) = check else {
        let message = "The project enforces SQL review, and the checks of this plan are not done; \
            this clears by itself, or run them again.";
        return Ok(vec![block(CHECKS_NOT_DONE, &name, message.to_owned())]);
    };
    let counts = |r: &&CheckResult| {
        r.level == CheckLevel::Error
            && r.kind == CheckType::StatementAdvise
            && targets.is_none_or(|t| t.contains(&r.target))
    };
    let errors: Vec<_> = check.results.iter().filter(counts).collect();
    let told = errors.iter().take(MOST_TOLD);
    let mut blockers: Vec<_> = told.map(|r| block("REVIEW_ERROR", &r.target, message(r))).collect();
    if errors.len() > MOST_TOLD {
        let message = format!("The review finds {} more errors.", errors.len() - MOST_TOLD);
        blockers.push(block("REVIEW_ERROR", &name, message));
    }
    Ok(blockers)
}

fn message(result: &CheckResult) -> String {
    let line = result.start.filter(|p| p.line > 0).map(|p| format!("line {}: ", p.line));
    format!("{}{}: {}", line.unwrap_or_default(), result.title, result.content)
}
