//! Health, metrics, bootstrap, engines, request ids, headers.

use crate::support::Server;
use crate::support::http::{get, post, request};

#[tokio::test]
async fn health() {
    let server = Server::start().await;
    let reply = get("/healthz").send(server.address).await;
    assert_eq!((reply.status, reply.text()), (200, "OK"));
    server.end().await;
}

#[tokio::test]
async fn metrics_count_calls_by_method_and_code() {
    let server = Server::start().await;
    // Other tests count in the same process, but nobody else calls this rpc.
    let list = r#"{"parent":"projects/shop"}"#;
    assert_eq!(server.json("PlanService/ListPlans", list).await.status, 200);
    let stranger = post("PlanService/ListPlans").body(list).send(server.address).await;
    assert_eq!(stranger.status, 401);
    let reply = get("/metrics").send(server.address).await;
    let text = reply.text();
    let has = |start: &str| assert!(text.lines().any(|l| l.starts_with(start)), "{start}\n{text}");
    let labels = r#"{method="/bytebase.v1.PlanService/ListPlans""#;
    has(&format!(r#"basalt_rpc_requests_total{labels},code="ok"}} "#));
    has(&format!(r#"basalt_rpc_requests_total{labels},code="unauthenticated"}} "#));
    has(&format!(r#"basalt_rpc_duration_seconds_bucket{labels},le="0.05"}} "#));
    has("basalt_rpc_in_flight ");
    has("process_resident_memory_bytes ");
    has("process_cpu_milliseconds_total ");
    server.end().await;
}

#[tokio::test]
async fn bootstrap_is_for_anybody() {
    let server = Server::start().await;
    let reply = get("/api/bootstrap").send(server.address).await;
    assert_eq!(
        reply.json(),
        serde_json::json!({
            "needsFirstAdmin": true,
            "setupTokenRequired": false,
            "readonly": false,
            "demo": true,
            "demoUsers": [{ "email": "admin@example.com", "password": "shown", "title": "Admin" }],
            "basaltVersion": "0.1.0",
            "signedIn": false,
        })
    );
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    for (cookie, shown) in
        [("theme=dark", false), ("access-token=ann", true), ("refresh-token=r", true)]
    {
        let reply = get("/api/bootstrap").header("cookie", cookie).send(server.address).await;
        assert_eq!(reply.json()["signedIn"], shown, "{cookie}");
    }
    server.end().await;
}

#[tokio::test]
async fn engines_are_those_of_the_binary() {
    let server = Server::start().await;
    let reply = get("/api/engines").send(server.address).await;
    assert_eq!(
        reply.json(),
        serde_json::json!({ "engines": [] }),
        "the registry of the tests is empty"
    );
    server.end().await;
}

#[tokio::test]
async fn request_ids_are_taken_over_when_sane() {
    let server = Server::start().await;
    let send = async |id: &str| {
        let reply = get("/api/bootstrap").header("x-request-id", id).send(server.address).await;
        reply.header("x-request-id").unwrap().to_owned()
    };
    assert_eq!(send("build-17.4").await, "build-17.4");
    let made = send("<script>").await;
    assert_eq!((made.len(), made.matches('-').count()), (36, 4), "{made}");
    server.end().await;
}

#[tokio::test]
async fn every_answer_is_closed_to_attackers() {
    let server = Server::start().await;
    for reply in [server.get_plan("1").await, server.get_plan("absent").await] {
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(
            reply.header("content-security-policy"),
            Some("default-src 'none'; frame-ancestors 'none'")
        );
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert_eq!(reply.header("strict-transport-security"), None, "only over https");
    }
    server.end().await;
    let external_url = Some("https://basalt.example".to_owned());
    let server = Server::with(server::Config { external_url, ..Default::default() }).await;
    let reply = server.get_plan("1").await;
    assert!(reply.header("strict-transport-security").is_some());
    server.end().await;
}

#[tokio::test]
async fn paths_of_programs_never_show_a_page() {
    let server = Server::start().await;
    for path in ["/api/nothing", "/api", "/v1", "/bytebase.v1.X/Y", "/api/projects/a"] {
        let reply = get(path).send(server.address).await;
        assert_eq!(reply.status, 404, "{path}");
        assert_eq!(reply.error().0, "unimplemented", "{path}");
    }
    let reply = request("POST", "/projects/shop").body("{}").send(server.address).await;
    assert_eq!(reply.status, 404);
    let reply = request("POST", "/api/bootstrap").body("{}").send(server.address).await;
    reply.refused(405, "invalid_argument", "MALFORMED_REQUEST");
    server.end().await;
}
