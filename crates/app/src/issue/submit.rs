//! The gate between a draft and its review: everything that stands in the way is told at once, each with its field and what to do.

use base::{Blocker, Error, FieldViolation, Result};
use store::Conn;
use store::rows::{Issue, IssueStatus, Plan, Project, SpecConfig, State};

use super::create::violations;
use crate::plan::check::enforce::{self, Bypass, CHECKS_NOT_DONE};
use crate::plan::specs;
use crate::rollout::{create, expand, load};

/// Refuses a draft that cannot be submitted as it is. `issue` is what it would become.
pub(super) async fn check(
    cx: &crate::cx::Cx,
    conn: &mut Conn,
    project: &Project,
    issue: &Issue,
    bypass: Bypass<'_>,
) -> Result<()> {
    let mut found = Found::default();
    for wrong in violations(project, &issue.title, &issue.description, &issue.payload.labels) {
        found.field(reason_of(&wrong.field), &wrong.field, wrong.description);
    }
    if issue.status != IssueStatus::Open {
        let text = "it was canceled; reopen it first";
        found.field("ISSUE_CLOSED", "issue.status", text.to_owned());
    }
    // Its lock goes before all else of it, as in edits and rollouts.
    let plan = match issue.plan {
        Some(plan) => store::plans::get_for_update(conn, &project.id, plan).await?,
        None => None,
    };
    match plan {
        Some(mut plan) => of_plan(cx, conn, project, &mut plan, bypass, &mut found).await?,
        None => {
            let text = "the issue has no plan; make one, and an issue of it".to_owned();
            found.field("PLAN_MISSING", "issue.plan", text);
        }
    }
    if found.blockers.is_empty() {
        return Ok(());
    }
    let error = Error::blocked_by("The issue cannot be submitted yet.", found.blockers);
    Err(error.with_fields(found.fields))
}

async fn of_plan(
    cx: &crate::cx::Cx,
    conn: &mut Conn,
    project: &Project,
    plan: &mut Plan,
    bypass: Bypass<'_>,
    found: &mut Found,
) -> Result<()> {
    if plan.state == State::Deleted {
        found.field("PLAN_CLOSED", "plan.state", "the plan is closed; reopen it first".to_owned());
    }
    if plan.has_rollout {
        let text = "the plan is rolled out already, so there is nothing left to review";
        found.field("HAS_ROLLOUT", "plan.has_rollout", text.to_owned());
    }
    for wrong in specs::violations(&plan.project, &plan.payload.specs) {
        found.field("SPEC_INCOMPLETE", &wrong.field, wrong.description);
    }
    for (i, spec) in plan.payload.specs.iter().enumerate() {
        if matches!(&spec.config, SpecConfig::ChangeDatabase(c) if specs::is_empty(c)) {
            let field = format!("plan.specs[{i}].change_database_config.sheet");
            found.field("SPEC_INCOMPLETE", &field, "write the SQL and save the plan".to_owned());
        }
    }
    let named = load::named(conn, &plan.payload.specs).await?;
    let gone = expand::expand(plan, &named).err().unwrap_or_default();
    for blocker in gone.into_iter().filter(|b| b.reason != "SPEC_INCOMPLETE") {
        found.targets(plan, blocker);
    }
    found.blockers.extend(create::checks(conn, project, plan).await?);
    let waits = found.blockers.iter().any(|b| b.reason == CHECKS_NOT_DONE);
    let review = enforce::blockers(cx, conn, project, plan, None, bypass).await?;
    // Checks that two rules wait for are told once.
    found.blockers.extend(review.into_iter().filter(|b| !waits || b.reason != CHECKS_NOT_DONE));
    Ok(())
}

#[derive(Default)]
struct Found {
    blockers: Vec<Blocker>,
    /// Those of them that a field is to blame for.
    fields: Vec<FieldViolation>,
}

impl Found {
    fn field(&mut self, reason: &str, field: &str, description: String) {
        self.blockers.push(Blocker {
            reason: reason.to_owned(),
            subject: field.to_owned(),
            message: format!("{field}: {description}"),
        });
        self.fields.push(FieldViolation { field: field.to_owned(), description });
    }

    /// A target that is not there any more, with the field that names it.
    fn targets(&mut self, plan: &Plan, blocker: Blocker) {
        let names = |config: &SpecConfig| match config {
            SpecConfig::ChangeDatabase(c) => c.targets.contains(&blocker.subject),
            SpecConfig::CreateDatabase(c) => c.target == blocker.subject,
        };
        let at = plan.payload.specs.iter().position(|s| names(&s.config)).unwrap_or(0);
        let field = format!("plan.specs[{at}].targets");
        let description = blocker.message.clone();
        self.fields.push(FieldViolation { field, description });
        self.blockers.push(blocker);
    }
}

/// A stable word for what is wrong with a field of the issue.
fn reason_of(field: &str) -> &'static str {
    match field {
        "issue.title" => "TITLE",
        "issue.labels" => "LABELS",
        _ => "INVALID_FIELD",
    }
}
