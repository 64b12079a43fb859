//! PlanService: what is to be changed where, and its checks.

use api::bytebase::v1 as pb;
use app::cx::Cx;
use app::filter::{Mask, etag};
use app::plan::{self, NewPlan, PlanChange, PlanView, check, list};
use base::name::{PlanCheckRunName, PlanName, ProjectName, parse_number};
use pb::plan_check_run::result::{Report, SqlReviewReport, SqlSummaryReport};
use policy::rollout::TaskStatus;
use sql::StatementKind;
use store::rows::{CheckLevel, CheckResult, CheckStatus, CheckType, IssueStatus, PlanCheck, State};

use super::convert::{approval, spec, value};
use super::{Error, Result};

pub struct Plans;

/// Paths of `update_mask`.
const PATHS: &[&str] = &["title", "description", "state", "specs", "hotfix"];

impl pb::PlanService<Cx, Error> for Plans {
    async fn get_plan(&self, cx: Cx, request: pb::GetPlanRequest) -> Result<pb::Plan> {
        let (project, id) = plan_name("name", &request.name)?;
        Ok(to_wire(plan::get(&cx, &project, id).await?))
    }

    async fn list_plans(
        &self,
        cx: Cx,
        request: pb::ListPlansRequest,
    ) -> Result<pb::ListPlansResponse> {
        let ask = list::Ask {
            project: ProjectName::parse("parent", &request.parent)?.project,
            filter: request.filter,
            page_size: request.page_size,
            page_token: request.page_token,
        };
        let page = list::list(&cx, ask).await?;
        let (plans, next_page_token) = value::page(page, to_wire);
        Ok(pb::ListPlansResponse { plans, next_page_token })
    }

    async fn create_plan(&self, cx: Cx, request: pb::CreatePlanRequest) -> Result<pb::Plan> {
        let plan = request.plan.unwrap_or_default();
        let new = NewPlan {
            project: ProjectName::parse("parent", &request.parent)?.project,
            title: plan.title,
            description: plan.description,
            specs: spec::from_wire(plan.specs)?,
            hotfix: hotfix_from("plan.hotfix.reason", plan.hotfix)?,
        };
        Ok(to_wire(plan::create(&cx, new).await?))
    }

    async fn update_plan(&self, cx: Cx, request: pb::UpdatePlanRequest) -> Result<pb::Plan> {
        let wire = request.plan.unwrap_or_default();
        let (project, id) = plan_name("plan.name", &wire.name)?;
        let paths = value::mask(request.update_mask).ok_or_else(|| {
            base::Error::field("update_mask", "name the fields that shall change")
        })?;
        let mask = Mask::new(&paths, PATHS)?;
        let state = match (mask.has("state"), wire.state()) {
            (false, _) => None,
            (true, pb::State::Active) => Some(State::Active),
            (true, pb::State::Deleted) => Some(State::Deleted),
            (true, pb::State::Unspecified) => {
                return Err(
                    base::Error::field("plan.state", "ACTIVE is open, DELETED is closed").into()
                );
            }
        };
        let change = PlanChange {
            project,
            plan: id,
            etag: wire.etag,
            title: mask.has("title").then_some(wire.title),
            description: mask.has("description").then_some(wire.description),
            state,
            specs: if mask.has("specs") { Some(spec::from_wire(wire.specs)?) } else { None },
            hotfix: match mask.has("hotfix") {
                true => Some(hotfix_from("plan.hotfix.reason", wire.hotfix)?),
                false => None,
            },
        };
        Ok(to_wire(plan::update(&cx, change).await?))
    }

    async fn get_plan_check_run(
        &self,
        cx: Cx,
        request: pb::GetPlanCheckRunRequest,
    ) -> Result<pb::PlanCheckRun> {
        let name = PlanCheckRunName::parse("name", &request.name)?;
        let id = parse_number("name", &name.plan)?;
        Ok(check_to_wire(check::get(&cx, &name.project, id).await?))
    }

    async fn run_plan_checks(
        &self,
        cx: Cx,
        request: pb::RunPlanChecksRequest,
    ) -> Result<pb::RunPlanChecksResponse> {
        let (project, id) = plan_name("name", &request.name)?;
        check::request(&cx, &project, id, request.spec_id.as_deref()).await?;
        Ok(pb::RunPlanChecksResponse {})
    }

    async fn cancel_plan_check_run(
        &self,
        cx: Cx,
        request: pb::CancelPlanCheckRunRequest,
    ) -> Result<pb::CancelPlanCheckRunResponse> {
        let name = PlanCheckRunName::parse("name", &request.name)?;
        check::cancel(&cx, &name.project, parse_number("name", &name.plan)?).await?;
        Ok(pb::CancelPlanCheckRunResponse {})
    }
}

/// Why it is a hotfix; empty when it is none. One without a reason is a mistake.
fn hotfix_from(field: &str, hotfix: Option<pb::plan::Hotfix>) -> base::Result<String> {
    match hotfix {
        None => Ok(String::new()),
        Some(h) if h.reason.trim().is_empty() => Err(base::Error::field(
            field,
            "say why production cannot wait for the environments before it",
        )),
        Some(h) => Ok(h.reason),
    }
}

