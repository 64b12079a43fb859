//! Tells the host what came of a commit, where the repository asks for it.
//!
//! The outbox says only which commit of which sync it is about; what is told is how the sync stands when the message goes out. So one
//! that comes late, or twice, tells nothing that is over. A host that does not take it never stops a sync: the sync says why.

use std::time::Duration;

use base::name::RepositoryName;
use base::{Error, Result, Secret};
use integrations::vcs::{CommitState, CommitStatus, VcsError};
use serde::{Deserialize, Serialize};
use store::rows::{CommitReport, Delivery, DeliveryStatus, Repository, RepositorySync, VcsKind};
use store::{Conn, outbox, repositories, repository_syncs};

use super::look::client;
use super::outcome::capital;
use super::standing::standing;
use crate::app::App;
use crate::webhook::{self, Attempt};

/// What the outbox calls it.
const EVENT: &str = "commit.status";
/// A sync that goes on meanwhile is told again at once, this often.
const ROUNDS: usize = 3;

#[derive(Serialize, Deserialize)]
struct About {
    sync: String,
    commit: String,
}

/// What an attempt is made of.
struct Told {
    row: Repository,
    sync: RepositorySync,
    token: Secret,
    status: CommitStatus,
}

/// Whether a message of the outbox is one of these.
pub(crate) fn is_about(delivery: &Delivery) -> bool {
    delivery.event == EVENT
}

/// A new commit is dealt with: its sync is kept from now on, and the host is told. False when the claim is over.
pub(super) async fn begun(
    app: &App,
    row: &Repository,
    sync: &mut RepositorySync,
    kept: bool,
    (commit, commit_url): (&str, &str),
) -> Result<bool> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let found = repositories::get_for_update(&mut tx, &row.project, &row.id).await?;
    if found.is_none_or(|found| found.epoch != row.epoch) {
        return Ok(false);
    }
    let before = sync.payload.commit.clone();
    sync.payload.commit = commit.to_owned();
    sync.payload.commit_url = commit_url.to_owned();
    match kept {
        true => repository_syncs::update(&mut tx, sync, now).await?,
        false => repository_syncs::insert(&mut tx, sync).await?,
    }
    // The branch went on while this sync was tried again.
    if !before.is_empty() && before != commit {
        put(app, &mut tx, row, &About { sync: sync.id.clone(), commit: before }).await?;
    }
    post(app, &mut tx, row, sync).await?;
    super::tell(&mut tx, row, now).await?;
    tx.commit().await?;
    Ok(true)
}

/// Has the host told how the sync stands, if the repository asks for it. Call it in the transaction of what changed.
pub(super) async fn post(
    app: &App,
    tx: &mut Conn,
    row: &Repository,
    sync: &RepositorySync,
) -> Result<()> {
    if !row.payload.report || sync.payload.commit.is_empty() {
        return Ok(());
    }
    let (sync, commit) = (sync.id.clone(), sync.payload.commit.clone());
    put(app, tx, row, &About { sync, commit }).await
}

async fn put(app: &App, tx: &mut Conn, row: &Repository, about: &About) -> Result<()> {
    let now = app.now();
    let payload = serde_json::to_string(about)
        .map_err(|e| Error::internal("a message cannot be written as JSON").with_source(e))?;
    let delivery = Delivery {
        id: app.new_id(),
        target: repositories::name(&row.project, &row.id),
        event: EVENT.to_owned(),
        status: DeliveryStatus::Pending,
        attempts: 0,
        next_at: now,
        error: String::new(),
        http_status: 0,
        payload,
        created_at: now,
        finished_at: None,
    };
    Ok(outbox::insert(tx, &delivery, None).await?)
}

/// `last`: there is no further attempt.
pub(crate) async fn attempt(app: &App, delivery: &Delivery, last: bool) -> Result<Attempt> {
    let about = serde_json::from_str::<About>(&delivery.payload);
    let name = RepositoryName::parse("target", &delivery.target);
    let (Ok(about), Ok(name)) = (about, name) else {
        return Ok(Attempt::never("the stored message cannot be read"));
    };
    for _ in 0..ROUNDS {
        let told = match read(app, &name, &about).await? {
            Ok(told) => told,
            Err(why) => return Ok(Attempt::never(why)),
        };
        let is_newest = told.sync.payload.commit == about.commit;
        let report = reported(&about, &told.status);
        if is_newest && told.sync.report == report {
            break;
        }
        let client = client(app, &told.row, told.token.clone())?;
        let sent = client.report(&told.row.payload.branch, &about.commit, &told.status).await;
        let (attempt, error) = match sent {
            Ok(()) => (None, String::new()),
            Err(e) => {
                let text = sentence(told.row.payload.kind, &e, last);
                (Some(failed(&e, &text, app.now())), text)
            }
        };
        if is_newest {
            let report = match attempt {
                None => report,
                // What the host was told before, it still shows.
                Some(_) => CommitReport { error, ..told.sync.report.clone() },
            };
            note(app, &told, &report).await?;
        }
        match attempt {
            Some(attempt) => return Ok(attempt),
            None if !is_newest => break,
            // It may have gone on while it was told.
            None => {}
        }
    }
    Ok(Attempt::Taken { http_status: 0 })
}

