//! Which files of a release run: versions are counted in streams, changed files are refused, late ones follow the project's policy.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use testkit::servers::{self, Server};

use crate::shop::{Shop, list, text};

/// A release of these files, from a commit of the repository.
struct Pushed<'a> {
    repository: &'a str,
    files: &'a [(&'a str, &'a str)],
    accept: &'a str,
}

impl<'a> Pushed<'a> {
    const fn new(repository: &'a str, files: &'a [(&'a str, &'a str)]) -> Self {
        Self { repository, files, accept: "" }
    }

    fn release(&self) -> Value {
        let file = |(path, sql): &(&str, &str)| json!({"path": path, "statement": BASE64_STANDARD.encode(sql)});
        let url = format!("https://github.com/{}/commit/0a1b2c", self.repository);
        json!({"type": "VERSIONED", "files": self.files.iter().map(file).collect::<Vec<_>>(),
            "vcsSource": {"vcsType": "GITHUB", "url": url}, "acceptChanged": self.accept})
    }

    async fn check(&self, shop: &Shop, target: &str) -> Value {
        let ask =
            json!({"parent": "projects/shop", "release": self.release(), "targets": [target]});
        shop.ada.json("ReleaseService/CheckRelease", ask).await.expect("an answer")
    }

    /// Rolls it out on the target. Gives status and detail of the run.
    async fn run(&self, shop: &Shop, target: &str) -> (String, String) {
        let plan = self.plan(shop, &[target]).await;
        let runs = shop.roll_out(&plan).await;
        (text(&runs[0]["status"]), text(&runs[0]["detail"]))
    }

    /// Why no rollout of it is made on the targets.
    async fn refused(&self, shop: &Shop, targets: &[&str]) -> String {
        let ask = json!({"parent": self.plan(shop, targets).await["name"]});
        let made = shop.ada.json("RolloutService/CreateRollout", ask.clone()).await;
        let error = made.expect_err("refused");
        assert_eq!(error.code, "failed_precondition");
        let rollout = json!({"name": format!("{}/rollout", text(&ask["parent"]))});
        let nothing = shop.ada.json("RolloutService/GetRollout", rollout).await;
        assert_eq!(nothing.expect_err("not made").code, "not_found");
        error.message
    }

    /// A plan with a release of it.
    async fn plan(&self, shop: &Shop, targets: &[&str]) -> Value {
        let ask = json!({"parent": "projects/shop", "release": self.release()});
        let release = shop.ada.json("ReleaseService/CreateRelease", ask).await.expect("a release");
        let spec = json!({"id": "a", "changeDatabaseConfig": {"release": release["name"], "targets": targets}});
        let plan =
            json!({"parent": "projects/shop", "plan": {"title": "A release", "specs": [spec]}});
        shop.ada.json("PlanService/CreatePlan", plan).await.expect("a plan")
    }
}

/// Of what is left out: file, reason, and whether the release is refused for it.
fn skipped(answer: &Value) -> Vec<String> {
    let shown = |s: &Value| {
        let refused = if s["refused"] == json!(true) { " refused" } else { "" };
        format!("{} {}{refused}", text(&s["file"]), text(&s["reason"]))
    };
    list(&answer["skipped"]).iter().map(shown).collect()
}

/// Level and title of the advices about release and database.
fn advices(answer: &Value) -> Vec<String> {
    let of = |result: &Value| {
        let shown = |a: &Value| format!("{} {}", text(&a["status"]), text(&a["title"]));
        list(&result["advices"]).iter().map(shown).collect::<Vec<_>>()
    };
    list(&answer["results"]).iter().flat_map(of).collect()
}

async fn revisions(shop: &Shop, target: &str) -> Vec<String> {
    let ask = json!({"parent": target});
    let page = shop.ada.json("RevisionService/ListRevisions", ask).await.expect("revisions");
    let shown = |r: &Value| {
        let stream = text(&r["stream"]);
        format!("{} {}", text(&r["version"]), stream.rsplit('/').next().unwrap_or_default())
    };
    let mut shown: Vec<_> = list(&page["revisions"]).iter().map(shown).collect();
    shown.sort();
    shown
}

#[tokio::test]
async fn two_repositories_with_one_version_on_one_database_are_both_applied_on_postgres() {
    let Some(server) = servers::postgres().await else { return };
    two_repositories(&server).await;
}

#[tokio::test]
async fn two_repositories_with_one_version_on_one_database_are_both_applied_on_mariadb() {
    let Some(server) = servers::mariadb().await else { return };
    two_repositories(&server).await;
}

