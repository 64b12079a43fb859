//! Conditions of bindings: what they let people read, what they keep from them, and when they end.

use std::time::{Duration, Instant};

use base::{Clock as _, System};
use serde_json::{Value, json};
use testkit::app::{CallError, Client};
use testkit::servers;

use crate::shop::{Shop, list, text};

const READER: &str = "roles/sqlEditorReadUser";

/// Adds a binding to the policy of the shop.
async fn bind(shop: &Shop, email: &str, role: &str, condition: &str) -> Result<Value, CallError> {
    let of = json!({"resource": "projects/shop"});
    let mut policy = shop.ada.json("ProjectService/GetIamPolicy", of).await.expect("a policy");
    let mut bindings = list(&policy["bindings"]);
    bindings.push(json!({
        "role": role, "members": [format!("user:{email}")], "condition": {"expression": condition},
    }));
    policy["bindings"] = bindings.into();
    let set = json!({"resource": "projects/shop", "policy": policy});
    shop.ada.json("ProjectService/SetIamPolicy", set).await
}

async fn query(by: &Client, database: &str, statement: &str) -> Result<Value, CallError> {
    by.json("SQLService/Query", json!({"name": database, "statement": statement})).await
}

/// What a refusal names, and that it says whom to ask.
fn refused(answer: Result<Value, CallError>) -> String {
    let error = answer.expect_err("a refusal");
    assert_eq!(
        (error.code.as_str(), error.reason.as_str()),
        ("permission_denied", "PERMISSION_MISSING"),
        "{error:?}"
    );
    assert!(error.body.contains("ada@example.com"), "whom to ask: {}", error.body);
    error.message
}

#[tokio::test]
async fn an_environment_opens_its_databases_only() {
    let Some(server) = servers::postgres().await else { return };
    let (first, second) = (server.database().await, server.database().await);
    let shop = Shop::open().await;
    let test = shop.adopt("one", "test", &first).await;
    let prod = shop.adopt("two", "prod", &second).await;
    let bob = shop.member("bob@example.com", &[]).await;
    bind(&shop, "bob@example.com", READER, "resource.environment_id == \"test\"")
        .await
        .expect("a binding");

    query(&bob, &test, "SELECT 1").await.expect("rows");
    assert!(refused(query(&bob, &prod, "SELECT 1").await).contains(&prod));
    let of = |name: &str| json!({"name": name});
    bob.json("DatabaseService/GetDatabase", of(&test)).await.expect("a database");
    refused(bob.json("DatabaseService/GetDatabase", of(&prod)).await);
    for parent in ["projects/shop", "workspaces/default"] {
        let all = bob.json("DatabaseService/ListDatabases", json!({"parent": parent})).await;
        let names: Vec<String> =
            list(&all.expect("a list")["databases"]).iter().map(|d| text(&d["name"])).collect();
        assert_eq!(names, std::slice::from_ref(&test), "{parent}");
    }
    let both = json!({"parent": "projects/shop", "names": [test, prod]});
    let refusal = bob.json("DatabaseService/BatchGetDatabases", both).await.expect_err("prod");
    assert!(refusal.message.contains(&prod), "{refusal:?}");
    let found = bob.json("basalt.v1.SearchService/Search", json!({"query": second.name})).await;
    assert!(!found.expect("hits").to_string().contains(&second.name));

    // A database that moves to another environment is not seen any more.
    let moved = json!({"database": {"name": test, "environment": "environments/prod"}, "updateMask": "environment"});
    shop.ada.json("DatabaseService/UpdateDatabase", moved).await.expect("a move");
    refused(query(&bob, &test, "SELECT 1").await);
}

