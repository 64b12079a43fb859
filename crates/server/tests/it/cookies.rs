//! Sessions by cookie, and other sites that would like to use them.

use crate::support::Server;
use crate::support::http::{Request, get, post};

const LOGIN: &str = r#"{"email":"ann@example.com","password":"right","web":true}"#;

fn by_cookie(request: Request) -> Request {
    request.header("cookie", "theme=dark; access-token=ann; refresh-token=r")
}

#[tokio::test]
async fn signing_in_sets_cookies_that_work() {
    let server = Server::start().await;
    let login = post("AuthService/Login").body(LOGIN).send(server.address).await;
    assert_eq!(
        login.all("set-cookie"),
        [
            "access-token=ann; HttpOnly; SameSite=Strict",
            "refresh-token=r; HttpOnly; SameSite=Strict"
        ]
    );
    assert_eq!(login.json()["token"], "http");
    let plan = by_cookie(post("PlanService/GetPlan")).body(r#"{"name":"projects/shop/plans/1"}"#);
    assert_eq!(plan.send(server.address).await.json()["title"], "for users/ann@example.com");
    server.end().await;
}

#[tokio::test]
async fn a_refusal_can_take_cookies_away() {
    let server = Server::start().await;
    let login = post("AuthService/Login").body("{}").send(server.address).await;
    login.refused(401, "unauthenticated", "WRONG_CREDENTIALS");
    assert_eq!(login.all("set-cookie"), ["access-token=; Max-Age=0"]);
    server.end().await;
}

#[tokio::test]
async fn a_bearer_token_goes_before_a_cookie() {
    let server = Server::start().await;
    let reply = by_cookie(post("PlanService/GetPlan"))
        .header("authorization", "Bearer bob")
        .body(r#"{"name":"projects/shop/plans/1"}"#)
        .send(server.address)
        .await;
    reply.refused(403, "permission_denied", "PERMISSION_MISSING");
    server.end().await;
}

#[tokio::test]
async fn other_sites_cannot_use_the_session() {
    let server = Server::start().await;
    let plan = r#"{"parent":"projects/shop","plan":{"title":"t"}}"#;
    let create = || by_cookie(post("PlanService/CreatePlan")).body(plan);
    for (name, value) in [
        ("origin", "http://evil.example"),
        ("origin", "null"),
        ("origin", "http://basalt.test.evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let reply = create().header(name, value).send(server.address).await;
        reply.refused(403, "permission_denied", "NOT_ALLOWED");
    }
    // What a form can send without asking first.
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
        let request = crate::support::http::request("POST", "/bytebase.v1.PlanService/CreatePlan");
        let reply = by_cookie(request)
            .header("content-type", content_type)
            .body(plan)
            .send(server.address)
            .await;
        reply.refused(403, "permission_denied", "NOT_ALLOWED");
    }
    assert_eq!(server.plans.created.load(std::sync::atomic::Ordering::SeqCst), 0);
    for (name, value) in [("origin", "http://basalt.test"), ("sec-fetch-site", "same-origin")] {
        assert_eq!(create().header(name, value).send(server.address).await.status, 200, "{value}");
    }
    server.end().await;
}

#[tokio::test]
async fn other_sites_cannot_sign_a_browser_in() {
    let server = Server::start().await;
    let login = post("AuthService/Login").header("origin", "http://evil.example").body(LOGIN);
    login.send(server.address).await.refused(403, "permission_denied", "NOT_ALLOWED");
    server.end().await;
}

#[tokio::test]
async fn reading_has_no_effect_so_any_site_may_link() {
    let server = Server::start().await;
    let reply = get("/healthz").header("sec-fetch-site", "cross-site").send(server.address).await;
    assert_eq!((reply.status, reply.text()), (200, "OK"));
    server.end().await;
}