async fn read(
    app: &App,
    name: &RepositoryName,
    about: &About,
) -> Result<Result<Told, &'static str>> {
    let mut conn = app.store.read().await?;
    let Some(row) = repositories::get(&mut conn, &name.project, &name.repository).await? else {
        return Ok(Err("the repository was removed"));
    };
    if !row.payload.report {
        return Ok(Err("the repository does not tell its host any more"));
    }
    let found = repository_syncs::get(&mut conn, &row.project, &row.id, &about.sync).await?;
    let Some(sync) = found else { return Ok(Err("the sync was removed")) };
    let token = repositories::token(&mut conn, &row).await?;
    let console = webhook::console(app, &mut conn).await?;
    let mut status = standing(&row, &sync, &console);
    if sync.payload.commit != about.commit {
        status.state = CommitState::Canceled;
        status.description = "A later commit was looked at instead.".to_owned();
    }
    Ok(Ok(Told { row, sync, token, status }))
}

fn reported(about: &About, status: &CommitStatus) -> CommitReport {
    let state = match status.state {
        CommitState::Pending => "PENDING",
        CommitState::Success => "SUCCESS",
        CommitState::Failure => "FAILURE",
        CommitState::Error => "ERROR",
        CommitState::Canceled => "CANCELED",
    };
    CommitReport {
        commit: about.commit.clone(),
        state: state.to_owned(),
        description: status.description.clone(),
        error: String::new(),
    }
}

fn failed(error: &VcsError, text: &str, now: base::Time) -> Attempt {
    let after = match error {
        VcsError::Limited { after, until } => {
            after.or_else(|| until.map(|at| at.since(now))).unwrap_or_default()
        }
        _ => Duration::ZERO,
    };
    Attempt::Failed { why: text.to_owned(), http_status: 0, again: error.is_passing(), after }
}

async fn note(app: &App, told: &Told, report: &CommitReport) -> Result<()> {
    let mut tx = app.store.begin().await?;
    repository_syncs::put_report(&mut tx, &told.sync, report).await?;
    super::tell(&mut tx, &told.row, app.now()).await?;
    Ok(tx.commit().await?)
}

/// Why the host did not take it, and what to do.
fn sentence(kind: VcsKind, error: &VcsError, last: bool) -> String {
    let needed = match kind {
        VcsKind::Gitlab => "the scope api and a role that may push to the branch",
        _ => "Commit statuses: write, or the scope repo:status",
    };
    let (what, advice) = match error {
        VcsError::Unauthorized => {
            (error.to_string(), "Save the repository with a new access token.".to_owned())
        }
        VcsError::Forbidden { needs } => (
            "the host lets this access token set no commit status".to_owned(),
            match needs.as_str() {
                "" => format!("It needs {needed}."),
                needs => format!("It needs {needs}."),
            },
        ),
        VcsError::NotFound(_) => (
            "the host does not know the commit, or lets this access token set no status".to_owned(),
            format!("For that it needs {needed}."),
        ),
        e if !e.is_passing() => (e.to_string(), String::new()),
        e if last => (e.to_string(), "It was tried for hours and is given up.".to_owned()),
        e => (e.to_string(), "It is tried again.".to_owned()),
    };
    format!("{}. {advice}", capital(&what)).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_the_token_needs() {
        let denied = VcsError::Forbidden { needs: "statuses:write".into() };
        let text = sentence(VcsKind::Github, &denied, false);
        assert!(text.ends_with("It needs statuses:write."), "{text}");
        let denied = VcsError::Forbidden { needs: String::new() };
        let text = sentence(VcsKind::Gitlab, &denied, false);
        assert!(text.contains("scope api"), "{text}");
        let fault = VcsError::Server(503);
        assert!(sentence(VcsKind::Github, &fault, false).ends_with("It is tried again."));
        assert!(sentence(VcsKind::Github, &fault, true).ends_with("is given up."));
    }

    #[test]
    fn a_limit_is_kept_to_and_a_refusal_is_final() {
        let now = base::Time::from_parts(1_000, 0);
        let limit = VcsError::Limited { after: Some(Duration::from_secs(70)), until: None };
        let Attempt::Failed { again: true, after, .. } = failed(&limit, "", now) else {
            panic!("not again")
        };
        assert_eq!(after, Duration::from_secs(70));
        for error in [VcsError::Unauthorized, VcsError::NotFound("repository")] {
            assert!(matches!(failed(&error, "", now), Attempt::Failed { again: false, .. }));
        }
    }
}
