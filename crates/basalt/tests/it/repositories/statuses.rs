//! What a host is told of commits: in its own words, again when that can help, and never so that a sync suffers.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::servers;

use super::host::{Host, Kind};
use super::syncs::{automatic, sync_now};
use super::{OPEN, PATIENCE, TOKEN, call, came_to, create, github, syncs};
use crate::shop::{Shop, text};

/// What the host was told of the commit, once the last of it is as wanted.
pub(super) async fn told(host: &Host, commit: &str, state: &str, description: &str) -> Vec<Value> {
    let until = Instant::now() + PATIENCE;
    loop {
        let all = host.told(commit);
        if all.last().is_some_and(|last| {
            last["state"] == state && text(&last["description"]).contains(description)
        }) {
            return all;
        }
        assert!(Instant::now() < until, "not {state}, {description}: {all:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The newest sync, once what is said of its commit status is as wanted.
async fn said(shop: &Shop, repository: &Value, is_it: impl Fn(&Value) -> bool) -> Value {
    let until = Instant::now() + PATIENCE;
    loop {
        let newest = syncs(shop, repository).await.into_iter().next().unwrap_or_default();
        if is_it(&newest) {
            return newest;
        }
        assert!(Instant::now() < until, "{newest}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn reporting(host: &Host, more: &[(&str, Value)]) -> Value {
    github(&host.url, &[&[("reportStatus", json!(true))][..], more].concat())
}

#[tokio::test]
async fn github_is_told_from_the_first_look_to_the_end_of_the_first_stage() {
    let Some(server) = servers::postgres().await else { return };
    let (first, second) = (server.database().await, server.database().await);
    let shop = Shop::open_with(&OPEN).await;
    automatic(&shop, "test").await;
    let targets = json!([
        shop.adopt("pg-test", "test", &first).await,
        shop.adopt("pg-prod", "prod", &second).await
    ]);
    let host = Host::start(Kind::Github).await;
    let commit =
        host.push("acme/shop", "main", &[("migrations/1_a.sql", "CREATE TABLE a (id int);")]);
    // The branch can be read, what is there cannot yet.
    host.fault(&[(200, ""), (503, "")].repeat(7));
    let made = create(&shop.ada, reporting(&host, &[("targets", targets)])).await.expect("made");
    assert_eq!(made["reportStatus"], json!(true));
    let all = told(&host, &commit, "success", "is rolled out to Test.").await;
    assert_eq!((&all[0]["state"], &all[0]["context"]), (&json!("pending"), &json!("basalt")));
    let page = text(&all[0]["target_url"]);
    assert!(page.starts_with("https://b.example/projects/shop/repositories/"), "{page}");
    let done = came_to(&shop, &made, ("DONE", "ROLLED_OUT")).await;
    let last = &all[all.len() - 1];
    let page = format!("https://b.example/{}?tab=rollout", text(&done["plan"]));
    assert_eq!(last["target_url"], page);
    let release = text(&done["release"]).replace("projects/shop/releases/", "");
    assert_eq!(last["description"], format!("Release {release} is rolled out to Test."));
    let shown = said(&shop, &made, |s| s["commitStatus"] == "SUCCESS").await;
    assert_eq!(
        (&shown["commitStatusError"], &shown["nextAttemptTime"]),
        (&Value::Null, &Value::Null)
    );

    // The same commit, looked at again: what was told stays.
    let before = host.told(&commit).len();
    sync_now(&shop, &made).await;
    came_to(&shop, &made, ("NOTHING_NEW", "FILES_UNCHANGED")).await;
    // What is wrong is told, with why.
    let wrong =
        host.push("acme/shop", "main", &[("migrations/1_a.sql", "CREATE TABLE b (id int);")]);
    sync_now(&shop, &made).await;
    let all = told(&host, &wrong, "failure", "migrations/1_a.sql").await;
    assert!(all.iter().all(|s| text(&s["description"]).chars().count() <= 140), "{all:?}");
    assert_eq!(host.told(&commit).len(), before);
    // A stage that fails is told as well.
    let fails = host.push(
        "acme/shop",
        "main",
        &[
            ("migrations/1_a.sql", "CREATE TABLE a (id int);"),
            ("migrations/2_b.sql", "SELECT 1/0;"),
        ],
    );
    sync_now(&shop, &made).await;
    told(&host, &fails, "failure", "failed on Test.").await;
    // Turned off, it says nothing more.
    let off = json!({"repository": {"name": made["name"], "reportStatus": false}, "updateMask": "reportStatus"});
    call(&shop.ada, "UpdateRepository", off).await.expect("changed");
    let silent = host.push("acme/shop", "main", &[("README.md", "# Shop")]);
    sync_now(&shop, &made).await;
    said(&shop, &made, |s| s["commit"] == silent.as_str() && s["status"] != "PENDING").await;
    assert!(host.told(&silent).is_empty(), "{:?}", host.told(&silent));
}

#[tokio::test]
async fn a_host_that_does_not_take_it_stops_no_sync_and_is_not_asked_for_ever() {
    let shop = Shop::open_with(&OPEN).await;
    let host = Host::start(Kind::Github).await;
    host.push("acme/shop", "main", &[("migrations/1_a.sql", "SELECT 1;")]);
    let made = create(&shop.ada, github(&host.url, &[])).await.expect("made");
    came_to(&shop, &made, ("DONE", "RELEASED")).await;
    let on = json!({"repository": {"name": made["name"], "reportStatus": true}, "updateMask": "reportStatus"});
    call(&shop.ada, "UpdateRepository", on).await.expect("changed");
    came_to(&shop, &made, ("NOTHING_NEW", "FILES_UNCHANGED")).await;
    for (n, status, headers, wanted) in [
        (2, 401, "", "refuses the access token"),
        (3, 403, "x-accepted-github-permissions: statuses=write\r\n", "It needs statuses:write."),
        (4, 404, "", "Commit statuses: write"),
        (5, 422, "", "cannot be used"),
    ] {
        // For the first word and the last one.
        host.refuse(&[(status, headers), (status, headers)]);
        let (path, sql) = (format!("migrations/{n}_x.sql"), format!("SELECT {n};"));
        let commit = host.push("acme/shop", "main", &[(&path, &sql)]);
        sync_now(&shop, &made).await;
        let done = said(&shop, &made, |s| {
            s["status"] == "DONE" && text(&s["commitStatusError"]).contains(wanted)
        })
        .await;
        assert_eq!((&done["reason"], &done["commit"]), (&json!("RELEASED"), &json!(commit)));
        assert!(!done.to_string().contains("SECRET ANSWER"), "{done}");
        tokio::time::sleep(Duration::from_millis(300)).await;
        let asked = host.told(&commit).len();
        assert!((1..=2).contains(&asked), "{status}: asked {asked} times");
        let now = call(&shop.ada, "GetRepository", json!({"name": made["name"]})).await;
        assert_eq!(now.expect("one")["stopped"], Value::Null, "{status}");
        host.forgive();
    }
    // What passes is tried again, as the host asks.
    host.refuse(&[
        (503, ""),
        (429, "retry-after: 1\r\n"),
        (403, "x-ratelimit-remaining: 0\r\n"),
        (500, ""),
    ]);
    let commit = host.push("acme/shop", "main", &[("migrations/9_x.sql", "SELECT 9;")]);
    sync_now(&shop, &made).await;
    let done = said(&shop, &made, |s| {
        s["commitStatus"] == "SUCCESS" && s["commitStatusError"] == Value::Null
    })
    .await;
    assert_eq!(done["commit"], json!(commit));
    let all = told(&host, &commit, "success", "is made.").await;
    assert!(all.len() >= 5, "{all:?}");
}

#[tokio::test]
async fn gitlab_is_told_in_its_own_words() {
    let shop = Shop::open_with(&OPEN).await;
    let host = Host::start(Kind::Gitlab).await;
    let commit = host.push("acme/eu/shop", "main", &[("migrations/1_a.sql", "SELECT 1;")]);
    host.fault(&[(200, ""), (503, "")].repeat(5));
    let more =
        [("vcsType", json!("GITLAB")), ("path", json!("acme/eu/shop")), ("category", json!("eu"))];
    let made = create(&shop.ada, reporting(&host, &more)).await.expect("made");
    let all = told(&host, &commit, "success", "is made.").await;
    assert!(all.len() >= 3, "set twice, which GitLab refuses and which is fine: {all:?}");
    let last = &all[all.len() - 1];
    assert_eq!(
        (&last["name"], &last["ref"], &last["context"]),
        (&json!("basalt/eu"), &json!("main"), &Value::Null)
    );
    let done = said(&shop, &made, |s| s["commitStatus"] == "SUCCESS").await;
    let page = format!("https://b.example/{}", text(&done["release"]));
    assert_eq!((&last["target_url"], &done["commitStatusError"]), (&json!(page), &Value::Null));
    let twice = [("migrations/01_b.sql", "SELECT 2;")];
    let commit = host.push("acme/eu/shop", "main", &twice);
    sync_now(&shop, &made).await;
    told(&host, &commit, "failed", "are both version").await;
}

#[tokio::test]
async fn a_test_says_what_the_token_lacks_for_it() {
    let shop = Shop::open_with(&OPEN).await;
    for (kind, word, held, wanted) in [
        (Kind::Github, "GITHUB", "public_repo", vec!["repo:status"]),
        (Kind::Gitlab, "GITLAB", "read_api", vec!["api", "role Developer"]),
        (Kind::Github, "GITHUB", "repo", vec![]),
    ] {
        let host = Host::start(kind).await;
        host.push("acme/shop", "main", &[("migrations/1_a.sql", "SELECT 1;")]);
        host.takes(TOKEN, Some(held));
        host.level(20);
        let test = async |report: bool| {
            let more = [("vcsType", json!(word)), ("reportStatus", json!(report))];
            let ask = json!({"parent": "projects/shop", "repository": github(&host.url, &more)});
            call(&shop.ada, "TestRepository", ask).await.expect("an answer")
        };
        assert_eq!(test(false).await["error"], Value::Null, "{held} is enough to read");
        let answer = test(true).await;
        let missing: Vec<String> =
            crate::shop::list(&answer["missingScopes"]).iter().map(text).collect();
        assert_eq!(missing, wanted, "{answer}");
        assert_eq!(text(&answer["error"]).contains("lacks"), !wanted.is_empty(), "{answer}");
        assert!(host.told_nothing(), "a test writes nothing");
    }
}
