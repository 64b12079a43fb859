//! A target that was restored to yesterday.

use serde_json::json;
use testkit::own::Cluster;

use crate::change::{Change, findings, is_done, is_over};
use crate::shop::{Shop, text};

#[tokio::test]
async fn a_restored_target_stops_the_next_change_until_a_person_accepts_it() {
    let Some(cluster) = Cluster::create("") else { return };
    let server = cluster.server();
    let database = server.database().await;
    let shop = Shop::open().await;
    let name = shop.adopt("test", "test", &database).await;
    let ada = &shop.ada;
    let first = Change::make(ada, &name, "CREATE TABLE a (x int);").await.ended(ada).await;
    assert!(is_done(&first), "{first}");
    cluster.stop();
    cluster.keep();
    cluster.start();
    let sql = "CREATE TABLE b (x int);\nINSERT INTO b SELECT generate_series(1, 100000);";
    let second = Change::make(ada, &name, sql).await.ended(ada).await;
    assert!(is_done(&second), "{second}");
    cluster.stop();
    cluster.restore();
    cluster.start();

    let third = Change::make(ada, &name, "CREATE TABLE c (x int);").await;
    let stopped = third.ended(ada).await;
    assert_eq!(stopped["status"], "FAILED", "{stopped}");
    assert_eq!(findings(&stopped), ["TARGET_RESTORED"], "{stopped}");
    assert!(text(&stopped["detail"]).contains("then sync the database"), "{stopped}");
    let there = "SELECT count(*) FROM pg_class WHERE relname IN ('b', 'c')";
    assert_eq!(database.rows(there).await[0][0].as_deref(), Some("0"), "nothing was run");

    ada.json("DatabaseService/SyncDatabase", json!({"name": name})).await.expect("a sync");
    third.run(ada).await;
    let run = third.until(ada, |r| is_over(r) && r["name"] != stopped["name"]).await;
    assert!(is_done(&run), "{run}");
    drop(database);
}