async fn two_repositories(server: &Server) {
    let database = server.database().await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    let web = [
        ("db/1_init.sql", "CREATE TABLE web (id int);"),
        ("db/2_fill.sql", "INSERT INTO web VALUES (1);"),
    ];
    let app = [
        ("db/1_init.sql", "CREATE TABLE app (id int);"),
        ("db/2_fill.sql", "INSERT INTO app VALUES (2);"),
    ];
    let (web, app) = (Pushed::new("acme/web", &web), Pushed::new("acme/app", &app));
    for pushed in [&web, &app] {
        let (status, detail) = pushed.run(&shop, &target).await;
        assert_eq!((&*status, &*detail), ("DONE", "2 files applied."));
    }
    assert_eq!(revisions(&shop, &target).await, ["1 app", "1 web", "2 app", "2 web"]);
    for (table, id) in [("web", "1"), ("app", "2")] {
        let rows = database.rows(&format!("SELECT id FROM {table}")).await;
        assert_eq!(rows, [[Some(id.to_owned())]]);
    }
    let answer = app.check(&shop, &target).await;
    assert_eq!(
        skipped(&answer),
        ["db/1_init.sql ALREADY_APPLIED", "db/2_fill.sql ALREADY_APPLIED"]
    );
    assert_eq!(answer["skipped"][0]["targets"], json!([target]));
    assert_eq!(advices(&answer), [""; 0]);
    // A run with nothing to do leaves no trace at the database.
    let before = history(&shop, &target).await;
    let (status, detail) = web.run(&shop, &target).await;
    assert_eq!((&*status, &*detail), ("DONE", "All 2 files were applied before."));
    assert_eq!(history(&shop, &target).await, before);

    // A third repository with the very text of another is asked about, and runs.
    let third = [("db/1_init.sql", "CREATE TABLE web (id int);")];
    let answer = Pushed::new("acme/copy", &third).check(&shop, &target).await;
    assert!(advices(&answer).contains(&"WARNING Applied by another stream".to_owned()), "{answer}");
    assert_eq!(skipped(&answer), [""; 0]);
}

async fn history(shop: &Shop, target: &str) -> usize {
    let page = shop.ada.json("ChangelogService/ListChangelogs", json!({"parent": target})).await;
    list(&page.expect("a history")["changelogs"]).len()
}

#[tokio::test]
async fn a_changed_file_is_refused_until_somebody_says_why_it_may_differ() {
    let Some(server) = servers::postgres().await else { return };
    let database = server.database().await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    let second = ("2.sql", "CREATE TABLE b (id int);");
    let files = [("1.sql", "CREATE TABLE a (id int);"), second];
    assert_eq!(Pushed::new("acme/shop", &files).run(&shop, &target).await.0, "DONE");

    // Blanks and comments are told apart, and reported until the new text is recorded.
    let formatted = [("1.sql", "-- the first\nCREATE TABLE a (\n  id int\n)"), second];
    let formatted = Pushed::new("acme/shop", &formatted);
    let answer = formatted.check(&shop, &target).await;
    assert_eq!(skipped(&answer), ["1.sql FORMATTING_CHANGED", "2.sql ALREADY_APPLIED"]);
    assert_eq!(advices(&answer), ["WARNING Formatting changed since it was applied"]);
    assert_eq!(formatted.run(&shop, &target).await.0, "DONE");
    let answer = formatted.check(&shop, &target).await;
    assert_eq!(skipped(&answer), ["1.sql ALREADY_APPLIED", "2.sql ALREADY_APPLIED"]);

    let changed =
        [("1.sql", "CREATE TABLE a (id bigint);"), second, ("3.sql", "CREATE TABLE c (id int);")];
    let mut changed = Pushed::new("acme/shop", &changed);
    let answer = changed.check(&shop, &target).await;
    let refused = "1.sql APPLIED_WITH_OTHER_CONTENT refused";
    assert_eq!(skipped(&answer), [refused, "2.sql ALREADY_APPLIED"]);
    assert_eq!(advices(&answer)[0], "ERROR Changed since it was applied");
    // Also where another database would take it: nothing begins that cannot be ended.
    let other = server.database().await;
    let fresh = shop.adopt("prod", "prod", &other).await;
    for targets in [&[&*target][..], &[&fresh, &target]] {
        let why = changed.refused(&shop, targets).await;
        assert!(why.contains(&format!("1.sql on {target}: Version 1 is applied")), "{why}");
        assert!(!why.contains(&fresh), "{why}");
    }
    assert!(database.rows("SELECT to_regclass('c')::text").await[0][0].is_none());

    changed.accept = "the type was widened by hand";
    let answer = changed.check(&shop, &target).await;
    assert_eq!(skipped(&answer), ["1.sql CHANGE_ACCEPTED", "2.sql ALREADY_APPLIED"]);
    let (status, detail) = changed.run(&shop, &target).await;
    assert_eq!((&*status, &*detail), ("DONE", "1 file applied; 2 were applied before."));
    // From then on the new text is what was applied.
    changed.accept = "";
    let answer = changed.check(&shop, &target).await;
    let applied = |n: u8| format!("{n}.sql ALREADY_APPLIED");
    assert_eq!(skipped(&answer), [applied(1), applied(2), applied(3)]);
    assert_eq!(revisions(&shop, &target).await, ["1 shop", "2 shop", "3 shop"]);
    // Why what was in force is in force no more.
    let ask = json!({"parent": target, "showDeleted": true, "filter": "file == \"1.sql\""});
    let page = shop.ada.json("RevisionService/ListRevisions", ask).await.expect("revisions");
    let reasons: Vec<_> =
        list(&page["revisions"]).iter().map(|r| text(&r["deleteReason"])).collect();
    assert_eq!(reasons.iter().filter(|r| *r == "the type was widened by hand").count(), 1);
    assert_eq!((reasons.len(), reasons.iter().filter(|r| r.is_empty()).count()), (3, 2));
}

