//! What approvals keep from running.

use std::collections::{BTreeMap, HashMap};

use base::{Blocker, Result};
use policy::approval::{Gate, Status};
use store::Conn;
use store::rows::{Issue, IssueApproval, IssueStatus, Plan, Project, Task};

use super::{of_task, of_wanted, view};
use crate::execution::NO_STAGE;
use crate::rollout::expand::{Wanted, expand};

/// The reason of every blocker of this module that is about an approval.
pub const APPROVAL: &str = "APPROVAL";

/// What is known of the approval of a plan.
#[derive(Debug, Clone)]
pub struct Approvals {
    required: bool,
    plan: String,
    issue: Option<Issue>,
    /// Only one that is about the present input of the plan.
    approval: Option<IssueApproval>,
}

/// Of one plan.
pub async fn of_plan(conn: &mut Conn, project: &Project, plan: &Plan) -> Result<Approvals> {
    let mut found =
        of_plans(conn, &BTreeMap::from([(project.id.clone(), project.clone())]), [plan]).await?;
    Ok(found.remove(&(plan.project.clone(), plan.id)).unwrap_or_else(|| Approvals {
        required: true,
        plan: String::new(),
        issue: None,
        approval: None,
    }))
}

/// Of many, by a fixed number of queries. `projects` by id; of a plan whose project is not there, approval is required.
pub async fn of_plans<'p>(
    conn: &mut Conn,
    projects: &BTreeMap<String, Project>,
    plans: impl IntoIterator<Item = &'p Plan>,
) -> Result<HashMap<(String, i64), Approvals>> {
    let plans: Vec<&Plan> = plans.into_iter().collect();
    let keys: Vec<_> = plans.iter().map(|p| (p.project.clone(), p.id)).collect();
    let issues = store::issues::of_plans(conn, &keys).await?;
    let of_issues: Vec<_> = issues.iter().map(|i| (i.project.clone(), i.id)).collect();
    let found = store::approvals::get_many(conn, &of_issues).await?;
    let mut approvals: HashMap<_, _> =
        found.into_iter().map(|a| ((a.project.clone(), a.issue), a)).collect();
    let mut issues: HashMap<_, _> =
        issues.into_iter().filter_map(|i| Some(((i.project.clone(), i.plan?), i))).collect();
    let of = |plan: &Plan| {
        let key = (plan.project.clone(), plan.id);
        let issue = issues.remove(&key);
        let approval = issue.as_ref().and_then(|i| approvals.remove(&(i.project.clone(), i.id)));
        let project = projects.get(&plan.project);
        let approvals = Approvals {
            required: project.is_none_or(|p| p.payload.require_issue_approval),
            plan: format!("projects/{}/plans/{}", plan.project, plan.id),
            approval: approval.filter(|a| a.is_found(plan.input_version)),
            issue,
        };
        (key, approvals)
    };
    Ok(plans.into_iter().map(of).collect())
}

/// Whether an approval is about every task that the plan would make now.
pub async fn covers_all(conn: &mut Conn, plan: &Plan, approval: &IssueApproval) -> Result<bool> {
    let named = crate::rollout::load::named(conn, &plan.payload.specs).await?;
    let Ok(wanted) = expand(plan, &named) else { return Ok(true) };
    Ok(approval.input_version == plan.input_version
        && wanted.iter().all(|w| approval.payload.covered.contains(&of_wanted(w))))
}

impl Approvals {
    /// The project wants approvals, or `always`.
    const fn asks(&self, always: bool) -> bool {
        self.required || always
    }

    /// What keeps the rollout of these tasks from being made: everything, or that no stage of them may run.
    pub fn rollout(&self, wanted: &[Wanted]) -> Vec<Blocker> {
        let mut blockers: Vec<_> = self.submitted().into_iter().collect();
        if !self.required {
            return blockers;
        }
        let mut kept: Vec<Blocker> = Vec::new();
        let mut open = false;
        for one in wanted {
            let stage = one.environment.as_deref().unwrap_or(NO_STAGE);
            match self.stage(stage, &of_wanted(one), true) {
                None => open = true,
                Some(b) if !kept.contains(&b) => kept.push(b),
                Some(_) => {}
            }
        }
        if wanted.is_empty() {
            kept.extend(self.whole());
        }
        if !open {
            blockers.extend(kept);
        }
        blockers
    }

