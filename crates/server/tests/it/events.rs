//! The event stream.

use std::time::Duration;

use server::{Config, Limits};

use crate::support::http::{Connection, get};
use crate::support::{Server, short_limits};

/// Opens a stream as ann; `last` is what she saw last.
async fn listen(server: &Server, topics: &[&str], last: Option<&str>) -> Connection {
    let query: Vec<_> = topics.iter().map(|topic| format!("topic={topic}")).collect();
    let mut request =
        get(&format!("/api/events?{}", query.join("&"))).header("cookie", "access-token=ann");
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    let mut connection = request.open(server.address).await;
    let head = connection.head().await;
    assert_eq!(head.status, 200);
    assert_eq!(head.header("content-type"), Some("text/event-stream"));
    assert_eq!(head.header("x-accel-buffering"), Some("no"));
    connection
}

async fn quick() -> Server {
    Server::with(Config { limits: short_limits(), ..Config::default() }).await
}

fn changed(id: i64, name: &str) -> Vec<String> {
    let data = format!(r#"data: {{"name":"{name}","kind":"plan","etag":"e{id}"}}"#);
    vec![format!("id: {id}"), "event: changed".into(), data]
}

#[tokio::test]
async fn what_happens_under_a_topic_is_told() {
    let server = quick().await;
    server.events.happen("projects/shop/plans/1");
    let mut stream = listen(&server, &["projects/shop", "projects/secret"], None).await;
    assert_eq!(stream.frame().await.unwrap(), ["id: 1"], "where to go on, should it break at once");
    server.events.happen("projects/other/plans/1");
    server.events.happen("projects/secret/plans/1");
    server.events.happen("projects/shop/plans/2");
    assert_eq!(stream.frame().await.unwrap(), changed(4, "projects/shop/plans/2"));
    server.end().await;
}

#[tokio::test]
async fn who_was_away_gets_what_came_since() {
    let server = quick().await;
    for number in 1..=150 {
        server.events.happen(&format!("projects/shop/plans/{number}"));
    }
    let mut stream = listen(&server, &["projects/shop"], Some("148")).await;
    assert_eq!(stream.frame().await.unwrap(), ["id: 148"]);
    // A hundred before, because numbers may become visible out of order.
    for number in 49..=150 {
        let name = format!("projects/shop/plans/{number}");
        assert_eq!(stream.frame().await.unwrap(), changed(number, &name));
    }
    server.events.happen("projects/shop/plans/151");
    assert_eq!(stream.frame().await.unwrap(), changed(151, "projects/shop/plans/151"));
    server.end().await;
}

#[tokio::test]
async fn who_was_away_too_long_starts_again() {
    let server = quick().await;
    for _ in 0..20 {
        server.events.happen("projects/shop/plans/1");
    }
    *server.events.oldest.lock().unwrap() = 10;
    // 9 was pruned, but nothing after it was.
    let mut stream = listen(&server, &["projects/shop"], Some("9")).await;
    assert_eq!(stream.frame().await.unwrap(), ["id: 9"]);
    assert_eq!(stream.frame().await.unwrap(), changed(10, "projects/shop/plans/1"));
    for unknown in ["8", "21", "-3", "nonsense"] {
        let mut stream = listen(&server, &["projects/shop"], Some(unknown)).await;
        assert_eq!(
            stream.frame().await.unwrap(),
            ["id: 20", "event: reset", "data: {}"],
            "{unknown}"
        );
    }
    server.end().await;
}

#[tokio::test]
async fn who_cannot_keep_up_starts_again() {
    let server = quick().await;
    let mut stream = listen(&server, &["projects/shop"], None).await;
    assert_eq!(stream.frame().await.unwrap(), ["id: 0"]);
    // More at once than the channel holds.
    for _ in 0..50 {
        server.events.happen("projects/shop/plans/1");
    }
    let mut seen = Vec::new();
    while !seen.contains(&"event: reset".to_owned()) {
        seen = stream.frame().await.expect("a reset");
    }
    server.end().await;
}

#[tokio::test]
async fn silence_is_broken_by_a_heartbeat() {
    let server = quick().await;
    let mut stream = listen(&server, &["projects/shop"], None).await;
    let mut text = String::new();
    while !text.contains("\n:") {
        text.push('\n');
        text.push_str(&String::from_utf8(stream.chunk().await.expect("goes on")).unwrap());
    }
    server.end().await;
}

#[tokio::test]
async fn strangers_and_empty_questions_are_refused() {
    let server = quick().await;
    let stranger = get("/api/events?topic=projects/shop").send(server.address).await;
    stranger.refused(401, "unauthenticated", "NOT_SIGNED_IN");
    let nothing =
        get("/api/events").header("cookie", "access-token=ann").send(server.address).await;
    nothing.refused(400, "invalid_argument", "INVALID_FIELD");
    let topics = vec!["topic=projects/shop"; 201].join("&");
    let many = get(&format!("/api/events?{topics}")).header("cookie", "access-token=ann");
    many.send(server.address).await.refused(400, "invalid_argument", "INVALID_FIELD");
    server.end().await;
}

#[tokio::test]
async fn a_stream_ends_with_its_session() {
    let server = quick().await;
    let mut stream = listen(&server, &["projects/shop"], None).await;
    assert_eq!(stream.frame().await.unwrap(), ["id: 0"]);
    server.keeper.revoked.lock().unwrap().push("ann".into());
    assert_eq!(stream.frame().await, None);
    assert_eq!(server.events.listeners(), 0, "nothing is left behind");
    server.end().await;
}

#[tokio::test]
async fn streams_do_not_hold_up_a_stop() {
    let limits = Limits { drain: Duration::from_secs(60), ..Limits::default() };
    let server = Server::with(Config { limits, ..Config::default() }).await;
    let mut stream = listen(&server, &["projects/shop"], None).await;
    assert_eq!(stream.frame().await.unwrap(), ["id: 0"]);
    server.end().await;
    assert_eq!(stream.frame().await, None);
}
