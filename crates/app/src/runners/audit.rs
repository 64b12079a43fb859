//! Forgets old records of the audit log, where the workspace says how long they are kept.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::audit;

const EVERY: Duration = Duration::from_secs(3_600);

pub async fn run(app: Arc<App>, stop: CancellationToken) {
    // The first tick is at once.
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        match audit::forget_old(&app).await {
            Ok(0) => {}
            Ok(gone) => tracing::info!(gone, "old records of the audit log were forgotten"),
            Err(e) => {
                tracing::error!(error = ?e, "nothing of the audit log is forgotten; `basalt verify-audit` tells what is wrong with it");
            }
        }
    }
}
