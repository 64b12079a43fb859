//! Repositories that a project watches: who may set one up, what is kept secret, and what becomes of what is merged.

mod governed;
mod hooks;
mod host;
mod statuses;
mod syncs;
mod twins;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::app::{CallError, Client};

use self::host::{Host, Kind};
use crate::shop::{Shop, list, text};

const PATIENCE: Duration = Duration::from_secs(60);
/// Hosts of these tests are on this machine.
const OPEN: [&str; 4] =
    ["--allow-private-outbound", "--external-url=https://b.example", "--retry-after", "20"];
const TOKEN: &str = "ghp_thisIsAnAccessTokenOfATest";

fn github(url: &str, more: &[(&str, Value)]) -> Value {
    let mut repository = json!({
        "vcsType": "GITHUB", "url": url, "path": "acme/shop", "branch": "main", "filePattern": "migrations",
        "mode": "WEBHOOK", "accessToken": TOKEN,
    });
    for (field, value) in more {
        repository[*field] = value.clone();
    }
    repository
}

async fn create(by: &Client, repository: Value) -> Result<Value, CallError> {
    let request = json!({"parent": "projects/shop", "repository": repository});
    by.json("basalt.v1.RepositoryService/CreateRepository", request).await
}

async fn call(by: &Client, method: &str, request: Value) -> Result<Value, CallError> {
    by.json(&format!("basalt.v1.RepositoryService/{method}"), request).await
}

/// What came of the repository: the newest first.
async fn syncs(shop: &Shop, repository: &Value) -> Vec<Value> {
    let of = json!({"parent": repository["name"]});
    let found = call(&shop.ada, "ListRepositorySyncs", of).await.expect("a list");
    list(&found["syncs"])
}

