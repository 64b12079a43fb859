//! What an environment says about the runs in it: deployment windows, and whether drift stops a change.

use std::time::{Duration, Instant};

use app::rollout::{cancel, run_tasks, view};
use app::setting::{self, Update, Value};
use policy::rollout::{TaskRunStatus, TaskStatus};
use policy::window::{Weekday, Window, WindowEnd};
use store::rows::{ChangelogStatus, Environment, EnvironmentSetting, FindingLevel, LogKind};
use store::{Filter, List, changelogs};
use testkit::servers::postgres;

use crate::rollouts::{Shop, number};

const STEPS: &str = "-- txn-mode = off
CREATE TABLE a (id int);
SELECT pg_sleep(2);
CREATE TABLE b (id int);";

/// Databases on PostgreSQL; `test` is open on Thursdays from 09:00 to 12:00 UTC.
async fn thursdays(window_end: WindowEnd) -> Option<Shop> {
    let shop = Shop::open(&postgres().await?).await;
    let window = Window {
        weekdays: [Weekday::Thursday].into(),
        start: "09:00".into(),
        end: "12:00".into(),
        time_zone: "UTC".into(),
    };
    let test = Environment { windows: vec![window], window_end, ..Environment::default() };
    set(&shop, test).await;
    Some(shop)
}

