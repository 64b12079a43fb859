//! Rules that ask the live database, on a real server.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::servers;

use crate::shop::{Shop, text};

fn rules() -> Value {
    let rule = |kind: &str| json!({"type": kind, "engine": "POSTGRES", "level": "ERROR"});
    let mut rows = rule("STATEMENT_AFFECTED_ROW_LIMIT");
    rows["numberPayload"] = json!({"number": 100});
    let mut insert = rule("STATEMENT_INSERT_ROW_LIMIT");
    insert["numberPayload"] = json!({"number": 100});
    json!([rows, insert, rule("STATEMENT_DML_DRY_RUN"), rule("STATEMENT_OBJECT_OWNER_CHECK")])
}

impl Shop {
    async fn ask_live(&self) {
        let config = json!({"title": "Live", "enabled": true, "resources": ["projects/shop"], "rules": rules()});
        let made = self
            .ada
            .json("ReviewConfigService/CreateReviewConfig", json!({"reviewConfig": config}));
        made.await.expect("a configuration");
    }

    /// Level, title and line of each finding of the review, with its content.
    async fn live_findings(&self, sql: &str, target: &str) -> Vec<(String, String)> {
        let plan = self.plan(sql, &[target]).await;
        let results = self.checks(&plan).await;
        let found = results.iter().filter(|r| r["status"] != "SUCCESS");
        let shown = |r: &Value| {
            let line = &r["sqlReviewReport"]["startPosition"]["line"];
            let title = format!("{} {} {line}", text(&r["status"]), text(&r["title"]));
            (title.replace("null", "-"), text(&r["content"]))
        };
        found.map(shown).collect()
    }
}

fn titles(found: &[(String, String)]) -> Vec<&str> {
    found.iter().map(|(title, _)| title.as_str()).collect()
}

#[tokio::test]
async fn rows_are_counted_and_statements_planned_without_running() {
    for pg in [servers::postgres().await, servers::postgres18().await].into_iter().flatten() {
        rows_on(&pg).await;
    }
}

async fn rows_on(pg: &servers::Server) {
    let database = pg.database().await;
    database.execute("CREATE TABLE book (id int PRIMARY KEY, n int)").await;
    database.execute("INSERT INTO book SELECT g, 0 FROM generate_series(1, 5000) g").await;
    database.execute("ANALYZE book").await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    shop.ask_live().await;
    let sql = "UPDATE book SET n = 1;\nDELETE FROM book WHERE id = 7;\nINSERT INTO book (id) SELECT id + 10000 FROM book;\n\
        UPDATE book SET nothing = 1 WHERE id = 1;";
    let found = shop.live_findings(sql, &target).await;
    assert_eq!(
        titles(&found),
        [
            "ERROR STATEMENT_AFFECTED_ROW_LIMIT 1",
            "ERROR STATEMENT_INSERT_ROW_LIMIT 3",
            "ERROR STATEMENT_DML_DRY_RUN 4",
        ],
        "{found:?}"
    );
    assert!(found[0].1.contains("About 5000 rows"), "{found:?}");
    assert!(found[2].1.contains("column \"nothing\""), "{found:?}");
    // Nothing of it ran.
    let rows = database.rows("SELECT count(*), sum(n) FROM book").await;
    assert_eq!(rows, [[Some("5000".to_owned()), Some("0".to_owned())]]);
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_a_warning() {
    let Some(pg) = servers::postgres().await else { return };
    let database = pg.database().await;
    database.execute("CREATE TABLE book (id int PRIMARY KEY, n int)").await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    shop.ask_live().await;
    // Whoever works on the table keeps the server from planning.
    let lock = "BEGIN; LOCK TABLE book IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(60)";
    let is_locked = "SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted \
        AND relation = 'book'::regclass AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    let asked = async {
        while database.rows(is_locked).await.is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        shop.live_findings("DELETE FROM book WHERE id = 1;", &target).await
    };
    let found = tokio::select! {
        found = asked => found,
        () = database.execute(lock) => panic!("the lock is gone too early"),
    };
    let warnings = titles(&found);
    assert!(warnings.iter().all(|t| t.starts_with("WARNING ")), "{found:?}");
    let dry = found.iter().find(|(title, _)| title.contains("STATEMENT_DML_DRY_RUN"));
    assert!(dry.expect("it is told").1.starts_with("Not evaluated: "), "{found:?}");

    let nowhere = json!({"name": "instances/test", "updateMask": "port",
        "dataSource": {"id": "admin", "type": "ADMIN", "port": "1"}});
    shop.ada.json("InstanceService/UpdateDataSource", nowhere).await.expect("a change");
    let found = shop.live_findings("DELETE FROM book WHERE id = 1;", &target).await;
    assert_eq!(
        titles(&found),
        ["WARNING Not evaluated -", "WARNING Not checked against the database -"],
        "{found:?}"
    );
    let names = "STATEMENT_AFFECTED_ROW_LIMIT, STATEMENT_INSERT_ROW_LIMIT, STATEMENT_DML_DRY_RUN, STATEMENT_OBJECT_OWNER_CHECK.";
    assert!(found[0].1.ends_with(names), "{found:?}");
}
