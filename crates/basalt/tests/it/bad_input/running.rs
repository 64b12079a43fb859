//! What goes wrong at the target while a change runs: said with position, and with what was applied and what not.

use serde_json::{Value, json};
use testkit::servers;

use crate::shop::{Shop, list, text};

const BREAKS: &str = "CREATE TABLE first (id int);\nINSERT INTO first VALUES (1);\n  INSERT INTO nowhere VALUES (2);\nCREATE TABLE last (id int);\n";

#[tokio::test]
async fn sql_that_fails_in_the_middle_leaves_nothing_on_postgres() {
    let Some(pg) = servers::postgres().await else { return };
    let database = pg.database().await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    let run = only(shop.roll_out(&shop.plan(BREAKS, &[&target]).await).await);
    let detail = text(&run["detail"]);
    assert!(detail.starts_with("Statement 3 of 4 failed at line 3, column 15:"), "{detail}");
    assert!(detail.contains("\"nowhere\" does not exist"), "{detail}");
    assert!(
        detail.ends_with("All was rolled back: nothing of this change was applied."),
        "{detail}"
    );
    assert_eq!(
        database.rows("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").await,
        [[Some("0".to_owned())]]
    );
    check_recorded(&shop, &target, &run).await;
}

#[tokio::test]
async fn sql_that_fails_in_the_middle_says_what_stays_on_mariadb() {
    let Some(my) = servers::mariadb().await else { return };
    let database = my.database().await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    let run = only(shop.roll_out(&shop.plan(BREAKS, &[&target]).await).await);
    let detail = text(&run["detail"]);
    assert!(detail.starts_with("Statement 3 of 4 failed at line 3"), "{detail}");
    assert!(detail.contains("nowhere' doesn't exist"), "{detail}");
    assert!(detail.ends_with("2 statements were applied and stay; 2 not."), "{detail}");
    assert_eq!(database.rows("SELECT id FROM first").await, [[Some("1".to_owned())]]);
    assert_eq!(database.rows("SHOW TABLES").await.len(), 1);
    check_recorded(&shop, &target, &run).await;
}

#[tokio::test]
async fn a_database_dropped_between_plan_and_run_fails_the_run_and_its_sibling_goes_on() {
    let Some(pg) = servers::postgres().await else { return };
    let (gone, there) = (pg.database().await, pg.database().await);
    let shop = Shop::open().await;
    let targets =
        [shop.adopt("gone", "test", &gone).await, shop.adopt("there", "test", &there).await];
    let plan = shop.plan("CREATE TABLE t (id int)", &[&targets[0], &targets[1]]).await;
    pg.execute(&format!("DROP DATABASE {} WITH (FORCE)", gone.name)).await;
    let runs = shop.roll_out(&plan).await;
    let failed: Vec<&Value> = runs.iter().filter(|run| text(&run["status"]) == "FAILED").collect();
    assert_eq!((failed.len(), runs.len()), (1, 2), "{runs:?}");
    let detail = text(&failed[0]["detail"]);
    assert!(detail.contains(&gone.name) && detail.contains("does not exist"), "{detail}");
    assert_eq!(there.rows("SELECT count(*) FROM t").await, [[Some("0".to_owned())]]);
}

fn only(mut runs: Vec<Value>) -> Value {
    assert_eq!(runs.len(), 1, "{runs:?}");
    let run = runs.remove(0);
    assert_eq!(text(&run["status"]), "FAILED", "{run}");
    run
}

/// The failure is in the changelog, and in the log of the run with its position.
async fn check_recorded(shop: &Shop, target: &str, run: &Value) {
    let request = json!({"parent": target});
    let history = list(
        &shop.ada.json("ChangelogService/ListChangelogs", request).await.expect("a history")["changelogs"],
    );
    assert_eq!(text(&history[0]["status"]), "FAILED", "{history:?}");
    let log = shop
        .ada
        .json("RolloutService/GetTaskRunLog", json!({"parent": run["name"]}))
        .await
        .expect("a log");
    let failed = list(&log["entries"])
        .into_iter()
        .find(|e| !text(&e["commandExecute"]["response"]["error"]).is_empty());
    let failed = failed.unwrap_or_else(|| panic!("an entry with the error in {log}"));
    assert_eq!(failed["commandExecute"]["errorPosition"]["line"], 3, "{failed}");
}
