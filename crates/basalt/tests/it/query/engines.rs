//! What each engine gives: values whole, limits kept, errors in their place.

use std::time::Instant;

use serde_json::{Value, json};
use testkit::app::Basalt;
use testkit::environment::say;
use testkit::servers;

use super::{ask, result, results, rows};
use crate::BASALT;
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
               timestamp '2024-02-29 13:05:09.5' AS local, date '2024-02-29' AS day, 0.1::real AS small, 'é' AS word, \
               timestamptz '2024-02-29 13:05:09+00' AT TIME ZONE 'UTC' AT TIME ZONE 'UTC' AS zoned";
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
    let mut values = rows(&one).remove(0);
    let zoned = values.pop().expect("the last")["timestampTzValue"].clone();
    assert_eq!(Value::from(values), expect);
    assert_eq!(zoned["googleTimestamp"], "2024-02-29T13:05:09Z");
    assert!(!text(&zoned["zone"]).is_empty(), "{zoned}");
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

#[tokio::test]
async fn mysql_and_mariadb_give_their_values_whole() {
    for server in [servers::mariadb().await, servers::mysql97().await].into_iter().flatten() {
        let database = server.database().await;
        database
            .execute(
                "CREATE TABLE t (id bigint unsigned, d decimal(30,20), at datetime(3), raw varbinary(4), flag bit(1), word text, doc json);
                 INSERT INTO t VALUES (18446744073709551615, 1.10000000000000000001, '2024-02-29 13:05:09.5', x'00ff', 1, 'é', '[9007199254740993]')",
            )
            .await;
        let shop = Shop::open().await;
        let name = shop.adopt("test", "test", &database).await;
        let one = result(
            &shop.ada,
            json!({"name": name, "statement": "SELECT *, NULL AS nothing FROM t"}),
        )
        .await;
        let expect = json!([
            {"uint64Value": "18446744073709551615"},
            {"stringValue": "1.10000000000000000001"},
            {"timestampValue": {"googleTimestamp": "2024-02-29T13:05:09.500Z", "accuracy": 3}},
            {"bytesValue": "AP8="},
            {"uint64Value": "1"},
            {"stringValue": "é"},
            {"stringValue": "[9007199254740993]"},
            {"nullValue": null},
        ]);
        assert_eq!(Value::from(rows(&one).remove(0)), expect, "{:?}", server.product);
        assert_eq!(one["columnTypeNames"][1], "decimal(30,20)");
        let many =
            "SELECT a.table_name FROM information_schema.columns a, information_schema.columns b";
        let both = results(&shop.ada, &name, &format!("{many};\nselect 2;\nshow tables")).await;
        assert_eq!((rows(&both[0]).len(), &both[0]["truncation"]), (1_000, &json!("ROW_LIMIT")));
        assert_eq!(rows(&both[2])[0][0], json!({"stringValue": "t"}));
        let refused = results(&shop.ada, &name, "select 1 into outfile '/tmp/x'").await;
        assert_eq!(refused[0]["errorReason"], "STATEMENT_REFUSED");
        let wrong = results(&shop.ada, &name, "select 1;\nselect\n  nothing from t").await;
        assert_eq!(wrong[1]["errorReason"], "STATEMENT_FAILED", "{wrong:?}");
        let schema =
            ask(&shop.ada, json!({"name": name, "statement": "select 1", "schema": "x"})).await;
        assert!(schema.expect_err("no schemas here").message.starts_with("schema: "));
    }
}

#[tokio::test]
async fn sqlite_gives_its_values_whole() {
    let basalt = Basalt::start(BASALT, &["--demo"]).await;
    let mut admin = basalt.client();
    admin.sign_in("admin@demo.basalt", "basalt-demo").await;
    let name = "instances/shop-test/databases/shop";
    let sql = "SELECT 9007199254740993, 0.1, 'é', x'00ff', NULL";
    let one = result(&admin, json!({"name": name, "statement": sql})).await;
    let expect = json!([
        {"int64Value": "9007199254740993"},
        {"doubleValue": 0.1},
        {"stringValue": "é"},
        {"bytesValue": "AP8="},
        {"nullValue": null},
    ]);
    assert_eq!(Value::from(rows(&one).remove(0)), expect);
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
    let cut = result(&admin, json!({"name": name, "statement": endless, "limit": 5})).await;
    assert_eq!((rows(&cut).len(), &cut["truncation"]), (5, &json!("ROW_LIMIT")));
    let plan = result(
        &admin,
        json!({"name": name, "statement": "select * from sqlite_schema", "explain": true}),
    )
    .await;
    assert!(plan["columnNames"][3] == "detail", "{plan}");
}

/// A hundred thousand rows of thirty columns come whole.
#[tokio::test]
async fn a_large_result_comes_whole() {
    let Some(server) = servers::postgres().await else { return };
    let database = server.database().await;
    let shop = Shop::open().await;
    let name = shop.adopt("pg", "test", &database).await;
    let columns: Vec<_> = (0..30).map(|c| format!("n * {c} AS c{c}")).collect();
    let sql = format!("SELECT {} FROM generate_series(1, 100001) n", columns.join(", "));
    let body = json!({"name": name, "statement": sql, "limit": 1_000_000});
    let began = Instant::now();
    let answer = shop.ada.request("POST", "/bytebase.v1.SQLService/Query").json(&body).send().await;
    let text = answer.expect("an answer").text().await.expect("a body");
    let took = began.elapsed().as_millis();
    say(&format!("100,000 rows of 30 columns: {} bytes of JSON in {took} ms", text.len()));
    // As text: as a tree it would take gigabytes.
    assert_eq!(text.matches("\"values\":[").count(), 100_000);
    assert_eq!(text.matches("{\"int32Value\":").count(), 3_000_000);
    assert!(
        text.contains("{\"int32Value\":2900000}") && text.contains("\"truncation\":\"ROW_LIMIT\"")
    );
}
