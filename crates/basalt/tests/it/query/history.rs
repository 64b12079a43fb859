//! What was run is found again, by whom it concerns, and audited.

use serde_json::{Value, json};
use testkit::app::Client;
use testkit::servers;

use super::{ask, results};
use crate::shop::{Shop, list, text};

async fn search(by: &Client, filter: &str) -> Vec<Value> {
    let request = json!({"parent": "projects/shop", "filter": filter});
    let page = by.json("QueryHistoryService/SearchQueryHistories", request).await;
    list(&page.expect("a page")["queryHistories"])
}

#[tokio::test]
async fn everybody_finds_their_own_and_an_owner_all() {
    let Some(server) = servers::postgres().await else { return };
    let database = server.database().await;
    let shop = Shop::open().await;
    let name = shop.adopt("pg", "test", &database).await;
    let rita =
        shop.member("rita@example.com", &[("projects/shop", "roles/sqlEditorReadUser")]).await;
    let sam = shop.member("sam@example.com", &[("projects/shop", "roles/sqlEditorReadUser")]).await;

    let answer = ask(&rita, json!({"name": name, "statement": "select 1 as Apples"}))
        .await
        .expect("an answer");
    let entry = text(&answer["queryHistory"]);
    assert_eq!(
        (text(&answer["dataSourceId"]), text(&answer["dataSourceType"])),
        ("admin".to_owned(), "ADMIN".to_owned())
    );
    results(&rita, &name, "select pears").await;
    results(&rita, &name, "drop table apples").await;
    results(&sam, &name, "select 2").await;

    let own = search(&rita, "").await;
    let texts: Vec<_> = own.iter().map(|h| (text(&h["statement"]), text(&h["status"]))).collect();
    let expect = [
        ("drop table apples", "REFUSED"),
        ("select pears", "FAILED"),
        ("select 1 as Apples", "SUCCEEDED"),
    ];
    assert_eq!(texts, expect.map(|(sql, status)| (sql.to_owned(), status.to_owned())));
    assert_eq!(own[2]["name"], entry);
    assert_eq!(
        (&own[2]["creator"], &own[2]["database"], &own[2]["type"]),
        (&json!("users/rita@example.com"), &json!(name), &json!("QUERY"))
    );
    assert_eq!((&own[2]["rowsCount"], &own[2]["dataSourceId"]), (&json!("1"), &json!("admin")));
    assert!(text(&own[1]["error"]).contains("pears") && own[2]["error"].is_null());

    for (filter, count) in [
        ("statement.contains(\"APPLES\")".to_owned(), 2),
        (format!("database == \"{name}\" && status == \"FAILED\""), 1),
        ("instance == \"instances/other\"".to_owned(), 0),
        ("type == \"EXPORT\" || project == \"projects/shop\"".to_owned(), 3),
    ] {
        assert_eq!(search(&rita, &filter).await.len(), count, "{filter}");
    }
    let everywhere = json!({"parent": "projects/-", "pageSize": 2});
    let first = rita
        .json("QueryHistoryService/SearchQueryHistories", everywhere.clone())
        .await
        .expect("a page");
    assert_eq!(list(&first["queryHistories"]).len(), 2);
    let mut next = everywhere;
    next["pageToken"] = first["nextPageToken"].clone();
    let second =
        rita.json("SQLService/SearchQueryHistories", next).await.expect("the older name works");
    assert_eq!(list(&second["queryHistories"]).len(), 1);

    let name = json!({"name": entry});
    rita.json("QueryHistoryService/GetQueryHistory", name.clone()).await.expect("their own");
    let hidden =
        sam.json("QueryHistoryService/GetQueryHistory", name.clone()).await.expect_err("another's");
    assert_eq!(hidden.code, "not_found");
    shop.ada.json("QueryHistoryService/GetQueryHistory", name).await.expect("an owner's");
    let parent = json!({"parent": "projects/shop"});
    let refused =
        sam.json("QueryHistoryService/ListQueryHistories", parent).await.expect_err("not an owner");
    assert_eq!(refused.reason, "PERMISSION_MISSING");
    let by_sam =
        json!({"parent": "projects/shop", "filter": "creator == \"users/sam@example.com\""});
    let all =
        shop.ada.json("QueryHistoryService/ListQueryHistories", by_sam).await.expect("a page");
    assert_eq!(list(&all["queryHistories"]).len(), 1);
}
