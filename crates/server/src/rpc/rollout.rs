//! RolloutService: stages, tasks, runs, logs.

use api::bytebase::v1 as pb;
use app::cx::Cx;
use app::execution::NO_STAGE;
use app::filter::etag;
use app::rollout::{
    self, RolloutView, TaskView, cancel, create, list, log, resume, run_tasks, session, skip,
};
use base::Time;
use base::name::{ProjectName, RolloutName, parse_number};
use engine::session::SessionRow;
use pb::batch_run_tasks_request::Resume;
use pb::task_run_session::{Postgres, Session as WireSession};
use store::rows::TaskKind;

use super::convert::{task_log, task_run, value};
use super::plan::{plan_name, task_status};
use super::{Error, Result};

pub struct Rollouts;

impl pb::RolloutService<Cx, Error> for Rollouts {
    async fn get_rollout(&self, cx: Cx, request: pb::GetRolloutRequest) -> Result<pb::Rollout> {
        let name = RolloutName::parse("name", &request.name)?;
        let plan = parse_number("name", &name.plan)?;
        Ok(to_wire(rollout::view::get(&cx, &name.project, plan).await?))
    }

    async fn list_rollouts(
        &self,
        cx: Cx,
        request: pb::ListRolloutsRequest,
    ) -> Result<pb::ListRolloutsResponse> {
        let project = ProjectName::parse("parent", &request.parent)?.project;
        let page =
            list::list(&cx, &project, &request.filter, request.page_size, request.page_token)
                .await?;
        let (rollouts, next_page_token) = value::page(page, to_wire);
        Ok(pb::ListRolloutsResponse { rollouts, next_page_token })
    }

    async fn create_rollout(
        &self,
        cx: Cx,
        request: pb::CreateRolloutRequest,
    ) -> Result<pb::Rollout> {
        let (project, plan) = plan_name("parent", &request.parent)?;
        let ask = create::Ask {
            project,
            plan,
            target: request.target,
            ignore_review: request.ignore_review,
            reason: request.reason,
        };
        Ok(to_wire(create::create(&cx, ask).await?))
    }

    async fn list_task_runs(
        &self,
        cx: Cx,
        request: pb::ListTaskRunsRequest,
    ) -> Result<pb::ListTaskRunsResponse> {
        let runs = log::runs(&cx, &request.parent).await?;
        Ok(pb::ListTaskRunsResponse {
            task_runs: runs.into_iter().map(task_run::to_wire).collect(),
        })
    }

    async fn get_task_run(&self, cx: Cx, request: pb::GetTaskRunRequest) -> Result<pb::TaskRun> {
        Ok(task_run::to_wire(log::view(&cx, &request.name).await?))
    }

    async fn get_task_run_log(
        &self,
        cx: Cx,
        request: pb::GetTaskRunLogRequest,
    ) -> Result<pb::TaskRunLog> {
        let entries = log::log(&cx, &request.parent).await?;
        Ok(pb::TaskRunLog {
            name: format!("{}/log", request.parent),
            entries: task_log::entries(entries),
        })
    }

    async fn get_task_run_session(
        &self,
        cx: Cx,
        request: pb::GetTaskRunSessionRequest,
    ) -> Result<pb::TaskRunSession> {
        let activity = session::session(&cx, &request.parent).await?;
        let all = |rows: Vec<SessionRow>| rows.into_iter().map(task_run::session_to_wire).collect();
        let postgres = Postgres {
            session: activity.session.map(task_run::session_to_wire),
            blocking_sessions: all(activity.blocking),
            blocked_sessions: all(activity.blocked),
        };
        let name = format!("{}/session", request.parent);
        let progress = activity.progress.map(task_run::progress_to_wire);
        Ok(pb::TaskRunSession { name, session: Some(WireSession::Postgres(postgres)), progress })
    }

