//! Releases on the real binary: made, read, listed, checked file by file, planned and rolled out.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use testkit::app::CallError;
use testkit::servers;

use crate::shop::{Shop, list, text};

fn file(version: &str, sql: &str) -> Value {
    let path = format!("migrations/{version}__change.sql");
    json!({"version": version, "path": path, "statement": BASE64_STANDARD.encode(sql)})
}

fn with(files: &Value) -> Value {
    json!({"parent": "projects/shop", "release": {"type": "VERSIONED", "files": files}})
}

fn texts(values: &[Value], field: &str) -> Vec<String> {
    values.iter().map(|v| text(&v[field])).collect()
}

fn plan_of(release: &str, target: &str) -> Value {
    let spec =
        json!({"id": "a", "changeDatabaseConfig": {"release": release, "targets": [target]}});
    json!({"parent": "projects/shop", "plan": {"title": "A release", "specs": [spec]}})
}

impl Shop {
    async fn release(&self, request: Value) -> Result<Value, CallError> {
        self.ada.json("ReleaseService/CreateRelease", request).await
    }
}

#[tokio::test]
async fn a_release_goes_from_files_to_a_rollout_with_one_task() {
    let Some(pg) = servers::postgres().await else { return };
    let database = pg.database().await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    let sheet = shop.sheet("CREATE TABLE third (id int);").await.expect("a sheet");

    let third = json!({"version": "v1.10", "path": "third.sql", "sheet": sheet});
    let files = json!([
        third,
        file("1.2", "CREATE TABLE second (id int);"),
        file("1.1", "CREATE TABLE first ();"),
        file("2", "CREATE TABEL fourth (id int);"),
    ]);
    let mut request = with(&files);
    request["release"]["category"] = json!("web");
    request["release"]["vcsSource"] =
        json!({"vcsType": "GITLAB", "url": "https://git.example.com/shop/-/merge_requests/7"});
    let release = shop.release(request).await.expect("a release");
    let name = text(&release["name"]);
    assert!(name.starts_with("projects/shop/releases/release_2"), "{name}");
    assert!(name.ends_with("-RC00"), "{name}");
    let files = list(&release["files"]);
    assert_eq!(texts(&files, "version"), ["1.1", "1.2", "1.10", "2"]);
    assert_eq!(text(&files[2]["sheet"]), sheet);
    assert_eq!(format!("projects/shop/sheets/{}", text(&files[2]["sheetSha256"])), sheet);
    assert!(files.iter().all(|f| f.get("statement").is_none()), "{files:?}");
    assert_eq!(release["creator"], "users/ada@example.com");
    assert_eq!((&release["state"], &release["type"]), (&json!("ACTIVE"), &json!("VERSIONED")));
    assert_eq!(release["vcsSource"]["vcsType"], "GITLAB");

    let found = shop.ada.json("ReleaseService/GetRelease", json!({"name": name})).await;
    assert_eq!(found.expect("the release"), release);
    let listed = async |filter: &str| {
        let ask = json!({"parent": "projects/shop", "filter": filter});
        let page = shop.ada.json("ReleaseService/ListReleases", ask).await.expect("releases");
        list(&page["releases"])
    };
    assert_eq!(listed("").await, std::slice::from_ref(&release));
    assert_eq!(listed("category == \"web\"").await, std::slice::from_ref(&release));
    assert_eq!(listed("category == \"app\"").await, [Value::Null; 0]);

    // Version 1.1 was applied with another text than the release has.
    let other = shop.sheet("CREATE TABLE first (id int);").await.expect("a sheet");
    let mark = json!({"parent": target, "requests": [{"parent": target, "revision": {
        "version": "1.1", "type": "VERSIONED", "sheet": other}}]});
    let marked = shop.ada.json("RevisionService/BatchCreateRevisions", mark).await;
    let marked = text(&marked.expect("a revision")["revisions"][0]["name"]);

    let plan = shop.ada.json("PlanService/CreatePlan", plan_of(&name, &target)).await;
    let plan = plan.expect("a plan");
    assert_eq!(plan["specs"][0]["changeDatabaseConfig"]["release"], name);
    let results = shop.checks(&plan).await;
    let found: Vec<_> =
        results.iter().map(|r| format!("{} {}", text(&r["status"]), text(&r["title"]))).collect();
    assert_eq!(
        found,
        [
            "ERROR migrations/1.1__change.sql: Changed since it was applied",
            "SUCCESS migrations/1.2__change.sql: OK",
            "SUCCESS migrations/1.2__change.sql: Summary",
            "SUCCESS third.sql: OK",
            "SUCCESS third.sql: Summary",
            "ERROR migrations/2__change.sql: Syntax error",
            "SUCCESS migrations/2__change.sql: Summary",
        ]
    );
    assert_eq!(results[2]["sqlSummaryReport"]["statementTypes"], json!(["CREATE_TABLE"]));
    assert_eq!(results[5]["details"]["version"], "2");
    assert_eq!(results[5]["sqlReviewReport"]["startPosition"]["line"], 1);

    let made = json!({"parent": plan["name"]});
    let refused = shop.ada.json("RolloutService/CreateRollout", made.clone()).await;
    let refused = refused.expect_err("changed").message;
    assert!(refused.contains("1.1__change.sql on instances/test/"), "{refused}");
    let back = json!({"name": marked, "reason": "it was another file"});
    shop.ada.json("RevisionService/DeleteRevision", back).await.expect("taken back");
    let rollout = shop.ada.json("RolloutService/CreateRollout", made).await.expect("a rollout");
    let stages = list(&rollout["stages"]);
    let tasks: Vec<_> = stages.iter().flat_map(|s| list(&s["tasks"])).collect();
    assert_eq!(tasks.len(), 1, "{rollout}");
    assert_eq!(tasks[0]["target"], target);
    assert_eq!(tasks[0]["databaseUpdate"], json!({"release": name}));
}

