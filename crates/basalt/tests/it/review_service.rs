//! ReviewService: what the console asks about rules, and a try on a script.

use serde_json::{Value, json};
use testkit::app::{Basalt, Client};

use crate::BASALT;
use crate::shop::{list, text};

async fn ask(by: &Client, method: &str, request: Value) -> Value {
    by.json(&format!("basalt.v1.ReviewService/{method}"), request).await.expect("an answer")
}

/// Titles and lines of advices, in order.
fn found(tried: &Value) -> Vec<(String, u64)> {
    let place = |a: &Value| (text(&a["title"]), a["start"]["line"].as_u64().unwrap_or(0));
    list(&tried["advices"]).iter().map(place).collect()
}

#[tokio::test]
async fn rules_and_templates_tell_all_that_a_form_needs() {
    let basalt = Basalt::start(BASALT, &[]).await;
    let ada = basalt.first_administrator().await;
    let answer = ask(&ada, "ListRules", json!({"engine": "POSTGRES"})).await;
    let rules = list(&answer["rules"]);
    assert!(rules.len() > 50, "{}", rules.len());
    for rule in &rules {
        for field in ["category", "title", "what", "why", "instead", "payloadKind", "needs"] {
            assert!(!text(&rule[field]).is_empty(), "{field}: {rule}");
        }
        assert!(!list(&rule["codes"]).is_empty(), "{rule}");
        let payload = rule["preset"].as_object().expect("a preset");
        let has = payload.keys().any(|k| k.ends_with("Payload"));
        assert_eq!(has, rule["payloadKind"] != "NO_PAYLOAD", "{rule}");
    }
    let of = |name: &str| rules.iter().find(|r| r["preset"]["type"] == name).expect(name);
    assert_eq!(of("TABLE_REQUIRE_PK")["preset"]["level"], "ERROR");
    assert_eq!(of("STATEMENT_DML_DRY_RUN")["needs"], "CONNECTION");
    assert_eq!(of("BUILTIN_WALK_THROUGH_CHECK")["builtin"], true);
    let none = ask(&ada, "ListRules", json!({"engine": "REDIS"})).await;
    assert_eq!(none, json!({}));

    let templates = ask(&ada, "ListTemplates", json!({})).await;
    let ids: Vec<_> = list(&templates["templates"]).iter().map(|t| text(&t["id"])).collect();
    assert_eq!(ids, ["prod", "dev"]);
    for template in &list(&templates["templates"]) {
        let config = json!({"name": format!("reviewConfigs/{}", text(&template["id"])),
            "title": template["title"], "enabled": true, "rules": template["rules"]});
        let created =
            ada.json("ReviewConfigService/CreateReviewConfig", json!({"reviewConfig": config}));
        assert_eq!(created.await.expect("a right template")["rules"], template["rules"]);
    }
}

