//! Delivers what is to be told outside.
//!
//! One message a receiver at a time, and many receivers at once: one that is slow or down keeps back its own messages only.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use base::Result;
use store::rows::{Delivery, DeliveryStatus};
use store::{Topic, outbox};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::webhook::{self, Attempt};
use crate::{mail, repository};

/// Slow look for wake-ups that were lost.
const POLL: Duration = Duration::from_secs(30);
/// Receivers at the same time.
const MOST_AT_ONCE: usize = 32;
/// Longer than an attempt can take.
const LEASE: Duration = Duration::from_secs(60);
/// Waits before each further attempt, in units of the configured one: with ten seconds, nearly four hours in all.
const WAITS: [u32; 7] = [1, 3, 12, 60, 180, 360, 720];
/// A receiver that asks for more is asked all the same.
const LONGEST_ASKED: Duration = Duration::from_secs(3_600);
/// For attempts that are under way when the server stops.
const GRACE: Duration = Duration::from_secs(12);
/// How long what is over is kept for people to look at.
const KEPT: Duration = Duration::from_secs(14 * 24 * 3_600);
const PRUNE_EVERY: Duration = Duration::from_secs(3_600);

pub async fn run(app: Arc<App>, stop: CancellationToken) {
    let mut wakes = app.store.wakes();
    let mut work: JoinSet<String> = JoinSet::new();
    let mut busy: HashSet<String> = HashSet::new();
    let mut prune = tokio::time::interval(PRUNE_EVERY);
    loop {
        let wait = match begin(&app, &mut work, &mut busy).await {
            Ok(wait) => wait,
            Err(e) => {
                tracing::warn!(error = ?e, "messages could not be taken out of the outbox; trying again");
                POLL
            }
        };
        tokio::select! {
            () = stop.cancelled() => break,
            Some(done) = work.join_next() => match done {
                Ok(target) => {
                    busy.remove(&target);
                }
                Err(e) => {
                    // Whose it was is not known: look at all again, their leases keep them apart.
                    tracing::error!(error = %e, "a delivery panicked; its lease will run out");
                    busy.clear();
                }
            },
            _ = super::woken(&mut wakes, Topic::Outbox, wait) => {}
            _ = prune.tick() => {
                if let Err(e) = forget(&app).await {
                    tracing::warn!(error = ?e, "old deliveries could not be removed; trying again later");
                }
            }
        }
    }
    let all = async { while work.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, all).await.is_err() {
        tracing::warn!("deliveries did not end in time; they are tried again at the next start");
    }
}

/// Starts what can be delivered now; gives how long nothing else is due.
async fn begin(
    app: &Arc<App>,
    work: &mut JoinSet<String>,
    busy: &mut HashSet<String>,
) -> Result<Duration> {
    let now = app.now();
    let mut conn = app.store.read().await?;
    let due = outbox::due(&mut conn, now).await?;
    let next = outbox::next_due(&mut conn, now).await?;
    drop(conn);
    for delivery in due {
        if work.len() >= MOST_AT_ONCE {
            break;
        }
        if busy.contains(&delivery.target) || !claim(app, &delivery).await? {
            continue;
        }
        busy.insert(delivery.target.clone());
        let app = Arc::clone(app);
        work.spawn(async move {
            let target = delivery.target.clone();
            one(&app, delivery).await;
            target
        });
    }
    Ok(next.map_or(POLL, |at| at.since(now).clamp(Duration::from_millis(20), POLL)))
}

async fn claim(app: &App, delivery: &Delivery) -> Result<bool> {
    // Lost in a crash it is only tried a little sooner.
    let mut tx = app.store.begin_unsynced().await?;
    let taken = outbox::claim(&mut tx, &delivery.id, LEASE).await?;
    tx.commit().await?;
    Ok(taken)
}

async fn one(app: &App, mut delivery: Delivery) {
    let attempt = match attempt(app, &delivery).await {
        Ok(attempt) => attempt,
        Err(e) => {
            tracing::warn!(delivery = delivery.id, error = ?e, "a delivery could not be attempted; trying again");
            return;
        }
    };
    settle(&mut delivery, attempt, app.now(), app.outside.backoff);
    if delivery.status == DeliveryStatus::Failed {
        tracing::warn!(target = delivery.target, error = delivery.error, "a message was given up");
    }
    let record = async {
        let mut tx = app.store.begin().await?;
        outbox::record(&mut tx, &delivery).await?;
        tx.commit().await
    };
    if let Err(e) = record.await {
        tracing::error!(delivery = delivery.id, error = ?e, "what came of a delivery could not be recorded; it may be sent again");
    }
}

