//! Finds the gates of issues whose checks are done, and starts stages that start by themselves.

use std::sync::Arc;
use std::time::Duration;

use base::Result;
use store::Topic;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::approval::find;
use crate::cx::Cx;
use crate::rollout::automatic;

/// Slow look for wake-ups that were lost.
const POLL: Duration = Duration::from_secs(10);
/// Issues looked at in one round.
const AT_ONCE: i64 = 100;

pub async fn run(app: Arc<App>, stop: CancellationToken) {
    let mut wakes = app.store.wakes();
    // A stage may follow on one whose last run ended.
    let mut ends = app.store.wakes();
    loop {
        if let Err(e) = round(&app).await {
            tracing::error!(error = ?e, "approvals could not be looked for; trying again");
        }
        if let Err(e) = automatic::start_all(&app).await {
            tracing::error!(error = ?e, "automatic stages could not be looked for; trying again");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            _ = super::woken(&mut wakes, Topic::Approval, POLL) => {}
            _ = super::woken(&mut ends, Topic::TaskRun, POLL) => {}
        }
    }
}

async fn round(app: &Arc<App>) -> Result<()> {
    let cx = Cx::system(app, "approvals");
    let mut conn = app.store.read().await?;
    let due = store::approvals::due(&mut conn, AT_ONCE).await?;
    drop(conn);
    for (project, issue) in due {
        if let Err(e) = find::find(&cx, &project, issue).await {
            tracing::error!(project, issue, error = ?e, "who has to approve could not be found out; trying again");
        }
    }
    Ok(())
}
