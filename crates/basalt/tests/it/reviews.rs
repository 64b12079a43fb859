//! SQL review on the real binary: configurations made, attached and changed by JSON, and what they make of plan checks.

use serde_json::{Value, json};
use testkit::app::CallError;
use testkit::servers::{self, TestDatabase};

use crate::shop::{Shop, list, text};

fn rule(kind: &str, level: &str) -> Value {
    json!({"type": kind, "level": level, "engine": "POSTGRES"})
}

/// Without what changes with every write.
fn bare(mut config: Value) -> Value {
    let etag = config.as_object_mut().and_then(|c| c.remove("etag"));
    assert!(etag.is_some_and(|e| e.is_string()), "{config}");
    config
}

impl Shop {
    async fn review(&self, method: &str, request: Value) -> Result<Value, CallError> {
        self.ada.json(&format!("ReviewConfigService/{method}"), request).await
    }

    async fn change_review(&self, config: Value, mask: &str) -> Value {
        let request = json!({"reviewConfig": config, "updateMask": mask});
        self.review("UpdateReviewConfig", request).await.expect("a change")
    }

    /// What the checks of a plan find now: level, title, code and line.
    async fn findings(&self, plan: &Value) -> Vec<String> {
        let name = json!({"name": plan["name"]});
        self.ada.json("PlanService/RunPlanChecks", name).await.expect("checks begin");
        let shown = |r: &Value| {
            let line = &r["sqlReviewReport"]["startPosition"]["line"];
            let (level, title) = (text(&r["status"]), text(&r["title"]));
            format!("{level} {title} {} {}", r["code"], line).replace("null", "-")
        };
        self.checks(plan).await.iter().map(shown).collect()
    }
}

#[tokio::test]
async fn an_attached_configuration_reviews_plans_and_a_detached_one_does_not() {
    let Some(pg) = servers::postgres().await else { return };
    let database = pg.database().await;
    database.execute("CREATE TABLE book (id int PRIMARY KEY, n int)").await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    shop.ada.json("DatabaseService/SyncDatabase", json!({"name": target})).await.expect("a sync");
    let mut naming = rule("NAMING_TABLE", "WARNING");
    naming["namingPayload"] = json!({"format": "^[a-z]+$", "maxLength": 63});
    let rules = json!([
        rule("TABLE_REQUIRE_PK", "ERROR"),
        rule("STATEMENT_WHERE_REQUIRE_UPDATE_DELETE", "WARNING"),
        rule("SECURITY_GRANT_TO_PUBLIC", "ERROR"),
        naming,
    ]);
    let config = json!({"name": "reviewConfigs/strict", "title": "Strict", "enabled": true,
        "rules": rules, "resources": ["environments/test"]});
    let made = shop.review("CreateReviewConfig", json!({"reviewConfig": config})).await;
    assert_eq!(bare(made.expect("a configuration")), config);

    let sql = "CREATE TABLE t (id int);\nUPDATE book SET n = 1;\n\
        -- basalt:ignore TABLE_REQUIRE_PK it is a queue\nCREATE TABLE q (id int);\n\
        CREATE INDEX book_n ON book (n);";
    let plan = shop.plan(sql, &[&target]).await;
    let reviewed = [
        "ERROR TABLE_REQUIRE_PK 601 1",
        "WARNING STATEMENT_WHERE_REQUIRE_UPDATE_DELETE 202 2",
        "SUCCESS Ignored: TABLE_REQUIRE_PK - 4",
        "SUCCESS Lock forecast - 5",
        "SUCCESS Summary - -",
    ];
    assert_eq!(shop.findings(&plan).await, reviewed);
    let results = shop.checks(&plan).await;
    assert!(results.iter().all(|r| r["target"] == json!(target)), "{results:?}");
    assert_eq!(results[0]["type"], "STATEMENT_ADVISE");
    assert_eq!(
        results[0]["details"],
        json!({"rule": "TABLE_REQUIRE_PK", "review_config": "reviewConfigs/strict"})
    );
    assert!(text(&results[2]["content"]).ends_with("The script says to ignore it: it is a queue"));
    assert_eq!(results[3]["details"]["lock"], "SHARE");
    assert_eq!(results[3]["details"]["safer"], "CREATE INDEX CONCURRENTLY");
    // What rows would change is still told, too.
    assert!(!results[4]["sqlSummaryReport"]["affectedRows"].is_null(), "{results:?}");

    // Built-in rules and the forecast of locks need no configuration.
    let silent = ["SUCCESS OK - -", "SUCCESS Lock forecast - 5", "SUCCESS Summary - -"];
    let name = "reviewConfigs/strict";
    shop.change_review(json!({"name": name, "resources": []}), "resources").await;
    assert_eq!(shop.findings(&plan).await, silent);
    shop.change_review(json!({"name": name, "resources": ["projects/shop"]}), "resources").await;
    assert_eq!(shop.findings(&plan).await, reviewed);
    shop.change_review(json!({"name": name, "enabled": false}), "enabled").await;
    assert_eq!(shop.findings(&plan).await, silent);

    // The walk-through knows what the database has, from the last sync; a configuration may set another level.
    let walk = json!([rule("BUILTIN_WALK_THROUGH_CHECK", "WARNING")]);
    let config = json!({"name": name, "enabled": true, "rules": walk});
    shop.change_review(config, "enabled,rules").await;
    let plan = shop.plan("ALTER TABLE book ADD COLUMN n text;", &[&target]).await;
    assert_eq!(
        shop.findings(&plan).await,
        ["WARNING BUILTIN_WALK_THROUGH_CHECK 412 1", "SUCCESS Summary - -"]
    );
    shop.review("DeleteReviewConfig", json!({"name": name})).await.expect("it is gone");
    let builtin = ["ERROR BUILTIN_WALK_THROUGH_CHECK 412 1", "SUCCESS Summary - -"];
    assert_eq!(shop.findings(&plan).await, builtin);
}

