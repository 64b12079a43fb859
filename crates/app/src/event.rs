//! The event stream: what the store recorded, handed to every open page. A signal to read again, never content.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use base::Result;
use store::Topic;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::access::Grants;
use crate::app::App;
use crate::cx::Caller;
use crate::ports::{Bounds, Event, Events};

/// Events that a slow reader may lag behind before it is told to refetch.
const KEPT: usize = 1_024;
/// Slow look for wake-ups that were lost.
const POLL: Duration = Duration::from_secs(5);
/// Numbers are given before the commit: one may become visible after a higher one, so look back this far.
const LOOK_BACK: i64 = 100;
const BATCH: i64 = 500;

/// The port of the event route. Clones share one stream.
#[derive(Clone)]
pub struct EventStream {
    app: Arc<App>,
    sender: broadcast::Sender<Arc<Event>>,
}

impl EventStream {
    /// Starts handing out events; ends with `stop`.
    pub fn start(app: &Arc<App>, stop: &CancellationToken) -> Self {
        let (sender, _) = broadcast::channel(KEPT);
        let stream = Self { app: Arc::clone(app), sender };
        tokio::spawn(stream.clone().pump(stop.clone()));
        stream
    }

    async fn pump(self, stop: CancellationToken) {
        let mut wakes = self.app.store.wakes();
        let mut newest = self.bounds().await.map_or(0, |b| b.newest);
        let mut sent = BTreeSet::new();
        loop {
            match self.forward(newest, &mut sent).await {
                Ok(last) => newest = last,
                Err(e) => tracing::warn!(error = ?e, "events could not be read; trying again"),
            }
            tokio::select! {
                () = stop.cancelled() => return,
                _ = crate::runners::woken(&mut wakes, Topic::Event, POLL) => {}
            }
        }
    }

    /// Sends what came after `newest`, and what became visible late. Gives the new highest number.
    async fn forward(&self, newest: i64, sent: &mut BTreeSet<i64>) -> Result<i64> {
        let mut last = newest;
        let mut from = (newest - LOOK_BACK).max(0);
        // At the first look, everything up to now counts as sent.
        let first = sent.is_empty();
        loop {
            let mut conn = self.app.store.read().await?;
            let batch = store::events::after(&mut conn, from, BATCH).await?;
            drop(conn);
            let whole = i64::try_from(batch.len()).unwrap_or(BATCH) == BATCH;
            for row in batch {
                from = row.id;
                last = last.max(row.id);
                if sent.insert(row.id) && !(first && row.id <= newest) {
                    // Nobody listening is no error.
                    let _ = self.sender.send(Arc::new(event(row)));
                }
            }
            if !whole {
                break;
            }
        }
        *sent = sent.split_off(&(last - 2 * LOOK_BACK));
        Ok(last)
    }
}

#[async_trait]
impl Events for EventStream {
    fn subscribe(&self) -> broadcast::Receiver<Arc<Event>> {
        self.sender.subscribe()
    }

    async fn bounds(&self) -> Result<Bounds> {
        let mut conn = self.app.store.read().await?;
        let (oldest, newest) = store::events::range(&mut conn).await?.unwrap_or((1, 0));
        Ok(Bounds { oldest, newest })
    }

    async fn after(&self, after: i64, limit: usize) -> Result<Vec<Arc<Event>>> {
        let mut conn = self.app.store.read().await?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = store::events::after(&mut conn, after, limit).await?;
        Ok(rows.into_iter().map(|r| Arc::new(event(r))).collect())
    }

    async fn visible(&self, caller: &Caller, name: &str) -> Result<bool> {
        let mut conn = self.app.store.read().await?;
        let grants = Grants::load(&mut conn, caller, self.app.now()).await?;
        grants.has(&mut conn, permission_to_see(name), name).await
    }
}

/// The permission that reading a resource of this name takes.
fn permission_to_see(name: &str) -> &'static str {
    let mut parts = name.split('/');
    let kinds: Vec<&str> =
        std::iter::from_fn(|| parts.next().map(|kind| (kind, parts.next()).0)).collect();
    match kinds.as_slice() {
        ["projects"] => "bb.projects.get",
        ["projects", "issues", ..] => "bb.issues.get",
        ["projects", "plans", "rollout", ..] => "bb.rollouts.get",
        ["projects", "plans", "planCheckRun", ..] => "bb.planCheckRuns.get",
        ["projects", "plans", ..] => "bb.plans.get",
        ["projects", ..] => "bb.projects.get",
        ["instances"] => "bb.instances.get",
        ["instances", "databases", "changelogs", ..] => "bb.changelogs.list",
        ["instances", "databases", ..] => "bb.databases.get",
        ["users" | "serviceAccounts", ..] => "bb.users.get",
        ["roles", ..] => "bb.roles.get",
        ["reviewConfigs", ..] => "bb.reviewConfigs.get",
        ["settings", ..] => "bb.settings.get",
        ["workspaces", ..] => "bb.workspaces.getIamPolicy",
        // What nobody thought of is for administrators.
        _ => "bb.settings.set",
    }
}

fn event(row: store::rows::Event) -> Event {
    Event {
        id: row.id,
        name: row.name,
        kind: row.kind,
        etag: Some(row.etag).filter(|e| !e.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_has_its_permission() {
        assert_eq!(permission_to_see("projects/shop/plans/3"), "bb.plans.get");
        assert_eq!(permission_to_see("projects/shop/plans/3/rollout"), "bb.rollouts.get");
        assert_eq!(permission_to_see("projects/shop/plans/3/planCheckRun"), "bb.planCheckRuns.get");
        assert_eq!(permission_to_see("instances/pg/databases/shop"), "bb.databases.get");
        assert_eq!(permission_to_see("reviewConfigs/prod"), "bb.reviewConfigs.get");
        assert_eq!(permission_to_see("secrets/x"), "bb.settings.set");
    }
}
