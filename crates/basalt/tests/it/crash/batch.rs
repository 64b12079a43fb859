//! A batch whose server is killed three times in its middle, at any moment, changes every row once.
//!
//! `BASALT_BATCH_ROWS` says how many rows there are.

use std::time::Duration;

use serde_json::Value;
use testkit::app::Basalt;
use testkit::environment::{say, variable};
use testkit::servers::{Product, Server, TestDatabase};

use super::target::Target;
use super::{Random, prepare};
use crate::BASALT;
use crate::change::{Change, is_done, is_over, log};
use crate::shop::text;

const KILLS: u32 = 3;

#[tokio::test]
async fn crash_in_a_batch_on_postgres() {
    let Some(server) = testkit::servers::postgres().await else { return };
    killed_three_times("postgres", &server, 200_000).await;
}

#[tokio::test]
async fn crash_in_a_batch_on_mariadb() {
    let Some(server) = testkit::servers::mariadb().await else { return };
    killed_three_times("mariadb", &server, 50_000).await;
}

async fn killed_three_times(name: &str, server: &Server, rows: u64) {
    let rows = variable("BASALT_BATCH_ROWS").and_then(|n| n.parse().ok()).unwrap_or(rows);
    let database = server.database().await;
    fill(&database, rows).await;
    let target = Target::Server(Box::new(database));
    let data = tempfile::tempdir().expect("a temporary folder");
    let (mut ada, name_of) = prepare(data.path(), &target).await;
    let database = target.database().expect("a server");
    let mut basalt = Basalt::start_in(BASALT, data.path(), &[]).await;
    ada.url.clone_from(&basalt.url);
    let chunk = rows / 40;
    let change = Change::make(&ada, &name_of, &update(chunk, 20)).await;
    change.run(&ada).await;
    let (mut random, mut kills, mut seen) = (Random(rows), 0, 0);
    while kills < KILLS {
        let run = change.until(&ada, |run| is_over(run) || chunks(run) > seen).await;
        assert!(!is_over(&run), "over before it was killed {KILLS} times: {run}");
        seen = chunks(&run);
        tokio::time::sleep(Duration::from_millis(random.below(200) as u64)).await;
        drop(basalt);
        kills += 1;
        basalt = Basalt::start_in(BASALT, data.path(), &[]).await;
        ada.url.clone_from(&basalt.url);
    }
    let run = change.ended(&ada).await;
    assert!(is_done(&run), "{run}");
    let wrong = database.rows("SELECT count(*) FROM t WHERE n <> 1").await;
    say(&format!(
        "batch {name}: rows {rows} in chunks of {chunk}, kills {kills}, rows changed otherwise than once {}",
        wrong[0][0].clone().unwrap_or_default()
    ));
    assert_eq!(wrong[0][0].as_deref(), Some("0"));
    assert!(log(&ada, &run).await.contains("Taken over"), "{run}");
}

#[tokio::test]
async fn a_canceled_batch_keeps_its_chunks_and_goes_on_after_them() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let database = server.database().await;
    fill(&database, 10_000).await;
    let target = Target::Server(Box::new(database));
    let data = tempfile::tempdir().expect("a temporary folder");
    let (mut ada, name) = prepare(data.path(), &target).await;
    let database = target.database().expect("a server");
    let basalt = Basalt::start_in(BASALT, data.path(), &[]).await;
    ada.url.clone_from(&basalt.url);
    let change = Change::make(&ada, &name, &update(500, 100)).await;
    change.run(&ada).await;
    let run = change.until(&ada, |run| chunks(run) >= 3).await;
    change.cancel(&ada, &run).await;
    let run = change.until(&ada, is_over).await;
    assert_eq!(run["status"], "CANCELED", "{run}");
    let done = chunks(&run);
    let key = text(&run["checkpoint"]["chunkKey"]);
    let says = format!("{done} chunks up to key {key} stay ({} rows changed)", done * 500);
    assert!(text(&run["detail"]).contains(&says), "{says}: {run}");
    let changed = database.rows("SELECT count(*) FROM t WHERE n = 1").await;
    assert_eq!(changed[0][0], Some((done * 500).to_string()));
    change.run(&ada).await;
    let second = change.until(&ada, |r| is_over(r) && r["name"] != run["name"]).await;
    assert!(is_done(&second), "{second}");
    let wrong = database.rows("SELECT count(*) FROM t WHERE n <> 1").await;
    assert_eq!(wrong[0][0].as_deref(), Some("0"));
}

fn update(rows: u64, pause_ms: u64) -> String {
    format!(
        "-- batch = {{\"key\":\"id\",\"rows\":{rows},\"pause_ms\":{pause_ms}}}\nUPDATE t SET n = n + 1;"
    )
}

fn chunks(run: &Value) -> u64 {
    text(&run["checkpoint"]["chunks"]).parse().unwrap_or(0)
}

/// A table `t` of that many rows with ids from 1.
async fn fill(database: &TestDatabase, rows: u64) {
    let numbers = match database.server.product {
        Product::Postgres => format!("SELECT g, 0 FROM generate_series(1, {rows}) g"),
        Product::MariaDb => format!("SELECT seq, 0 FROM seq_1_to_{rows}"),
        Product::MySql => unreachable!("no test asks for it"),
    };
    database
        .execute(&format!(
            "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL); INSERT INTO t {numbers}"
        ))
        .await;
}