    /// What keeps a task from running. With `always` also where the project does not ask for approvals.
    pub fn task(&self, task: &Task, always: bool) -> Option<Blocker> {
        self.submitted().or_else(|| {
            let stage = task.environment.as_deref().unwrap_or(NO_STAGE);
            self.stage(stage, &of_task(task), always)
        })
    }

    /// A draft and a canceled issue keep everything from running, whatever the project asks for.
    pub fn submitted(&self) -> Option<Blocker> {
        match &self.issue {
            Some(i) if i.draft => Some(self.block(
                "ISSUE_DRAFT",
                "The issue is a draft; submit it for review first.".to_owned(),
            )),
            Some(i) if i.status == IssueStatus::Canceled => Some(
                self.block("ISSUE_CANCELED", "The issue was canceled; reopen it first.".to_owned()),
            ),
            _ => None,
        }
    }

    /// Stages in their order, each with whether its gate is open. None while gates are not found.
    pub fn stages(&self) -> Option<Vec<(String, bool)>> {
        let approval = self.approval.as_ref()?;
        let rejected = approval.status == Status::Rejected;
        let of = |g: &Gate| {
            let open = g.status().is_open() && !rejected;
            g.stages.iter().map(|s| (s.clone(), open)).collect::<Vec<_>>()
        };
        Some(approval.payload.gates.iter().flat_map(of).collect())
    }

    pub const fn has_issue(&self) -> bool {
        self.issue.is_some()
    }

    /// Whether everything is approved, or nobody asks.
    pub fn is_over(&self) -> bool {
        !self.required || self.approval.as_ref().is_some_and(|a| a.status.is_open())
    }

    /// What keeps a stage, or one task of it, from running.
    fn stage(&self, stage: &str, print: &str, always: bool) -> Option<Blocker> {
        if !self.asks(always) {
            return None;
        }
        if let Some(blocker) = self.whole() {
            return Some(blocker);
        }
        let approval = self.approval.as_ref()?;
        let gate = approval.payload.gates.iter().find(|g| g.covers(stage));
        let Some(gate) = gate.filter(|_| approval.payload.covered.contains(print)) else {
            let what = "What would run is not what was approved: a database was moved since. Let the approval be found again.";
            return Some(self.block(APPROVAL, what.to_owned()));
        };
        match gate.status() {
            Status::Approved | Status::Skipped => None,
            _ => Some(self.block(APPROVAL, waits(stage, gate))),
        }
    }

    /// What keeps every stage from running.
    fn whole(&self) -> Option<Blocker> {
        let Some(issue) = &self.issue else {
            let what =
                "The project requires approval; make an issue of the plan, so that it is reviewed.";
            return Some(self.block(APPROVAL, what.to_owned()));
        };
        let Some(approval) = &self.approval else {
            let what =
                "Who has to approve is not found out yet, which waits for the checks of the plan.";
            return Some(self.block(APPROVAL, what.to_owned()));
        };
        (approval.status == Status::Rejected).then(|| {
            let by = approval.payload.gates.iter().find(|g| g.status() == Status::Rejected);
            let by = by.and_then(|g| g.steps.last()).map(|s| s.by.clone()).unwrap_or_default();
            self.block(
                APPROVAL,
                format!("{by} sent issue #{} back; its creator mends it and asks again.", issue.id),
            )
        })
    }

    fn block(&self, reason: &str, message: String) -> Blocker {
        Blocker { reason: reason.to_owned(), subject: self.plan.clone(), message }
    }
}

fn waits(stage: &str, gate: &Gate) -> String {
    let (done, all) = (gate.steps.len(), gate.roles().len());
    let role = gate.pending_role().unwrap_or_default();
    let stage = match view::environment(gate).as_str() {
        "" => "The change".to_owned(),
        _ => format!("Stage {stage}"),
    };
    format!("{stage} waits for an approval by {role}: step {} of {all}.", done + 1)
}