/// The newest sync, once it is over or waits as `wanted` says: status and reason.
async fn came_to(shop: &Shop, repository: &Value, wanted: (&str, &str)) -> Value {
    let until = Instant::now() + PATIENCE;
    loop {
        let all = syncs(shop, repository).await;
        if all.first().is_some_and(|s| {
            (s["status"].as_str(), s["reason"].as_str()) == (Some(wanted.0), Some(wanted.1))
        }) {
            return all[0].clone();
        }
        assert!(Instant::now() < until, "no {wanted:?}: {all:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn releases(shop: &Shop) -> Vec<Value> {
    let of = json!({"parent": "projects/shop", "pageSize": 100});
    list(&shop.ada.json("ReleaseService/ListReleases", of).await.expect("a list")["releases"])
}

#[tokio::test]
async fn a_repository_is_set_up_shown_without_its_secrets_changed_and_removed() {
    let shop = Shop::open_with(&OPEN).await;
    let host = Host::start(Kind::Github).await;
    host.push("acme/shop", "main", &[("migrations/1_a.sql", "SELECT 1;")]);
    let made = create(&shop.ada, github(&host.url, &[])).await.expect("made");
    came_to(&shop, &made, ("DONE", "RELEASED")).await;
    let (name, secret) = (text(&made["name"]), text(&made["webhookSecret"]));
    assert!(secret.len() >= 40 && made["accessToken"] == Value::Null, "{made}");
    let id = name.rsplit('/').next().expect("an id");
    assert_eq!(made["webhookUrl"], format!("https://b.example/hook/repositories/{id}"));
    assert_eq!((&made["title"], &made["url"]), (&json!("acme/shop"), &json!(host.url)));
    assert_eq!(made["accessTokenSet"], json!(true));
    assert_eq!(
        (&made["actor"], &made["pollInterval"]),
        (&json!("users/ada@example.com"), &json!("300s"))
    );

    let all = call(&shop.ada, "ListRepositories", json!({"parent": "projects/shop"})).await;
    let all = all.expect("a list").to_string();
    let one =
        call(&shop.ada, "GetRepository", json!({"name": name})).await.expect("one").to_string();
    for shown in [&all, &one] {
        assert!(shown.contains("acme/shop") && !shown.contains(TOKEN) && !shown.contains(&secret));
    }

    // A token goes to no other host than the one it was given for.
    let other = json!({"repository": {"name": name, "url": "https://git.example.com"}, "updateMask": "url"});
    let refused = call(&shop.ada, "UpdateRepository", other).await.expect_err("refused");
    assert!(refused.body.contains("repository.access_token"), "{}", refused.body);
    let mut whole = github(&host.url, &[("name", json!(name)), ("mode", json!("POLL"))]);
    whole["accessToken"] = json!("");
    let changed =
        call(&shop.ada, "UpdateRepository", json!({"repository": whole})).await.expect("changed");
    assert_eq!((&changed["mode"], &changed["accessTokenSet"]), (&json!("POLL"), &json!(true)));
    let stale = json!({"repository": {"name": name, "title": "x", "etag": made["etag"]}, "updateMask": "title"});
    assert_eq!(
        call(&shop.ada, "UpdateRepository", stale).await.expect_err("stale").code,
        "aborted"
    );
    let rotated = call(&shop.ada, "RotateSecret", json!({"name": name})).await.expect("rotated");
    assert_ne!(text(&rotated["webhookSecret"]), secret);
    came_to(&shop, &made, ("NOTHING_NEW", "FILES_UNCHANGED")).await;

    // Who only reads releases sees it, and changes nothing.
    let viewer =
        shop.member("vi@example.com", &[("projects/shop", "roles/projectDeveloper")]).await;
    assert!(call(&viewer, "GetRepository", json!({"name": name})).await.is_ok());
    for (method, request) in [
        (
            "CreateRepository",
            json!({"parent": "projects/shop", "repository": github(&host.url, &[])}),
        ),
        (
            "UpdateRepository",
            json!({"repository": {"name": name, "title": "x"}, "updateMask": "title"}),
        ),
        ("RotateSecret", json!({"name": name})),
        ("DeleteRepository", json!({"name": name})),
    ] {
        let refused = call(&viewer, method, request).await.expect_err(method);
        assert_eq!(refused.code, "permission_denied", "{method}");
    }

    call(&shop.ada, "DeleteRepository", json!({"name": name})).await.expect("removed");
    let gone = call(&shop.ada, "GetRepository", json!({"name": name})).await.expect_err("gone");
    assert_eq!(gone.code, "not_found");
    let search = json!({"parent": "projects/shop", "pageSize": 100});
    let log = shop
        .ada
        .json("AuditLogService/SearchAuditLogs", search)
        .await
        .expect("the log")
        .to_string();
    assert!(log.contains("CreateRepository") && log.contains("RotateSecret"), "{log}");
    assert!(!log.contains(TOKEN) && !log.contains(&secret), "{log}");
}

#[tokio::test]
async fn secrets_are_not_in_the_store_in_the_clear_nor_in_the_log() {
    let shop = Shop::open_with(&OPEN).await;
    let host = Host::start(Kind::Github).await;
    host.fault(&[(500, ""), (302, "location: http://169.254.169.254/\r\n")]);
    let made = create(&shop.ada, github(&host.url, &[])).await.expect("made");
    let secret = text(&made["webhookSecret"]);
    let failed = came_to(&shop, &made, ("FAILED", "REPOSITORY_MOVED")).await.to_string();
    assert!(!failed.contains("SECRET ANSWER") && !failed.contains("169.254"), "{failed}");
    let mut looked_at = 0;
    for entry in std::fs::read_dir(&shop.basalt.data).expect("the data folder") {
        let path = entry.expect("an entry").path();
        let Ok(bytes) = std::fs::read(&path) else { continue };
        looked_at += bytes.len();
        for secret in [TOKEN, secret.as_str()] {
            let found = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
            assert!(!found, "{} holds a secret", path.display());
        }
    }
    assert!(looked_at > 100_000, "the store is elsewhere");
    let log = shop.basalt.log();
    assert!(!log.contains(TOKEN) && !log.contains(&secret) && !log.contains("SECRET ANSWER"));
}

#[tokio::test]
async fn what_cannot_be_watched_is_refused_with_its_field() {
    let shop = Shop::open().await;
    let nobody = [("reportStatus", json!(true)), ("accessToken", json!(""))];
    let refused = create(&shop.ada, github("", &nobody)).await.expect_err("no token");
    assert!(refused.body.contains("repository.report_status"), "{}", refused.body);
    for (field, value, named) in [
        ("vcsType", json!("BITBUCKET"), "repository.vcs_type"),
        ("url", json!("http://github.com"), "repository.url"),
        ("url", json!("https://github.com@127.0.0.1"), "repository.url"),
        ("url", json!("https://127.0.0.1"), "repository.url"),
        ("url", json!("https://169.254.169.254"), "repository.url"),
        ("url", json!("https://[::1]"), "repository.url"),
        ("path", json!("acme/../x"), "repository.path"),
        ("branch", json!("refs/heads/main"), "repository.branch"),
        ("filePattern", json!("../x"), "repository.file_pattern"),
        ("pollInterval", json!("1s"), "repository.poll_interval"),
        ("mode", Value::Null, "repository.mode"),
        ("targets", json!(["instances/none/databases/none"]), "repository.targets[0]"),
    ] {
        let refused = create(&shop.ada, github("", &[(field, value.clone())])).await;
        let refused = refused.expect_err(named);
        assert_eq!(refused.code, "invalid_argument", "{named}: {value}");
        assert!(refused.body.contains(named), "{named}: {}", refused.body);
    }
}
