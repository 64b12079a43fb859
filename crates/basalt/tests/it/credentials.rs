//! A password that changes in the middle of a rollout.

use serde_json::json;
use testkit::servers;

use crate::change::{Change, is_done, last_of, log};
use crate::shop::{Shop, text};

#[tokio::test]
async fn a_task_waits_for_the_new_password_and_then_runs() {
    let Some(server) = servers::postgres().await else { return };
    let databases = [server.database().await, server.database().await];
    let role = format!("r_{}", databases[0].name);
    let shop = Shop::open().await;
    let ada = &shop.ada;
    server.execute(&format!("CREATE ROLE {role} LOGIN PASSWORD 'one'")).await;
    let mut instance = crate::shop::instance("test", &databases[0]);
    instance["syncDatabases"]["databases"] = json!([databases[0].name, databases[1].name]);
    instance["dataSources"][0]["username"] = json!(role);
    instance["dataSources"][0]["password"] = json!("one");
    let mut names = Vec::new();
    for database in &databases {
        server.execute(&format!("ALTER DATABASE {} OWNER TO {role}", database.name)).await;
        database.execute(&format!("GRANT ALL ON SCHEMA public TO {role}")).await;
        names.push(format!("instances/target/databases/{}", database.name));
    }
    let request = json!({"instanceId": "target", "instance": instance});
    ada.json("InstanceService/CreateInstance", request).await.expect("an instance");
    let sync = json!({"name": "instances/target"});
    ada.json("InstanceService/SyncInstance", sync).await.expect("a sync");
    for name in &names {
        let change = json!({"database": {"name": name, "project": "projects/shop"}, "updateMask": "project"});
        ada.json("DatabaseService/UpdateDatabase", change).await.expect("a transfer");
    }
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let change = Change::of(ada, &names, "CREATE TABLE made (a int);").await;
    let [first, second] = change.tasks.as_slice() else { panic!("two tasks: {:?}", change.tasks) };

    change.ask(ada, std::slice::from_ref(first), json!({})).await.expect("a run");
    assert!(is_done(&change.ended(ada).await));
    server.execute(&format!("ALTER ROLE {role} PASSWORD 'two'")).await;
    change.ask(ada, std::slice::from_ref(second), json!({})).await.expect("a run");
    let waits = until(ada, second, |run| run["waitingReason"] == "CREDENTIALS_REFUSED").await;
    assert_eq!(waits["status"], "PENDING", "{waits}");
    let blockers = change.blockers(ada, second).await;
    assert_eq!(blockers.len(), 1, "{blockers:?}");
    assert_eq!(blockers[0]["reason"], "CREDENTIALS_REFUSED");
    assert!(text(&blockers[0]["message"]).contains("Change the password"), "{blockers:?}");
    // It does not try again and again, which would lock the account on some servers.
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let still = last_of(ada, second).await.expect("the run");
    assert_eq!(still["updateTime"], waits["updateTime"], "{still}");

    let update = json!({"name": "instances/target", "updateMask": "password",
        "dataSource": {"id": "admin", "type": "ADMIN", "password": "two"}});
    ada.json("InstanceService/UpdateDataSource", update).await.expect("a new password");
    let done = until(ada, second, is_done).await;
    assert_eq!(done["name"], waits["name"], "the same run");
    assert!(!log(ada, &done).await.contains("two"), "no password in the log");
    drop(databases);
    server.execute(&format!("DROP ROLE {role}")).await;
}

async fn until(
    ada: &testkit::app::Client,
    task: &str,
    so: impl Fn(&serde_json::Value) -> bool,
) -> serde_json::Value {
    let until = std::time::Instant::now() + crate::change::PATIENCE;
    loop {
        let run = last_of(ada, task).await;
        if let Some(run) = run.as_ref().filter(|run| so(run)) {
            return run.clone();
        }
        assert!(std::time::Instant::now() < until, "it does not come to that: {run:?}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
