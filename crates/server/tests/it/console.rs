//! The files of the console.

use std::borrow::Cow;

use server::{Config, ConsoleFile};
use sha2::{Digest as _, Sha256};

use crate::support::Server;
use crate::support::http::{Reply, get, request};

const PAGE: &str = "<html><meta name=\"csp-nonce\" content=\"__CSP_NONCE__\"></html>";

fn files(path: &str) -> Option<ConsoleFile> {
    let data: &'static [u8] = match path {
        "index.html" => PAGE.as_bytes(),
        "assets/main-1a2b.js" => b"console.log(1)",
        "assets/main-1a2b.js.br" => b"(brotli)",
        "favicon.svg" => b"<svg/>",
        ".vite/manifest.json" => b"{}",
        _ => return None,
    };
    Some(ConsoleFile { data: Cow::Borrowed(data), sha256: Sha256::digest(data).into() })
}

async fn console() -> Server {
    Server::with(Config { console: files, ..Config::default() }).await
}

fn nonce(reply: &Reply) -> String {
    let (_, rest) = reply.text().split_once("content=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn every_page_is_the_index_with_a_nonce_of_its_own() {
    let server = console().await;
    let mut seen = Vec::new();
    for path in ["/", "/index.html", "/projects/shop/plans/1", "/.vite/manifest.json"] {
        let reply = get(path).send(server.address).await;
        assert_eq!(reply.status, 200, "{path}");
        assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(reply.header("cache-control"), Some("no-cache"));
        let nonce = nonce(&reply);
        assert!(nonce.len() >= 22 && !seen.contains(&nonce), "{nonce}");
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.contains(&format!("style-src 'self' 'nonce-{nonce}'")), "{policy}");
        assert!(
            policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"),
            "{policy}"
        );
        seen.push(nonce);
    }
    server.end().await;
}

#[tokio::test]
async fn an_unchanged_page_keeps_its_policy() {
    let server = console().await;
    let etag = get("/").send(server.address).await.header("etag").unwrap().to_owned();
    let again = get("/projects").header("if-none-match", &etag).send(server.address).await;
    assert_eq!(again.status, 304);
    // A new policy would come with a nonce that the page in the browser's cache does not have.
    assert_eq!(again.header("content-security-policy"), None);
    server.end().await;
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever_and_sent_small() {
    let server = console().await;
    let plain = get("/assets/main-1a2b.js").send(server.address).await;
    assert_eq!(plain.text(), "console.log(1)");
    assert_eq!(plain.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(plain.header("content-type"), Some("text/javascript; charset=utf-8"));
    let small = get("/assets/main-1a2b.js")
        .header("accept-encoding", "gzip, br")
        .send(server.address)
        .await;
    assert_eq!(small.header("content-encoding"), Some("br"));
    assert_eq!(small.text(), "(brotli)");
    assert_eq!(small.header("content-type"), plain.header("content-type"));
    let none =
        get("/assets/main-1a2b.js").header("accept-encoding", "br;q=0").send(server.address).await;
    assert_eq!(none.header("content-encoding"), None);
    let etag = plain.header("etag").unwrap();
    let known =
        get("/assets/main-1a2b.js").header("if-none-match", etag).send(server.address).await;
    assert_eq!(known.status, 304);
    let icon = get("/favicon.svg").send(server.address).await;
    assert_eq!(icon.header("cache-control"), Some("no-cache"));
    server.end().await;
}

#[tokio::test]
async fn what_a_former_build_had_is_gone() {
    let server = console().await;
    assert_eq!(get("/assets/main-0000.js").send(server.address).await.status, 404);
    let head = {
        let mut connection = request("HEAD", "/").open(server.address).await;
        connection.head().await
    };
    assert_eq!(head.status, 200);
    assert_eq!(head.header("content-length"), Some(&*(PAGE.len() - 13 + 22).to_string()));
    server.end().await;
}

#[tokio::test]
async fn a_build_without_console_says_how_to_get_one() {
    let server = Server::with(Config { console: |_| None, ..Config::default() }).await;
    let reply = get("/").send(server.address).await;
    assert_eq!(reply.status, 404);
    assert!(reply.text().contains("npm run build"), "{}", reply.text());
    server.end().await;
}