/// A shop with a database, and the sheets of two changes of it: one makes a table, the other changes that table.
struct Two {
    shop: Shop,
    target: String,
    make: String,
    change: String,
    /// Goes with the test.
    _database: TestDatabase,
}

impl Two {
    async fn open() -> Option<Self> {
        let database = servers::postgres().await?.database().await;
        let shop = Shop::open().await;
        let target = shop.adopt("test", "test", &database).await;
        let sync = json!({"name": target});
        shop.ada.json("DatabaseService/SyncDatabase", sync).await.expect("a sync");
        let make = shop.sheet("CREATE TABLE book (id int PRIMARY KEY);").await.expect("a sheet");
        let change = shop.sheet("ALTER TABLE book ADD COLUMN n int;").await.expect("a sheet");
        Some(Self { shop, target, make, change, _database: database })
    }

    fn spec(&self, id: &str, sheet: &str) -> Value {
        json!({"id": id, "changeDatabaseConfig": {"sheet": sheet, "targets": [self.target]}})
    }
}

#[tokio::test]
async fn a_later_spec_is_reviewed_on_what_an_earlier_one_makes() {
    let Some(two) = Two::open().await else { return };
    let (shop, make, change) = (&two.shop, &two.make, &two.change);
    let of = async |specs: Value| {
        let plan = json!({"parent": "projects/shop", "plan": {"title": "Two", "specs": specs}});
        let plan = shop.ada.json("PlanService/CreatePlan", plan).await.expect("a plan");
        let results = shop.checks(&plan).await;
        results
            .iter()
            .filter(|r| r["status"] == "ERROR")
            .map(|r| text(&r["title"]))
            .collect::<Vec<_>>()
    };
    assert_eq!(of(json!([two.spec("a", make), two.spec("b", change)])).await, [""; 0]);
    let missing = ["BUILTIN_WALK_THROUGH_CHECK"];
    assert_eq!(of(json!([two.spec("a", change), two.spec("b", make)])).await, missing);
}

#[tokio::test]
async fn checks_of_one_spec_are_run_again_and_say_which_it_is() {
    let Some(two) = Two::open().await else { return };
    let (shop, make, change) = (&two.shop, &two.make, &two.change);
    let plan = json!({"title": "Two", "specs": [two.spec("a", make), two.spec("b", change)]});
    let plan = json!({"parent": "projects/shop", "plan": plan});
    let plan = shop.ada.json("PlanService/CreatePlan", plan).await.expect("a plan");
    let of = async |spec: &str| {
        let results = shop.checks(&plan).await;
        let told = |r: &Value| format!("{} {}", text(&r["status"]), text(&r["title"]));
        results.iter().filter(|r| r["specId"] == spec).map(told).collect::<Vec<_>>()
    };
    let clean = ["SUCCESS OK", "SUCCESS Lock forecast", "SUCCESS Summary"];
    let before = of("a").await;
    assert_eq!(of("b").await, clean);
    assert_eq!(shop.checks(&plan).await.len(), before.len() + clean.len());

    // From now on columns must not be NULL; only the second change is looked at again, on what the first one makes.
    let config = json!({"title": "Strict", "enabled": true, "resources": ["environments/test"],
        "rules": [rule("TABLE_REQUIRE_PK", "WARNING"), rule("COLUMN_NO_NULL", "WARNING")]});
    shop.review("CreateReviewConfig", json!({"reviewConfig": config})).await.expect("made");
    let again = async |spec: &str| {
        let request = json!({"name": plan["name"], "specId": spec});
        shop.ada.json("PlanService/RunPlanChecks", request).await
    };
    again("b").await.expect("checks begin");
    let found = of("b").await;
    assert_eq!(found[0], "WARNING COLUMN_NO_NULL", "{found:?}");
    assert!(found.iter().all(|f| !f.starts_with("ERROR")), "{found:?}");
    assert_eq!(of("a").await, before);
    let unknown = again("c").await.expect_err("no such spec");
    assert!(unknown.message.contains("spec_id"), "{}", unknown.message);
}

