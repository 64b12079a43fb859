//! An issue with its approval, as people see it.

use std::collections::{BTreeSet, HashMap};

use base::name::ProjectName;
use base::page::Page;
use base::{Error, Result};
use policy::approval::{Gate, Refusal, Status, Voter};
use policy::risk::Risk;
use store::Conn;
use store::rows::{CheckStatus, Issue, IssueApproval, Plan, PlanCheck, Project};

use super::holders::Book;
use super::vote;
use crate::access::Grants;
use crate::cx::Cx;

#[derive(Debug, Clone)]
pub struct IssueView {
    pub issue: Issue,
    pub approval: ApprovalView,
}

#[derive(Debug, Clone, Default)]
pub struct ApprovalView {
    pub status: Status,
    /// Stands for what is under review.
    pub revision: String,
    /// Why the gates cannot be found.
    pub error: String,
    pub gates: Vec<GateView>,
    pub risk: Option<Risk>,
}

#[derive(Debug, Clone)]
pub struct GateView {
    pub gate: Gate,
    /// None: nothing is pending, or the caller may.
    pub refusal: Option<Refusal>,
    pub can_approve: bool,
    pub holder_count: usize,
    /// `users/{email}` of some of them.
    pub holders: Vec<String>,
}

impl GateView {
    /// Of a gate that nobody votes on.
    pub const fn bare(gate: Gate) -> Self {
        Self { gate, refusal: None, can_approve: false, holder_count: 0, holders: Vec::new() }
    }
}

/// A page of a list, with approvals.
pub async fn page(cx: &Cx, page: Page<Issue>) -> Result<Page<IssueView>> {
    let mut conn = cx.app.store.read().await?;
    Ok(Page { items: of_issues(cx, &mut conn, page.items).await?, next: page.next })
}

/// How the wire names a gate.
pub fn environment(gate: &Gate) -> String {
    gate.environment.as_ref().map(|id| format!("environments/{id}")).unwrap_or_default()
}

/// How the wire names what is under review.
pub fn revision(input_version: i64) -> String {
    input_version.to_string()
}

pub async fn get(cx: &Cx, project: &str, id: i64) -> Result<IssueView> {
    let mut conn = cx.app.store.read().await?;
    let issue = store::issues::get(&mut conn, project, id).await?;
    let issue = issue.ok_or_else(|| Error::not_found(format!("projects/{project}/issues/{id}")))?;
    let mut views = of_issues(cx, &mut conn, vec![issue]).await?;
    views.pop().ok_or_else(|| Error::internal("an issue without a view"))
}

/// In the same order; each project and role is looked at once.
pub async fn of_issues(cx: &Cx, conn: &mut Conn, issues: Vec<Issue>) -> Result<Vec<IssueView>> {
    let keys: Vec<_> = issues.iter().map(|i| (i.project.clone(), i.id)).collect();
    let found = store::approvals::get_many(conn, &keys).await?;
    let mut approvals: HashMap<_, _> =
        found.into_iter().map(|a| ((a.project.clone(), a.issue), a)).collect();
    let keys: Vec<_> = issues.iter().filter_map(|i| Some((i.project.clone(), i.plan?))).collect();
    let plans = store::plans::get_many(conn, &keys).await?;
    let plans: HashMap<_, _> = plans.into_iter().map(|p| ((p.project.clone(), p.id), p)).collect();
    let checks = store::plan_checks::of_many(conn, &keys).await?;
    let checks: HashMap<_, _> =
        checks.into_iter().map(|c| ((c.project.clone(), c.plan), c)).collect();
    let ids: BTreeSet<String> = issues.iter().map(|i| i.project.clone()).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let projects = store::projects::get_many(conn, &ids).await?;
    let projects: HashMap<_, _> = projects.into_iter().map(|p| (p.id.clone(), p)).collect();
    let grants = Grants::load(conn, &cx.caller, cx.now()).await?;
    let mut roles = HashMap::new();
    for id in ids {
        let held = grants.roles_in(conn, &ProjectName::new(&id).to_string()).await?;
        roles.insert(id, held);
    }
    let mut book = Book::default();
    let mut views = Vec::new();
    for issue in issues {
        let plan = issue.plan.map(|p| (issue.project.clone(), p));
        let input = Input {
            plan: plan.as_ref().and_then(|k| plans.get(k)),
            check: plan.as_ref().and_then(|k| checks.get(k)),
            approval: approvals.remove(&(issue.project.clone(), issue.id)),
        };
        let Some(roles) = roles.get(&issue.project) else { continue };
        let project = projects.get(&issue.project);
        let approval = one(cx, conn, &issue, input, project, roles, &mut book).await?;
        views.push(IssueView { issue, approval });
    }
    Ok(views)
}

struct Input<'a> {
    plan: Option<&'a Plan>,
    check: Option<&'a PlanCheck>,
    approval: Option<IssueApproval>,
}

async fn one(
    cx: &Cx,
    conn: &mut Conn,
    issue: &Issue,
    input: Input<'_>,
    project: Option<&Project>,
    roles: &BTreeSet<String>,
    book: &mut Book,
) -> Result<ApprovalView> {
    let version = input.plan.map_or(0, |p| p.input_version);
    let mut view = ApprovalView { revision: revision(version), ..ApprovalView::default() };
    let Some(approval) = input.approval.filter(|a| a.is_found(version)) else {
        view.error = failed(version, input.check);
        return Ok(view);
    };
    view.status = approval.status;
    view.risk = approval.payload.risk;
    let self_approval = project.is_some_and(|p| p.payload.allow_self_approval);
    let me = cx.person().ok();
    for gate in approval.payload.gates {
        let mut shown = GateView::bare(gate);
        if let Some(role) = shown.gate.pending_role() {
            let holders = book.of(cx, conn, &issue.project, role).await?;
            let except = (!self_approval).then_some(issue.creator.as_str());
            (shown.holder_count, shown.holders) = (holders.count(except), holders.some(except));
            let name = me.as_deref().unwrap_or_default();
            let voter = Voter { name, roles, is_creator: issue.creator == name };
            let answer = vote::may_vote(issue, &shown.gate, &voter, self_approval);
            shown.can_approve = answer.is_ok() && me.is_some();
            shown.refusal = answer.err();
        }
        view.gates.push(shown);
    }
    Ok(view)
}

/// Why the gates are not found, if that does not clear by itself.
fn failed(version: i64, check: Option<&PlanCheck>) -> String {
    match check.filter(|c| c.input_version == version).map(|c| c.status) {
        Some(CheckStatus::Failed) => {
            "The checks of the plan failed, and who has to approve depends on them; run them again.".to_owned()
        }
        Some(CheckStatus::Canceled) => {
            "The checks of the plan were canceled, and who has to approve depends on them; run them again.".to_owned()
        }
        _ => String::new(),
    }
}
