//! The log of a task run as a stream.

use server::Config;

use crate::support::http::{Request, get};
use crate::support::{Server, short_limits};

const RUN: &str = "projects/shop/plans/1/rollout/stages/test/tasks/1/taskRuns/1";

fn log(path: &str, token: &str) -> Request {
    get(&format!("/api/logs/{path}")).header("authorization", &format!("Bearer {token}"))
}

async fn quick() -> Server {
    Server::with(Config { limits: short_limits(), ..Config::default() }).await
}

fn entry(number: i64, json: &str) -> Vec<String> {
    vec![format!("id: {number}"), "event: entry".into(), format!("data: {json}")]
}

#[tokio::test]
async fn entries_come_as_they_are_written_until_the_run_is_over() {
    let server = quick().await;
    server.logs.write(r#"{"n":0}"#);
    server.logs.write(r#"{"n":1}"#);
    let mut stream = log(&format!("{RUN}?from=1"), "ann").open(server.address).await;
    assert_eq!(stream.head().await.status, 200);
    assert_eq!(stream.frame().await.unwrap(), entry(1, r#"{"n":1}"#));
    server.logs.write(r#"{"n":2}"#);
    assert_eq!(stream.frame().await.unwrap(), entry(2, r#"{"n":2}"#));
    server.logs.end();
    assert_eq!(stream.frame().await.unwrap(), ["event: done", "data: {}"]);
    assert_eq!(stream.frame().await, None);
    server.end().await;
}

#[tokio::test]
async fn a_browser_goes_on_where_it_was() {
    let server = quick().await;
    for n in 0..3 {
        server.logs.write(&format!(r#"{{"n":{n}}}"#));
    }
    let mut stream = log(RUN, "ann").header("last-event-id", "1").open(server.address).await;
    assert_eq!(stream.head().await.status, 200);
    assert_eq!(stream.frame().await.unwrap(), entry(2, r#"{"n":2}"#));
    server.end().await;
}

#[tokio::test]
async fn it_takes_the_permission_of_the_rpc() {
    let server = quick().await;
    let denied = log(RUN, "bob").send(server.address).await;
    denied.refused(403, "permission_denied", "PERMISSION_MISSING");
    assert_eq!(server.keeper.asked(), [format!("bb.taskRuns.list @ {RUN}")]);
    get(&format!("/api/logs/{RUN}")).send(server.address).await.refused(
        401,
        "unauthenticated",
        "NOT_SIGNED_IN",
    );
    server.end().await;
}

#[tokio::test]
async fn wrong_names_are_refused() {
    let server = quick().await;
    let other_run = RUN.replace("taskRuns/1", "taskRuns/404");
    log(&other_run, "ann").send(server.address).await.refused(
        404,
        "not_found",
        "RESOURCE_NOT_FOUND",
    );
    for name in ["projects/shop", "projects/shop%2F..%2Fother/plans/1"] {
        log(name, "ann").send(server.address).await.refused(
            400,
            "invalid_argument",
            "INVALID_FIELD",
        );
    }
    let negative = log(&format!("{RUN}?from=-1"), "ann").send(server.address).await;
    negative.refused(400, "invalid_argument", "INVALID_FIELD");
    server.end().await;
}

#[tokio::test]
async fn a_stream_ends_when_the_permission_does() {
    let server = quick().await;
    server.logs.write("{}");
    let mut stream = log(RUN, "ann").open(server.address).await;
    assert_eq!(stream.head().await.status, 200);
    assert_eq!(stream.frame().await.unwrap(), entry(0, "{}"));
    server.keeper.revoked.lock().unwrap().push("ann".into());
    assert_eq!(stream.frame().await, None);
    server.end().await;
}
