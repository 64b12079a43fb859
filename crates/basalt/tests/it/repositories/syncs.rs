//! What becomes of a branch: releases, rollouts, and why there is none.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::app::Basalt;
use testkit::servers::{self, TestDatabase};

use super::hooks::pushed;
use super::host::{Host, Kind};
use super::{OPEN, PATIENCE, call, came_to, create, github, releases, syncs};
use crate::BASALT;
use crate::shop::{Shop, list, text};

/// The stage of that environment runs by itself.
pub(super) async fn automatic(shop: &Shop, environment: &str) {
    let policy = json!({"name": format!("environments/{environment}/policies/rollout_policy"),
        "type": "ROLLOUT_POLICY", "enforce": true, "rolloutPolicy": {"automatic": true}});
    let request = json!({"policy": policy, "allowMissing": true, "updateMask": "rolloutPolicy"});
    shop.ada.json("OrgPolicyService/UpdatePolicy", request).await.expect("a policy");
}

/// Status of the only task of each stage, once the first is as wanted.
async fn stages(shop: &Shop, rollout: &Value, first: &str) -> Vec<String> {
    let until = Instant::now() + PATIENCE;
    loop {
        let name = json!({"name": rollout});
        let found = shop.ada.json("RolloutService/GetRollout", name).await.expect("a rollout");
        let all: Vec<String> =
            list(&found["stages"]).iter().map(|s| text(&s["tasks"][0]["status"])).collect();
        if all.first().is_some_and(|s| s == first) {
            return all;
        }
        assert!(Instant::now() < until, "no {first}: {all:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The one value that the query gives.
async fn value(database: &TestDatabase, sql: &str) -> String {
    database.rows(sql).await.remove(0).remove(0).unwrap_or_default()
}

pub(super) async fn sync_now(shop: &Shop, repository: &Value) {
    let name = json!({"name": repository["name"]});
    call(&shop.ada, "SyncRepository", name).await.expect("asked for");
}

#[tokio::test]
async fn a_push_is_released_and_test_is_deployed_while_the_next_stage_waits() {
    let Some(server) = servers::postgres().await else { return };
    let (first, second) = (server.database().await, server.database().await);
    let shop = Shop::open_with(&OPEN).await;
    automatic(&shop, "test").await;
    let targets = json!([
        shop.adopt("pg-test", "test", &first).await,
        shop.adopt("pg-prod", "prod", &second).await
    ]);
    let host = Host::start(Kind::Github).await;
    host.push("acme/shop", "main", &[("README.md", "# Shop")]);
    let made = create(&shop.ada, github(&host.url, &[("targets", targets)])).await.expect("made");
    came_to(&shop, &made, ("NOTHING_NEW", "NO_FILES")).await;

    let commit = host.push(
        "acme/shop",
        "main",
        &[
            ("migrations/0001_items.sql", "CREATE TABLE items (id int PRIMARY KEY);"),
            ("migrations/old/0002_b.sql", "SELECT 2;"),
            ("migrations/notes.sql", "SELECT 3;"),
            ("migrations/0003_empty.sql", " \n"),
        ],
    );
    host.asked();
    // Two messages at the same time.
    let (one, two) =
        tokio::join!(pushed(&shop, &made, "main", "d-1"), pushed(&shop, &made, "main", "d-2"));
    assert_eq!((one.0, two.0), (202, 202));
    let until = Instant::now() + PATIENCE;
    let done = loop {
        let all = syncs(&shop, &made).await;
        if let Some(done) = all.iter().find(|s| s["status"] == "DONE") {
            break done.clone();
        }
        assert!(Instant::now() < until, "nothing done: {all:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!((&done["reason"], &done["commit"]), (&json!("ROLLED_OUT"), &json!(commit)));
    assert_eq!(stages(&shop, &done["rollout"], "DONE").await, ["DONE", "NOT_STARTED"]);
    assert_eq!(value(&first, "SELECT count(*)::text FROM items").await, "0");
    let ignored: Vec<String> = list(&done["ignoredFiles"])
        .iter()
        .map(|f| format!("{}: {}", text(&f["path"]), text(&f["reason"])))
        .collect();
    assert_eq!(ignored.len(), 3, "{ignored:?}");
    assert_eq!(ignored[0], "migrations/0003_empty.sql: it is empty");
    assert!(ignored[1].starts_with("migrations/notes.sql: its name"), "{ignored:?}");
    assert_eq!(
        ignored[2],
        "migrations/old/0002_b.sql: the pattern migrations/*.sql does not name it"
    );
    let all = releases(&shop).await;
    assert_eq!(all.len(), 1, "one commit is one release: {all:?}");
    assert_eq!(all[0]["name"], done["release"]);
    assert_eq!(all[0]["creator"], "users/ada@example.com");
    let url = format!("{}/acme/shop/commit/{commit}", host.url);
    assert_eq!(all[0]["vcsSource"], json!({"vcsType": "GITHUB", "url": url}));

    // A commit that leaves the files alone makes nothing, and fetches nothing.
    host.asked();
    host.push("acme/shop", "main", &[("README.md", "# The shop")]);
    assert_eq!(pushed(&shop, &made, "main", "d-3").await.0, 202);
    let same = came_to(&shop, &made, ("NOTHING_NEW", "FILES_UNCHANGED")).await;
    assert!(text(&same["message"]).contains(&text(&done["release"])), "{same}");
    assert!(!host.asked().iter().any(|path| path.contains("/git/blobs/")));

    // A file that was applied is changed: refused, by its name.
    host.push(
        "acme/shop",
        "main",
        &[("migrations/0001_items.sql", "CREATE TABLE items (id bigint);")],
    );
    assert_eq!(pushed(&shop, &made, "main", "d-4").await.0, 202);
    let refused = came_to(&shop, &made, ("FAILED", "FILE_CHANGED")).await;
    assert!(text(&refused["message"]).contains("migrations/0001_items.sql"), "{refused}");
    assert_eq!(releases(&shop).await.len(), 1);
    // Restored, with one more: only that one is new.
    host.push(
        "acme/shop",
        "main",
        &[
            ("migrations/0001_items.sql", "CREATE TABLE items (id int PRIMARY KEY);"),
            ("migrations/0004_name.sql", "ALTER TABLE items ADD COLUMN name text;"),
        ],
    );
    assert_eq!(pushed(&shop, &made, "main", "d-5").await.0, 202);
    let done = came_to(&shop, &made, ("DONE", "ROLLED_OUT")).await;
    stages(&shop, &done["rollout"], "DONE").await;
    assert_eq!(value(&first, "SELECT count(name)::text FROM items").await, "0");
}

#[tokio::test]
async fn a_server_that_dies_while_it_reads_makes_one_release_after_all() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let host = Host::start(Kind::Github).await;
    host.push("acme/shop", "main", &[("migrations/1_a.sql", "SELECT 1;")]);
    host.be_silent(true);
    let shop = Shop::in_(Basalt::start_in(BASALT, data.path(), &OPEN).await).await;
    let made = create(&shop.ada, github(&host.url, &[])).await.expect("made");
    let until = Instant::now() + PATIENCE;
    while !host.asked().iter().any(|path| path.contains("/git/blobs/")) {
        assert!(Instant::now() < until, "no text was asked for");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // Not asked to stop: killed.
    drop(shop);
    host.be_silent(false);
    let basalt = Basalt::start_in(BASALT, data.path(), &OPEN).await;
    let mut ada = basalt.client();
    ada.sign_in("ada@example.com", "correct-horse-9").await;
    let shop = Shop { basalt, ada };
    came_to(&shop, &made, ("DONE", "RELEASED")).await;
    sync_now(&shop, &made).await;
    came_to(&shop, &made, ("NOTHING_NEW", "FILES_UNCHANGED")).await;
    assert_eq!(releases(&shop).await.len(), 1);
}

#[tokio::test]
async fn two_repositories_use_the_same_version_on_one_database() {
    let Some(server) = servers::postgres().await else { return };
    let database = server.database().await;
    let shop = Shop::open_with(&OPEN).await;
    automatic(&shop, "test").await;
    let target = shop.adopt("pg-test", "test", &database).await;
    let host = Host::start(Kind::Gitlab).await;
    for (path, table) in [("acme/one", "one"), ("acme/two", "two")] {
        let sql = format!("CREATE TABLE {table} (id int);");
        host.push(path, "main", &[("db/0001_first.sql", &sql)]);
        let more = [
            ("vcsType", json!("GITLAB")),
            ("path", json!(path)),
            ("filePattern", json!("db/**/*.sql")),
            ("targets", json!([target])),
        ];
        let made = create(&shop.ada, github(&host.url, &more)).await.expect("made");
        let done = came_to(&shop, &made, ("DONE", "ROLLED_OUT")).await;
        stages(&shop, &done["rollout"], "DONE").await;
    }
    let tables = "SELECT string_agg(tablename, ',' ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(value(&database, tables).await, "one,two");
}

#[tokio::test]
async fn polling_reads_large_folders_and_passes_over_faults() {
    let shop = Shop::open_with(&OPEN).await;
    let host = Host::start(Kind::Github).await;
    host.truncate();
    let files: Vec<(String, String)> =
        (1..=9).map(|n| (format!("a/b/{n}/{n:04}_x.sql"), format!("SELECT {n};"))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    host.push("acme/shop", "main", &files);
    host.fault(&[
        (500, ""),
        (429, "retry-after: 1\r\n"),
        (403, "x-ratelimit-remaining: 0\r\n"),
        (503, ""),
    ]);
    let more = [
        ("mode", json!("POLL")),
        ("pollInterval", json!("30s")),
        ("filePattern", json!("a/b/**/*.sql")),
    ];
    let made = create(&shop.ada, github(&host.url, &more)).await.expect("made");
    let done = came_to(&shop, &made, ("DONE", "RELEASED")).await;
    assert_eq!((&done["fileCount"], &done["attempts"]), (&json!(9), &json!(5)), "{done}");
    assert_eq!(done["trigger"], "POLL");
    let now = call(&shop.ada, "GetRepository", json!({"name": made["name"]})).await.expect("one");
    assert_eq!(now["lastSync"]["name"], done["name"]);
    assert!(text(&now["nextCheckTime"]) > text(&now["checkTime"]), "{now}");

    // Somebody who asks is answered, also when there is nothing new.
    sync_now(&shop, &made).await;
    let same = came_to(&shop, &made, ("NOTHING_NEW", "FILES_UNCHANGED")).await;
    assert_eq!(
        (&same["trigger"], &same["triggerSource"]),
        (&json!("MANUAL"), &json!("users/ada@example.com"))
    );
    host.push("acme/shop", "main", &[("a/b/1/01_y.sql", "SELECT 1;")]);
    sync_now(&shop, &made).await;
    let twice = came_to(&shop, &made, ("FAILED", "VERSION_TWICE")).await;
    assert!(text(&twice["message"]).contains("a/b/1/0001_x.sql and a/b/1/01_y.sql"), "{twice}");
    assert_eq!(releases(&shop).await.len(), 1);
}

#[tokio::test]
async fn a_refused_token_stops_everything_until_there_is_another() {
    let shop = Shop::open_with(&OPEN).await;
    let host = Host::start(Kind::Github).await;
    host.push("acme/shop", "main", &[("migrations/1_a.sql", "SELECT 1;")]);
    host.takes("another-token", None);
    let made = create(&shop.ada, github(&host.url, &[])).await.expect("made");
    let refused = came_to(&shop, &made, ("FAILED", "TOKEN_REFUSED")).await;
    assert!(text(&refused["message"]).contains("new access token"), "{refused}");
    let get = || call(&shop.ada, "GetRepository", json!({"name": made["name"]}));
    let stopped = get().await.expect("one");
    assert_eq!(
        (&stopped["stopped"], &stopped["nextCheckTime"]),
        (&refused["message"], &Value::Null)
    );
    let name = json!({"name": made["name"]});
    let again = call(&shop.ada, "SyncRepository", name).await.expect_err("stopped");
    assert!(again.body.contains("REPOSITORY_STOPPED"), "{}", again.body);
    host.asked();
    let (status, said) = pushed(&shop, &made, "main", "d-1").await;
    assert!(status == 202 && said.starts_with("ignored: the repository is stopped"), "{said}");
    assert_eq!(host.asked().len(), 0);

    let change = |token: &str, branch: &str| json!({"repository": {"name": made["name"], "accessToken": token, "branch": branch}, "updateMask": "accessToken,branch"});
    call(&shop.ada, "UpdateRepository", change("another-token", "gone")).await.expect("changed");
    came_to(&shop, &made, ("FAILED", "BRANCH_NOT_FOUND")).await;
    host.fault(&[(403, "x-accepted-github-permissions: contents=read\r\n")]);
    call(&shop.ada, "UpdateRepository", change("another-token", "main")).await.expect("changed");
    let denied = came_to(&shop, &made, ("FAILED", "TOKEN_FORBIDDEN")).await;
    assert!(text(&denied["message"]).contains("contents:read"), "{denied}");
    call(&shop.ada, "UpdateRepository", change("another-token", "main")).await.expect("changed");
    came_to(&shop, &made, ("DONE", "RELEASED")).await;
    assert_eq!(get().await.expect("one")["stopped"], Value::Null);
}

#[tokio::test]
async fn a_sync_does_no_more_than_its_actor_may() {
    let shop = Shop::open_with(&OPEN).await;
    let host = Host::start(Kind::Github).await;
    host.push("acme/shop", "main", &[("migrations/1_a.sql", "SELECT 1;")]);
    let owner = shop.member("olga@example.com", &[("projects/shop", "roles/projectOwner")]).await;
    let made = create(&owner, github(&host.url, &[])).await.expect("made");
    assert_eq!(made["actor"], "users/olga@example.com");
    came_to(&shop, &made, ("DONE", "RELEASED")).await;

    let of = json!({"resource": "projects/shop"});
    let mut policy = shop.ada.json("ProjectService/GetIamPolicy", of).await.expect("a policy");
    let mut bindings = list(&policy["bindings"]);
    bindings.retain(|b| !b["members"].to_string().contains("olga"));
    policy["bindings"] = bindings.into();
    let set = json!({"resource": "projects/shop", "policy": policy});
    shop.ada.json("ProjectService/SetIamPolicy", set).await.expect("a new policy");
    host.push("acme/shop", "main", &[("migrations/2_b.sql", "SELECT 2;")]);
    assert_eq!(pushed(&shop, &made, "main", "d-1").await.0, 202);
    let refused = came_to(&shop, &made, ("FAILED", "ACTOR_NOT_ALLOWED")).await;
    assert!(text(&refused["message"]).contains("bb.releases.create"), "{refused}");
    assert_eq!(releases(&shop).await.len(), 1);
    let search = json!({"parent": "projects/shop", "pageSize": 100});
    let log = shop.ada.json("AuditLogService/SearchAuditLogs", search).await.expect("the log");
    let of = |l: &&Value| text(&l["method"]).ends_with("SyncRepository");
    let made_by: Vec<_> =
        list(&log["auditLogs"]).iter().filter(of).map(|l| l["user"].clone()).collect();
    assert_eq!(made_by, ["users/olga@example.com"], "what was made in her name is on record");

    // Who may saves it, and it goes on in their name.
    let change =
        json!({"repository": {"name": made["name"], "title": "Shop"}, "updateMask": "title"});
    let saved = call(&shop.ada, "UpdateRepository", change).await.expect("saved");
    assert_eq!(saved["actor"], "users/ada@example.com");
    came_to(&shop, &made, ("DONE", "RELEASED")).await;
    assert_eq!(releases(&shop).await.len(), 2);
}

#[tokio::test]
async fn a_test_tells_what_is_there_and_what_is_missing() {
    let shop = Shop::open_with(&OPEN).await;
    let host = Host::start(Kind::Gitlab).await;
    host.push(
        "acme/shop",
        "main",
        &[("migrations/1_a.sql", "SELECT 1;"), ("migrations/x.sql", "SELECT 1;")],
    );
    let gitlab = [("vcsType", json!("GITLAB"))];
    let test = async |more: &[(&str, Value)]| {
        let repository = github(&host.url, &[&gitlab[..], more].concat());
        let ask = json!({"parent": "projects/shop", "repository": repository});
        call(&shop.ada, "TestRepository", ask).await.expect("an answer")
    };
    let good = test(&[]).await;
    assert_eq!((&good["repositoryVisible"], &good["branchFound"]), (&json!(true), &json!(true)));
    assert_eq!((&good["fileCount"], &good["files"]), (&json!(1), &json!(["migrations/1_a.sql"])));
    assert_eq!((list(&good["ignoredFiles"]).len(), &good["error"]), (1, &Value::Null));
    let branch = test(&[("branch", json!("gone"))]).await;
    assert_eq!(
        (&branch["repositoryVisible"], &branch["branchFound"]),
        (&json!(true), &Value::Null)
    );
    assert!(text(&branch["error"]).contains("no such branch"), "{branch}");
    let none = test(&[("filePattern", json!("nowhere"))]).await;
    assert!(text(&none["error"]).contains("nowhere/*.sql"), "{none}");
    let token = test(&[("accessToken", json!("wrong"))]).await;
    assert!(text(&token["error"]).contains("refuses the access token"), "{token}");
    host.takes(super::TOKEN, Some("read_repository"));
    let scope = test(&[("path", json!("acme/hidden"))]).await;
    assert_eq!(scope["missingScopes"], json!(["read_api"]), "{scope}");
    assert!(releases(&shop).await.is_empty() && !scope.to_string().contains("SECRET ANSWER"));

    // The kept token is lent to its own host only.
    let made = create(&shop.ada, github(&host.url, &gitlab)).await.expect("made");
    let kept = test(&[("name", made["name"].clone()), ("accessToken", json!(""))]).await;
    assert_eq!(kept["fileCount"], json!(1), "{kept}");
    let other = Host::start(Kind::Gitlab).await;
    let stolen = github(
        &other.url,
        &[&gitlab[..], &[("name", made["name"].clone()), ("accessToken", json!(""))]].concat(),
    );
    let ask = json!({"parent": "projects/shop", "repository": stolen});
    let refused = call(&shop.ada, "TestRepository", ask).await.expect_err("refused");
    assert!(refused.body.contains("repository.access_token"), "{}", refused.body);
    assert!(other.asked().is_empty());
}