#[tokio::test]
async fn a_plan_with_a_release_is_fixed_and_has_nothing_else() {
    let Some(pg) = servers::postgres().await else { return };
    let database = pg.database().await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    let release = shop.release(with(&json!([file("1", "SELECT 1")]))).await.expect("a release");
    let release = text(&release["name"]);
    let sheet = shop.sheet("SELECT 2").await.expect("a sheet");
    let refused = async |plan: Value| {
        shop.ada.json("PlanService/CreatePlan", plan).await.expect_err("refused").message
    };

    let mut both = plan_of(&release, &target);
    both["plan"]["specs"][0]["changeDatabaseConfig"]["sheet"] = json!(sheet);
    let message = refused(both).await;
    assert!(message.contains("specs[0].change_database_config.sheet: a change has"), "{message}");
    let mut mixed = plan_of(&release, &target);
    let by_sheet =
        json!({"id": "b", "changeDatabaseConfig": {"sheet": sheet, "targets": [target]}});
    mixed["plan"]["specs"].as_array_mut().expect("a list").push(by_sheet.clone());
    assert!(refused(mixed).await.contains("do not mix changes by sheet and by release"));
    let message = refused(plan_of("projects/shop/releases/none", &target)).await;
    assert!(
        message
            .contains("change_database_config.release: projects/shop/releases/none does not exist"),
        "{message}"
    );

    let plan = shop.ada.json("PlanService/CreatePlan", plan_of(&release, &target)).await;
    let plan = plan.expect("a plan");
    let edit = json!({"plan": {"name": plan["name"], "specs": [by_sheet]}, "updateMask": "specs"});
    let error = shop.ada.json("PlanService/UpdatePlan", edit).await.expect_err("fixed");
    assert_eq!(
        (&*error.reason, error.body.contains("RELEASE_PLAN")),
        ("BLOCKED", true),
        "{error:?}"
    );
    let mut issue = json!({"parent": "projects/shop", "issue": {
        "type": "DATABASE_CHANGE", "title": "A release", "plan": plan["name"], "draft": true}});
    let error = shop.ada.json("IssueService/CreateIssue", issue.clone()).await;
    assert!(error.expect_err("no draft").message.starts_with("issue.draft: "));
    issue["issue"]["draft"] = json!(false);
    shop.ada.json("IssueService/CreateIssue", issue).await.expect("an issue");
}

