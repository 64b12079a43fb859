//! How many rows a change would touch: told where the engine's planner says, and "not estimated" is not zero.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::app::{Basalt, Client};
use testkit::servers;

use crate::BASALT;
use crate::shop::{Shop, list, text};

const PATIENCE: Duration = Duration::from_secs(60);

/// The summaries of a plan's checks, once they are done.
async fn summaries(client: &Client, plan: &str) -> Vec<Value> {
    let name = json!({"name": format!("{plan}/planCheckRun")});
    let until = Instant::now() + PATIENCE;
    loop {
        let run = client.json("PlanService/GetPlanCheckRun", name.clone()).await.expect("checks");
        if run["status"] == "DONE" {
            let results = list(&run["results"]).into_iter();
            return results.filter(|r| r["type"] == "STATEMENT_SUMMARY_REPORT").collect();
        }
        assert!(Instant::now() < until, "the checks do not end: {run}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn sqlite_estimates_nothing_and_says_so() {
    let demo = Basalt::start(BASALT, &["--demo"]).await;
    let mut ada = demo.client();
    ada.sign_in("admin@demo.basalt", "basalt-demo").await;
    // It adds a column, which changes no rows, and fills it.
    let found = summaries(&ada, "projects/shop/plans/2").await;
    assert_eq!(found.len(), 2, "one a database: {found:?}");
    for summary in found {
        let report = &summary["sqlSummaryReport"];
        assert_eq!(report["statementTypes"], json!(["ALTER_TABLE", "UPDATE"]));
        assert_eq!(
            (&report["affectedRows"], &report["unestimatedStatements"]),
            (&Value::Null, &json!(1))
        );
        assert_eq!(summary["details"]["affected_rows"], "not estimated");
    }
}

#[tokio::test]
async fn postgres_estimates_what_is_there_already() {
    let Some(pg) = servers::postgres().await else { return };
    let database = pg.database().await;
    database.execute("CREATE TABLE t AS SELECT generate_series(1, 1000) AS id; ANALYZE t").await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    let sql = "UPDATE t SET id = id + 1;\nCREATE TABLE u (id int);\nINSERT INTO u VALUES (1);";
    let plan = shop.plan(sql, &[&target]).await;
    let found = summaries(&shop.ada, &text(&plan["name"])).await;
    let report = &found[0]["sqlSummaryReport"];
    assert_eq!(
        (&report["affectedRows"], &report["unestimatedStatements"]),
        (&json!("1000"), &json!(1))
    );
    let said = &found[0]["details"]["affected_rows"];
    assert_eq!(said, "1 more statement could not be estimated");
}
