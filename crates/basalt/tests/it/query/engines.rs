//! What each engine gives: values whole, limits kept, errors in their place.

use serde_json::{Value, json};
use testkit::servers;

use super::{ask, result, results, rows};
use crate::shop::{Shop, list, text};

#[tokio::test]
async fn postgres_gives_its_values_whole() {
    let Some(server) = servers::postgres().await else { return };
    let database = server.database().await;
    database
        .execute(
            "CREATE SCHEMA app; CREATE TABLE app.thing (a int); INSERT INTO app.thing VALUES (7)",
        )
        .await;
    let shop = Shop::open().await;
    let name = shop.adopt("pg", "test", &database).await;
    let sql = "SELECT 9007199254740993::bigint AS big, 1.10000000000000000001::numeric(30,20) AS exact, '\\x00ff'::bytea AS raw, \
               NULL::text AS nothing, '{\"n\": 9007199254740993}'::jsonb AS doc, ARRAY[1, NULL, 3] AS list, true AS yes, \
               timestamp '2024-02-29 13:05:09.5' AS local, date '2024-02-29' AS day, 0.1::real AS small, 'é' AS word";
    let one = result(&shop.ada, json!({"name": name, "statement": sql})).await;
    let expect = json!([
        {"int64Value": "9007199254740993"},
        {"stringValue": "1.10000000000000000001"},
        {"bytesValue": "AP8="},
        {"nullValue": null},
        {"stringValue": "{\"n\": 9007199254740993}"},
        {"stringValue": "{1,NULL,3}"},
        {"boolValue": true},
        {"timestampValue": {"googleTimestamp": "2024-02-29T13:05:09.500Z", "accuracy": 6}},
        {"stringValue": "2024-02-29"},
        {"floatValue": 0.1},
        {"stringValue": "é"},
    ]);
    assert_eq!(Value::from(rows(&one).remove(0)), expect);
    assert_eq!(one["columnNames"][1], "exact");
    assert_eq!(one["columnTypeNames"][1], "numeric(30,20)");
    assert_eq!(one["columnTypeNames"][5], "integer[]");

    let schema =
        result(&shop.ada, json!({"name": name, "statement": "table thing", "schema": "app"})).await;
    assert_eq!(rows(&schema)[0][0], json!({"int32Value": 7}));
    let plan = result(
        &shop.ada,
        json!({"name": name, "statement": "select * from app.thing", "explain": true}),
    )
    .await;
    assert!(text(&rows(&plan)[0][0]["stringValue"]).starts_with("Seq Scan"), "{plan}");
}

#[tokio::test]
async fn limits_are_kept_and_told() {
    let Some(server) = servers::postgres().await else { return };
    let database = server.database().await;
    let shop = Shop::open().await;
    let name = shop.adopt("pg", "test", &database).await;
    let many = "SELECT n, repeat('x', 1000) FROM generate_series(1, 50000) n";
    let cut = result(&shop.ada, json!({"name": name, "statement": many, "limit": 10})).await;
    assert_eq!(
        (rows(&cut).len(), &cut["truncation"], &cut["rowLimit"]),
        (10, &json!("ROW_LIMIT"), &json!(10))
    );
    let exact =
        result(&shop.ada, json!({"name": name, "statement": "VALUES (1), (2)", "limit": 2})).await;
    assert_eq!((rows(&exact).len(), &exact["truncation"]), (2, &Value::Null));
    let default = result(&shop.ada, json!({"name": name, "statement": many})).await;
    assert_eq!(rows(&default).len(), 1_000);

    let profile = json!({"sqlResultSize": "100000", "queryTimeout": "1s"});
    let setting =
        json!({"name": "settings/WORKSPACE_PROFILE", "value": {"workspaceProfile": profile}});
    let update = json!({"setting": setting});
    shop.ada.json("SettingService/UpdateSetting", update).await.expect("limits of the workspace");
    let cut = result(&shop.ada, json!({"name": name, "statement": many, "limit": 50000})).await;
    assert_eq!(cut["truncation"], "BYTE_LIMIT");
    assert!((50..100).contains(&rows(&cut).len()), "{}", rows(&cut).len());
    // What was cut does not keep the next statement from running.
    let both = results(&shop.ada, &name, &format!("{many};\nselect 2")).await;
    assert_eq!(rows(&both[1])[0][0], json!({"int32Value": 2}));

    let slow = "SELECT count(*) FROM generate_series(1, 100000000) a, generate_series(1, 100000) b";
    let late = results(&shop.ada, &name, slow).await;
    assert_eq!(late[0]["errorReason"], "TIMEOUT", "{late:?}");
    assert!(text(&late[0]["error"]).contains("longer than 1 s"), "{late:?}");
}

#[tokio::test]
async fn a_script_gives_results_until_one_fails() {
    let Some(server) = servers::postgres().await else { return };
    let database = server.database().await;
    let shop = Shop::open().await;
    let name = shop.adopt("pg", "test", &database).await;
    let script = "select 1;\n-- é\nselect 'é',\n  nothing;\nselect 3";
    let all = results(&shop.ada, &name, script).await;
    assert_eq!(all.len(), 2, "{all:?}");
    assert_eq!(all[1]["statementPosition"], json!({"line": 3, "column": 1}));
    assert_eq!(all[1]["errorPosition"], json!({"line": 4, "column": 3}));
    assert_eq!(all[1]["syntaxError"]["startPosition"], json!({"line": 4, "column": 3}));
    assert_eq!(all[1]["errorReason"], "STATEMENT_FAILED");
    let explained =
        ask(&shop.ada, json!({"name": name, "statement": "select nothing", "explain": true})).await;
    let explained = list(&explained.expect("an answer")["results"]);
    assert_eq!(explained[0]["errorPosition"], json!({"line": 1, "column": 8}));
}
