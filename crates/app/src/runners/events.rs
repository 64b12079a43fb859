//! Forgets old events: a page that was away for longer than an hour reads everything anew.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::app::App;

const KEPT: Duration = Duration::from_secs(3_600);
const EVERY: Duration = Duration::from_secs(300);

pub async fn run(app: Arc<App>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        if let Err(e) = prune(&app).await {
            tracing::warn!(error = ?e, "old events could not be removed; trying again later");
        }
    }
}

async fn prune(app: &App) -> base::Result<()> {
    let mut tx = app.store.begin().await?;
    store::events::prune(&mut tx, app.now().minus(KEPT)).await?;
    Ok(tx.commit().await?)
}