pub async fn set(shop: &Shop, test: Environment) {
    let test = Environment { id: "test".into(), title: "Test".into(), ..test };
    let prod = Environment { id: "prod".into(), title: "Prod".into(), ..Environment::default() };
    let update = Update {
        name: "settings/ENVIRONMENT".into(),
        value: Value::Environment(EnvironmentSetting { environments: vec![test, prod] }),
        mask: Vec::new(),
        validate_only: false,
    };
    setting::update(&shop.cx, update).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_waits_for_its_window() {
    let Some(shop) = thursdays(WindowEnd::Finish).await else { return };
    shop.world.clock.to("2030-01-03T08:59:00Z");
    let rollout = shop.rollout("CREATE TABLE a (id int);").await;
    shop.run(&rollout, "test").await.unwrap();
    let waits =
        shop.run_once(&rollout, "test", |r| r.payload.waiting_reason == "WINDOW_CLOSED").await;
    assert_eq!(waits.status, TaskRunStatus::Pending);
    assert!(waits.detail.contains("it opens on Thursday, 2030-01-03 at 09:00"), "{}", waits.detail);
    let seen = view::get(&shop.cx, "shop", rollout.plan.id).await.unwrap();
    assert_eq!(seen.stages[0].tasks[0].blockers[0].reason, "WINDOW_CLOSED");
    shop.world.clock.to("2030-01-03T08:59:59Z");
    let asked = Instant::now();
    shop.becomes(&rollout, "test", TaskStatus::Done).await;
    assert!(asked.elapsed() < Duration::from_secs(10), "took {:?}", asked.elapsed());
    let run = shop.latest(&rollout, "test").await;
    assert!(run.started_at.unwrap() >= base::Time::parse("2030-01-03T09:00:00Z").unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_ignores_the_window_says_why() {
    let Some(shop) = thursdays(WindowEnd::Pause).await else { return };
    shop.world.clock.to("2030-01-03T13:00:00Z");
    let rollout = shop.rollout("CREATE TABLE a (id int);").await;
    let mut ask = run_tasks::Ask { ignore_window: true, ..run_tasks::Ask::default() };
    let refused = shop.ask(&rollout, "test", ask.clone()).await.unwrap_err();
    assert_eq!(refused.field_violations()[0].field, "reason");
    ask.reason = "hot fix".into();
    shop.ask(&rollout, "test", ask).await.unwrap();
    shop.becomes(&rollout, "test", TaskStatus::Done).await;
}

/// Runs [`STEPS`] until the window closes in its second statement and the run waits.
async fn paused(shop: &Shop) -> app::rollout::RolloutView {
    shop.world.clock.to("2030-01-03T11:59:00Z");
    let rollout = shop.rollout(STEPS).await;
    shop.run(&rollout, "test").await.unwrap();
    for _ in 0..200 {
        let log = shop.log(&rollout, "test").await;
        if log.iter().any(|k| matches!(k, LogKind::StatementStart { index: 1, .. })) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    shop.world.clock.to("2030-01-03T12:00:00Z");
    let run =
        shop.run_once(&rollout, "test", |r| r.payload.waiting_reason == "WINDOW_CLOSED").await;
    assert_eq!(run.status, TaskRunStatus::Pending);
    assert!(run.detail.contains("2 statements were applied and stay; 1 not."), "{}", run.detail);
    assert!(run.detail.contains("Thursday, 2030-01-10 at 09:00"), "{}", run.detail);
    rollout
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pause_goes_on_after_what_is_applied() {
    let Some(shop) = thursdays(WindowEnd::Pause).await else { return };
    let rollout = paused(&shop).await;
    // Looked at again, it says the same.
    shop.run(&rollout, "test").await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(shop.detail(&rollout, "test").await.contains("2 statements were applied"));
    shop.world.clock.to("2030-01-10T09:00:00Z");
    shop.becomes(&rollout, "test", TaskStatus::Done).await;
    let tables = number(&shop.test, "SELECT count(*) FROM pg_tables WHERE tablename IN ('a', 'b')");
    assert_eq!(tables.await, "2");
    let log = shop.log(&rollout, "test").await;
    let starts = log.iter().filter(|k| matches!(k, LogKind::StatementStart { .. })).count();
    assert_eq!(starts, 3, "each statement ran once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paused_run_that_is_canceled_says_what_stays() {
    let Some(shop) = thursdays(WindowEnd::Pause).await else { return };
    let rollout = paused(&shop).await;
    let task = Shop::task(&rollout, "test");
    let name = format!("{task}/taskRuns/{}", shop.latest(&rollout, "test").await.id);
    cancel::cancel(&shop.cx, &task, &[name]).await.unwrap();
    let run = shop.latest(&rollout, "test").await;
    assert_eq!(run.status, TaskRunStatus::Canceled);
    assert!(run.detail.contains("2 statements were applied and stay; 1 not."), "{}", run.detail);
    let mut conn = shop.world.app.store.read().await.unwrap();
    let id = run.payload.changelog.unwrap();
    let changelog = changelogs::get(&mut conn, &id).await.unwrap().unwrap();
    assert_eq!(changelog.status, ChangelogStatus::Failed);
    drop(conn);
    // A new run goes on behind what is applied.
    shop.world.clock.to("2030-01-10T09:00:00Z");
    shop.run(&rollout, "test").await.unwrap();
    shop.becomes(&rollout, "test", TaskStatus::Done).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drift_stops_a_change_where_the_environment_says_so() {
    let Some(server) = postgres().await else { return };
    let shop = Shop::open(&server).await;
    let first = shop.rollout("CREATE TABLE a (id int);").await;
    shop.run(&first, "test").await.unwrap();
    shop.becomes(&first, "test", TaskStatus::Done).await;
    shop.test.execute("CREATE TABLE by_hand (id int)").await;
    set(&shop, Environment { stop_on_drift: true, ..Environment::default() }).await;
    let second = shop.rollout("CREATE TABLE b (id int);").await;
    shop.run(&second, "test").await.unwrap();
    shop.becomes(&second, "test", TaskStatus::Failed).await;
    let run = shop.latest(&second, "test").await;
    let drift = run.payload.findings.iter().find(|f| f.code == "DRIFT").unwrap();
    assert_eq!(drift.level, FindingLevel::Stop);
    assert_eq!(
        number(&shop.test, "SELECT count(*) FROM pg_tables WHERE tablename = 'b'").await,
        "0"
    );
    set(&shop, Environment::default()).await;
    shop.run(&second, "test").await.unwrap();
    shop.becomes(&second, "test", TaskStatus::Done).await;
    let mut conn = shop.world.app.store.read().await.unwrap();
    let all = changelogs::list(&mut conn, &List::of(Filter::All)).await.unwrap();
    assert!(all.items.iter().all(|c| c.status == ChangelogStatus::Done), "{:?}", all.items);
}