#[tokio::test]
async fn a_late_version_follows_the_policy_of_the_project() {
    let Some(server) = servers::postgres().await else { return };
    let database = server.database().await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    let tenth = ("10.sql", "CREATE TABLE t10 (id int);");
    assert_eq!(Pushed::new("acme/shop", &[tenth]).run(&shop, &target).await.0, "DONE");
    let policy = async |word: &str| {
        let project = json!({"name": "projects/shop", "outOfOrderVersions": word});
        let change = json!({"project": project, "updateMask": "outOfOrderVersions"});
        let answer =
            shop.ada.json("ProjectService/UpdateProject", change).await.expect("a project");
        assert_eq!(answer["outOfOrderVersions"], word);
    };
    let second = [("2.sql", "CREATE TABLE t2 (id int);"), tenth];
    let second = Pushed::new("acme/shop", &second);
    policy("REFUSE").await;
    let answer = second.check(&shop, &target).await;
    assert_eq!(skipped(&answer), ["2.sql OUT_OF_ORDER refused", "10.sql ALREADY_APPLIED"]);
    assert_eq!(advices(&answer), ["ERROR Out of order"]);
    let why = second.refused(&shop, &[&target]).await;
    assert!(why.contains("Version 2 comes after 10"), "{why}");
    // What was decided meanwhile is seen when it runs: the policy, and a revision that somebody marks.
    policy("APPLY").await;
    let plan = second.plan(&shop, &[&target]).await;
    let made = json!({"parent": plan["name"]});
    let rollout = shop.ada.json("RolloutService/CreateRollout", made).await.expect("a rollout");
    policy("REFUSE").await;
    let stage = &rollout["stages"][0];
    let run = json!({"parent": stage["name"], "tasks": [stage["tasks"][0]["name"]]});
    shop.ada.json("RolloutService/BatchRunTasks", run).await.expect("it is run");
    let runs = shop.ended(&text(&stage["name"]), 1).await;
    let (status, detail) = (text(&runs[0]["status"]), text(&runs[0]["detail"]));
    assert!(status == "FAILED" && detail.contains("Nothing was run."), "{status} {detail}");
    assert!(detail.contains("Version 2 comes after 10"), "{detail}");
    policy("APPLY").await;
    let answer = second.check(&shop, &target).await;
    assert_eq!((skipped(&answer).len(), advices(&answer).len()), (1, 0));
    policy("WARN").await;
    assert_eq!(advices(&second.check(&shop, &target).await), ["WARNING Out of order"]);
    assert_eq!(second.run(&shop, &target).await.0, "DONE");
    assert_eq!(revisions(&shop, &target).await, ["10 shop", "2 shop"]);
}

#[tokio::test]
async fn each_file_that_is_left_out_and_each_name_that_misleads_is_told() {
    let Some(server) = servers::postgres().await else { return };
    let database = server.database().await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    let files = [
        ("db/readme.md", "read me"),
        ("db/1_init_dml.sql", "CREATE TABLE a (id int);"),
        ("db/2_fill_ddl.sql", "INSERT INTO a VALUES (1);"),
        ("db/3_more_dml.sql", "INSERT INTO a VALUES (2);"),
        ("db/4_wide_ghost.sql", "ALTER TABLE a ADD COLUMN b int;"),
    ];
    let answer = Pushed::new("acme/shop", &files).check(&shop, &target).await;
    assert_eq!(skipped(&answer), ["db/readme.md NO_VERSION"]);
    let message = text(&answer["skipped"][0]["message"]);
    assert!(message.contains("its name does not begin with a version"), "{message}");
    let odd: Vec<_> = advices(&answer)
        .into_iter()
        .filter(|a| a.contains("Name and statements") || a.contains("online"))
        .collect();
    let differ = "WARNING Name and statements differ";
    assert_eq!(odd, [differ, differ, "WARNING Not an online change"]);
}
