//! Watched repositories and their syncs.

use std::time::Duration;

use api::basalt::v1 as pb;
use app::repository::{NewRepository, RepositoryView, Tested};
use base::name::{PlanName, ReleaseName, RepositoryName, RepositorySyncName, RolloutName};
use base::{Result, Secret};
use pb::repository::Mode;
use pb::repository_sync::{IgnoredFile, Status, Trigger};
use store::rows::{
    IgnoredFile as Left, RepositoryPayload, RepositorySync, RepositorySyncStatus, SyncTrigger,
    WatchMode,
};

use super::{value, vcs};

pub fn from_wire(wire: pb::Repository) -> Result<NewRepository> {
    let mode = match wire.mode() {
        Mode::Unspecified => None,
        Mode::Webhook => Some(WatchMode::Webhook),
        Mode::Poll => Some(WatchMode::Poll),
    };
    let interval = match wire.poll_interval {
        None => 0,
        Some(given) => {
            let given = value::duration_from("repository.poll_interval", given)?;
            // Less than a second is not "left out", and too short all the same.
            i64::try_from(given.as_secs().max(1)).unwrap_or(i64::MAX)
        }
    };
    let payload = RepositoryPayload {
        kind: vcs::kind_from(wire.vcs_type()),
        url: wire.url,
        path: wire.path,
        branch: wire.branch,
        pattern: wire.file_pattern,
        category: wire.category,
        interval,
        targets: wire.targets,
        report: wire.report_status,
        ..RepositoryPayload::default()
    };
    Ok(NewRepository { title: wire.title, payload, mode, token: Secret::new(wire.access_token) })
}

/// Without its secrets, but one that was made just now.
pub fn to_wire(view: RepositoryView) -> pb::Repository {
    let RepositoryView { row, sync, webhook_url, secret } = view;
    let p = row.payload;
    let mode = match p.mode {
        WatchMode::Webhook => Mode::Webhook,
        WatchMode::Poll => Mode::Poll,
    };
    let interval = Duration::from_secs(u64::try_from(p.interval).unwrap_or_default());
    pb::Repository {
        name: RepositoryName::new(&row.project, &row.id).to_string(),
        title: row.title,
        vcs_type: vcs::kind_to(p.kind).into(),
        url: p.url,
        path: p.path,
        branch: p.branch,
        file_pattern: p.pattern,
        category: p.category,
        mode: mode.into(),
        poll_interval: Some(value::duration(interval)),
        targets: p.targets,
        access_token: String::new(),
        access_token_set: p.has_token,
        webhook_secret: secret.map(|s| s.expose().clone()).unwrap_or_default(),
        webhook_url,
        actor: row.actor,
        last_sync: sync.map(self::sync),
        check_time: row.checked_at.map(value::timestamp),
        next_check_time: row.next_at.map(value::timestamp),
        stopped: row.state.stopped,
        etag: app::filter::etag(row.version),
        create_time: Some(value::timestamp(row.created_at)),
        update_time: Some(value::timestamp(row.updated_at)),
        report_status: p.report,
    }
}

pub fn sync(row: RepositorySync) -> pb::RepositorySync {
    let p = row.payload;
    let plan = (p.plan > 0).then(|| p.plan.to_string());
    let trigger = match p.trigger {
        SyncTrigger::Webhook => Trigger::Webhook,
        SyncTrigger::Poll => Trigger::Poll,
        SyncTrigger::Manual => Trigger::Manual,
    };
    let status = match row.status {
        RepositorySyncStatus::Pending => Status::Pending,
        RepositorySyncStatus::Retrying => Status::Retrying,
        RepositorySyncStatus::Done => Status::Done,
        RepositorySyncStatus::NothingNew => Status::NothingNew,
        RepositorySyncStatus::Waiting => Status::Waiting,
        RepositorySyncStatus::Failed => Status::Failed,
    };
    let rollout = plan.as_ref().filter(|_| p.has_rollout);
    // How its rollout goes is looked at later on; the sync is over.
    let next = row.next_at.filter(|_| row.status != RepositorySyncStatus::Done);
    let release = (!p.release.is_empty()).then(|| ReleaseName::new(&row.project, &p.release));
    pb::RepositorySync {
        name: RepositorySyncName::new(&row.project, &row.repository, &row.id).to_string(),
        commit: p.commit,
        commit_url: p.commit_url,
        trigger: trigger.into(),
        trigger_source: p.source,
        status: status.into(),
        reason: p.reason,
        message: p.message,
        file_count: i32::try_from(p.files).unwrap_or(i32::MAX),
        ignored_files: ignored(p.ignored),
        release: release.map(|name| name.to_string()).unwrap_or_default(),
        rollout: rollout
            .map(|id| RolloutName::new(&row.project, id).to_string())
            .unwrap_or_default(),
        plan: plan.map(|id| PlanName::new(&row.project, id).to_string()).unwrap_or_default(),
        attempts: i32::try_from(p.attempts).unwrap_or(i32::MAX),
        create_time: Some(value::timestamp(row.created_at)),
        update_time: Some(value::timestamp(row.updated_at)),
        next_attempt_time: next.map(value::timestamp),
        commit_status: row.report.state,
        commit_status_error: row.report.error,
    }
}

pub fn tested(tested: Tested) -> pb::TestRepositoryResponse {
    pb::TestRepositoryResponse {
        repository_visible: tested.repository_visible,
        branch_found: tested.branch_found,
        commit: tested.commit,
        file_count: i32::try_from(tested.file_count).unwrap_or(i32::MAX),
        files: tested.files,
        ignored_files: ignored(tested.ignored),
        missing_scopes: tested.missing_scopes,
        error: tested.error,
    }
}

fn ignored(files: Vec<Left>) -> Vec<IgnoredFile> {
    files.into_iter().map(|f| IgnoredFile { path: f.path, reason: f.reason }).collect()
}
