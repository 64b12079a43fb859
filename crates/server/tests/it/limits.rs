//! Sizes and times that a peer cannot exceed.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use server::{Config, Limits};

use crate::support::http::{Connection, post, request};
use crate::support::{Server, short_limits};

async fn small() -> Server {
    let limits =
        Limits { anonymous_body: 500, message: 2_000, large_message: 20_000, ..short_limits() };
    Server::with(Config { limits, ..Config::default() }).await
}

/// A CreatePlan whose body is this long.
fn plan(bytes: usize) -> String {
    let frame = r#"{"parent":"projects/shop","plan":{"description":""}}"#;
    frame.replace("\"\"", &format!("\"{}\"", "x".repeat(bytes - frame.len())))
}

fn packed(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn messages_have_a_size() {
    let server = small().await;
    assert_eq!(server.json("PlanService/CreatePlan", &plan(2_000)).await.status, 200);
    let reply = server.json("PlanService/CreatePlan", &plan(2_001)).await;
    reply.refused(429, "resource_exhausted", "TOO_LARGE");
    server.end().await;
}

#[tokio::test]
async fn the_limit_is_that_of_the_inflated_message() {
    let server = small().await;
    for (bytes, status) in [(2_000, 200), (2_001, 429), (50_000_000, 429)] {
        let reply = post("PlanService/CreatePlan")
            .header("authorization", "Bearer ann")
            .header("content-encoding", "gzip")
            .body(packed(plan(bytes).as_bytes()))
            .send(server.address)
            .await;
        assert_eq!(reply.status, status, "{bytes}: {}", reply.text());
    }
    server.end().await;
}

#[tokio::test]
async fn rpcs_that_carry_files_take_more() {
    let server = small().await;
    let statement = "QUFB".repeat(4_000);
    let check = format!(
        r#"{{"parent":"projects/shop","release":{{"files":[{{"statement":"{statement}"}}]}}}}"#
    );
    let reply = server.json("ReleaseService/CheckRelease", &check).await;
    assert_eq!(reply.json()["affectedRows"], "12000");
    server.end().await;
}

#[tokio::test]
async fn strangers_may_send_little() {
    let server = small().await;
    let stranger = post("PlanService/CreatePlan").body(plan(501)).send(server.address).await;
    stranger.refused(401, "unauthenticated", "NOT_SIGNED_IN");
    let login = format!(r#"{{"email":"{}"}}"#, "x".repeat(600));
    let reply = post("AuthService/Login").body(login).send(server.address).await;
    reply.refused(429, "resource_exhausted", "TOO_LARGE");
    server.end().await;
}

#[tokio::test]
async fn a_body_that_stalls_is_given_up() {
    let server = small().await;
    let head = String::from_utf8(
        post("PlanService/CreatePlan").header("authorization", "Bearer ann").bytes(),
    );
    let head = head.unwrap().replace("content-length: 0", "content-length: 100");
    let mut connection = Connection::open(server.address).await;
    connection.write(head.as_bytes()).await;
    connection.write(b"{\"parent\":").await;
    connection.reply().await.refused(504, "deadline_exceeded", "TIMEOUT");
    server.end().await;
}

#[tokio::test]
async fn a_peer_who_does_not_get_to_the_point_is_hung_up_on() {
    let server = small().await;
    for start in [
        "",
        "P",
        "PRI * HTTP/2.0\r\n",
        "POST /bytebase.v1.PlanService/GetPlan HTTP/1.1\r\nhost: x\r\nx-slow: ",
    ] {
        let mut connection = Connection::open(server.address).await;
        connection.write(start.as_bytes()).await;
        connection.closed().await;
    }
    // Also between two requests.
    let mut connection = Connection::open(server.address).await;
    connection.write(&crate::support::http::get("/healthz").bytes()).await;
    assert_eq!(connection.reply().await.status, 200);
    assert_eq!(connection.closed().await, b"");
    server.end().await;
}

#[tokio::test]
async fn heads_have_a_size() {
    let server = small().await;
    let mut request = request("GET", "/healthz");
    for number in 0..200 {
        request = request.header(&format!("x-{number}"), "y");
    }
    assert_eq!(request.send(server.address).await.status, 431);
    let long = crate::support::http::get("/healthz").header("x-long", &"y".repeat(300_000));
    assert_eq!(long.send(server.address).await.status, 431);
    assert_eq!(server.get_plan("1").await.status, 200, "others are served");
    server.end().await;
}

#[tokio::test]
async fn connections_are_counted() {
    let limits = Limits { connections: 2, ..short_limits() };
    let server = Server::with(Config { limits, ..Config::default() }).await;
    let _one = Connection::open(server.address).await;
    let _two = Connection::open(server.address).await;
    // The third is answered as soon as one of the idle ones was hung up on.
    assert_eq!(server.get_plan("1").await.status, 200);
    server.end().await;
}
