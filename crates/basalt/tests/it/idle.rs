//! Runs of a release that its database has already: they ask no target, so they wait for none of its connections.

use serde_json::{Value, json};
use testkit::servers;

use crate::change::{Change, changelogs, is_done, log};
use crate::shop::{Shop, instance, list, text};

/// One change at a time on the instance: of two connections one is kept for syncs.
const CONNECTIONS: i32 = 2;

fn waits(reason: &'static str) -> impl Fn(&Value) -> bool {
    move |run| run["waitingReason"] == reason
}

fn is_running(run: &Value) -> bool {
    run["status"] == "RUNNING"
}

#[tokio::test]
async fn runs_with_nothing_to_do_wait_for_no_connection() {
    let Some(server) = servers::postgres().await else { return };
    let (first, second) = (server.database().await, server.database().await);
    let shop = Shop::open().await;
    let ada = &shop.ada;
    let mut both = instance("test", &first);
    both["syncDatabases"] = json!({"databases": [first.name, second.name]});
    both["maximumConnections"] = json!(CONNECTIONS);
    let made = json!({"instanceId": "test", "instance": both});
    ada.json("InstanceService/CreateInstance", made).await.expect("an instance");
    let name = json!({"name": "instances/test"});
    ada.json("InstanceService/SyncInstance", name).await.expect("a sync");
    let names = [&first, &second].map(|d| format!("instances/test/databases/{}", d.name));
    for name in &names {
        let change = json!({"database": {"name": name, "project": "projects/shop"}, "updateMask": "project"});
        ada.json("DatabaseService/UpdateDatabase", change).await.expect("a transfer");
    }
    let [busy, free] = names;
    let files = [
        ("1", "CREATE TABLE a (id int);".to_owned()),
        ("2", "CREATE TABLE b (id int);".to_owned()),
    ];
    for target in [&busy, &free] {
        let applied = Change::release(ada, target, &files).await;
        applied.run(ada).await;
        assert_eq!(applied.until(ada, is_done).await["detail"], "2 files applied.");
    }

    let long = Change::make(ada, &busy, "SELECT pg_sleep(300);").await;
    long.run(ada).await;
    let running = long.until(ada, is_running).await;
    // One with something to do waits for the connection, and says so.
    let more = [files.as_slice(), &[("3", "CREATE TABLE c (id int);".to_owned())]].concat();
    let more = Change::release(ada, &free, &more).await;
    more.run(ada).await;
    more.until(ada, waits("INSTANCE_CONNECTION_LIMIT")).await;

    let before = changelogs(ada, &free).await.len();
    let idle = Change::release(ada, &free, &files).await;
    idle.run(ada).await;
    let done = idle.until(ada, is_done).await;
    assert_eq!(done["detail"], "All 2 files were applied before.");
    for time in ["startTime", "updateTime"] {
        assert!(!text(&done[time]).is_empty(), "{time} of {done}");
    }
    assert!(log(ada, &done).await.contains("2 files were applied before; they are skipped."));
    let rollout = ada.json("RolloutService/GetRollout", json!({"name": idle.rollout})).await;
    assert_eq!(rollout.expect("the rollout")["stages"][0]["tasks"][0]["status"], "DONE");
    assert_eq!(
        changelogs(ada, &free).await.len(),
        before,
        "a run with nothing to do leaves no changelog"
    );
    assert!(is_running(&long.last(ada).await.expect("a run")), "the connection was not free");

    // Of a database that is being changed nobody knows yet what it will have.
    let behind = Change::release(ada, &busy, &files).await;
    behind.run(ada).await;
    behind.until(ada, waits("DATABASE_BUSY")).await;
    long.cancel(ada, &running).await;
    assert_eq!(behind.until(ada, is_done).await["detail"], "All 2 files were applied before.");
    assert_eq!(more.until(ada, is_done).await["detail"], "1 file applied; 2 were applied before.");
}

/// What an execution would refuse is left to it: it says why.
#[tokio::test]
async fn what_stands_in_the_way_is_told_though_there_is_nothing_to_do() {
    let Some(server) = servers::postgres().await else { return };
    let database = server.database().await;
    let shop = Shop::open().await;
    let ada = &shop.ada;
    let target = shop.adopt("test", "test", &database).await;
    let files = [("1", "CREATE TABLE a (id int);".to_owned())];
    let applied = Change::release(ada, &target, &files).await;
    applied.run(ada).await;
    applied.until(ada, is_done).await;
    let idle = Change::release(ada, &target, &files).await;
    let project = json!({"projectId": "other", "project": {"title": "Other"}});
    ada.json("ProjectService/CreateProject", project).await.expect("a project");
    let moved =
        json!({"database": {"name": target, "project": "projects/other"}, "updateMask": "project"});
    ada.json("DatabaseService/UpdateDatabase", moved).await.expect("a transfer");
    idle.run(ada).await;
    let run = idle.ended(ada).await;
    assert_eq!(run["status"], "FAILED", "{run}");
    assert!(text(&run["detail"]).contains("belongs to another project now"), "{run}");
    // Once it is back there is nothing to do.
    let back =
        json!({"database": {"name": target, "project": "projects/shop"}, "updateMask": "project"});
    ada.json("DatabaseService/UpdateDatabase", back).await.expect("a transfer");
    idle.run(ada).await;
    let run = idle.until(ada, is_done).await;
    assert_eq!(run["detail"], "The file was applied before.");
    let runs = ada.json("RolloutService/ListTaskRuns", json!({"parent": idle.tasks[0]})).await;
    assert_eq!(list(&runs.expect("runs")["taskRuns"]).len(), 2);
}
