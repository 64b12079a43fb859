//! How many connections this process has to each instance: one budget for runs, syncs and plan checks.
//!
//! Runs come first: they never wait here, the scheduler admits them ([`crate::rollout::queue`]), and while one waits for the
//! instance no more than one sync or check goes on. What a person waits for is not counted with them: a connection test, a look
//! at sessions; queries, which may be many and long, have a number of their own.

use std::collections::{HashMap, HashSet};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use store::rows::InstancePayload;
use tokio::sync::Notify;

/// Connections to an instance that does not say.
const PER_INSTANCE: usize = 16;
/// Of these, for syncs and checks: people work there too.
const OTHERS: usize = 4;

/// Queries of people at a time on one instance; others wait.
const QUERIES: usize = 16;

/// The connections of this process.
#[derive(Debug, Default)]
pub struct Connections {
    state: Mutex<State>,
    /// Somebody who waits here may go on.
    freed: Notify,
    /// A run that waits may go on.
    for_runs: Notify,
}

#[derive(Debug, Default)]
struct State {
    instances: HashMap<String, Use>,
    /// Instances that a run waits for.
    wanted: HashSet<String>,
}

#[derive(Debug, Default)]
struct Use {
    runs: usize,
    others: usize,
    queries: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum For {
    Run,
    Other,
    Query,
}

/// The right to one connection.
#[derive(Debug)]
pub struct Slot {
    of: Arc<Connections>,
    instance: String,
    what: For,
}

/// Connections that an instance allows.
pub fn limit(payload: &InstancePayload) -> usize {
    usize::try_from(payload.maximum_connections).ok().filter(|n| *n > 0).unwrap_or(PER_INSTANCE)
}

/// A long rollout must not keep every check and sync from the instance, if it allows more than one connection.
fn kept_for_others(limit: usize) -> usize {
    usize::from(limit > 1)
}

impl Connections {
    /// For a run, which the scheduler admitted.
    pub fn run(self: &Arc<Self>, instance: &str) -> Slot {
        self.state().instances.entry(instance.to_owned()).or_default().runs += 1;
        Slot { of: Arc::clone(self), instance: instance.to_owned(), what: For::Run }
    }

    /// For a sync or a check; waits until there is room beside the runs.
    pub async fn other(self: &Arc<Self>, instance: &str, limit: usize) -> Slot {
        self.wait(instance, For::Other, || self.take(instance, limit)).await
    }

    /// For a query of a person; waits while there are as many as the instance allows connections.
    pub async fn query(self: &Arc<Self>, instance: &str, limit: usize) -> Slot {
        let take = || {
            let mut state = self.state();
            let used = state.instances.entry(instance.to_owned()).or_default();
            let fits = used.queries < limit.min(QUERIES);
            used.queries += usize::from(fits);
            fits
        };
        self.wait(instance, For::Query, take).await
    }

    async fn wait(self: &Arc<Self>, instance: &str, what: For, take: impl Fn() -> bool) -> Slot {
        loop {
            let mut freed = pin!(self.freed.notified());
            // From here on no wake-up is missed.
            freed.as_mut().enable();
            if take() {
                return Slot { of: Arc::clone(self), instance: instance.to_owned(), what };
            }
            freed.await;
        }
    }

    fn take(&self, instance: &str, limit: usize) -> bool {
        let mut state = self.state();
        let used = state.instances.get(instance).map_or((0, 0), |u| (u.runs, u.others));
        let most = if state.wanted.contains(instance) { kept_for_others(limit) } else { OTHERS };
        if used.0 + used.1 >= limit || used.1 >= most {
            return false;
        }
        state.instances.entry(instance.to_owned()).or_default().others += 1;
        true
    }

    /// Connections of an instance that syncs and checks have, or that are kept for them.
    pub fn others(&self, instance: &str, limit: usize) -> usize {
        let used = self.state().instances.get(instance).map_or(0, |u| u.others);
        used.max(kept_for_others(limit))
    }

    /// Runs wait for these instances now.
    pub fn want(&self, instances: HashSet<String>) {
        let mut state = self.state();
        let fewer = !state.wanted.is_subset(&instances);
        state.wanted = instances;
        drop(state);
        if fewer {
            self.freed.notify_waiters();
        }
    }

    /// Returns when an instance that a run waits for got room.
    pub async fn freed_for_runs(&self) {
        self.for_runs.notified().await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut state = self.of.state();
        if let Some(used) = state.instances.get_mut(&self.instance) {
            let count = match self.what {
                For::Run => &mut used.runs,
                For::Other => &mut used.others,
                For::Query => &mut used.queries,
            };
            *count = count.saturating_sub(1);
            if used.runs + used.others + used.queries == 0 {
                state.instances.remove(&self.instance);
            }
        }
        let wanted = state.wanted.contains(&self.instance);
        drop(state);
        if wanted {
            self.of.for_runs.notify_one();
        }
        self.of.freed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    async fn soon(connections: &Arc<Connections>, limit: usize) -> Option<Slot> {
        let wait = connections.other("pg", limit);
        tokio::time::timeout(Duration::from_millis(20), wait).await.ok()
    }

    #[tokio::test]
    async fn others_share_what_runs_leave() {
        let all = Arc::new(Connections::default());
        let run = all.run("pg");
        let one = soon(&all, 2).await;
        assert!(one.is_some() && soon(&all, 2).await.is_none(), "the limit counts both");
        assert!(all.other("other", 2).await.instance == "other");
        drop(run);
        let two = soon(&all, 2).await;
        assert!(two.is_some() && all.others("pg", 2) == 2);
        drop((one, two));
        let many = [soon(&all, 16).await, soon(&all, 16).await, soon(&all, 16).await];
        let fourth = soon(&all, 16).await;
        assert!(many.iter().all(Option::is_some) && fourth.is_some());
        assert!(soon(&all, 16).await.is_none(), "people work there too");
        drop((many, fourth));
        assert!(all.state().instances.is_empty(), "idle instances are forgotten");
    }

    #[tokio::test]
    async fn runs_come_first() {
        let all = Arc::new(Connections::default());
        let sync = soon(&all, 1).await.unwrap();
        all.want(HashSet::from(["pg".to_owned()]));
        drop(sync);
        tokio::time::timeout(Duration::from_secs(5), all.freed_for_runs()).await.unwrap();
        assert!(soon(&all, 1).await.is_none(), "a run waits for it");
        let waiting = tokio::spawn({
            let all = Arc::clone(&all);
            async move { all.other("pg", 1).await }
        });
        let run = all.run("pg");
        all.want(HashSet::new());
        assert!(soon(&all, 1).await.is_none() && !waiting.is_finished());
        drop(run);
        tokio::time::timeout(Duration::from_secs(5), waiting).await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn queries_wait_for_queries_only() {
        let all = Arc::new(Connections::default());
        let (_run, _sync) = (all.run("pg"), soon(&all, 2).await.unwrap());
        let first = all.query("pg", 1).await;
        let second = tokio::time::timeout(Duration::from_millis(20), all.query("pg", 1)).await;
        assert!(second.is_err(), "as many as connections are allowed");
        drop(first);
        tokio::time::timeout(Duration::from_secs(5), all.query("pg", 1)).await.unwrap();
    }

    #[test]
    fn an_instance_may_say_how_many() {
        let of = |maximum_connections| InstancePayload {
            maximum_connections,
            ..InstancePayload::default()
        };
        assert_eq!((limit(&of(0)), limit(&of(3))), (PER_INSTANCE, 3));
    }
}