    async fn batch_run_tasks(
        &self,
        cx: Cx,
        request: pb::BatchRunTasksRequest,
    ) -> Result<pb::BatchRunTasksResponse> {
        let ask = run_tasks::Ask {
            parent: request.parent,
            tasks: request.tasks,
            run_at: request.run_time.map(|t| Time::from_parts(t.seconds, t.nanos)),
            ignore_stage_order: request.ignore_stage_order,
            ignore_window: request.ignore_window,
            ignore_review: request.ignore_review,
            ignore_promotion: request.ignore_promotion,
            from: match Resume::try_from(request.resume) {
                Ok(Resume::FromStart) => resume::From::Start,
                Ok(Resume::FromStatement) => resume::From::Statement(request.resume_statement),
                Ok(Resume::Unspecified) => resume::From::Checkpoint,
                Err(_) => {
                    return Err(
                        base::Error::field("resume", "name one of the values there are").into()
                    );
                }
            },
            reason: request.reason,
        };
        run_tasks::run(&cx, ask).await?;
        Ok(pb::BatchRunTasksResponse {})
    }

    async fn batch_skip_tasks(
        &self,
        cx: Cx,
        request: pb::BatchSkipTasksRequest,
    ) -> Result<pb::BatchSkipTasksResponse> {
        skip::skip(&cx, &request.parent, &request.tasks, &request.reason).await?;
        Ok(pb::BatchSkipTasksResponse {})
    }

    async fn batch_cancel_task_runs(
        &self,
        cx: Cx,
        request: pb::BatchCancelTaskRunsRequest,
    ) -> Result<pb::BatchCancelTaskRunsResponse> {
        cancel::cancel(&cx, &request.parent, &request.task_runs).await?;
        Ok(pb::BatchCancelTaskRunsResponse {})
    }
}

fn to_wire(view: RolloutView) -> pb::Rollout {
    let name = format!("projects/{}/plans/{}/rollout", view.plan.project, view.plan.id);
    let stage = |s: rollout::StageView| {
        let stage_name = format!("{name}/stages/{}", s.id);
        pb::Stage {
            environment: if s.id == NO_STAGE {
                String::new()
            } else {
                format!("environments/{}", s.id)
            },
            tasks: s.tasks.into_iter().map(|t| task_to_wire(&stage_name, t)).collect(),
            id: s.id,
            name: stage_name,
        }
    };
    pb::Rollout {
        title: view.plan.title,
        stages: view.stages.into_iter().map(stage).collect(),
        create_time: Some(value::timestamp(view.created_at)),
        update_time: Some(value::timestamp(view.updated_at)),
        name: name.clone(),
    }
}

fn task_to_wire(stage: &str, view: TaskView) -> pb::Task {
    let task = view.task;
    let sheet = || format!("projects/{}/sheets/{}", task.project, task.sheet_sha256);
    let (kind, target, payload) = match task.kind {
        TaskKind::DatabaseMigrate => {
            use pb::task::database_update::Source;
            let source =
                Some(task.payload.release.map_or_else(|| Source::Sheet(sheet()), Source::Release));
            (
                pb::task::Type::DatabaseMigrate,
                format!("instances/{}/databases/{}", task.instance, task.database),
                pb::task::Payload::DatabaseUpdate(pb::task::DatabaseUpdate { source }),
            )
        }
        TaskKind::DatabaseCreate => (
            pb::task::Type::DatabaseCreate,
            format!("instances/{}", task.instance),
            pb::task::Payload::DatabaseCreate(pb::task::DatabaseCreate::default()),
        ),
    };
    pb::Task {
        name: format!("{stage}/tasks/{}", task.id),
        spec_id: task.spec_id,
        status: task_status(task.status).into(),
        skipped_reason: task.skipped_reason,
        r#type: kind.into(),
        target,
        update_time: Some(value::timestamp(task.updated_at)),
        run_time: view.latest_run.and_then(|r| r.run_at).map(value::timestamp),
        etag: etag(task.version),
        blockers: view
            .blockers
            .into_iter()
            .map(|b| pb::task::Blocker { reason: b.reason, message: b.message })
            .collect(),
        payload: Some(payload),
    }
}
