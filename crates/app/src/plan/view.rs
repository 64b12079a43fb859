//! A plan with what belongs to it: issue, checks, stages.

use std::collections::{BTreeMap, HashMap};

use base::{Error, Result, Time};
use policy::approval::Status;
use policy::rollout::TaskStatus;
use store::Conn;
use store::rows::{CheckStatus, Issue, Plan, PlanCheck};

use crate::cx::Cx;
use crate::execution::NO_STAGE;
use crate::rollout::order;

#[derive(Debug, Clone)]
pub struct PlanView {
    pub plan: Plan,
    pub issue: Option<Issue>,
    /// Where the approval of the issue stands; None without an issue.
    pub approval: Option<Status>,
    /// Findings by level and run state, as the wire counts them: `SUCCESS`, `WARNING`, `ERROR`, `RUNNING`, `FAILED`, …
    pub check_counts: BTreeMap<String, i32>,
    /// In the order in which they run.
    pub stages: Vec<StageSummary>,
    /// Of a hotfix: stages that go first, of those there are.
    pub first: Vec<String>,
    /// Of a hotfix, once those are settled: tasks of the others that are not.
    pub open_tasks: i32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageSummary {
    /// Environment id, or `-`.
    pub stage: String,
    pub counts: Vec<(TaskStatus, i32)>,
}

pub async fn get(cx: &Cx, project: &str, id: i64) -> Result<PlanView> {
    let mut conn = cx.app.store.read().await?;
    let plan = store::plans::get(&mut conn, project, id).await?;
    let plan = plan.ok_or_else(|| Error::not_found(format!("projects/{project}/plans/{id}")))?;
    let mut views = of_plans(&mut conn, vec![plan]).await?;
    views.pop().ok_or_else(|| Error::internal("a plan without a view"))
}

/// Views of plans, by a fixed number of queries.
pub(super) async fn of_plans(conn: &mut Conn, plans: Vec<Plan>) -> Result<Vec<PlanView>> {
    let keys: Vec<_> = plans.iter().map(|p| (p.project.clone(), p.id)).collect();
    let issues = store::issues::of_plans(conn, &keys).await?;
    let mut issues: HashMap<_, _> =
        issues.into_iter().map(|i| ((i.project.clone(), i.plan.unwrap_or_default()), i)).collect();
    let of_issues: Vec<_> = issues.values().map(|i| (i.project.clone(), i.id)).collect();
    let approvals = store::approvals::get_many(conn, &of_issues).await?;
    let approvals: HashMap<_, _> =
        approvals.into_iter().map(|a| ((a.project.clone(), a.issue), a)).collect();
    let checks = store::plan_checks::of_many(conn, &keys).await?;
    let checks: HashMap<_, _> =
        checks.into_iter().map(|c| ((c.project.clone(), c.plan), c)).collect();
    let mut counts = store::plans::task_counts(conn, &keys).await?;
    let environments = crate::setting::environments(conn).await?;
    let view = |plan: Plan| {
        let key = (plan.project.clone(), plan.id);
        let mut by_stage: BTreeMap<String, Vec<(TaskStatus, i32)>> = BTreeMap::new();
        for c in counts.remove(&key).unwrap_or_default() {
            let stage = c.environment.clone().unwrap_or_else(|| NO_STAGE.to_owned());
            by_stage
                .entry(stage)
                .or_default()
                .push((c.status, i32::try_from(c.count).unwrap_or(i32::MAX)));
        }
        let order = order::of(&plan, by_stage.keys().cloned().collect(), &environments);
        let stages: Vec<_> = order
            .stages
            .into_iter()
            .filter_map(|s| by_stage.remove(&s).map(|counts| StageSummary { stage: s, counts }))
            .collect();
        let (first, others) = stages.split_at(order.first);
        let open_tasks = if open(first) > 0 || first.is_empty() { 0 } else { open(others) };
        let first = first.iter().map(|s| s.stage.clone()).collect();
        let issue = issues.remove(&key);
        let approval = issue.as_ref().map(|i| {
            let found = approvals.get(&(i.project.clone(), i.id));
            found
                .filter(|a| a.input_version == plan.input_version)
                .map(|a| a.status)
                .unwrap_or_default()
        });
        PlanView {
            stages,
            first,
            open_tasks,
            issue,
            approval,
            check_counts: checks.get(&key).map(|c| check_counts(&plan, c)).unwrap_or_default(),
            plan,
        }
    };
    Ok(plans.into_iter().map(view).collect())
}

/// Tasks that are neither done nor skipped.
fn open(stages: &[StageSummary]) -> i32 {
    let counts = stages.iter().flat_map(|s| &s.counts);
    counts.filter(|(status, _)| !status.is_settled()).map(|(_, n)| n).sum()
}

/// A check of an older version of the plan counts as not run.
fn check_counts(plan: &Plan, check: &PlanCheck) -> BTreeMap<String, i32> {
    let mut counts = BTreeMap::new();
    let mut add = |key: &str| *counts.entry(key.to_owned()).or_insert(0) += 1;
    match check.status {
        CheckStatus::Done if check.input_version == plan.input_version => {
            for r in &check.results {
                add(match r.level {
                    store::rows::CheckLevel::Success => "SUCCESS",
                    store::rows::CheckLevel::Warning => "WARNING",
                    store::rows::CheckLevel::Error => "ERROR",
                });
            }
        }
        CheckStatus::Done => add("AVAILABLE"),
        CheckStatus::Available => add("AVAILABLE"),
        CheckStatus::Running => add("RUNNING"),
        CheckStatus::Failed => add("FAILED"),
        CheckStatus::Canceled => add("CANCELED"),
    }
    counts
}

/// Tells the event stream that a plan changed. Its next version is its etag.
pub(crate) async fn announce(conn: &mut Conn, plan: &Plan, now: Time) -> Result<()> {
    let name = format!("projects/{}/plans/{}", plan.project, plan.id);
    Ok(store::events::append(conn, &name, "plan", "", now).await?)
}
