//! RolloutService: stages, tasks, runs, logs.

use api::bytebase::v1 as pb;
use app::cx::Cx;
use app::execution::{NO_STAGE, task_run_name};
use app::filter::etag;
use app::rollout::{
    self, RolloutView, TaskView, cancel, create, list, log, run_tasks, session, skip,
};
use base::Time;
use base::name::{ProjectName, RolloutName, parse_number};
use engine::session::SessionRow;
use pb::task_run_session::{Postgres, Session as WireSession, postgres::Session};
use policy::rollout::TaskRunStatus;
use store::rows::{Task, TaskKind, TaskRun};

use super::convert::{task_log, value};
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
        Ok(to_wire(
            create::create(&cx, create::Ask { project, plan, target: request.target }).await?,
        ))
    }

    async fn list_task_runs(
        &self,
        cx: Cx,
        request: pb::ListTaskRunsRequest,
    ) -> Result<pb::ListTaskRunsResponse> {
        let runs = log::runs(&cx, &request.parent).await?;
        Ok(pb::ListTaskRunsResponse {
            task_runs: runs.into_iter().map(|(t, r)| run_to_wire(&t, r)).collect(),
        })
    }

    async fn get_task_run(&self, cx: Cx, request: pb::GetTaskRunRequest) -> Result<pb::TaskRun> {
        let (task, run) = log::run(&cx, &request.name).await?;
        Ok(run_to_wire(&task, run))
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
        let all = |rows: Vec<SessionRow>| rows.into_iter().map(session_to_wire).collect();
        let postgres = Postgres {
            session: activity.session.map(session_to_wire),
            blocking_sessions: all(activity.blocking),
            blocked_sessions: all(activity.blocked),
        };
        let name = format!("{}/session", request.parent);
        Ok(pb::TaskRunSession { name, session: Some(WireSession::Postgres(postgres)) })
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
            let source = Some(pb::task::database_update::Source::Sheet(sheet()));
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

fn run_to_wire(task: &Task, run: TaskRun) -> pb::TaskRun {
    let status = match run.status {
        TaskRunStatus::Pending | TaskRunStatus::Available => pb::task_run::Status::Pending,
        TaskRunStatus::Running => pb::task_run::Status::Running,
        TaskRunStatus::Done => pb::task_run::Status::Done,
        TaskRunStatus::Failed => pb::task_run::Status::Failed,
        TaskRunStatus::Canceled => pb::task_run::Status::Canceled,
    };
    pb::TaskRun {
        name: task_run_name(task, &run).to_string(),
        creator: run.creator.clone(),
        create_time: Some(value::timestamp(run.created_at)),
        update_time: Some(value::timestamp(run.updated_at)),
        status: status.into(),
        start_time: run.started_at.map(value::timestamp),
        scheduler_info: scheduler_info(&run),
        run_time: run.run_at.map(value::timestamp),
        attempt: i32::try_from(run.attempt + 1).unwrap_or(i32::MAX),
        detail: run.detail,
        settings: run.payload.settings,
        ..pb::TaskRun::default()
    }
}

fn scheduler_info(run: &TaskRun) -> Option<pb::task_run::SchedulerInfo> {
    use pb::task_run::scheduler_info::{WaitingCause, waiting_cause::Cause};
    let since = run.payload.waiting_since.filter(|_| run.status == TaskRunStatus::Pending)?;
    let limit = run.payload.waiting_reason == "PARALLEL_TASKS_LIMIT";
    let cause = limit.then_some(WaitingCause { cause: Some(Cause::ParallelTasksLimit(true)) });
    Some(pb::task_run::SchedulerInfo {
        report_time: Some(value::timestamp(since)),
        waiting_cause: cause,
    })
}

fn session_to_wire(row: SessionRow) -> Session {
    Session {
        pid: row.id,
        blocked_by_pids: row.blocked_by,
        query: row.query,
        state: row.state,
        wait_event_type: row.wait_event_type,
        wait_event: row.wait_event,
        datname: row.database,
        usename: row.user,
        application_name: row.application_name,
        client_addr: row.client_address,
        client_port: row.client_port,
        backend_start: row.session_start.map(value::timestamp),
        xact_start: row.transaction_start.map(value::timestamp),
        query_start: row.query_start.map(value::timestamp),
    }
}
