//! Two people on one plan; things that were deleted.

use serde_json::json;
use testkit::servers;

use crate::shop::{Shop, text};

#[tokio::test]
async fn the_second_of_two_editors_is_told_instead_of_overwriting() {
    let Some(pg) = servers::postgres().await else { return };
    let shop = Shop::open().await;
    let database = pg.database().await;
    let target = shop.adopt("test", "test", &database).await;
    let plan = shop.plan("CREATE TABLE t (id int)", &[&target]).await;
    let edit = |title: &str| {
        let plan = json!({"name": plan["name"], "title": title, "etag": plan["etag"]});
        json!({"plan": plan, "updateMask": "title"})
    };
    shop.ada.json("PlanService/UpdatePlan", edit("First")).await.expect("the first edit");
    let error =
        shop.ada.json("PlanService/UpdatePlan", edit("Second")).await.expect_err("a stale etag");
    assert_eq!((error.code.as_str(), error.reason.as_str()), ("aborted", "ETAG_MISMATCH"));
    let now = shop
        .ada
        .json("PlanService/GetPlan", json!({"name": plan["name"]}))
        .await
        .expect("the plan");
    assert_eq!(text(&now["title"]), "First");
    assert_ne!(now["etag"], plan["etag"]);
}

#[tokio::test]
async fn a_deleted_project_takes_no_plans_and_runs_no_tasks() {
    let Some(pg) = servers::postgres().await else { return };
    let shop = Shop::open().await;
    let database = pg.database().await;
    let target = shop.adopt("test", "test", &database).await;
    let plan = shop.plan("CREATE TABLE t (id int)", &[&target]).await;
    let rollout = json!({"parent": plan["name"]});
    let rollout = shop.ada.json("RolloutService/CreateRollout", rollout).await.expect("a rollout");
    let delete = json!({"name": "projects/shop"});
    shop.ada.json("ProjectService/DeleteProject", delete).await.expect("deleted");

    let error = shop.sheet("SELECT 1").await.expect_err("a deleted project");
    assert_eq!(error.reason, "RESOURCE_DELETED", "{error:?}");
    let stage = &rollout["stages"][0];
    let run = json!({"parent": stage["name"], "tasks": [stage["tasks"][0]["name"]]});
    let error =
        shop.ada.json("RolloutService/BatchRunTasks", run).await.expect_err("a deleted project");
    assert_eq!(error.reason, "RESOURCE_DELETED", "{error:?}");
    assert!(error.message.contains("undelete"), "what to do: {}", error.message);
    assert_eq!(
        database.rows("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").await,
        [[Some("0".to_owned())]]
    );
}
