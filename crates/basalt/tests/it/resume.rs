//! A failed change is never run again blindly.

use serde_json::json;
use testkit::servers;

use crate::change::{Change, is_done, is_over, log};
use crate::shop::{Shop, text};

#[tokio::test]
async fn a_failed_script_goes_on_where_it_stopped() {
    let Some(server) = servers::mysql97().await else { return };
    let database = server.database().await;
    let shop = Shop::open().await;
    let name = shop.adopt("test", "test", &database).await;
    let ada = &shop.ada;
    let sql = "CREATE TABLE a (x int);\nCREATE TABLE b (x int);\nALTER TABLE c ADD COLUMN y int;";
    let change = Change::make(ada, &name, sql).await;
    let first = change.ended(ada).await;
    assert_eq!(first["status"], "FAILED", "{first}");
    assert_eq!(first["checkpoint"]["applied"], 2, "{first}");
    let detail = text(&first["detail"]);
    assert!(detail.contains("2 statements were applied and stay; 1 not."), "{detail}");

    let start = json!({"resume": "FROM_START"});
    let error = change.ask(ada, &change.tasks, start.clone()).await.expect_err("no reason");
    assert!(error.message.starts_with("reason: "), "{error:?}");

    database.execute("CREATE TABLE c (x int)").await;
    change.ask(ada, &change.tasks, json!({})).await.expect("a run");
    let second = change.until(ada, |r| is_over(r) && r["name"] != first["name"]).await;
    assert!(is_done(&second), "{second}");
    let log = log(ada, &second).await;
    assert!(log.contains("Resuming at statement 3"), "{log}");
    assert!(!log.contains("CREATE TABLE a"), "{log}");
}

#[tokio::test]
async fn a_person_may_run_it_from_the_start_and_says_why() {
    let Some(server) = servers::mysql97().await else { return };
    let database = server.database().await;
    let shop = Shop::open().await;
    let name = shop.adopt("test", "test", &database).await;
    let ada = &shop.ada;
    let sql = "CREATE TABLE a (x int);\nALTER TABLE c ADD COLUMN y int;";
    let change = Change::make(ada, &name, sql).await;
    let first = change.ended(ada).await;
    assert_eq!(first["checkpoint"]["applied"], 1, "{first}");
    database.execute("DROP TABLE a; CREATE TABLE c (x int)").await;
    let start = json!({"resume": "FROM_START", "reason": "a was dropped"});
    change.ask(ada, &change.tasks, start).await.expect("a run");
    let second = change.until(ada, |r| is_over(r) && r["name"] != first["name"]).await;
    assert!(is_done(&second), "{second}");
    assert_eq!(database.rows("SELECT count(*) FROM a").await[0][0].as_deref(), Some("0"));
}
