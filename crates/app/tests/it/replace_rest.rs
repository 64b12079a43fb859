//! The rest of a failed change is replaced by a plan of its own.

use app::rollout::{RolloutView, create, replace_rest::replace_rest};
use policy::rollout::TaskStatus;
use testkit::servers::postgres;

use crate::rollouts::{Shop, number};

const TABLES: &str =
    "SELECT cast(count(*) AS text) FROM pg_tables WHERE tablename IN ('a', 'b', 'c')";

async fn fail(shop: &Shop, script: &str) -> RolloutView {
    let rollout = shop.rollout(script).await;
    shop.run(&rollout, "test").await.unwrap();
    shop.becomes(&rollout, "test", TaskStatus::Failed).await;
    rollout
}

async fn replace(shop: &Shop, rollout: &RolloutView, sql: &str) -> base::Result<String> {
    let task = Shop::task(rollout, "test");
    replace_rest(&shop.cx, &task, sql.as_bytes().to_vec()).await.map(|plan| plan.to_string())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_rest_becomes_a_plan_and_the_task_is_settled() {
    let Some(server) = postgres().await else { return };
    let shop = Shop::open(&server).await;
    let script = "-- txn-mode = off\nCREATE TABLE a (id int);\nCREATE TABLE b (id nonsense);";
    let rollout = fail(&shop, script).await;
    let empty = replace(&shop, &rollout, " \n").await.unwrap_err();
    assert_eq!(empty.field_violations()[0].field, "statement");
    let made = replace(&shop, &rollout, "CREATE TABLE b (id int); CREATE TABLE c (id int);").await;
    let made = made.unwrap();
    let id: i64 = made.rsplit('/').next().unwrap().parse().unwrap();
    let plan = app::plan::get(&shop.cx, "shop", id).await.unwrap().plan;
    let title = format!("Rest of plan {}, task ", rollout.plan.id);
    assert!(plan.title.starts_with(&title) && plan.title.ends_with(": A change"), "{}", plan.title);
    assert!(plan.description.contains("1 of 2 statements"), "{}", plan.description);
    let now = app::rollout::view::get(&shop.cx, "shop", rollout.plan.id).await.unwrap();
    let task = &now.stages.iter().find(|s| s.id == "test").unwrap().tasks[0].task;
    assert_eq!(task.status, TaskStatus::Skipped);
    assert_eq!(task.skipped_reason, format!("From statement 2 on replaced by {made}."));
    // Its checks run by themselves, and it is rolled out as any other.
    let mut conn = shop.world.app.store.read().await.unwrap();
    assert!(store::plan_checks::get(&mut conn, "shop", id).await.unwrap().is_some());
    drop(conn);
    let ask = create::Ask { project: "shop".to_owned(), plan: id, ..create::Ask::default() };
    let rest = create::create(&shop.cx, ask).await.unwrap();
    shop.run(&rest, "test").await.unwrap();
    shop.becomes(&rest, "test", TaskStatus::Done).await;
    assert_eq!(number(&shop.test, TABLES).await, "3");
    let again = replace(&shop, &rollout, "SELECT 1").await.unwrap_err();
    assert_eq!(again.blockers()[0].reason, "TASK_SKIPPED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nothing_is_applied_or_all_is_there_is_no_rest() {
    let Some(server) = postgres().await else { return };
    let shop = Shop::open(&server).await;
    let rolled_back = fail(&shop, "CREATE TABLE a (id int);\nCREATE TABLE b (id nonsense);").await;
    let refused = replace(&shop, &rolled_back, "SELECT 1").await.unwrap_err();
    assert_eq!(refused.blockers()[0].reason, "NOTHING_APPLIED");
    assert_eq!(shop.status(&rolled_back, "test").await, TaskStatus::Failed);

    let done = shop.rollout("SELECT 1;").await;
    shop.run(&done, "test").await.unwrap();
    shop.becomes(&done, "test", TaskStatus::Done).await;
    let refused = replace(&shop, &done, "SELECT 1").await.unwrap_err();
    assert_eq!(refused.blockers()[0].reason, "TASK_DONE");
}
