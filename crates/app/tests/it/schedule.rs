//! When runs begin, and who wins when two people want different things of one task.

use std::time::Duration;

use app::rollout::{RolloutView, cancel, log, run_tasks, skip};
use policy::rollout::{TaskRunStatus, TaskStatus};
use testkit::servers::postgres;

use crate::rollouts::{Shop, number};

async fn shop() -> Option<Shop> {
    Some(Shop::open(&postgres().await?).await)
}

fn run_name(rollout: &RolloutView, run: i64) -> String {
    format!("{}/taskRuns/{run}", Shop::task(rollout, "test"))
}

async fn run_in(shop: &Shop, rollout: &RolloutView, wait: Duration) -> base::Time {
    let at = shop.cx.now().plus(wait);
    let ask = run_tasks::Ask { run_at: Some(at), ..run_tasks::Ask::default() };
    shop.ask(rollout, "test", ask).await.unwrap();
    at
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_begins_at_its_time() {
    let Some(shop) = shop().await else { return };
    let rollout = shop.rollout("CREATE TABLE a (id int);").await;
    let at = run_in(&shop, &rollout, Duration::from_secs(2)).await;
    let waits = shop.latest(&rollout, "test").await;
    assert_eq!((waits.status, waits.run_at), (TaskRunStatus::Pending, Some(at)));
    shop.becomes(&rollout, "test", TaskStatus::Done).await;
    let started = shop.latest(&rollout, "test").await.started_at.unwrap();
    let late = started.since(at);
    assert!(started >= at && late < Duration::from_secs(10), "began {late:?} after its time");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_waits_for_its_time_is_called_off_at_once() {
    let Some(shop) = shop().await else { return };
    let rollout = shop.rollout("CREATE TABLE a (id int);").await;
    run_in(&shop, &rollout, Duration::from_secs(3_600)).await;
    let task = Shop::task(&rollout, "test");
    let id = shop.latest(&rollout, "test").await.id;
    cancel::cancel(&shop.cx, &task, &[run_name(&rollout, id)]).await.unwrap();
    let run = shop.latest(&rollout, "test").await;
    assert_eq!(run.status, TaskRunStatus::Canceled);
    assert!(run.detail.ends_with("before it started."), "{}", run.detail);
    assert_eq!(shop.status(&rollout, "test").await, TaskStatus::Canceled);
    let again = cancel::cancel(&shop.cx, &task, &[run_name(&rollout, id)]).await.unwrap_err();
    assert_eq!(again.blockers()[0].reason, "RUN_ENDED");
    assert_eq!(
        number(&shop.test, "SELECT cast(count(*) AS text) FROM pg_tables WHERE tablename = 'a'")
            .await,
        "0"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_is_free_to_go_is_called_off_before_it_is_claimed() {
    let Some(shop) = shop().await else { return };
    // Nobody claims.
    shop.stop();
    let rollout = shop.rollout("CREATE TABLE a (id int);").await;
    shop.run(&rollout, "test").await.unwrap();
    let id = shop.latest(&rollout, "test").await.id;
    let mut tx = shop.world.app.store.begin().await.unwrap();
    let now = shop.cx.now();
    let freed = store::task_runs::make_available(&mut tx, "shop", &[id], now).await.unwrap();
    assert_eq!(freed, [id]);
    tx.commit().await.unwrap();
    let task = Shop::task(&rollout, "test");
    cancel::cancel(&shop.cx, &task, &[run_name(&rollout, id)]).await.unwrap();
    assert_eq!(shop.latest(&rollout, "test").await.status, TaskRunStatus::Canceled);
    let mut tx = shop.world.app.store.begin().await.unwrap();
    let now = shop.cx.now();
    let claimed = store::task_runs::claim(&mut tx, "r", Duration::from_secs(9), 9, now).await;
    assert!(claimed.unwrap().is_empty(), "what is called off is not claimed any more");
}

/// Of a run and a skip at the same moment one wins, and the task is what the winner wanted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_and_a_skip_do_not_both_win() {
    let Some(shop) = shop().await else { return };
    for n in 0..12 {
        let rollout = shop.rollout(&format!("CREATE TABLE t{n} (id int);")).await;
        let stage = Shop::stage(&rollout, "test");
        let tasks = [Shop::task(&rollout, "test")];
        let skips = skip::skip(&shop.cx, &stage, &tasks, "not needed");
        let runs = shop.run(&rollout, "test");
        // Either may be polled first.
        let (ran, skipped) = if n % 2 == 0 {
            tokio::join!(runs, skips)
        } else {
            let (skipped, ran) = tokio::join!(skips, runs);
            (ran, skipped)
        };
        assert!(ran.is_ok() != skipped.is_ok(), "{ran:?} {skipped:?}");
        let all = log::runs(&shop.cx, &tasks[0]).await.unwrap();
        if ran.is_ok() {
            shop.becomes(&rollout, "test", TaskStatus::Done).await;
            assert_eq!(all.len(), 1);
        } else {
            assert_eq!(shop.status(&rollout, "test").await, TaskStatus::Skipped);
            assert!(all.is_empty(), "a skipped task has no run");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_run_a_task_make_one_run() {
    let Some(shop) = shop().await else { return };
    for n in 0..6 {
        let rollout = shop.rollout(&format!("CREATE TABLE t{n} (id int);")).await;
        let (one, two) = tokio::join!(shop.run(&rollout, "test"), shop.run(&rollout, "test"));
        one.unwrap();
        two.unwrap();
        shop.becomes(&rollout, "test", TaskStatus::Done).await;
        let runs = log::runs(&shop.cx, &Shop::task(&rollout, "test")).await.unwrap();
        assert_eq!(runs.len(), 1);
    }
}

/// An instance with one connection: while a sync has it, the run waits and says why; then it runs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn runs_and_syncs_share_the_connections_of_an_instance() {
    let Some(shop) = shop().await else { return };
    let app = &shop.world.app;
    let mut tx = app.store.begin().await.unwrap();
    let mut instance = store::instances::get(&mut tx, "t").await.unwrap().unwrap();
    instance.payload.maximum_connections = 1;
    store::instances::update(&mut tx, &mut instance, app.now()).await.unwrap();
    tx.commit().await.unwrap();
    let sync = app.connections.other("t", 1).await;
    let rollout = shop.rollout("CREATE TABLE a (id int);").await;
    shop.run(&rollout, "test").await.unwrap();
    let waits = shop
        .run_once(&rollout, "test", |r| r.payload.waiting_reason == "INSTANCE_CONNECTION_LIMIT")
        .await;
    assert_eq!(waits.status, TaskRunStatus::Pending);
    assert!(waits.detail.contains("syncs and checks 1"), "{}", waits.detail);
    let freed = std::time::Instant::now();
    drop(sync);
    shop.becomes(&rollout, "test", TaskStatus::Done).await;
    assert!(freed.elapsed() < Duration::from_secs(4), "it was told: {:?}", freed.elapsed());
}