#[tokio::test]
async fn a_wrong_release_is_refused_by_field_and_makes_nothing() {
    let shop = Shop::open().await;
    let refused = async |request: Value| shop.release(request).await.expect_err("refused");
    let good = || file("1", "SELECT 1");
    let none = format!("projects/shop/sheets/{}", "0".repeat(64));
    for (files, says) in [
        (json!([]), "release.files: add at least one file"),
        (json!([good(), file("1.x", "SELECT 1")]), "release.files[1].version: use whole numbers"),
        (json!([good(), file("v01", "SELECT 1")]), "release.files[1].version: files[0] has this"),
        (json!([{"version": "1"}]), "release.files[0].statement: give the SQL"),
        (json!([good(), {"version": "2", "sheet": none}]), "release.files[1].sheet: projects/shop"),
    ] {
        let error = refused(with(&files)).await;
        assert_eq!(error.reason, "INVALID_FIELD", "{error:?}");
        assert!(error.message.starts_with(says), "{}", error.message);
    }
    let error =
        refused(with(&json!([{"version": "1", "statement": BASE64_STANDARD.encode(b"a\xff")}])))
            .await;
    assert_eq!(error.reason, "NOT_TEXT");
    assert!(error.message.starts_with("release.files[0].statement: "), "{}", error.message);
    let mut declarative = with(&json!([good()]));
    declarative["release"]["type"] = json!("DECLARATIVE");
    let error = refused(declarative).await;
    assert_eq!(error.code, "unimplemented");
    assert!(error.message.contains("the comparison of schemas, which is missing"), "{error:?}");
    let nameless = json!([good(), {"path": "db/readme.md", "statement": "eA=="}]);
    let message = refused(with(&nameless)).await.message;
    assert!(
        message.contains("files[1].version: none is given, and db/readme.md: its name"),
        "{message}"
    );
    for (field, value) in
        [("releaseIdTemplate", "x-{iteration}"), ("releaseIdTimezone", "Asia/Atlantis")]
    {
        let mut request = with(&json!([good()]));
        request[field] = json!(value);
        let message = refused(request).await.message;
        assert!(message.starts_with("release_id_t"), "{message}");
    }
    let nowhere = json!({"parent": "projects/nowhere", "release": {"files": [good()]}});
    assert_eq!(refused(nowhere).await.code, "not_found");

    let made = json!({"parent": "projects/shop"});
    let page = shop.ada.json("ReleaseService/ListReleases", made).await.expect("a list");
    assert_eq!(list(&page["releases"]).len(), 0, "{page}");
    let missing = json!({"name": "projects/shop/releases/none"});
    let error = shop.ada.json("ReleaseService/GetRelease", missing).await.expect_err("none");
    assert_eq!(error.code, "not_found");
}