#[tokio::test]
async fn a_script_is_tried_by_a_template_by_rules_and_by_a_configuration() {
    let basalt = Basalt::start(BASALT, &[]).await;
    let ada = basalt.first_administrator().await;
    let script = "-- a note\nDELETE FROM book;\nCREATE TABLE b (\n  id int\n);\n";
    let tried = ask(&ada, "TryReview", json!({"engine": "POSTGRES", "statement": script})).await;
    let expected = [
        ("STATEMENT_WHERE_REQUIRE_UPDATE_DELETE".to_owned(), 2),
        ("TABLE_REQUIRE_PK".to_owned(), 3),
    ];
    assert_eq!(found(&tried), expected);
    assert_eq!(tried["advices"][0]["end"], json!({"line": 2, "column": 17}));
    let names: Vec<_> = list(&tried["notEvaluated"]).iter().map(|n| text(&n["rule"])).collect();
    assert!(names.contains(&"STATEMENT_DML_DRY_RUN".to_owned()), "{names:?}");

    // Built-in rules hold beside those of the request; the schema is the one that the request makes.
    let rules = json!([{"type": "TABLE_REQUIRE_PK", "engine": "POSTGRES", "level": "WARNING"},
        {"type": "NAMING_TABLE", "engine": "POSTGRES", "level": "ERROR"},
        {"type": "ENGINE_MYSQL_USE_INNODB", "engine": "MYSQL", "level": "ERROR"},
        {"type": "COLUMN_DISALLOW_DROP", "engine": "POSTGRES", "level": "ERROR"}]);
    let request =
        json!({"engine": "POSTGRES", "rules": rules, "statement": "CREATE TABLE \"B\" (a int);"});
    let tried = ask(&ada, "TryReview", request).await;
    let expected = [("NAMING_TABLE".to_owned(), 1), ("TABLE_REQUIRE_PK".to_owned(), 1)];
    assert_eq!(found(&tried), expected);
    assert_eq!(tried["notEvaluated"][0]["rule"], "COLUMN_DISALLOW_DROP");
    let request = json!({"engine": "POSTGRES", "rules": rules, "schema": "CREATE TABLE a (id int);",
        "statement": "CREATE TABLE a (id int);"});
    let tried = ask(&ada, "TryReview", request).await;
    assert_eq!(found(&tried), [("BUILTIN_WALK_THROUGH_CHECK".to_owned(), 1)]);

    let config = json!({"name": "reviewConfigs/own", "title": "Own", "rules":
        [{"type": "STATEMENT_DISALLOW_TRUNCATE", "engine": "POSTGRES", "level": "WARNING"}]});
    let created =
        ada.json("ReviewConfigService/CreateReviewConfig", json!({"reviewConfig": config}));
    created.await.expect("a configuration");
    let script = "-- basalt:ignore STATEMENT_DISALLOW_TRUNCATE it is rebuilt\nTRUNCATE a;\nALTER TABLE a ALTER COLUMN b TYPE bigint;";
    let request =
        json!({"engine": "POSTGRES", "reviewConfig": "reviewConfigs/own", "statement": script});
    let tried = ask(&ada, "TryReview", request).await;
    assert_eq!(tried["reviewConfig"], "reviewConfigs/own");
    assert_eq!(tried["advices"][0]["suppression"]["reason"], "it is rebuilt");
    let locks = list(&tried["locks"]);
    let rewrite = locks.iter().find(|l| l["work"] == "REWRITE").expect("the rewrite is foreseen");
    assert_eq!((&rewrite["table"], &rewrite["blocksReads"]), (&json!("a"), &json!(true)));
    assert_eq!(rewrite["start"], json!({"line": 3, "column": 1}));

    let request = json!({"engine": "POSTGRES", "statement": "SELECT 1;\nCREATE INDEX idx_book_a ON book (a);"});
    let tried = ask(&ada, "TryReview", request).await;
    let advices = list(&tried["advices"]);
    let index = advices.iter().find(|a| a["title"] == "INDEX_CREATE_CONCURRENTLY").expect("it");
    let edit = &index["fixes"][0]["edits"][0];
    assert!(text(&edit["text"]).contains("CONCURRENTLY"), "{index}");
    assert_eq!(edit["start"]["line"], 2, "{index}");
}

#[tokio::test]
async fn what_cannot_be_tried_names_the_field() {
    let basalt = Basalt::start(BASALT, &[]).await;
    let ada = basalt.first_administrator().await;
    let rule = json!({"type": "TABLE_REQUIRE_PK", "engine": "POSTGRES", "level": "ERROR"});
    for (request, field) in [
        (json!({}), "engine"),
        (json!({"engine": "REDIS"}), "engine"),
        (json!({"engine": "POSTGRES", "schema": "CREATE TABEL"}), "schema"),
        (json!({"engine": "POSTGRES", "rules": [rule, rule]}), "rules[1].type"),
        (
            json!({"engine": "POSTGRES", "rules": [rule], "reviewConfig": "reviewConfigs/a"}),
            "review_config",
        ),
        (json!({"engine": "POSTGRES", "reviewConfig": "nonsense"}), "review_config"),
        (json!({"database": "nonsense"}), "database"),
    ] {
        let mut request = request;
        request["statement"] = json!("SELECT 1");
        let refused = ada.json("basalt.v1.ReviewService/TryReview", request.clone()).await;
        let refused = refused.expect_err("refused");
        assert!(refused.body.contains(&format!("\"{field}\"")), "{request}: {}", refused.body);
    }
    let gone = json!({"database": "instances/a/databases/b", "statement": "SELECT 1"});
    let refused = ada.json("basalt.v1.ReviewService/TryReview", gone).await.expect_err("gone");
    assert_eq!(refused.code, "not_found");
}
