//! Background work: each runner takes no input, is idempotent, looks when woken and from time to time, and stops when told.

pub mod approvals;
pub mod audit;
pub mod events;
pub mod expired_bindings;
pub mod outbox;
pub mod plan_checks;
pub mod repositories;
pub mod syncs;
pub mod task_runs;

use std::sync::Arc;
use std::time::Duration;

use store::{Topic, Wake};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::App;

/// Starts all runners. They end, after finishing what must be finished, when `stop` is cancelled.
pub fn start(app: &Arc<App>, stop: &CancellationToken) -> TaskTracker {
    let tracker = TaskTracker::new();
    tracker.spawn(audit::run(Arc::clone(app), stop.clone()));
    tracker.spawn(approvals::run(Arc::clone(app), stop.clone()));
    tracker.spawn(events::run(Arc::clone(app), stop.clone()));
    tracker.spawn(expired_bindings::run(Arc::clone(app), stop.clone()));
    tracker.spawn(outbox::run(Arc::clone(app), stop.clone()));
    tracker.spawn(plan_checks::run(Arc::clone(app), stop.clone()));
    tracker.spawn(repositories::run(Arc::clone(app), stop.clone()));
    tracker.spawn(syncs::run(Arc::clone(app), stop.clone()));
    tracker.spawn(task_runs::run(Arc::clone(app), stop.clone()));
    tracker.close();
    tracker
}

/// Waits until the store says that something of `topic` changed, or `at_most` has passed. Gives the subjects heard at once;
/// None means "look at everything".
pub(crate) async fn woken(
    wakes: &mut Receiver<Wake>,
    topic: Topic,
    at_most: Duration,
) -> Option<String> {
    let listen = async {
        loop {
            match wakes.recv().await {
                Ok(wake) if wake.topic == topic => return Some(wake.subject),
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => return None,
                // The store is closing: the stop signal is on its way.
                Err(RecvError::Closed) => std::future::pending::<()>().await,
            }
        }
    };
    tokio::time::timeout(at_most, listen).await.unwrap_or(None)
}