#[tokio::test]
async fn rules_of_other_engines_are_kept_and_a_payload_may_be_left_out() {
    let shop = Shop::open().await;
    let mut mysql = rule("ENGINE_MYSQL_USE_INNODB", "ERROR");
    mysql["engine"] = json!("MYSQL");
    let mut length = rule("COLUMN_MAXIMUM_VARCHAR_LENGTH", "WARNING");
    length["engine"] = json!("SNOWFLAKE");
    length["numberPayload"] = json!({"number": 100});
    let rules = json!([mysql, length, rule("NAMING_TABLE", "WARNING")]);
    let config = json!({"name": "reviewConfigs/all", "title": "All", "rules": rules});
    let made = shop.review("CreateReviewConfig", json!({"reviewConfig": config})).await;
    assert_eq!(bare(made.expect("a configuration")), config);
    let read = shop.review("GetReviewConfig", json!({"name": "reviewConfigs/all"})).await;
    assert_eq!(bare(read.expect("as it was sent")), config);
}

#[tokio::test]
async fn many_findings_are_capped_and_counted() {
    let Some(pg) = servers::postgres().await else { return };
    let database = pg.database().await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    let config = json!({"title": "Strict", "enabled": true, "resources": ["environments/test"],
        "rules": [rule("TABLE_REQUIRE_PK", "WARNING")]});
    shop.review("CreateReviewConfig", json!({"reviewConfig": config})).await.expect("made");
    let sql: String = (0..60).map(|n| format!("CREATE TABLE t{n} (id int);\n")).collect();
    let plan = shop.plan(&sql, &[&target]).await;
    let results = shop.checks(&plan).await;
    let warnings: Vec<_> = results.iter().filter(|r| r["status"] == "WARNING").collect();
    assert_eq!(warnings.len(), 51);
    assert_eq!(warnings[50]["content"], "10 more warnings of the review are not shown here.");
}

#[tokio::test]
async fn configurations_are_made_read_changed_and_removed() {
    let shop = Shop::open().await;
    let config = |name: &str| json!({"name": name, "title": "Dev", "rules": [rule("TABLE_REQUIRE_PK", "WARNING")]});
    let made = shop.review("CreateReviewConfig", json!({"reviewConfig": config("")})).await;
    let name = text(&made.expect("a configuration")["name"]);
    assert!(name.starts_with("reviewConfigs/review-"), "{name}");
    let read = shop.review("GetReviewConfig", json!({"name": name})).await.expect("it is there");
    assert_eq!(bare(read), config(&name));

    let update = json!({"reviewConfig": config("reviewConfigs/dev"), "updateMask": "title"});
    let missing = shop.review("UpdateReviewConfig", update.clone()).await;
    assert_eq!(missing.expect_err("it is not there").code, "not_found");
    let mut upsert = update;
    upsert["allowMissing"] = json!(true);
    let made = shop.review("UpdateReviewConfig", upsert).await.expect("it is made");
    assert_eq!(bare(made), config("reviewConfigs/dev"));
    let again = json!({"reviewConfig": config("reviewConfigs/dev")});
    let taken = shop.review("CreateReviewConfig", again).await.expect_err("taken");
    assert_eq!(taken.code, "already_exists");
    let all = shop.review("ListReviewConfigs", json!({})).await.expect("a list");
    let all: Vec<Value> = list(&all["reviewConfigs"]).into_iter().map(bare).collect();
    assert_eq!(all, [config("reviewConfigs/dev"), config(&name)]);

    let attach = json!({"name": "reviewConfigs/dev", "resources": ["environments/test"]});
    shop.change_review(attach, "resources").await;
    let wrong = json!({"reviewConfig": {
        "name": "reviewConfigs/x", "title": "X",
        "resources": ["environments/test", "environments/nowhere", "instances/a"],
    }});
    let error = shop.review("CreateReviewConfig", wrong).await.expect_err("refused");
    for part in [
        "resources[0]: environments/test is reviewed by reviewConfigs/dev",
        "resources[1]: environments/nowhere does not exist",
        "resources[2]: name an environment",
    ] {
        assert!(error.message.contains(part), "{}", error.message);
    }
    shop.review("DeleteReviewConfig", json!({"name": name})).await.expect("it goes");
    let gone = shop.review("GetReviewConfig", json!({"name": name})).await;
    assert_eq!(gone.expect_err("it is gone").code, "not_found");
}