#[tokio::test]
async fn tables_are_decided_by_what_a_statement_reads() {
    let Some(server) = servers::postgres().await else { return };
    let database = server.database().await;
    database
        .execute(
            "CREATE TABLE open (a int); INSERT INTO open VALUES (7);
             CREATE TABLE secret (a int); INSERT INTO secret VALUES (8);
             CREATE SCHEMA hidden; CREATE TABLE hidden.open (a int);
             CREATE VIEW peek AS SELECT * FROM secret;",
        )
        .await;
    let shop = Shop::open().await;
    let name = shop.adopt("pg", "test", &database).await;
    let bob = shop.member("bob@example.com", &[]).await;
    let condition = format!(
        "resource.database == \"{name}\" && resource.schema_name == \"public\" && resource.table_name in [\"open\"]"
    );
    bind(&shop, "bob@example.com", READER, &condition).await.expect("a binding");

    for good in
        ["SELECT * FROM open", "SELECT a FROM public.open o WHERE a > (SELECT 1)", "SELECT 1"]
    {
        query(&bob, &name, good).await.unwrap_or_else(|e| panic!("{good}: {e:?}"));
    }
    let secret = format!("{name}/schemas/public/tables/secret");
    for bad in [
        "SELECT * FROM secret",
        "SELECT o.a FROM open o JOIN secret s ON true",
        "SELECT (SELECT max(a) FROM secret) FROM open",
        "WITH w AS (SELECT * FROM secret) SELECT * FROM w",
        "SELECT 1; SELECT * FROM \"secret\"",
    ] {
        let said = refused(query(&bob, &name, bad).await);
        assert!(said.contains(&secret) && !said.contains("tables/open"), "{bad}: {said}");
    }
    // A view stands for itself, and is not in the list.
    assert!(refused(query(&bob, &name, "SELECT * FROM peek").await).contains("tables/peek"));
    assert!(
        refused(query(&bob, &name, "SELECT * FROM hidden.open").await).contains("schemas/hidden")
    );
    let elsewhere = json!({"name": name, "statement": "SELECT * FROM open", "schema": "hidden"});
    assert!(refused(bob.json("SQLService/Query", elsewhere).await).contains("schemas/hidden"));
    // What was made after the last sync cannot be told, nor can statistics, which hold values.
    database.execute("CREATE TABLE newer (a int)").await;
    refused(query(&bob, &name, "SELECT * FROM newer").await);
    refused(query(&bob, &name, "SELECT * FROM pg_stats").await);
    // Who has the role without a condition reads all of it.
    query(&shop.ada, &name, "SELECT * FROM secret").await.expect("rows");
}

#[tokio::test]
async fn another_database_of_the_server_needs_its_own_permission() {
    let Some(server) = servers::mariadb().await else { return };
    let (mine, other) = (server.database().await, server.database().await);
    other.execute("CREATE TABLE t (a int)").await;
    let shop = Shop::open().await;
    let name = shop.adopt("maria", "test", &mine).await;
    // Of the default project, which the member has no role in.
    let there = json!({"instanceId": "there", "instance": crate::shop::instance("test", &other)});
    shop.ada.json("InstanceService/CreateInstance", there).await.expect("an instance");
    let all = json!({"instance": {"name": "instances/maria", "syncDatabases": {"databases": [mine.name, other.name]}}, "updateMask": "syncDatabases"});
    shop.ada.json("InstanceService/UpdateInstance", all).await.expect("both databases");
    shop.ada
        .json("InstanceService/SyncInstance", json!({"name": "instances/maria"}))
        .await
        .expect("a sync");
    let bob = shop.member("bob@example.com", &[("projects/shop", READER)]).await;
    query(&bob, &name, "SELECT 1").await.expect("rows");
    for sql in [
        format!("SELECT * FROM {}.t", other.name),
        format!("SELECT * FROM `{}` . t", other.name),
        format!("SELECT * FROM {}/**/.t", other.name),
    ] {
        let said = refused(query(&bob, &name, &sql).await);
        assert!(
            said.contains(&format!("instances/maria/databases/{}", other.name)),
            "{sql}: {said}"
        );
    }
    query(&shop.ada, &name, &format!("SELECT * FROM {}.t", other.name)).await.expect("rows");
}

