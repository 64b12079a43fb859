//! Looks how the first stage of a rollout ends, where the host is told of it. Later stages wait for people, and their page tells of them.

use std::time::Duration;

use base::Result;
use policy::rollout::TaskStatus;
use store::rows::RepositorySync;
use store::{repositories, repository_syncs};

use super::report;
use crate::app::App;
use crate::rollout::{FirstStage, first_stage};

/// Between two looks; more the longer it takes.
pub(super) const SOON: Duration = Duration::from_secs(1);
const LATER: Duration = Duration::from_secs(300);
/// After this nobody looks at the commit any more.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3_600);

pub(super) async fn follow(app: &App, mut sync: RepositorySync) -> Result<()> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let row = repositories::get(&mut tx, &sync.project, &sync.repository).await?;
    let Some(row) = row.filter(|row| row.payload.report) else {
        sync.next_at = None;
        repository_syncs::update(&mut tx, &mut sync, now).await?;
        return Ok(tx.commit().await?);
    };
    let stage = first_stage(&mut tx, &sync.project, sync.payload.plan).await?;
    let (ended, over) = stage.as_ref().map_or((None, true), ended);
    let age = now.since(sync.created_at);
    sync.next_at = (!over && age < LONGEST).then(|| now.plus((age / 10).clamp(SOON, LATER)));
    let before = (sync.payload.stage.clone(), sync.payload.stage_failed);
    if let (Some(failed), Some(stage)) = (ended, stage) {
        (sync.payload.stage, sync.payload.stage_failed) = (stage.title, failed);
    }
    repository_syncs::update(&mut tx, &mut sync, now).await?;
    if before != (sync.payload.stage.clone(), sync.payload.stage_failed) {
        report::post(app, &mut tx, &row, &sync).await?;
        super::tell(&mut tx, &row, now).await?;
    }
    Ok(tx.commit().await?)
}

/// Whether it failed, once nothing of it runs; and whether nothing more comes of it. What failed may be run again.
fn ended(stage: &FirstStage) -> (Option<bool>, bool) {
    let any = |wanted: &[TaskStatus]| stage.tasks.iter().any(|t| wanted.contains(t));
    if stage.tasks.iter().all(|t| t.is_settled()) {
        return (Some(false), true);
    }
    let runs = any(&[TaskStatus::Pending, TaskStatus::Running]);
    let failed = !runs && any(&[TaskStatus::Failed]);
    (failed.then_some(true), false)
}

#[cfg(test)]
mod tests {
    use TaskStatus::{Done, Failed, NotStarted, Running, Skipped};

    use super::*;

    #[test]
    fn a_stage_ends_well_once_and_badly_for_now() {
        let of = |tasks: &[TaskStatus]| {
            ended(&FirstStage { title: "Test".into(), tasks: tasks.to_vec() })
        };
        assert_eq!(of(&[NotStarted, Done]), (None, false));
        assert_eq!(of(&[Running, Failed]), (None, false));
        assert_eq!(of(&[NotStarted, Failed]), (Some(true), false));
        assert_eq!(of(&[Skipped, Done]), (Some(false), true));
    }
}
