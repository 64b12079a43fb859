//! The gate: who may call what, what is asked, what is written down.

use app::gate::Verdict;
use server::Config;

use crate::support::Server;
use crate::support::http::{Reply, post};

async fn as_whom(server: &Server, token: Option<&str>, rpc: &str, body: &str) -> Reply {
    let mut request = post(rpc);
    if let Some(token) = token {
        request = request.header("authorization", &format!("Bearer {token}"));
    }
    request.body(body).send(server.address).await
}

const CREATE: &str = r#"{"parent":"projects/shop","plan":{"title":"t"}}"#;

#[tokio::test]
async fn unauthenticated_is_only_for_tokens() {
    let server = Server::start().await;
    for token in [None, Some("expired")] {
        let reply =
            as_whom(&server, token, "PlanService/GetPlan", r#"{"name":"projects/shop/plans/1"}"#)
                .await;
        reply.refused(401, "unauthenticated", "NOT_SIGNED_IN");
    }
    // The client signs in and repeats on 401 without end, so everything else has to be another code.
    let reply =
        as_whom(&server, Some("bob"), "PlanService/GetPlan", r#"{"name":"projects/shop/plans/1"}"#)
            .await;
    reply.refused(403, "permission_denied", "PERMISSION_MISSING");
    assert_eq!(reply.json()["details"][1]["debug"]["requiredPermissions"][0], "bb.plans.get");
    server.end().await;
}

#[tokio::test]
async fn an_expired_token_does_not_keep_anybody_from_signing_in() {
    let server = Server::start().await;
    let reply = as_whom(
        &server,
        Some("expired"),
        "AuthService/Login",
        r#"{"email":"a@b.c","password":"right"}"#,
    )
    .await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    server.end().await;
}

#[tokio::test]
async fn wrong_fields_come_before_the_question_who_calls() {
    let server = Server::start().await;
    let long = format!(r#"{{"parent":"projects/shop","plan":{{"title":"{}"}}}}"#, "x".repeat(201));
    let reply = as_whom(&server, None, "PlanService/CreatePlan", &long).await;
    reply.refused(400, "invalid_argument", "INVALID_FIELD");
    let violation = &reply.json()["details"][1]["debug"]["fieldViolations"][0];
    assert_eq!(violation["field"], "plan.title");
    server.end().await;
}

#[tokio::test]
async fn one_foreign_member_refuses_the_batch_and_allow_missing_asks_for_more() {
    let server = Server::start().await;
    let role = r#"{"role":{"name":"roles/r"},"allowMissing":true}"#;
    let reply = as_whom(&server, Some("ann"), "RoleService/UpdateRole", role).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let foreign =
        as_whom(&server, Some("ann"), "PlanService/GetPlan", r#"{"name":"projects/b/plans/1"}"#)
            .await;
    foreign.refused(403, "permission_denied", "PERMISSION_MISSING");
    assert_eq!(
        server.keeper.asked(),
        ["bb.roles.update bb.roles.create @ roles/r", "bb.plans.get @ projects/b/plans/1"]
    );
    server.end().await;
}

#[tokio::test]
async fn audited_calls_leave_two_records_and_denied_ones_one() {
    let server = Server::start().await;
    as_whom(&server, Some("ann"), "PlanService/CreatePlan", CREATE).await;
    let fail = r#"{"parent":"projects/shop","plan":{"title":"fail"}}"#;
    as_whom(&server, Some("robot"), "PlanService/CreatePlan", fail).await;
    as_whom(&server, Some("bob"), "PlanService/CreatePlan", CREATE).await;
    as_whom(&server, None, "PlanService/CreatePlan", CREATE).await;
    // Reading leaves no record, being denied it does, and so does a handler's denial; strangers fill no log.
    let read = |plan: &str| format!(r#"{{"name":"projects/shop/plans/{plan}"}}"#);
    as_whom(&server, Some("ann"), "PlanService/GetPlan", &read("1")).await;
    as_whom(&server, Some("bob"), "PlanService/GetPlan", &read("1")).await;
    as_whom(&server, Some("ann"), "PlanService/GetPlan", &read("forbidden")).await;
    as_whom(&server, None, "PlanService/GetPlan", &read("1")).await;
    assert_eq!(
        server.keeper.log(),
        [
            "STARTED users/ann@example.com ok",
            "SUCCEEDED users/ann@example.com ok",
            "STARTED serviceAccounts/robot@service.bytebase.com ok",
            "FAILED serviceAccounts/robot@service.bytebase.com already_exists",
            "DENIED users/bob@example.com permission_denied",
            "DENIED nobody unauthenticated",
            "DENIED users/bob@example.com permission_denied",
            "DENIED users/ann@example.com permission_denied",
        ]
    );
    {
        let records = server.keeper.records.lock().unwrap();
        assert_eq!(records[0].id, records[1].id);
        assert_ne!(records[1].id, records[2].id);
        assert_eq!(records[0].resources, ["projects/shop"]);
        assert_eq!(records[0].method, "/bytebase.v1.PlanService/CreatePlan");
        assert_eq!(records[0].request, CREATE);
        assert_eq!(records[3].reason, Some("RESOURCE_EXISTS"));
        assert_eq!(records[0].client_ip, "127.0.0.1");
    }
    server.end().await;
}

#[tokio::test]
async fn secrets_stay_out_of_the_record() {
    let server = Server::start().await;
    as_whom(
        &server,
        None,
        "AuthService/Login",
        r#"{"email":"ann@example.com","password":"hunter2"}"#,
    )
    .await;
    assert_eq!(server.keeper.log(), ["STARTED nobody ok", "FAILED nobody unauthenticated"]);
    {
        let records = server.keeper.records.lock().unwrap();
        assert!(records.iter().all(|r| !r.request.contains("hunter2")), "{records:?}");
        assert!(records[0].request.contains("ann@example.com"));
    }
    server.end().await;
}

#[tokio::test]
async fn what_cannot_be_recorded_is_not_done() {
    let server = Server::start().await;
    *server.keeper.broken.lock().unwrap() = Some(Verdict::Started);
    let reply = as_whom(&server, Some("ann"), "PlanService/CreatePlan", CREATE).await;
    reply.refused(503, "unavailable", "STORE_UNAVAILABLE");
    assert!(!reply.text().contains("INSERT"), "{}", reply.text());
    assert_eq!(server.plans.created.load(std::sync::atomic::Ordering::SeqCst), 0);

    *server.keeper.broken.lock().unwrap() = Some(Verdict::Succeeded);
    let reply = as_whom(&server, Some("ann"), "PlanService/CreatePlan", CREATE).await;
    reply.refused(503, "unavailable", "STORE_UNAVAILABLE");
    assert!(reply.text().contains("the call ran"), "{}", reply.text());

    *server.keeper.broken.lock().unwrap() = Some(Verdict::Denied);
    let reply = as_whom(&server, Some("bob"), "PlanService/CreatePlan", CREATE).await;
    reply.refused(403, "permission_denied", "PERMISSION_MISSING");
    server.end().await;
}

#[tokio::test]
async fn a_panic_is_recorded_as_a_failure() {
    let server = Server::start().await;
    server.get_plan("panic").await.refused(500, "internal", "INTERNAL");
    server.get_plan("1").await;
    let upload = crate::support::http::request("PUT", "/api/projects/shop/sheets")
        .header("authorization", "Bearer ann")
        .body(b"a\0b")
        .send(server.address)
        .await;
    upload.refused(400, "invalid_argument", "NOT_TEXT");
    assert_eq!(
        server.keeper.log(),
        ["STARTED users/ann@example.com ok", "FAILED users/ann@example.com invalid_argument"]
    );
    server.end().await;
}

#[tokio::test]
async fn a_readonly_server_shows_and_changes_nothing() {
    let server = Server::with(Config { readonly: true, ..Config::default() }).await;
    let reply = as_whom(&server, Some("ann"), "PlanService/CreatePlan", CREATE).await;
    reply.refused(400, "failed_precondition", "READONLY");
    assert_eq!(server.plans.created.load(std::sync::atomic::Ordering::SeqCst), 0);
    let sheet = crate::support::http::request("PUT", "/api/projects/shop/sheets")
        .header("authorization", "Bearer ann")
        .body("select 1")
        .send(server.address)
        .await;
    sheet.refused(400, "failed_precondition", "READONLY");
    assert!(server.sheets.stored.lock().unwrap().is_empty());
    assert_eq!(server.get_plan("1").await.status, 200);
    let login =
        as_whom(&server, None, "AuthService/Login", r#"{"email":"a@b.c","password":"right"}"#)
            .await;
    assert_eq!(login.status, 200, "{}", login.text());
    // A stranger is told to sign in, not how the server was started.
    let stranger = as_whom(&server, None, "PlanService/CreatePlan", CREATE).await;
    stranger.refused(401, "unauthenticated", "NOT_SIGNED_IN");
    server.end().await;
}
