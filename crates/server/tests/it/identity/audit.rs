//! Every change leaves its records, and no secret is in them.

use serde_json::json;
use store::{List, audit};

use super::world::{ADMIN, Expect as _, PASSWORD, World};

#[tokio::test]
async fn changes_and_refusals_are_on_record_without_secrets() {
    let (world, admin) = World::start().await;
    let bob = world.user(&admin, "bob@example.com").await;
    let body = json!({"serviceAccountId": "ci", "serviceAccount": {}});
    let made = world.call("ServiceAccountService/CreateServiceAccount", body, &admin).await.ok();
    let key = made["serviceKey"].as_str().unwrap().to_owned();
    world.token("ci@service.bytebase.com", &key).await;
    world.login(ADMIN, "a wrong guess").await.refused(401, "unauthenticated", "WRONG_CREDENTIALS");
    let refused = world.call("ProjectService/CreateProject", json!({"projectId": "x"}), &bob).await;
    refused.refused(403, "permission_denied", "PERMISSION_MISSING");

    let mut conn = world.app.store.read().await.unwrap();
    let all = audit::list(&mut conn, &List::default()).await.unwrap().items;
    let line = |c: &audit::Chained| {
        format!(
            "{} {} {}",
            c.record.verdict,
            c.record.actor,
            c.record.method.rsplit('/').next().unwrap()
        )
    };
    let lines: Vec<_> = all.iter().rev().map(line).collect();
    for expected in [
        "STARTED users/admin@example.com CreateUser",
        "SUCCEEDED users/admin@example.com CreateUser",
        "SUCCEEDED users/admin@example.com Signup",
        "SUCCEEDED serviceAccounts/ci@service.bytebase.com Login",
        "FAILED anonymous Login",
        "DENIED users/bob@example.com CreateProject",
    ] {
        assert!(lines.iter().any(|l| l == expected), "{expected} in {lines:?}");
    }
    for record in &all {
        let text = format!("{:?}", record.record);
        for secret in [PASSWORD, "a wrong guess", &key, &admin] {
            assert!(!text.contains(secret), "{text}");
        }
    }
    let whole = audit::verify(&mut conn).await.unwrap();
    assert_eq!(
        whole,
        audit::Verdict::Whole { records: i64::try_from(all.len()).unwrap(), first: 1 }
    );
    world.end().await;
}

/// The log that `token` is shown: method, severity and resource of each entry, newest first.
async fn shown(world: &World, token: &str, request: serde_json::Value) -> Vec<String> {
    let found = world.call("AuditLogService/SearchAuditLogs", request, token).await.ok();
    let line = |e: &serde_json::Value| {
        let method = e["method"].as_str().unwrap().rsplit('/').next().unwrap();
        format!("{} {method} {}", e["severity"].as_str().unwrap(), e["resource"].as_str().unwrap())
    };
    found["auditLogs"].as_array().map(|all| all.iter().map(line).collect()).unwrap_or_default()
}