/// Project and number of a plan's name.
pub(super) fn plan_name(field: &str, text: &str) -> base::Result<(String, i64)> {
    let name = PlanName::parse(field, text)?;
    Ok((name.project, parse_number(field, &name.plan)?))
}

fn to_wire(view: PlanView) -> pb::Plan {
    let plan = view.plan;
    let name = format!("projects/{}/plans/{}", plan.project, plan.id);
    let summary = |s: plan::StageSummary| pb::plan::RolloutStageSummary {
        stage: format!("{name}/rollout/stages/{}", s.stage),
        task_status_counts: s
            .counts
            .into_iter()
            .map(|(status, count)| pb::plan::TaskStatusCount {
                status: task_status(status).into(),
                count,
            })
            .collect(),
    };
    let hotfix = plan.payload.hotfix.map(|h| pb::plan::Hotfix {
        reason: h.reason,
        creator: h.by,
        create_time: Some(value::timestamp(h.at)),
        first: view.first.iter().map(|s| approval::stage(s)).collect(),
        open_tasks: view.open_tasks,
    });
    pb::Plan {
        hotfix,
        state: value::state(plan.state).into(),
        issue: view
            .issue
            .as_ref()
            .map(|i| format!("projects/{}/issues/{}", i.project, i.id))
            .unwrap_or_default(),
        issue_status: view
            .issue
            .as_ref()
            .map(|i| issue_status(i.status))
            .unwrap_or_default()
            .into(),
        approval_status: view.approval.map(approval::status).unwrap_or_default().into(),
        title: plan.title,
        description: plan.description,
        specs: plan.payload.specs.into_iter().map(spec::to_wire).collect(),
        creator: plan.creator,
        create_time: Some(value::timestamp(plan.created_at)),
        update_time: Some(value::timestamp(plan.updated_at)),
        plan_check_run_status_count: view.check_counts,
        has_rollout: plan.has_rollout,
        rollout_stage_summaries: view.stages.into_iter().map(summary).collect(),
        etag: etag(plan.version),
        name: name.clone(),
    }
}

fn check_to_wire(check: PlanCheck) -> pb::PlanCheckRun {
    use pb::plan_check_run::Status;
    let status = match check.status {
        // A check that waits for its turn has begun for whoever asked for it.
        CheckStatus::Available | CheckStatus::Running => Status::Running,
        CheckStatus::Done => Status::Done,
        CheckStatus::Failed => Status::Failed,
        CheckStatus::Canceled => Status::Canceled,
    };
    pb::PlanCheckRun {
        name: format!("projects/{}/plans/{}/planCheckRun", check.project, check.plan),
        status: status.into(),
        results: check.results.into_iter().map(result_to_wire).collect(),
        error: check.error,
        create_time: Some(value::timestamp(check.created_at)),
    }
}

pub(super) fn result_to_wire(r: CheckResult) -> pb::plan_check_run::Result {
    use pb::plan_check_run::result::Type;
    let (kind, report) = match r.kind {
        CheckType::StatementAdvise => {
            let report = SqlReviewReport {
                start_position: r.start.map(position),
                end_position: r.end.map(position),
            };
            (Type::StatementAdvise, Report::SqlReviewReport(report))
        }
        CheckType::StatementSummaryReport => {
            let report = SqlSummaryReport {
                statement_types: r.statement_types.iter().map(|t| statement_type(t)).collect(),
                affected_rows: r.affected_rows,
                changed_objects: r.changed_objects,
                unestimated_statements: i32::try_from(r.unestimated).unwrap_or(i32::MAX),
            };
            (Type::StatementSummaryReport, Report::SqlSummaryReport(report))
        }
    };
    pb::plan_check_run::Result {
        status: match r.level {
            CheckLevel::Success => pb::advice::Level::Success,
            CheckLevel::Warning => pb::advice::Level::Warning,
            CheckLevel::Error => pb::advice::Level::Error,
        }
        .into(),
        title: r.title,
        content: r.content,
        code: r.code,
        target: r.target,
        r#type: kind.into(),
        details: r.details,
        spec_id: r.spec,
        report: Some(report),
    }
}

/// Kinds of our own that the wire does not know are UNSPECIFIED there.
fn statement_type(name: &str) -> i32 {
    let kind = StatementKind::ALL.iter().find(|k| k.as_str() == name);
    kind.and_then(|k| k.wire_number()).unwrap_or_default()
}

pub(super) fn position(p: base::Position) -> pb::Position {
    let number = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    pb::Position { line: number(p.line), column: number(p.column) }
}

pub(super) const fn task_status(status: TaskStatus) -> pb::task::Status {
    match status {
        TaskStatus::NotStarted => pb::task::Status::NotStarted,
        TaskStatus::Pending => pb::task::Status::Pending,
        TaskStatus::Running => pb::task::Status::Running,
        TaskStatus::Done => pb::task::Status::Done,
        TaskStatus::Failed => pb::task::Status::Failed,
        TaskStatus::Canceled => pb::task::Status::Canceled,
        TaskStatus::Skipped => pb::task::Status::Skipped,
    }
}

pub(super) const fn issue_status(status: IssueStatus) -> pb::IssueStatus {
    match status {
        IssueStatus::Open => pb::IssueStatus::Open,
        IssueStatus::Done => pb::IssueStatus::Done,
        IssueStatus::Canceled => pb::IssueStatus::Canceled,
    }
}
