//! Makes the rollout of a release that a sync made, as soon as its plan allows it. Stages start as their environments say; how the first
//! one ends is looked at where the host is told of it.

use std::sync::Arc;
use std::time::Duration;

use base::{Code, Error, Result};
use store::rows::{RepositorySync, RepositorySyncStatus};
use store::{repositories, repository_syncs};

use super::actor::{acting, refusal};
use super::outcome::capital;
use super::{follow, report};
use crate::app::App;
use crate::issue::create::{self as issue, NewIssue};
use crate::plan::check::enforce::CHECKS_NOT_DONE;
use crate::rollout::create;

/// Checks take moments.
const SOON: Duration = Duration::from_secs(1);
/// What people have to do takes longer.
const LATER: Duration = Duration::from_secs(20);
/// After this nobody waits for it any more.
const LONGEST: Duration = Duration::from_secs(30 * 24 * 3_600);
/// Nothing that could pass.
const FINAL: [&str; 2] = ["PROJECT_DELETED", "PLAN_CLOSED"];
/// Files that a database does not take, with what a sync is said to have ended as: only another commit changes that.
const REFUSED: [(&str, &str); 2] =
    [("APPLIED_WITH_OTHER_CONTENT", "FILE_CHANGED"), ("OUT_OF_ORDER", "TARGET_REFUSES")];

pub(crate) async fn roll_out(app: &Arc<App>, mut sync: RepositorySync) -> Result<()> {
    if sync.status == RepositorySyncStatus::Done {
        return follow::follow(app, sync).await;
    }
    let now = app.now();
    let before = sync.clone();
    match attempt(app, &sync).await {
        Ok(()) => {
            sync.status = RepositorySyncStatus::Done;
            sync.payload.has_rollout = true;
            say(&mut sync, "ROLLED_OUT", "Release, plan and rollout are made.");
        }
        Err(e) => fail(&mut sync, &e),
    }
    if sync.status == RepositorySyncStatus::Waiting {
        let wait = if sync.payload.reason == CHECKS_NOT_DONE { SOON } else { LATER };
        sync.next_at = Some(now.plus(wait));
        if now.since(sync.created_at) > LONGEST {
            sync.status = RepositorySyncStatus::Failed;
        }
    }
    let mut tx = app.store.begin().await?;
    let row = repositories::get(&mut tx, &sync.project, &sync.repository).await?;
    if sync.status != RepositorySyncStatus::Waiting {
        let told = row.as_ref().is_some_and(|row| row.payload.report);
        let follows = told && sync.status == RepositorySyncStatus::Done;
        sync.next_at = follows.then(|| now.plus(follow::SOON));
    }
    let changed = (before.status, &before.payload) != (sync.status, &sync.payload);
    repository_syncs::update(&mut tx, &mut sync, now).await?;
    if changed && let Some(row) = row {
        report::post(app, &mut tx, &row, &sync).await?;
        super::tell(&mut tx, &row, now).await?;
    }
    Ok(tx.commit().await?)
}

async fn attempt(app: &Arc<App>, sync: &RepositorySync) -> Result<()> {
    let cx = acting(app, &sync.payload.actor).await?;
    let (project, plan) = (sync.project.clone(), sync.payload.plan);
    let ask = create::Ask { project: project.clone(), plan, ..create::Ask::default() };
    let error = match create::create(&cx, ask).await {
        Ok(_) => return Ok(()),
        Err(error) => error,
    };
    // Where the project wants a review, it is opened, so that there is something to approve.
    if error.blockers().iter().any(|b| b.reason == crate::approval::gate::APPROVAL) {
        let mut conn = app.store.read().await?;
        let found = store::issues::of_plans(&mut conn, &[(project.clone(), plan)]).await?;
        drop(conn);
        if found.is_empty() {
            let parent = format!("projects/{project}");
            cx.require("bb.issues.create", &parent).await?;
            let new = NewIssue { project, plan: Some(plan), ..NewIssue::default() };
            issue::create(&cx, new).await?;
        }
    }
    Err(error)
}

fn fail(sync: &mut RepositorySync, error: &Error) {
    let blockers = error.blockers();
    if let Some(text) = refusal(&sync.payload.actor, error) {
        sync.status = RepositorySyncStatus::Failed;
        return say(sync, "ACTOR_NOT_ALLOWED", &text);
    }
    if error.code() == Code::FailedPrecondition && !blockers.is_empty() {
        let is = |reason: &str| blockers.iter().any(|b| b.reason == reason);
        let refused = REFUSED.into_iter().find(|(reason, _)| is(reason));
        if refused.is_some() || FINAL.into_iter().any(is) {
            sync.status = RepositorySyncStatus::Failed;
        }
        let passing = blockers.iter().all(|b| b.reason == CHECKS_NOT_DONE);
        let reason = match refused {
            Some((_, reason)) => reason,
            None if passing => CHECKS_NOT_DONE,
            None => "ROLLOUT_BLOCKED",
        };
        let mut all: Vec<&str> = blockers.iter().map(|b| b.message.as_str()).collect();
        all.dedup();
        return say(sync, reason, &all.join(" "));
    }
    if matches!(error.code(), Code::NotFound | Code::InvalidArgument) {
        sync.status = RepositorySyncStatus::Failed;
        return say(sync, "ROLLOUT_REFUSED", &format!("{}.", capital(error.message())));
    }
    tracing::warn!(repository = sync.repository, error = ?error, "a rollout could not be made; trying again");
    say(
        sync,
        "INTERNAL",
        "This server could not make the rollout; its log says why. It is tried again.",
    );
}

fn say(sync: &mut RepositorySync, reason: &str, message: &str) {
    reason.clone_into(&mut sync.payload.reason);
    message.clone_into(&mut sync.payload.message);
}

#[cfg(test)]
mod tests {
    use base::{Blocker, Time};
    use store::rows::{CommitReport, RepositorySyncPayload};

    use super::*;

    /// What a waiting sync becomes by these blockers.
    fn becomes(reasons: &[&str]) -> (RepositorySyncStatus, String) {
        let mut sync = RepositorySync {
            project: "shop".into(),
            repository: "r".into(),
            id: "s".into(),
            status: RepositorySyncStatus::Waiting,
            payload: RepositorySyncPayload::default(),
            created_at: Time(0),
            updated_at: Time(0),
            next_at: None,
            report: CommitReport::default(),
        };
        let blocker = |reason: &&str| Blocker {
            reason: (*reason).to_owned(),
            subject: String::new(),
            message: "No.".to_owned(),
        };
        fail(&mut sync, &Error::blocked_by("", reasons.iter().map(blocker).collect()));
        (sync.status, sync.payload.reason)
    }

    #[test]
    fn what_only_another_commit_changes_is_not_waited_for() {
        use RepositorySyncStatus::{Failed, Waiting};
        for (blockers, status, reason) in [
            (&["CHECKS_NOT_DONE"][..], Waiting, "CHECKS_NOT_DONE"),
            (&["CHECKS_NOT_DONE", "APPROVAL"], Waiting, "ROLLOUT_BLOCKED"),
            (&["APPROVAL", "PLAN_CLOSED"], Failed, "ROLLOUT_BLOCKED"),
            (&["APPROVAL", "APPLIED_WITH_OTHER_CONTENT"], Failed, "FILE_CHANGED"),
            (&["OUT_OF_ORDER"], Failed, "TARGET_REFUSES"),
        ] {
            assert_eq!(becomes(blockers), (status, reason.to_owned()), "{blockers:?}");
        }
    }
}
