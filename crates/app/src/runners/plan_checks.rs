//! Runs the checks of plans that were asked for.

use std::sync::Arc;
use std::time::Duration;

use base::Result;
use store::rows::{CheckResult, CheckStatus, PlanCheck};
use store::{StoreError, Topic};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::plan::check;

const POLL: Duration = Duration::from_secs(10);
/// Checks at the same time.
const MAX_CHECKS: usize = 4;
/// A check that takes longer is failed and says so; its lease outlives it.
const LIMIT: Duration = Duration::from_secs(600);
const LEASE: Duration = Duration::from_secs(660);

pub async fn run(app: Arc<App>, stop: CancellationToken) {
    let mut wakes = app.store.wakes();
    let mut work: JoinSet<()> = JoinSet::new();
    loop {
        while work.len() < MAX_CHECKS {
            match claim(&app).await {
                Ok(Some(check)) => {
                    let app = Arc::clone(&app);
                    work.spawn(async move { one(&app, check).await });
                }
                Ok(None) => break,
                Err(e) => {
                    tracing::error!(error = ?e, "plan checks could not be claimed; trying again");
                    break;
                }
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            Some(done) = work.join_next() => {
                if let Err(e) = done {
                    tracing::error!(error = %e, "a plan check panicked; its lease will run out");
                }
            }
            _ = super::woken(&mut wakes, Topic::PlanCheck, POLL) => {}
        }
    }
}

async fn claim(app: &App) -> Result<Option<PlanCheck>> {
    let mut tx = app.store.begin().await?;
    let claimed = store::plan_checks::claim(&mut tx, LEASE, 1, app.now()).await?.pop();
    tx.commit().await?;
    Ok(claimed)
}

async fn one(app: &Arc<App>, check: PlanCheck) {
    let ran = tokio::time::timeout(LIMIT, check::run::run(app, &check)).await;
    let ended = match ran {
        Ok(Ok(results)) => Ok(results),
        Ok(Err(e)) => {
            tracing::warn!(project = check.project, plan = check.plan, error = ?e, "a plan check failed");
            Err(e.to_string())
        }
        Err(_) => Err(format!(
            "The checks took longer than {} s; split the plan or check fewer databases.",
            LIMIT.as_secs()
        )),
    };
    if let Err(e) = finish(app, &check, &ended).await {
        tracing::error!(project = check.project, plan = check.plan, error = ?e, "the end of a plan check could not be recorded");
    }
}

async fn finish(
    app: &App,
    check: &PlanCheck,
    ended: &std::result::Result<Vec<CheckResult>, String>,
) -> Result<()> {
    let mut tx = app.store.begin().await?;
    let now = app.now();
    let written = match ended {
        Ok(results) => {
            store::plan_checks::finish(&mut tx, check, CheckStatus::Done, results, "", now).await
        }
        Err(error) => {
            store::plan_checks::finish(&mut tx, check, CheckStatus::Failed, &[], error, now).await
        }
    };
    match written {
        // The plan was edited, and a newer check is on its way.
        Err(StoreError::LostLease(_)) => return Ok(()),
        other => other?,
    }
    let name = format!("projects/{}/plans/{}/planCheckRun", check.project, check.plan);
    store::events::append(&mut tx, &name, "plan_check", "", now).await?;
    store::approvals::wake(&mut tx).await?;
    Ok(tx.commit().await?)
}