#[tokio::test]
async fn an_end_ends_at_once_and_the_binding_goes() {
    let shop = Shop::open().await;
    let bob = shop.member("bob@example.com", &[]).await;
    let ends = System.now().plus(Duration::from_secs(3));
    let condition = format!("request.time < timestamp(\"{ends}\")");
    bind(&shop, "bob@example.com", "roles/projectViewer", &condition).await.expect("a binding");
    let shop_name = json!({"name": "projects/shop"});
    bob.json("ProjectService/GetProject", shop_name.clone()).await.expect("before the end");
    let until = Instant::now() + Duration::from_secs(60);
    while bob.json("ProjectService/GetProject", shop_name.clone()).await.is_ok() {
        assert!(Instant::now() < until, "it does not end");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let now = System.now();
    assert!(
        now >= ends && now.since(ends) < Duration::from_secs(2),
        "refused at {now}, ends at {ends}"
    );
    loop {
        let of = json!({"resource": "projects/shop"});
        let policy = shop.ada.json("ProjectService/GetIamPolicy", of).await.expect("a policy");
        if !policy.to_string().contains("bob@example.com") {
            break;
        }
        assert!(Instant::now() < until, "the binding stays: {policy}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let filter = "method == \"basalt/RemoveExpiredBindings\"";
    let log = json!({"parent": "projects/shop", "filter": filter});
    let log = shop.ada.json("AuditLogService/SearchAuditLogs", log).await.expect("the audit log");
    assert!(!list(&log["auditLogs"]).is_empty(), "{log}");
}

#[tokio::test]
async fn a_wrong_condition_is_refused_with_its_place() {
    let shop = Shop::open().await;
    shop.member("bob@example.com", &[]).await;
    for (condition, said) in [
        (
            "resource.databse == \"x\"",
            "column 1: there is no variable resource.databse; did you mean resource.database?",
        ),
        ("true && resource.environment_id == 5", "column 36: text is compared with a whole number"),
        ("request.time <", "column 15: the condition ends too early"),
        ("resource.environment_id", "column 1: a condition is true or false; this is text"),
    ] {
        let error = bind(&shop, "bob@example.com", READER, condition).await.expect_err(condition);
        assert_eq!(
            (error.code.as_str(), error.reason.as_str()),
            ("invalid_argument", "INVALID_FIELD"),
            "{error:?}"
        );
        assert!(
            error.body.contains("condition.expression") && error.message.contains(said),
            "{}",
            error.message
        );
    }
    for hostile in [
        "(".repeat(100_000),
        format!("true{}", "&&true".repeat(5_000)),
        "!".repeat(60_000),
        "a.".repeat(30_000),
    ] {
        let error = bind(&shop, "bob@example.com", READER, &hostile).await.expect_err("too much");
        assert_eq!(error.code, "invalid_argument", "{error:?}");
    }
    shop.ada.json("ActuatorService/GetActuatorInfo", json!({})).await.expect("the server lives");
}

#[tokio::test]
async fn conditions_become_trees_and_trees_conditions() {
    let shop = Shop::open().await;
    let texts = [
        "resource.environment_id == \"prod\" && statement.affected_rows > 100",
        "resource.table_name in [\"a\", \"b\"] || !resource.database_name.startsWith(\"x\")",
        "issue.labels.exists(l, l == \"hotfix\")",
    ];
    let parsed =
        shop.ada.json("CelService/BatchParse", json!({"expressions": texts})).await.expect("trees");
    let first = &parsed["expressions"][0]["callExpr"];
    assert_eq!(first["function"], "_&&_");
    assert_eq!(first["args"][0]["callExpr"]["function"], "_==_");
    let operand = &first["args"][0]["callExpr"]["args"][0]["selectExpr"];
    assert_eq!(
        (&operand["field"], &operand["operand"]["identExpr"]["name"]),
        (&json!("environment_id"), &json!("resource"))
    );
    assert_eq!(first["args"][1]["callExpr"]["args"][1]["constExpr"]["int64Value"], "100");
    let back = shop.ada.json("CelService/BatchDeparse", parsed).await.expect("texts");
    assert_eq!(back["expressions"], json!(texts));

    let error = shop
        .ada
        .json("CelService/BatchParse", json!({"expressions": ["true", "a ="]}))
        .await
        .expect_err("a =");
    assert!(error.message.contains("expressions[1]: column 3: write == to compare"), "{error:?}");
    let sly = json!({"expressions": [{"identExpr": {"name": "true || x"}}, {"identExpr": {"name": "a ) || ("}}]});
    let error = shop.ada.json("CelService/BatchDeparse", sly).await.expect_err("no name");
    assert_eq!(error.code, "invalid_argument");
}