#[tokio::test]
async fn what_is_wrong_with_a_rule_is_told_by_field() {
    let shop = Shop::open().await;
    let mut naming = rule("NAMING_TABLE", "ERROR");
    naming["namingPayload"] = json!({"format": "^[a-z"});
    let mut number = rule("TABLE_REQUIRE_PK", "ERROR");
    number["numberPayload"] = json!({"number": 3});
    let mut mysql = rule("TABLE_COMMENT", "ERROR");
    mysql["engine"] = json!(999);
    let mut unknown = rule("TABLE_COMMENT", "ERROR");
    unknown["type"] = json!(35);
    let unleveled = json!({"type": "COLUMN_NO_NULL", "engine": "POSTGRES"});
    let rules = json!([naming, number, mysql, unknown, unleveled]);
    let config = json!({"title": "Wrong", "enabled": true, "rules": rules});
    let error = shop.review("CreateReviewConfig", json!({"reviewConfig": config})).await;
    let error = error.expect_err("refused");
    assert_eq!((&*error.code, &*error.reason), ("invalid_argument", "INVALID_FIELD"));
    for part in [
        "review_config.rules[0].naming_payload.format: \"^[a-z\" is no regular expression",
        "review_config.rules[1].number_payload: TABLE_REQUIRE_PK takes no payload; leave it out",
        "review_config.rules[2].engine: say for which engine",
        "review_config.rules[3].type: 35 is no rule",
        "review_config.rules[4].level: say how grave it is",
    ] {
        assert!(error.message.contains(part), "{part}\n{}", error.message);
    }
}

#[tokio::test]
async fn exceptions_and_refused_suppressions_are_in_force_at_once() {
    let Some(pg) = servers::postgres().await else { return };
    let database = pg.database().await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    let labels =
        json!({"database": {"name": target, "labels": {"tier": "cold"}}, "updateMask": "labels"});
    shop.ada.json("DatabaseService/UpdateDatabase", labels).await.expect("a label");
    let name = "reviewConfigs/strict";
    let config = json!({"name": name, "title": "Strict", "enabled": true,
        "rules": [rule("TABLE_REQUIRE_PK", "ERROR"), rule("STATEMENT_DISALLOW_TRUNCATE", "ERROR")],
        "resources": ["projects/shop"]});
    shop.review("CreateReviewConfig", json!({"reviewConfig": config})).await.expect("made");
    let sql = "CREATE TABLE tmp_a (id int);\nCREATE TABLE b (id int);\n\
        -- basalt:ignore STATEMENT_DISALLOW_TRUNCATE it is a queue\nTRUNCATE b;";
    let plan = shop.plan(sql, &[&target]).await;
    // Nobody asks for the checks again: the change of the configuration does.
    let titles = async || {
        let results = shop.checks(&plan).await;
        let words = |r: &Value| {
            let line = &r["sqlReviewReport"]["startPosition"]["line"];
            format!("{} {} {line}", text(&r["status"]), text(&r["title"]))
        };
        let told = results.iter().map(words);
        told.filter(|t| !t.contains("Lock") && !t.contains("Summary")).collect::<Vec<_>>()
    };
    let ignored = "SUCCESS Ignored: STATEMENT_DISALLOW_TRUNCATE 4";
    let (first, second) = ("ERROR TABLE_REQUIRE_PK 1", "ERROR TABLE_REQUIRE_PK 2");
    assert_eq!(titles().await, [first, second, ignored]);
    let except = |exception: Value| json!({"name": name, "exceptions": [exception]});
    let table =
        json!({"rules": ["TABLE_REQUIRE_PK"], "table": "tmp_*", "reason": "lives for a day"});
    let changed = shop.change_review(except(table.clone()), "exceptions").await;
    assert_eq!(changed["exceptions"], json!([table]));
    let excepted = "SUCCESS Excepted: TABLE_REQUIRE_PK 1";
    assert_eq!(titles().await, [second, ignored, excepted]);
    let results = shop.checks(&plan).await;
    let told = results.iter().map(|r| text(&r["content"])).find(|c| c.contains("lives for a day"));
    assert!(told.expect("the reason").contains("An exception of reviewConfigs/strict holds"));
    // By label every rule may be left out; a comment in the script still counts.
    let cold = json!({"label": "tier:cold", "reason": "to be dropped"});
    shop.change_review(except(cold), "exceptions").await;
    assert_eq!(titles().await.iter().filter(|t| t.starts_with("ERROR")).count(), 0);
    let warm = json!({"label": "tier:warm", "reason": "another"});
    shop.change_review(except(warm), "exceptions").await;
    assert_eq!(titles().await, [first, second, ignored]);
    let refuse = json!({"name": name, "refuseSuppression": true});
    shop.change_review(refuse, "refuseSuppression").await;
    assert_eq!(titles().await, [first, second, "ERROR STATEMENT_DISALLOW_TRUNCATE 4"]);

    let tried = json!({"engine": "POSTGRES", "statement": "CREATE TABLE tmp_b (id int);",
        "rules": [rule("TABLE_REQUIRE_PK", "ERROR")], "exceptions": [table]});
    let tried = shop.ada.json("basalt.v1.ReviewService/TryReview", tried).await.expect("a trial");
    let suppression = &list(&tried["advices"])[0]["suppression"];
    assert_eq!(suppression, &json!({"reason": "lives for a day", "exception": true}));

    let wrong =
        json!({"name": name, "exceptions": [{"reason": " "}, {"table": "a.b", "reason": "x"}]});
    let request = json!({"reviewConfig": wrong, "updateMask": "exceptions"});
    let refused = shop.review("UpdateReviewConfig", request).await.expect_err("refused");
    for field in ["exceptions[0].table: say where", "exceptions[0].reason", "exceptions[1].table"] {
        assert!(refused.message.contains(field), "{}", refused.message);
    }
}

