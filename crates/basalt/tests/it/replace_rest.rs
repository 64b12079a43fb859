//! "Replace the rest" as a program asks for it: other statements instead of those that a failed run did not apply.

use serde_json::{Value, json};
use testkit::app::{CallError, Client};
use testkit::servers::{self, TestDatabase};

use crate::change::{Change, is_done};
use crate::shop::{Shop, encode, list, text};

const REPLACE: &str = "basalt.v1.ExecutionService/ReplaceRest";

async fn replace(ada: &Client, task: &str, sql: &str) -> Result<Value, CallError> {
    ada.json(REPLACE, json!({"name": task, "statement": encode(sql)})).await
}

/// A change whose second statement failed, and the name of its database.
async fn stopped(shop: &Shop, database: &TestDatabase) -> (String, Change) {
    let name = shop.adopt("test", "test", database).await;
    let sql = "CREATE TABLE a (x int);\nALTER TABLE c ADD COLUMN y int;";
    let change = Change::make(&shop.ada, &name, sql).await;
    assert_eq!(change.ended(&shop.ada).await["status"], "FAILED");
    (name, change)
}

#[tokio::test]
async fn the_rest_is_a_plan_of_its_own_and_runs_as_any_other() {
    let Some(server) = servers::mysql97().await else { return };
    let database = server.database().await;
    let shop = Shop::open().await;
    let (name, change) = stopped(&shop, &database).await;
    let (ada, task) = (&shop.ada, &change.tasks[0]);

    let empty = replace(ada, task, " \n").await.expect_err("no SQL");
    assert!(empty.message.starts_with("statement: "), "{empty:?}");
    let nobody = shop.basalt.client();
    let refused = replace(&nobody, task, "SELECT 1").await.expect_err("nobody may");
    assert_eq!((refused.status, refused.code.as_str()), (401, "unauthenticated"));

    let made = replace(ada, task, "CREATE TABLE c (x int);\nINSERT INTO a VALUES (7);").await;
    let made = made.expect("a plan");
    let plan = ada.json("PlanService/GetPlan", json!({"name": made["plan"]})).await.expect("it");
    assert!(text(&plan["title"]).starts_with("Rest of plan 1, task "), "{plan}");
    let config = &plan["specs"][0]["changeDatabaseConfig"];
    assert_eq!(config["targets"], json!([name]));
    let sheet = json!({"name": config["sheet"], "raw": true});
    let sheet = ada.json("SheetService/GetSheet", sheet).await.expect("its SQL");
    assert_eq!(sheet["content"], encode("CREATE TABLE c (x int);\nINSERT INTO a VALUES (7);"));

    let rollout = json!({"name": change.rollout});
    let rollout = ada.json("RolloutService/GetRollout", rollout).await.expect("the old rollout");
    let settled = &list(&rollout["stages"][0]["tasks"])[0];
    assert_eq!(settled["status"], "SKIPPED", "{settled}");
    let reason = format!("From statement 2 on replaced by {}.", text(&made["plan"]));
    assert_eq!(settled["skippedReason"], json!(reason));
    assert_eq!(database.rows("SELECT count(*) FROM a").await[0][0].as_deref(), Some("0"));

    let runs = shop.roll_out(&plan).await;
    assert!(is_done(&runs[0]), "{runs:?}");
    assert_eq!(database.rows("SELECT x FROM a").await[0][0].as_deref(), Some("7"));
    let again = replace(ada, task, "SELECT 1").await.expect_err("the task is settled");
    assert_eq!(again.code, "failed_precondition");
    assert!(again.body.contains("TASK_SKIPPED"), "{}", again.body);
}

#[tokio::test]
async fn who_may_not_make_plans_may_not_replace_the_rest() {
    let Some(server) = servers::mysql97().await else { return };
    let database = server.database().await;
    let shop = Shop::open().await;
    let (_, change) = stopped(&shop, &database).await;
    let ada = &shop.ada;
    let user =
        json!({"email": "vera@example.com", "password": "battery-staple-9", "title": "Vera"});
    ada.json("UserService/CreateUser", json!({"user": user})).await.expect("a user");
    let policy = json!({"bindings": [{"role": "roles/projectViewer", "members": ["user:vera@example.com"]}]});
    let request = json!({"resource": "projects/shop", "policy": policy});
    ada.json("ProjectService/SetIamPolicy", request).await.expect("a policy");
    let mut vera = shop.basalt.client();
    vera.sign_in("vera@example.com", "battery-staple-9").await;
    let refused = replace(&vera, &change.tasks[0], "SELECT 1").await.expect_err("a viewer");
    assert_eq!(refused.code, "permission_denied");
    assert!(refused.body.contains("bb.plans.create"), "{}", refused.body);
    let last = change.last(ada).await.expect("its run");
    assert_eq!(last["status"], "FAILED", "{last}");
}
