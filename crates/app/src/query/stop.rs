//! Ends what a statement does at its server when nobody waits for it any more.

use std::sync::Arc;
use std::time::Duration;

use engine::Cancel;

/// How long a server may take to hear that a statement is to be stopped, and how long for the statement to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// Stops the statement when it is dropped, unless the statement has ended.
pub(super) struct Stop {
    canceller: Option<Arc<dyn Cancel>>,
}

impl Stop {
    pub fn new(canceller: Arc<dyn Cancel>) -> Self {
        Self { canceller: Some(canceller) }
    }

    /// It has ended by itself.
    pub fn ended(mut self) {
        self.canceller = None;
    }

    /// Stops it now, and waits for its end; gives what that was, None when the server does not let go of it.
    pub async fn now<T>(mut self, running: impl Future<Output = T>) -> Option<T> {
        if let Some(canceller) = self.canceller.take() {
            cancel(canceller).await;
        }
        let ended = tokio::time::timeout(PATIENCE, running).await;
        if ended.is_err() {
            tracing::warn!(
                "a query was told to stop and its server goes on with it: its connection is given up"
            );
        }
        ended.ok()
    }
}

impl Drop for Stop {
    fn drop(&mut self) {
        if let Some(canceller) = self.canceller.take() {
            tokio::spawn(cancel(canceller));
        }
    }
}

async fn cancel(canceller: Arc<dyn Cancel>) {
    match tokio::time::timeout(PATIENCE, canceller.cancel()).await {
        Ok(Ok(())) => {}
        Ok(Err(failure)) => tracing::warn!(%failure, "a query could not be stopped"),
        Err(_) => tracing::warn!("the server did not take the request to stop a query"),
    }
}
