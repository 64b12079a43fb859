//! Looks at watched repositories when their time has come or somebody asked, and makes the rollouts of what was released.
//!
//! A repository is claimed by a lease that is extended while the look goes on; what it came to is written only while the claim holds.

use std::sync::Arc;
use std::time::Duration;

use base::Result;
use store::rows::Repository;
use store::{Topic, repositories, repository_syncs};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::repository::{roll_out, sync};

/// Slow look for wake-ups that were lost.
const POLL: Duration = Duration::from_secs(30);
/// Looks at the same time.
const MOST_AT_ONCE: usize = 4;
const LEASE: Duration = Duration::from_secs(30);
const EXTEND_EVERY: Duration = Duration::from_secs(10);
/// Longest look; then the claim is let go and it is begun again.
const LONGEST: Duration = Duration::from_secs(600);
/// How long syncs are kept for people to look at.
const KEPT: Duration = Duration::from_secs(90 * 24 * 3_600);
/// How long a message is known to have come. What it is about is asked for at the host, so that an older one comes to nothing.
const REMEMBERED: Duration = Duration::from_secs(90 * 24 * 3_600);
const PRUNE_EVERY: Duration = Duration::from_secs(3_600);

pub async fn run(app: Arc<App>, stop: CancellationToken) {
    let mut wakes = app.store.wakes();
    let mut work: JoinSet<()> = JoinSet::new();
    let mut prune = tokio::time::interval(PRUNE_EVERY);
    if app.store.is_exclusive()
        && let Err(e) = let_go(&app).await
    {
        tracing::warn!(error = ?e, "what the last server had begun was not let go; its leases will run out");
    }
    loop {
        let wait = match begin(&app, &mut work).await {
            Ok(wait) => wait,
            Err(e) => {
                tracing::warn!(error = ?e, "repositories could not be looked for; trying again");
                POLL
            }
        };
        tokio::select! {
            () = stop.cancelled() => break,
            Some(done) = work.join_next() => if let Err(e) = done {
                tracing::error!(error = %e, "a look at a repository panicked; its lease will run out");
            },
            _ = super::woken(&mut wakes, Topic::Repository, wait) => {}
            _ = prune.tick() => if let Err(e) = forget(&app).await {
                tracing::warn!(error = ?e, "old syncs could not be removed; trying again later");
            },
        }
    }
    // What is not finished is begun again by whoever claims it next: it writes everything at once, or nothing.
    work.shutdown().await;
}

/// Starts what is due; gives how long nothing else is.
async fn begin(app: &Arc<App>, work: &mut JoinSet<()>) -> Result<Duration> {
    let now = app.now();
    let mut conn = app.store.read().await?;
    let due = repositories::due(&mut conn, now).await?;
    let waiting = repository_syncs::waiting(&mut conn, now).await?;
    let next = [
        repositories::next_due(&mut conn, now).await?,
        repository_syncs::next_waiting(&mut conn, now).await?,
    ];
    drop(conn);
    for one in waiting {
        let (repository, id) = (one.repository.clone(), one.id.clone());
        if let Err(e) = roll_out(app, one).await {
            tracing::warn!(repository, sync = id, error = ?e, "what became of a rollout could not be written; trying again");
        }
    }
    for row in due {
        if work.len() >= MOST_AT_ONCE {
            break;
        }
        let mut tx = app.store.begin().await?;
        let claimed = repositories::claim(&mut tx, &row, LEASE).await?;
        tx.commit().await?;
        let Some(row) = claimed else { continue };
        let app = Arc::clone(app);
        work.spawn(async move { look(&app, row).await });
    }
    let next = next.into_iter().flatten().min();
    Ok(next.map_or(POLL, |at| at.since(now).clamp(Duration::from_millis(20), POLL)))
}

async fn look(app: &Arc<App>, row: Repository) {
    let id = row.id.clone();
    // Both go on at the same time: the claim is kept also while the look waits for the store.
    let done = tokio::select! {
        done = tokio::time::timeout(LONGEST, sync(app, row.clone())) => done,
        () = keep(app, &row) => return,
    };
    match done {
        Ok(Ok(())) => {}
        Ok(Err(e)) => {
            tracing::warn!(repository = id, error = ?e, "what a look came to could not be written; it is begun again");
        }
        Err(_) => tracing::warn!(repository = id, "a look took too long; it is begun again"),
    }
}

/// Ends when the claim is over.
async fn keep(app: &App, row: &Repository) {
    loop {
        tokio::time::sleep(EXTEND_EVERY).await;
        match extend(app, row).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(e) => {
                tracing::warn!(repository = row.id, error = ?e, "a claim could not be extended");
            }
        }
    }
}

async fn let_go(app: &App) -> Result<()> {
    let mut tx = app.store.begin().await?;
    repositories::let_go(&mut tx).await?;
    Ok(tx.commit().await?)
}

async fn extend(app: &App, row: &Repository) -> Result<bool> {
    let mut tx = app.store.begin_unsynced().await?;
    let held = repositories::extend(&mut tx, row, LEASE).await?;
    tx.commit().await?;
    Ok(held)
}

async fn forget(app: &App) -> Result<()> {
    let mut tx = app.store.begin().await?;
    repository_syncs::prune(&mut tx, app.now().minus(KEPT)).await?;
    repository_syncs::forget_taken(&mut tx, app.now().minus(REMEMBERED)).await?;
    Ok(tx.commit().await?)
}