#[tokio::test]
async fn the_log_shows_each_call_once_and_a_project_its_own() {
    let (world, admin) = World::start().await;
    let bob = world.user(&admin, "bob@example.com").await;
    world.project(&admin, "shop", &["bob@example.com"]).await;
    world.project(&admin, "shop2", &[]).await;
    let update =
        json!({"project": {"name": "projects/shop", "title": "The shop"}, "updateMask": "title"});
    world.call("ProjectService/UpdateProject", update, &bob).await.ok();
    let denied =
        json!({"project": {"name": "projects/shop2", "title": "Mine"}, "updateMask": "title"});
    world.call("ProjectService/UpdateProject", denied, &bob).await.refused(
        403,
        "permission_denied",
        "PERMISSION_MISSING",
    );

    let of_shop = shown(&world, &bob, json!({"parent": "projects/shop"})).await;
    let expected = ["INFO UpdateProject projects/shop", "INFO SetIamPolicy projects/shop"];
    assert_eq!(of_shop, expected);
    let refused = json!({"filter": "severity == \"WARNING\" && user == \"users/bob@example.com\""});
    assert_eq!(shown(&world, &admin, refused).await, ["WARNING UpdateProject projects/shop2"]);
    let all = shown(&world, &admin, json!({"pageSize": 100})).await;
    assert_eq!(all.iter().filter(|l| l.contains("CreateUser")).count(), 1, "{all:?}");
    // A begun call without an end is shown for what it is.
    let mut tx = world.app.store.begin().await.unwrap();
    let begun = audit::list(&mut tx, &List::default()).await.unwrap().items;
    let begun = begun.iter().find(|c| c.record.verdict == "STARTED").unwrap().record.clone();
    let lost = store::rows::AuditRecord { request_id: "lost".into(), ..begun };
    audit::append(&mut tx, &lost).await.unwrap();
    tx.commit().await.unwrap();
    let notice = shown(&world, &admin, json!({"filter": "severity == \"NOTICE\""})).await;
    assert_eq!(notice, ["NOTICE UpdateProject projects/shop"]);

    let one = json!({"parent": "projects/shop", "pageSize": 1, "filter": "method == \"/bytebase.v1.ProjectService/UpdateProject\""});
    let page = world.call("AuditLogService/SearchAuditLogs", one, &bob).await.ok();
    let entry = &page["auditLogs"][0];
    assert!(entry["request"].as_str().unwrap().contains("The shop"), "{entry}");
    assert_eq!(entry["requestMetadata"]["callerIp"], "127.0.0.1");
    assert!(entry["name"].as_str().unwrap().starts_with("projects/shop/auditLogs/"), "{entry}");
    world.end().await;
}

#[tokio::test]
async fn strangers_read_no_log_and_members_only_that_of_their_project() {
    let (world, admin) = World::start().await;
    let bob = world.user(&admin, "bob@example.com").await;
    let eve = world.user(&admin, "eve@example.com").await;
    world.project(&admin, "shop", &["bob@example.com"]).await;
    for (parent, token) in [("", &bob), ("projects/shop", &eve), ("projects/none", &eve)] {
        for rpc in ["SearchAuditLogs", "ExportAuditLogs"] {
            let body = json!({"parent": parent});
            let reply = world.call(&format!("AuditLogService/{rpc}"), body, token).await;
            reply.refused(403, "permission_denied", "PERMISSION_MISSING");
        }
    }
    world.end().await;
}

#[tokio::test]
async fn the_log_is_exported_page_by_page() {
    use base64::Engine as _;

    let (world, admin) = World::start().await;
    world.project(&admin, "shop", &[]).await;
    let export = async |request: serde_json::Value| {
        let reply = world.call("AuditLogService/ExportAuditLogs", request, &admin).await.ok();
        let content = reply["content"].as_str().unwrap();
        let bytes = base64::engine::general_purpose::STANDARD.decode(content).unwrap();
        (String::from_utf8(bytes).unwrap(), reply["nextPageToken"].clone())
    };
    let oldest = json!({"format": "CSV", "pageSize": 2, "orderBy": "create_time"});
    let (csv, next) = export(oldest.clone()).await;
    let lines: Vec<_> = csv.split("\r\n").collect();
    assert_eq!(lines.len(), 4, "{csv}");
    assert!(lines[0].starts_with("name,create_time,user,method"), "{csv}");
    assert!(lines[1].contains("AuthService/Signup\",\"INFO\""), "{csv}");
    let mut rest = oldest;
    rest["pageToken"] = next;
    assert_ne!(export(rest).await.0, csv);
    let (json, _) = export(json!({"format": "JSON", "parent": "projects/shop",
        "filter": "method == \"/bytebase.v1.ProjectService/SetIamPolicy\""}))
    .await;
    let entries: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(entries[0]["method"], "/bytebase.v1.ProjectService/SetIamPolicy");
    assert_eq!(entries[0]["request"]["resource"], "projects/shop");
    let wrong = world.call("AuditLogService/ExportAuditLogs", json!({"format": "SQL"}), &admin);
    wrong.await.refused(400, "invalid_argument", "INVALID_FIELD");
    world.end().await;
}
