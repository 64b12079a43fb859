//! Syncs instances and databases in the background: what is new, what was asked for, and what is due by its interval.
//!
//! The queue is the store: a status "never" or "running" says that a sync is wanted, so a restart forgets nothing. One task
//! a sync, at most [`AT_ONCE`]; how many of them talk to a server is the budget's matter.

use std::collections::{HashMap, HashSet};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use base::{Error, Result, Time};
use futures_util::FutureExt as _;
use store::rows::{Database, Instance, State};
use store::{Conn, Filter, List, Topic, databases, instances};
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::sync;

/// How often intervals are looked at.
const EVERY: Duration = Duration::from_secs(15);
/// Syncs that run or wait for a connection.
const AT_ONCE: usize = 40;
/// After a failure, before its place is free again: what fails at once must not be tried in a hot loop.
const PAUSE: Duration = Duration::from_secs(1);

/// Ends when `stop` is cancelled; syncs under way are dropped then, and taken up again after the next start.
pub async fn run(app: Arc<App>, stop: CancellationToken) {
    let mut wakes = app.store.wakes();
    let mut runner = Runner::new(app);
    let mut look_at_all = true;
    loop {
        if let Err(error) = runner.fill(look_at_all).await {
            tracing::warn!(error = ?error, "the queue of syncs could not be read; trying again");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            _ = super::woken(&mut wakes, Topic::Sync, EVERY) => look_at_all = true,
            Some(done) = runner.tasks.join_next_with_id() => {
                runner.finished(done);
                look_at_all = false;
            }
        }
    }
}

struct Runner {
    app: Arc<App>,
    tasks: JoinSet<()>,
    /// What each task syncs: the id of an instance or database.
    under_way: HashMap<tokio::task::Id, String>,
    /// When an instance was last begun here: a failing one is not tried again before its interval has passed.
    begun: HashMap<String, Time>,
}

impl Runner {
    fn new(app: Arc<App>) -> Self {
        Self { app, tasks: JoinSet::new(), under_way: HashMap::new(), begun: HashMap::new() }
    }

    /// Starts as many syncs as there is room for. Instances are looked at only when something may have changed, the queue
    /// of databases also when half of the room is free again.
    async fn fill(&mut self, look_at_all: bool) -> Result<()> {
        if self.under_way.len() > AT_ONCE / 2 && !look_at_all {
            return Ok(());
        }
        let app = Arc::clone(&self.app);
        let busy: HashSet<String> = self.under_way.values().cloned().collect();
        let mut conn = app.store.read().await?;
        if look_at_all {
            let now = app.now();
            for instance in active_instances(&mut conn).await? {
                let begun = self.begun.get(&instance.id).copied();
                let wanted = is_queued(&instance) || is_due(&instance, begun, now);
                if wanted && !busy.contains(&instance.id) && self.under_way.len() < AT_ONCE {
                    self.begun.insert(instance.id.clone(), now);
                    let id = instance.id.clone();
                    self.start(id, sync_instance(Arc::clone(&app), instance));
                }
            }
        }
        // Those under way are still in the queue: so many more are read.
        for database in queued_databases(&mut conn, AT_ONCE + busy.len()).await? {
            if !busy.contains(&database.id) && self.under_way.len() < AT_ONCE {
                let id = database.id.clone();
                self.start(id, sync_database(Arc::clone(&app), database));
            }
        }
        Ok(())
    }

    fn start(&mut self, id: String, work: impl Future<Output = ()> + Send + 'static) {
        let task = self.tasks.spawn(work);
        self.under_way.insert(task.id(), id);
    }

    fn finished(&mut self, done: std::result::Result<(tokio::task::Id, ()), JoinError>) {
        let task = match done {
            Ok((task, ())) => task,
            Err(error) => {
                tracing::error!(error = %error, "a sync ended in a panic");
                error.id()
            }
        };
        self.under_way.remove(&task);
    }
}

async fn active_instances(conn: &mut Conn) -> Result<Vec<Instance>> {
    let mut list = List::of(Filter::eq(instances::STATE, "ACTIVE"));
    let mut all = Vec::new();
    loop {
        let page = instances::list(conn, &list).await?;
        all.extend(page.items);
        match page.next {
            Some(token) => list.token = Some(token),
            None => return Ok(all),
        }
    }
}

