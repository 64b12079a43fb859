//! How the commands call: whom they trust, how often they try, and what they say when they may not.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use testkit::app::Basalt;
use testkit::posted::Posted;
use testkit::servers;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

use super::{AGENT, Job, account};
use crate::BASALT;
use crate::shop::Shop;

/// A server that gives these answers, the last one for ever.
async fn server(answers: &[(u16, &'static str)]) -> (String, Arc<Mutex<Vec<Posted>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let seen: Arc<Mutex<Vec<Posted>>> = Arc::default();
    let (own, mut answers) = (Arc::clone(&seen), answers.iter().copied().collect::<VecDeque<_>>());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let Some(posted) = Posted::read(&mut stream).await else { continue };
            own.lock().expect("no panic").push(posted);
            let (status, body) =
                if answers.len() > 1 { answers.pop_front() } else { answers.front().copied() }
                    .expect("an answer");
            let text = format!(
                "HTTP/1.1 {status} Said\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            // Who hung up needs no answer.
            let _ = stream.write_all(text.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    (url, seen)
}

fn job(url: &str) -> Job {
    Job::new(&[("migrations/1.sql", "SELECT 1;")]).with(&[
        ("BYTEBASE_URL", url),
        ("BYTEBASE_PROJECT", "projects/shop"),
        ("BYTEBASE_TARGETS", "instances/a/databases/b"),
        ("BYTEBASE_FILE_PATTERN", "**/*.sql"),
    ])
}

fn paths(seen: &Mutex<Vec<Posted>>) -> Vec<String> {
    seen.lock()
        .expect("no panic")
        .iter()
        .map(|p| p.path.rsplit('.').next().unwrap_or("").to_owned())
        .collect()
}

const REFUSED: &str = r#"{"code":"unauthenticated","message":"who are you?"}"#;

#[tokio::test]
async fn a_token_that_is_refused_is_not_sent_in_a_loop() {
    let (url, seen) = server(&[(401, REFUSED)]).await;
    let ran = job(&url).with(&[("BYTEBASE_ACCESS_TOKEN", "old")]).run(&["check"]).await.ended(3);
    ran.says("who are you?").says("--access-token");
    assert_eq!(paths(&seen), ["ReleaseService/CheckRelease"]);
    let first = seen.lock().expect("no panic")[0].clone();
    assert_eq!(first.header("authorization"), "Bearer old");
    assert_eq!(
        (first.header("content-type"), first.header("connect-protocol-version")),
        ("application/proto", "1")
    );

    // A service account whose new token is refused, too: an empty answer is a login without a token in it.
    let (url, seen) = server(&[(200, ""), (401, REFUSED)]).await;
    let account = [
        ("BYTEBASE_SERVICE_ACCOUNT", "ci@service.bytebase.com"),
        ("BYTEBASE_SERVICE_ACCOUNT_SECRET", "bbs_x"),
    ];
    job(&url).with(&account).run(&["check"]).await.ended(3);
    assert_eq!(paths(&seen), ["AuthService/Login", "ReleaseService/CheckRelease"]);
}

#[tokio::test]
async fn a_platform_proves_who_it_is_in_place_of_a_key() {
    let identity = [("BASALT_WORKLOAD_IDENTITY", "ci@shop.workload.bytebase.com")];
    // An answer of ExchangeToken: field 1 is the token.
    let exchanged = (200, "\n\x06issued");

    // GitLab puts the proof into a variable.
    let (url, seen) = server(&[exchanged, (200, "")]).await;
    let env = [("BASALT_ID_TOKEN", "proof-of-gitlab")];
    job(&url).with(&identity).with(&env).run(&["check"]).await.ended(0);
    assert_eq!(paths(&seen), ["AuthService/ExchangeToken", "ReleaseService/CheckRelease"]);
    let all = seen.lock().expect("no panic").clone();
    let sent = String::from_utf8_lossy(&all[0].body).into_owned();
    assert!(sent.contains("proof-of-gitlab") && sent.contains(identity[0].1), "{sent:?}");
    assert_eq!(all[1].header("authorization"), "Bearer issued");

    // GitHub gives one for the asking, made out to the server.
    let (url, seen) =
        server(&[(200, r#"{"value": "proof-of-github"}"#), exchanged, (200, "")]).await;
    let ask = format!("{url}/token?api-version=2.0");
    let env = [
        ("ACTIONS_ID_TOKEN_REQUEST_URL", ask.as_str()),
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "of-the-job"),
    ];
    job(&url).with(&identity).with(&env).run(&["check"]).await.ended(0);
    let all = seen.lock().expect("no panic").clone();
    assert!(
        all[0].path.starts_with("/token?api-version=2.0&audience=http%3A%2F%2F127.0.0.1"),
        "{}",
        all[0].path
    );
    assert_eq!(
        (all[0].method.as_str(), all[0].header("authorization")),
        ("GET", "Bearer of-the-job")
    );
    assert!(String::from_utf8_lossy(&all[1].body).contains("proof-of-github"));

    // A proof that is refused ends it.
    let (url, seen) = server(&[(401, REFUSED)]).await;
    job(&url)
        .with(&identity)
        .with(&[("BASALT_ID_TOKEN", "of another")])
        .run(&["check"])
        .await
        .ended(3);
    assert_eq!(paths(&seen), ["AuthService/ExchangeToken"]);
}

#[tokio::test]
async fn a_fault_that_passes_is_tried_again_within_bounds() {
    // What a proxy says while the server restarts.
    let (url, seen) =
        server(&[(502, "<html>"), (503, r#"{"code":"unavailable","message":"soon"}"#), (200, "")])
            .await;
    job(&url).run(&["check"]).await.ended(0).says("nothing found");
    assert_eq!(paths(&seen).len(), 3);

    let (url, seen) = server(&[(503, r#"{"code":"unavailable","message":"down for good"}"#)]).await;
    job(&url)
        .run(&["check", "--custom-header", "X-Team: shop"])
        .await
        .ended(3)
        .says("down for good");
    assert_eq!(paths(&seen).len(), 3);
    assert!(seen.lock().expect("no panic").iter().all(|p| p.header("x-team") == "shop"));

    // A release that may have been made is not made twice: the connection is lost after the request was taken.
    let (url, seen) =
        server(&[(504, r#"{"code":"deadline_exceeded","message":"too slow"}"#)]).await;
    job(&url).run(&["rollout"]).await.ended(3).says("too slow");
    assert_eq!(paths(&seen), ["ReleaseService/CreateRelease"]);

    job("http://127.0.0.1:1").run(&["check"]).await.ended(3).says("http://127.0.0.1:1");
}

#[tokio::test]
async fn a_permission_that_is_missing_is_named() {
    let Some(pg) = servers::postgres().await else { return };
    let database = pg.database().await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    let files = [("migrations/1.sql", "SELECT 1;")];
    let nobody = account(&shop, "nobody", &[]).await;
    let job = Job::new(&files).of(&shop, &nobody, &[&target]);
    job.run(&["check"]).await.ended(3).says("bb.releases.check").says(AGENT);
    job.run(&["rollout"]).await.ended(3).says("bb.releases.create");

    let agent = account(&shop, "ci", &[AGENT]).await;
    let job = Job::new(&files).of(&shop, &agent, &[&target]);
    let output =
        job.run(&["check", "--output", "a/b.json", "--access-token", "wrong"]).await.ended(3);
    output.says("unauthenticated");
    let written: Value =
        serde_json::from_str(&job.read("a/b.json")).expect("JSON, also after a failure");
    assert_eq!(written, serde_json::json!({}));
}

#[tokio::test]
async fn wrong_use_is_said_before_anything_is_sent() {
    let (url, seen) = server(&[(500, "")]).await;
    for (args, says) in [
        (&["check", "--url", "basalt"][..], "--url basalt"),
        (&["check", "--project", "shop"], "--project shop"),
        (&["check", "--targets", "shop"], "--targets shop"),
        (&["check", "--file-pattern", "db/[*.sql"], "--file-pattern db/[*.sql"),
        (&["check", "--file-pattern", "db/*.sql"], "names no file"),
        (&["check", "--custom-header", "Authorization: Bearer x"], "--access-token"),
        (&["check", "--check-release", "SOMETIMES"], "SOMETIMES"),
        (&["check", "--service-account", "ci@service.bytebase.com"], "--service-account-secret"),
        (&["check", "--workload-identity", "ci@shop.workload.bytebase.com"], "id-token: write"),
        (&["check", "--timeout", "soon"], "soon"),
        (&["rollout", "--target-stage", "prod"], "environments/prod"),
        (&["rollout", "--plan", "projects/other/plans/1"], "projects/shop/plans/7"),
    ] {
        let ran = job(&url).run(args).await.ended(2);
        ran.says(says);
    }
    let twice = job(&url);
    twice.write(&[("migrations/01_again.sql", "SELECT 1;")]);
    twice
        .run(&["check"])
        .await
        .ended(2)
        .says("migrations/01_again.sql and migrations/1.sql are both version 1");
    assert!(paths(&seen).is_empty());
}

#[tokio::test]
async fn pipelines_take_the_program_from_the_server() {
    let basalt = Basalt::start(BASALT, &[]).await;
    let answer = basalt.client().request("GET", "/api/cli").send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let size = std::fs::metadata(BASALT).expect("the binary").len();
    assert_eq!(answer.content_length(), Some(size));
    let mut answer = answer;
    let first = answer.chunk().await.expect("a piece").expect("a piece");
    assert_eq!(&first[..4], b"\x7fELF");
}