#[tokio::test]
async fn a_configuration_that_changed_meanwhile_is_not_overwritten() {
    let shop = Shop::open().await;
    let config = json!({"name": "reviewConfigs/rules", "title": "A", "enabled": true});
    let made = shop.review("CreateReviewConfig", json!({"reviewConfig": config})).await;
    let etag = text(&made.expect("a configuration")["etag"]);
    let rename = async |title: &str, etag: &str| {
        let config = json!({"name": "reviewConfigs/rules", "title": title, "etag": etag});
        let request = json!({"reviewConfig": config, "updateMask": "title"});
        shop.review("UpdateReviewConfig", request).await
    };
    let changed = rename("B", &etag).await.expect("the first wins");
    let lost = rename("C", &etag).await.expect_err("the second does not know");
    assert_eq!((&*lost.code, &*lost.reason), ("aborted", "ETAG_MISMATCH"));
    rename("C", &text(&changed["etag"])).await.expect("it knows now");
    rename("D", "").await.expect("who does not ask is not told");
}

#[tokio::test]
async fn bodies_are_reviewed_and_what_they_make_up_is_told() {
    let Some(pg) = servers::postgres().await else { return };
    let database = pg.database().await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    let config = json!({"title": "Strict", "enabled": true, "resources": ["projects/shop"],
        "rules": [rule("STATEMENT_WHERE_REQUIRE_UPDATE_DELETE", "ERROR")]});
    shop.review("CreateReviewConfig", json!({"reviewConfig": config})).await.expect("made");
    let sql = "DO $$ BEGIN\n  CREATE TABLE made (id int);\n  DELETE FROM made;\n  EXECUTE format('DROP TABLE %I', 'x');\nEND $$;\n\
        ALTER TABLE made ADD COLUMN a int;\nALTER TABLE made DROP COLUMN b;";
    let plan = shop.plan(sql, &[&target]).await;
    shop.ada.json("DatabaseService/SyncDatabase", json!({"name": target})).await.expect("a sync");
    assert_eq!(shop.findings(&plan).await[0], "ERROR BUILTIN_WALK_THROUGH_CHECK 405 7");
    let sql = sql.replace("DROP COLUMN b", "DROP COLUMN a");
    let plan = shop.plan(&sql, &[&target]).await;
    let found = shop.findings(&plan).await;
    assert_eq!(found[0], "ERROR STATEMENT_WHERE_REQUIRE_UPDATE_DELETE 202 3");
    assert!(found.contains(&"SUCCESS Not judged - 4".to_owned()), "{found:?}");
}
