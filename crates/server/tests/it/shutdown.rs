//! Stopping in an orderly way.

use std::time::Duration;

use server::{Config, Limits};

use crate::support::http::{get, post};
use crate::support::{Server, short_limits};

const WAIT: &str = r#"{"parent":"projects/shop","plan":{"title":"wait"}}"#;

#[tokio::test]
async fn what_runs_is_finished_and_what_comes_is_sent_away() {
    let server = Server::start().await;
    let mut call = post("PlanService/CreatePlan")
        .header("authorization", "Bearer ann")
        .body(WAIT)
        .open(server.address)
        .await;
    server.plans.began.notified().await;
    server.stop.cancel();
    let health = get("/healthz").send(server.address).await;
    assert_eq!((health.status, health.text()), (503, "stopping"));
    let late = server.get_plan("1").await;
    late.refused(503, "unavailable", "UNAVAILABLE");
    assert_eq!(late.header("connection"), Some("close"));
    server.plans.go_on.notify_one();
    assert_eq!(call.reply().await.json()["title"], "wait");
    server.end().await;
}

#[tokio::test]
async fn patience_has_an_end() {
    let limits = Limits { drain: Duration::from_millis(50), ..short_limits() };
    let server = Server::with(Config { limits, ..Config::default() }).await;
    let _call = post("PlanService/CreatePlan")
        .header("authorization", "Bearer ann")
        .body(WAIT)
        .open(server.address)
        .await;
    server.plans.began.notified().await;
    server.end().await;
}

#[tokio::test]
async fn an_idle_server_stops_at_once() {
    let limits = Limits { drain: Duration::from_secs(600), ..Limits::default() };
    let server = Server::with(Config { limits, ..Config::default() }).await;
    assert_eq!(server.get_plan("1").await.status, 200);
    server.end().await;
}