async fn queued_databases(conn: &mut Conn, most: usize) -> Result<Vec<Database>> {
    let queued = Filter::is_in(databases::SYNC_STATUS, ["NEVER", "RUNNING"])
        .and(Filter::eq(databases::STATE, "ACTIVE"))
        .and(Filter::eq(databases::INSTANCE_STATE, "ACTIVE"));
    let list = List { size: most, ..List::of(queued) };
    Ok(databases::list(conn, &list).await?.items)
}

/// Never synced, or asked for.
const fn is_queued(instance: &Instance) -> bool {
    use store::rows::SyncStatus::{Never, Running};
    matches!(instance.sync_status, Never | Running)
}

/// Whether the interval has passed since the last sync, good or bad.
fn is_due(instance: &Instance, begun: Option<Time>, now: Time) -> bool {
    let interval = instance.payload.sync_interval.unwrap_or_default();
    let last = begun.max(instance.synced_at).unwrap_or_default();
    instance.state == State::Active && !interval.is_zero() && now >= last.plus(interval)
}

/// The instance, and then all its databases if it is synced by interval.
async fn sync_instance(app: Arc<App>, instance: Instance) {
    let work = AssertUnwindSafe(sync::instance::run(&app, &instance)).catch_unwind();
    let outcome = match work.await {
        Ok(outcome) => outcome.map(|_| ()),
        Err(_) => sync::instance::keep_failure(&app, &instance, &panicked()).await,
    };
    let outcome = match outcome {
        Ok(()) if !is_queued(&instance) => sync::request_all(&app, &instance.id).await,
        other => other,
    };
    if let Err(error) = outcome {
        // It is kept with the instance, where people look.
        tracing::info!(instance = instance.id, error = ?error, "sync failed");
        tokio::time::sleep(PAUSE).await;
    }
}

async fn sync_database(app: Arc<App>, database: Database) {
    let work = AssertUnwindSafe(sync::database::run(&app, &database)).catch_unwind();
    let outcome = match work.await {
        Ok(outcome) => outcome.map(|_| ()),
        Err(_) => sync::database::keep_failure(&app, &database, &panicked()).await,
    };
    if let Err(error) = outcome {
        // It is kept with the database, where people look.
        let Database { instance, name, .. } = &database;
        tracing::info!(instance, database = name, error = ?error, "sync failed");
        tokio::time::sleep(PAUSE).await;
    }
}

/// The panic itself is in the log. Without an outcome the sync would stay in the queue and panic again for ever.
fn panicked() -> Error {
    Error::internal("the sync met a mistake in Basalt; the server's log says more")
}

#[cfg(test)]
mod tests {
    use base::EngineKind;
    use store::rows::{InstancePayload, SyncStatus};

    use super::*;

    fn instance(interval: u64, synced_at: Option<i64>) -> Instance {
        let sync_interval = Some(Duration::from_secs(interval));
        Instance {
            id: "pg".into(),
            title: "PostgreSQL".into(),
            engine: EngineKind::Postgres,
            engine_version: String::new(),
            identity: String::new(),
            environment: None,
            project: None,
            state: State::Active,
            sync_status: SyncStatus::Ok,
            sync_error: String::new(),
            synced_at: synced_at.map(at),
            labels: std::collections::BTreeMap::new(),
            payload: InstancePayload { sync_interval, ..InstancePayload::default() },
            version: 1,
            created_at: Time(0),
            updated_at: Time(0),
            deleted_at: None,
        }
    }

    const fn at(seconds: i64) -> Time {
        Time::from_parts(seconds, 0)
    }

    #[test]
    fn due_when_the_interval_has_passed_since_the_last_attempt() {
        let one = instance(60, Some(100));
        assert!(!is_due(&one, None, at(159)));
        assert!(is_due(&one, None, at(160)));
        assert!(!is_due(&one, Some(at(150)), at(209)), "it failed a moment ago");
        assert!(is_due(&one, Some(at(150)), at(210)));
        assert!(!is_due(&instance(0, Some(100)), None, at(100_000)), "never by itself");
        let deleted = Instance { state: State::Deleted, ..instance(60, Some(100)) };
        assert!(!is_due(&deleted, None, at(1_000)));
    }
}