#[tokio::test]
async fn releases_of_one_template_count_up_and_are_listed_newest_first() {
    let shop = Shop::open().await;
    let mut names = Vec::new();
    for sql in ["SELECT 1", "SELECT 1", "SELECT 2"] {
        let mut request = with(&json!([file("1", sql)]));
        request["releaseIdTemplate"] = json!("app-{date}.{iteration}");
        names.push(text(&shop.release(request).await.expect("a release")["name"]));
    }
    let ends: Vec<_> = names.iter().map(|n| n.rsplit('.').next().expect("an end")).collect();
    assert_eq!(ends, ["00", "01", "02"], "{names:?}");
    names.reverse();
    let mut ask = json!({"parent": "projects/shop", "pageSize": 2});
    let page = shop.ada.json("ReleaseService/ListReleases", ask.clone()).await.expect("a page");
    assert_eq!(texts(&list(&page["releases"]), "name"), names[..2]);
    ask["pageToken"] = page["nextPageToken"].clone();
    let page = shop.ada.json("ReleaseService/ListReleases", ask).await.expect("a page");
    assert_eq!(texts(&list(&page["releases"]), "name"), names[2..]);
    assert_eq!(text(&page["nextPageToken"]), "");
    // Those of another template have a train of their own.
    shop.release(with(&json!([file("1", "SELECT 1")]))).await.expect("of the usual template");
    let train = names[0].rsplit('/').next().expect("an id").trim_end_matches("02");
    let filter = format!("train == \"{train}\"");
    let ask = json!({"parent": "projects/shop", "filter": filter});
    let page = shop.ada.json("ReleaseService/ListReleases", ask).await.expect("a page");
    assert_eq!(texts(&list(&page["releases"]), "name"), names);
}

#[tokio::test]
async fn a_release_changes_its_link_only_and_comes_back_after_it_was_deleted() {
    let Some(pg) = servers::postgres().await else { return };
    let database = pg.database().await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    let mut request = with(&json!([
        {"path": "db/V1.2__add_orders_dml.sql", "statement": BASE64_STANDARD.encode("SELECT 1")},
    ]));
    request["release"]["category"] = json!("web");
    let release = shop.release(request.clone()).await.expect("a release");
    let name = text(&release["name"]);
    let file = &release["files"][0];
    assert_eq!((&file["version"], &file["description"]), (&json!("1.2"), &json!("add orders")));
    assert_eq!(file["hint"], "DML");
    assert_eq!(release["stream"], "projects/shop/categories/web");
    request["release"]["category"] = json!("app");
    shop.release(request).await.expect("another release");

    let link = json!({"vcsType": "GITHUB", "url": "https://github.com/acme/shop/pull/7"});
    let mut change =
        json!({"release": {"name": name, "vcsSource": link}, "updateMask": "vcsSource"});
    let changed = shop.ada.json("ReleaseService/UpdateRelease", change.clone()).await;
    let changed = changed.expect("a changed release");
    assert_eq!((&changed["vcsSource"], &changed["stream"]), (&link, &release["stream"]));
    assert_eq!(changed["files"], release["files"]);
    change["updateMask"] = json!("category");
    let refused = shop.ada.json("ReleaseService/UpdateRelease", change).await.expect_err("fixed");
    assert!(refused.message.starts_with("update_mask: "), "{}", refused.message);

    let of = json!({"parent": "projects/shop"});
    let categories = async || {
        let answer = shop.ada.json("ReleaseService/ListReleaseCategories", of.clone()).await;
        list(&answer.expect("categories")["categories"])
    };
    assert_eq!(categories().await, ["app", "web"]);
    let one = json!({"name": name});
    shop.ada.json("ReleaseService/DeleteRelease", one.clone()).await.expect("deleted");
    assert_eq!(categories().await, ["app"]);
    let again = shop.ada.json("ReleaseService/DeleteRelease", one.clone()).await;
    assert_eq!(again.expect_err("twice").reason, "RESOURCE_DELETED");
    let listed = async |show: bool| {
        let ask = json!({"parent": "projects/shop", "showDeleted": show});
        let page = shop.ada.json("ReleaseService/ListReleases", ask).await.expect("releases");
        list(&page["releases"]).len()
    };
    assert_eq!((listed(false).await, listed(true).await), (1, 2));
    let plan = shop.ada.json("PlanService/CreatePlan", plan_of(&name, &target)).await;
    assert!(plan.expect_err("deleted").message.contains("is deleted"));
    let back = shop.ada.json("ReleaseService/UndeleteRelease", one).await.expect("it is back");
    assert_eq!((&back["state"], &back["vcsSource"]), (&json!("ACTIVE"), &link));
    shop.ada.json("PlanService/CreatePlan", plan_of(&name, &target)).await.expect("a plan");
}
