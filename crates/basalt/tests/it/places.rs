//! What stands at the address of an instance instead of a server that takes changes.

use serde_json::json;
use testkit::own::{Cluster, Pooler};
use testkit::servers::{self, Server, TestDatabase};

use crate::change::{Change, findings, is_done};
use crate::shop::{Shop, text};

#[tokio::test]
async fn a_replica_refuses_a_change_and_says_why() {
    let Some(cluster) = Cluster::create("") else { return };
    let database = cluster.server().database().await;
    let standby = cluster.standby();
    let (shop, name) = behind(&standby.server(), &database).await;
    let ada = &shop.ada;
    let run = Change::make(ada, &name, "CREATE TABLE a (x int);").await.ended(ada).await;
    assert_eq!(run["status"], "FAILED", "{run}");
    assert_eq!(findings(&run), ["REPLICA"], "{run}");
    assert!(text(&run["detail"]).contains("Point the admin data source at the writer"), "{run}");
}

#[tokio::test]
async fn a_pooler_that_does_not_keep_sessions_stops_a_change() {
    let Some(server) = servers::postgres().await else { return };
    let Some(pooler) = Pooler::start(&server, "transaction") else { return };
    let database = server.database().await;
    let (shop, name) = behind(&pooler.server, &database).await;
    let ada = &shop.ada;
    let run = Change::make(ada, &name, "CREATE TABLE a (x int);").await.ended(ada).await;
    assert_eq!(run["status"], "FAILED", "{run}");
    // What else is found there may be what another session left behind.
    assert!(findings(&run).contains(&"POOLER".to_owned()), "{run}");
    let there = database.rows("SELECT count(*) FROM pg_class WHERE relname = 'a'").await;
    assert_eq!(there[0][0].as_deref(), Some("0"), "nothing was run");
    drop(pooler);
}

#[tokio::test]
async fn a_pooler_that_keeps_sessions_is_no_obstacle() {
    let Some(server) = servers::postgres().await else { return };
    let Some(pooler) = Pooler::start(&server, "session") else { return };
    let database = server.database().await;
    let (shop, name) = behind(&pooler.server, &database).await;
    let ada = &shop.ada;
    let run = Change::make(ada, &name, "CREATE TABLE a (x int);").await.ended(ada).await;
    assert!(is_done(&run), "{run}");
    drop(pooler);
}

/// A shop that sees the database through `server`.
async fn behind(server: &Server, database: &TestDatabase) -> (Shop, String) {
    let shop = Shop::open().await;
    let mut instance = crate::shop::instance("test", database);
    instance["dataSources"][0]["port"] = json!(server.port.to_string());
    let ada = &shop.ada;
    let request = json!({"instanceId": "target", "instance": instance});
    ada.json("InstanceService/CreateInstance", request).await.expect("an instance");
    let sync = json!({"name": "instances/target"});
    ada.json("InstanceService/SyncInstance", sync).await.expect("a sync");
    let name = format!("instances/target/databases/{}", database.name);
    let change =
        json!({"database": {"name": name, "project": "projects/shop"}, "updateMask": "project"});
    ada.json("DatabaseService/UpdateDatabase", change).await.expect("a transfer");
    (shop, name)
}
