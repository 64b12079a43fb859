//! Sheets by PUT.

use server::{Config, Limits};

use crate::support::http::{Request, request};
use crate::support::{Server, short_limits};

fn put(project: &str, token: &str) -> Request {
    request("PUT", &format!("/api/projects/{project}/sheets"))
        .header("authorization", &format!("Bearer {token}"))
        .header("content-type", "application/octet-stream")
}

/// A server that takes sheets of up to 1,000 bytes.
async fn small() -> Server {
    let limits = Limits { sheet: 1000, ..short_limits() };
    Server::with(Config { limits, ..Config::default() }).await
}

#[tokio::test]
async fn a_sheet_is_stored_under_its_hash() {
    let server = Server::start().await;
    let reply = put("shop", "ann").body("select 'é';").send(server.address).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let hash = base::id::sha256_hex("select 'é';".as_bytes());
    assert_eq!(
        reply.json(),
        serde_json::json!({ "name": format!("projects/shop/sheets/{hash}"), "contentSize": "12" })
    );
    assert_eq!(server.keeper.asked(), ["bb.sheets.create @ projects/shop"]);
    assert_eq!(
        server.keeper.log(),
        ["STARTED users/ann@example.com ok", "SUCCEEDED users/ann@example.com ok"]
    );
    assert_eq!(server.keeper.records.lock().unwrap()[0].request, r#"{"parent":"projects/shop"}"#);
    server.end().await;
}

#[tokio::test]
async fn one_byte_more_is_too_much() {
    let server = small().await;
    let fits = put("shop", "ann").body("x".repeat(1000)).send(server.address).await;
    assert_eq!(fits.status, 200, "{}", fits.text());
    let announced = put("shop", "ann").body("x".repeat(1001)).send(server.address).await;
    announced.refused(413, "resource_exhausted", "TOO_LARGE");
    let chunks =
        format!("258\r\n{0}\r\n191\r\n{1}\r\n0\r\n\r\n", "x".repeat(0x258), "x".repeat(0x191));
    let unannounced = put("shop", "ann").chunked().body(chunks).send(server.address).await;
    unannounced.refused(413, "resource_exhausted", "TOO_LARGE");
    assert!(unannounced.text().contains("1000 bytes"), "{}", unannounced.text());
    assert_eq!(server.sheets.stored.lock().unwrap().len(), 1);
    server.end().await;
}

#[tokio::test]
async fn only_text_is_stored() {
    let server = small().await;
    for (body, at) in [(b"select \0".as_slice(), 7), (b"\xff\xfes", 0), (b"select '\xc3", 8)] {
        let reply = put("shop", "ann").body(body).send(server.address).await;
        reply.refused(400, "invalid_argument", "NOT_TEXT");
        assert!(reply.text().contains(&format!("at byte {at};")), "{}", reply.text());
    }
    let packed =
        put("shop", "ann").header("content-encoding", "gzip").body("x").send(server.address).await;
    packed.refused(400, "invalid_argument", "MALFORMED_REQUEST");
    assert!(server.sheets.stored.lock().unwrap().is_empty());
    server.end().await;
}

#[tokio::test]
async fn the_gate_stands_in_front() {
    let server = small().await;
    put("shop", "bob").body("x").send(server.address).await.refused(
        403,
        "permission_denied",
        "PERMISSION_MISSING",
    );
    put("b", "ann").body("x").send(server.address).await.refused(
        403,
        "permission_denied",
        "PERMISSION_MISSING",
    );
    put("shop", "expired").body("x").send(server.address).await.refused(
        401,
        "unauthenticated",
        "NOT_SIGNED_IN",
    );
    for project in ["shop%2F..%2Fb", "shop%00"] {
        put(project, "ann").body("x").send(server.address).await.refused(
            400,
            "invalid_argument",
            "INVALID_FIELD",
        );
    }
    assert!(server.sheets.stored.lock().unwrap().is_empty());
    server.end().await;
}

#[tokio::test]
async fn a_body_that_breaks_off_is_recorded_and_stored_nowhere() {
    let server = small().await;
    let head = put("shop", "ann").header("content-length", "500").chunked().bytes();
    let head = String::from_utf8(head).unwrap().replace("transfer-encoding: chunked\r\n", "");
    let mut connection = crate::support::http::Connection::open(server.address).await;
    connection.write(head.as_bytes()).await;
    connection.write(b"select 1").await;
    drop(connection);
    let recorded = async {
        while server.keeper.log().len() < 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::support::PATIENCE, recorded).await.expect("an outcome is recorded");
    assert!(server.keeper.log()[1].starts_with("FAILED"), "{:?}", server.keeper.log());
    assert!(server.sheets.stored.lock().unwrap().is_empty());
    server.end().await;
}
