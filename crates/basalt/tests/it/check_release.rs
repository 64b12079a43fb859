//! `CheckRelease`: files checked against databases without making a release, as pipelines and editors ask.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use testkit::servers;

use crate::shop::{Shop, list, text};

fn file(path: &str, version: &str, sql: &str) -> Value {
    json!({"path": path, "version": version, "statement": BASE64_STANDARD.encode(sql)})
}

async fn check(shop: &Shop, files: &Value, targets: &[&str]) -> Value {
    let request =
        json!({"parent": "projects/shop", "release": {"files": files}, "targets": targets});
    shop.ada.json("ReleaseService/CheckRelease", request).await.expect("an answer")
}

/// File, level, title and line of each advice.
fn advices(answer: &Value) -> Vec<String> {
    let of = |result: &Value| {
        let file = text(&result["file"]);
        let shown = |a: &Value| {
            let line = &a["startPosition"]["line"];
            format!("{file} {} {} {line}", text(&a["status"]), text(&a["title"]))
                .replace("null", "-")
        };
        list(&result["advices"]).iter().map(shown).collect::<Vec<_>>()
    };
    list(&answer["results"]).iter().flat_map(of).collect()
}

#[tokio::test]
async fn files_are_checked_in_their_order_on_every_target() {
    let Some(pg) = servers::postgres().await else { return };
    let (one, two) = (pg.database().await, pg.database().await);
    two.execute("CREATE TABLE book (id int PRIMARY KEY)").await;
    let shop = Shop::open().await;
    let (one, two) =
        (shop.adopt("test", "test", &one).await, shop.adopt("prod", "prod", &two).await);
    for name in [&one, &two] {
        shop.ada.json("DatabaseService/SyncDatabase", json!({"name": name})).await.expect("a sync");
    }

    // Scripts of an editor have no version. The second needs what the first makes.
    let files = json!([
        file("b.sql", "", "CREATE TABLE book (id int PRIMARY KEY);"),
        file("a.sql", "", "ALTER TABLE book ADD COLUMN n int;\nDROP TABLE book;"),
    ]);
    let answer = check(&shop, &files, &[&one, &two]).await;
    assert_eq!(advices(&answer), ["b.sql ERROR BUILTIN_WALK_THROUGH_CHECK 1"]);
    let results = list(&answer["results"]);
    let places: Vec<_> = results.iter().map(|r| (text(&r["file"]), text(&r["target"]))).collect();
    let expected = [("b.sql", &one), ("a.sql", &one), ("b.sql", &two), ("a.sql", &two)];
    assert_eq!(places, expected.map(|(file, target)| (file.to_owned(), target.clone())));
    let risks: Vec<_> = results.iter().map(|r| text(&r["riskLevel"])).collect();
    assert_eq!(risks, ["LOW", "HIGH", "LOW", "HIGH"]);
    assert_eq!(answer["riskLevel"], "HIGH");
    // What only informs is in the results with its facts, and no advice.
    let told: Vec<_> = list(&results[1]["results"]).iter().map(|r| text(&r["title"])).collect();
    assert!(
        told.contains(&"Lock forecast".to_owned()) && told.contains(&"Summary".to_owned()),
        "{told:?}"
    );
    let stored = shop.ada.json("ReleaseService/ListReleases", json!({"parent": "projects/shop"}));
    assert_eq!(stored.await.expect("a list"), json!({}));

    // Versions are checked in their order, and those that are applied are left out.
    let applied = shop.sheet("CREATE TABLE book (id int PRIMARY KEY);").await.expect("a sheet");
    let mark = json!({"parent": one, "requests": [{"parent": one, "revision": {
        "version": "1", "type": "VERSIONED", "sheet": applied}}]});
    shop.ada.json("RevisionService/BatchCreateRevisions", mark).await.expect("a revision");
    let files = json!([
        file("10.sql", "10", "INSERT INTO pen (id) SELECT 1;"),
        file("2.sql", "2", "CREATE TABLE pen (id int);"),
        file("1.sql", "v1", "CREATE TABLE other (id int);"),
    ]);
    let answer = check(&shop, &files, &[&one]).await;
    assert_eq!(advices(&answer), ["1.sql ERROR Changed since it was applied -"]);
    let files: Vec<_> = list(&answer["results"]).iter().map(|r| text(&r["file"])).collect();
    assert_eq!(files, ["1.sql", "2.sql", "10.sql"]);
}

#[tokio::test]
async fn what_cannot_be_checked_names_its_field() {
    let Some(pg) = servers::postgres().await else { return };
    let database = pg.database().await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    shop.ada
        .json(
            "ProjectService/CreateProject",
            json!({"projectId": "other", "project": {"title": "Other"}}),
        )
        .await
        .expect("a project");
    let good = file("a.sql", "", "SELECT 1;");
    let sheet = format!("projects/shop/sheets/{}", "0".repeat(64));
    for (parent, files, targets, field) in [
        ("projects/shop", json!([]), json!([target]), "release.files"),
        ("projects/shop", json!([good]), json!([]), "targets"),
        ("projects/shop", json!([good]), json!(["instances/a"]), "targets[0]"),
        ("projects/shop", json!([good]), json!([target, target]), "targets[1]"),
        ("projects/shop", json!([good]), json!([target, "instances/a/databases/b"]), "targets[1]"),
        ("projects/other", json!([good]), json!([target]), "targets[0]"),
        (
            "projects/shop",
            json!([file("a.sql", "one", "SELECT 1;")]),
            json!([target]),
            "release.files[0].version",
        ),
        (
            "projects/shop",
            json!([{"path": "a.sql", "sheet": sheet}]),
            json!([target]),
            "release.files[0].sheet",
        ),
    ] {
        let request = json!({"parent": parent, "release": {"files": files}, "targets": targets});
        let refused = shop.ada.json("ReleaseService/CheckRelease", request).await.expect_err(field);
        assert_eq!(refused.code, "invalid_argument");
        assert!(refused.body.contains(&format!("\"{field}\"")), "{field}: {}", refused.body);
    }
}