async fn attempt(app: &App, delivery: &Delivery) -> Result<Attempt> {
    if delivery.target.starts_with(mail::SCHEME) {
        return mail::attempt(app, delivery).await;
    }
    if repository::is_about(delivery) {
        let last = wait_after(delivery).is_none();
        return repository::attempt(app, delivery, last).await;
    }
    webhook::attempt(app, delivery).await
}

/// Notes what came of an attempt. Pure.
fn settle(delivery: &mut Delivery, attempt: Attempt, now: base::Time, unit: Duration) {
    let (why, http_status, again, after) = match attempt {
        Attempt::Taken { http_status } => (String::new(), http_status, None, Duration::ZERO),
        Attempt::Failed { why, http_status, again, after } => {
            (why, http_status, Some(again), after)
        }
    };
    let wait = wait_after(delivery);
    delivery.attempts += 1;
    delivery.http_status = i64::from(http_status);
    delivery.error = why;
    delivery.status = match (again, wait) {
        (None, _) => DeliveryStatus::Delivered,
        (Some(true), Some(wait)) => {
            delivery.next_at = now.plus((unit * wait).max(after.min(LONGEST_ASKED)));
            DeliveryStatus::Pending
        }
        (Some(_), _) => DeliveryStatus::Failed,
    };
    if delivery.status != DeliveryStatus::Pending {
        delivery.finished_at = Some(now);
    }
}

/// In units, until the next attempt; None when this one is the last.
fn wait_after(delivery: &Delivery) -> Option<u32> {
    usize::try_from(delivery.attempts).ok().and_then(|n| WAITS.get(n)).copied()
}

async fn forget(app: &App) -> Result<()> {
    let mut tx = app.store.begin().await?;
    outbox::prune(&mut tx, app.now().minus(KEPT)).await?;
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use base::Time;

    use super::*;

    fn delivery() -> Delivery {
        Delivery {
            id: "d".into(),
            target: "projects/p/webhooks/w".into(),
            event: "issue.created".into(),
            status: DeliveryStatus::Pending,
            attempts: 0,
            next_at: Time(0),
            error: String::new(),
            http_status: 0,
            payload: String::new(),
            created_at: Time(0),
            finished_at: None,
        }
    }

    #[test]
    fn waits_grow_and_end() {
        let failed = || Attempt::failed("answered 500".into(), 500, true);
        let (mut one, mut now) = (delivery(), Time(0));
        let mut waited = Vec::new();
        while one.status == DeliveryStatus::Pending {
            settle(&mut one, failed(), now, Duration::from_secs(10));
            waited.push(one.next_at.since(now).as_secs());
            now = one.next_at;
        }
        assert_eq!(waited, [10, 30, 120, 600, 1_800, 3_600, 7_200, 0]);
        assert_eq!((one.status, one.attempts), (DeliveryStatus::Failed, 8));
        assert_eq!((one.error.as_str(), one.finished_at), ("answered 500", Some(now)));
    }

    #[test]
    fn a_receiver_may_ask_for_more_time() {
        let limited = |secs| Attempt::Failed {
            why: "asks to wait".into(),
            http_status: 429,
            again: true,
            after: Duration::from_secs(secs),
        };
        for (asked, waited) in [(5, 10), (70, 70), (90_000, 3_600)] {
            let mut one = delivery();
            settle(&mut one, limited(asked), Time(0), Duration::from_secs(10));
            assert_eq!(one.next_at.since(Time(0)).as_secs(), waited);
        }
    }

    #[test]
    fn what_is_final_is_final_at_once() {
        let mut refused = delivery();
        settle(&mut refused, Attempt::never("refused"), Time(5), Duration::from_secs(10));
        assert_eq!((refused.status, refused.finished_at), (DeliveryStatus::Failed, Some(Time(5))));
        let mut taken = delivery();
        settle(&mut taken, Attempt::Taken { http_status: 204 }, Time(5), Duration::from_secs(10));
        assert_eq!((taken.status, taken.http_status), (DeliveryStatus::Delivered, 204));
    }
}
