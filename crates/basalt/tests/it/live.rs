//! What people see of a run while it runs, and what scrapers see afterwards.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::app::{Client, read};
use testkit::servers;

use crate::change::{Change, is_done, log};
use crate::shop::{Shop, list, text};

const SOON: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_waiting_run_shows_who_blocks_it_and_is_counted() {
    let Some(server) = servers::postgres().await else { return };
    let database = server.database().await;
    database.execute("CREATE TABLE t (a int); INSERT INTO t VALUES (1)").await;
    let shop = Shop::open().await;
    let name = shop.adopt("test", "test", &database).await;
    let change = Change::make(&shop.ada, &name, "UPDATE t SET a = 2 WHERE a = 1").await;

    // A row only: who reads the schema does not wait for it.
    let holds = database.execute("BEGIN; UPDATE t SET a = 1; SELECT pg_sleep(3); COMMIT");
    let (_, run) = tokio::join!(holds, async {
        // The lock is there before the change is.
        tokio::time::sleep(Duration::from_millis(300)).await;
        change.run(&shop.ada).await;
        let session = session(&shop.ada, &change, |seen| {
            !list(&seen["postgres"]["blockingSessions"]).is_empty()
        })
        .await;
        let postgres = &session["postgres"];
        assert!(text(&postgres["session"]["query"]).starts_with("UPDATE t"), "{session}");
        assert_eq!(postgres["session"]["waitEventType"], "Lock", "{session}");
        let blocking = &list(&postgres["blockingSessions"])[0];
        assert!(text(&blocking["query"]).contains("pg_sleep"), "{session}");
        let waits_for = &postgres["session"]["blockedByPids"][0];
        assert_eq!(waits_for, &blocking["pid"], "{session}");
        change.ended(&shop.ada).await
    });
    assert!(is_done(&run), "{run}: {}", log(&shop.ada, &run).await);

    let metrics = read(shop.ada.request("GET", "/metrics")).await.expect("metrics");
    let metrics = String::from_utf8(metrics).expect("text");
    let value = |name: &str| -> f64 {
        let line = metrics.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(' '));
        line.and_then(|v| v.parse().ok()).unwrap_or_else(|| panic!("{name} in {metrics}"))
    };
    assert_eq!(value(r#"basalt_task_run_duration_seconds_count{status="DONE"}"#), 1.0);
    assert!(value(r#"basalt_task_run_duration_seconds_sum{status="DONE"}"#) > 1.0);
    assert_eq!(value("basalt_task_run_queue_seconds_count"), 1.0);
    assert!(value("basalt_task_run_queue_seconds_sum") < 3.0);
    assert_eq!(value("basalt_task_run_takeovers_total"), 0.0);
    assert_eq!(value("basalt_task_run_unknown_total"), 0.0);
}

#[tokio::test]
async fn a_long_index_build_shows_how_far_it_is() {
    let Some(server) = servers::postgres().await else { return };
    let database = server.database().await;
    let slow = "CREATE FUNCTION slow(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN PERFORM pg_sleep(0.01); RETURN n; END'";
    let rows = "CREATE TABLE t (a int); INSERT INTO t SELECT generate_series(1, 300)";
    database.execute(&format!("{slow}; {rows}")).await;
    let shop = Shop::open().await;
    let name = shop.adopt("test", "test", &database).await;
    let change = Change::make(&shop.ada, &name, "CREATE INDEX i ON t (slow(a))").await;
    change.run(&shop.ada).await;
    let builds = |seen: &Value| text(&seen["progress"]["phase"]).contains("building index");
    let session = session(&shop.ada, &change, builds).await;
    let progress = &session["progress"];
    assert!(!text(&progress["unit"]).is_empty(), "{session}");
    let run = change.ended(&shop.ada).await;
    assert!(is_done(&run), "{run}");
}

/// The session of the change's run, once it is so.
async fn session(ada: &Client, change: &Change, so: impl Fn(&Value) -> bool) -> Value {
    let until = Instant::now() + SOON;
    loop {
        if let Some(run) = change.last(ada).await {
            let request = json!({"parent": run["name"]});
            let seen = ada.json("RolloutService/GetTaskRunSession", request).await;
            let seen = seen.expect("a session");
            if so(&seen) {
                return seen;
            }
            assert!(Instant::now() < until, "{seen}: {}", log(ada, &run).await);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
