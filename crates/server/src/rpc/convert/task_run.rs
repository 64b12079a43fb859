//! Task runs on the wire.

use api::bytebase::v1 as pb;
use app::execution::task_run_name;
use app::rollout::log::RunView;
use base::name::EmergencyName;
use engine::session::SessionRow;
use pb::task_run_session::postgres::Session;
use policy::rollout::TaskRunStatus;
use store::rows::{Checkpoint, Finding, FindingLevel, TaskRun};

use super::value;

pub fn to_wire(view: RunView) -> pb::TaskRun {
    let RunView { task, run, checkpoint } = view;
    let status = match run.status {
        TaskRunStatus::Pending | TaskRunStatus::Available => pb::task_run::Status::Pending,
        TaskRunStatus::Running => pb::task_run::Status::Running,
        TaskRunStatus::Done => pb::task_run::Status::Done,
        TaskRunStatus::Failed => pb::task_run::Status::Failed,
        TaskRunStatus::Canceled => pb::task_run::Status::Canceled,
    };
    pb::TaskRun {
        name: task_run_name(&task, &run).to_string(),
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
        checkpoint: checkpoint.map(checkpoint_to_wire),
        findings: run.payload.findings.into_iter().map(finding_to_wire).collect(),
        waiting_reason: run.payload.waiting_reason,
        error_position: run.payload.error_position.map(super::super::plan::position),
        emergency: match run.payload.emergency {
            Some(id) => EmergencyName::new(&run.project, id).to_string(),
            None => String::new(),
        },
        takeovers: i32::try_from(run.payload.takeovers).unwrap_or(i32::MAX),
        ..pb::TaskRun::default()
    }
}

fn checkpoint_to_wire(at: Checkpoint) -> pb::task_run::Checkpoint {
    let number = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let open = at.open.map(|o| (number(o.first + 1), number(o.end))).unwrap_or_default();
    let chunk = at.chunk.unwrap_or_default();
    pb::task_run::Checkpoint {
        applied: number(at.applied),
        count: number(at.count),
        unknown: at.unknown,
        evidence: at.evidence,
        open_first: open.0,
        open_last: open.1,
        chunks: i64::try_from(chunk.number).unwrap_or(i64::MAX),
        chunk_rows: chunk.rows,
        chunk_key: chunk.upto,
        version: at.version,
    }
}

fn finding_to_wire(finding: Finding) -> pb::task_run::Finding {
    let level = match finding.level {
        FindingLevel::Info => "INFO",
        FindingLevel::Warning => "WARNING",
        FindingLevel::Stop => "STOP",
    };
    pb::task_run::Finding { code: finding.code, level: level.to_owned(), text: finding.text }
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

pub fn progress_to_wire(progress: engine::Progress) -> pb::task_run_session::Progress {
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    pb::task_run_session::Progress {
        phase: progress.phase,
        done: count(progress.done),
        total: count(progress.total),
        unit: progress.unit,
    }
}

pub fn session_to_wire(row: SessionRow) -> Session {
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
