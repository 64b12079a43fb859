//! Accounts of programs.

use serde_json::json;

use super::world::{Expect as _, World};

const INFO: &str = "ActuatorService/GetActuatorInfo";

#[tokio::test]
async fn a_key_is_shown_once_and_signs_in() {
    let (world, admin) = World::start().await;
    let body = json!({"parent": "workspaces/default", "serviceAccountId": "ci", "serviceAccount": {"title": "CI"}});
    let made = world.call("ServiceAccountService/CreateServiceAccount", body, &admin).await.ok();
    let key = made["serviceKey"].as_str().unwrap();
    assert!(key.starts_with("bbs_") && key.len() == 47, "{key}");
    assert_eq!(made["name"], "serviceAccounts/ci@service.bytebase.com");
    let name = json!({"name": made["name"]});
    let read = world.call("ServiceAccountService/GetServiceAccount", name, &admin).await;
    assert!(!read.text().contains("bbs_") && read.ok()["email"] == "ci@service.bytebase.com");

    let token = world.token("ci@service.bytebase.com", key).await;
    world.call(INFO, json!({}), &token).await.ok();
    let me = world.call("UserService/GetCurrentUser", json!({}), &token).await.ok();
    assert_eq!(me["email"], "ci@service.bytebase.com");
    let list = world.call("ProjectService/ListProjects", json!({}), &token).await;
    list.refused(403, "permission_denied", "PERMISSION_MISSING");
    let web = json!({"email": "ci@service.bytebase.com", "password": key, "web": true});
    assert_eq!(world.call("AuthService/Login", web, "").await.fields(), ["web"]);
    world.login("ci@service.bytebase.com", "bbs_wrong").await.refused(
        401,
        "unauthenticated",
        "WRONG_CREDENTIALS",
    );
    world.login("no@service.bytebase.com", key).await.refused(
        401,
        "unauthenticated",
        "WRONG_CREDENTIALS",
    );
    world.end().await;
}

#[tokio::test]
async fn a_new_key_ends_the_old_one_and_its_tokens() {
    let (world, admin) = World::start().await;
    let body = json!({"serviceAccountId": "ci", "serviceAccount": {"title": "CI"}});
    let made = world.call("ServiceAccountService/CreateServiceAccount", body, &admin).await.ok();
    let old = made["serviceKey"].as_str().unwrap();
    let email = "ci@service.bytebase.com";
    let token = world.token(email, old).await;
    let update = |mask: &str| json!({"serviceAccount": {"name": made["name"], "title": "Pipeline"}, "updateMask": mask});
    let titled = world
        .call("ServiceAccountService/UpdateServiceAccount", update("title"), &admin)
        .await
        .ok();
    assert_eq!((&titled["title"], &titled["serviceKey"]), (&json!("Pipeline"), &json!(null)));
    world.call(INFO, json!({}), &token).await.ok();
    let rotated = world
        .call("ServiceAccountService/UpdateServiceAccount", update("serviceKey"), &admin)
        .await
        .ok();
    let new = rotated["serviceKey"].as_str().unwrap();
    assert_ne!(new, old);
    world.call(INFO, json!({}), &token).await.refused(401, "unauthenticated", "NOT_SIGNED_IN");
    world.login(email, old).await.refused(401, "unauthenticated", "WRONG_CREDENTIALS");
    world.token(email, new).await;
    for mask in ["*", "email", "state", ""] {
        let fields = world
            .call("ServiceAccountService/UpdateServiceAccount", update(mask), &admin)
            .await
            .fields();
        assert_eq!(fields, ["update_mask"], "{mask}");
    }
    world.end().await;
}

#[tokio::test]
async fn a_deleted_account_is_out_at_once_and_can_come_back() {
    let (world, admin) = World::start().await;
    let body = json!({"serviceAccountId": "ci", "serviceAccount": {}});
    let made =
        world.call("ServiceAccountService/CreateServiceAccount", body.clone(), &admin).await.ok();
    let key = made["serviceKey"].as_str().unwrap();
    let token = world.token("ci@service.bytebase.com", key).await;
    let name = json!({"name": made["name"]});
    world.call("ServiceAccountService/DeleteServiceAccount", name.clone(), &admin).await.ok();
    world.call(INFO, json!({}), &token).await.refused(401, "unauthenticated", "NOT_SIGNED_IN");
    world.login("ci@service.bytebase.com", key).await.refused(
        401,
        "unauthenticated",
        "WRONG_CREDENTIALS",
    );
    let taken = world.call("ServiceAccountService/CreateServiceAccount", body, &admin).await;
    taken.refused(409, "already_exists", "RESOURCE_EXISTS");
    let list = |deleted: bool| json!({"parent": "workspaces/-", "showDeleted": deleted});
    let live =
        world.call("ServiceAccountService/ListServiceAccounts", list(false), &admin).await.ok();
    assert_eq!(live["serviceAccounts"], json!(null));
    let all =
        world.call("ServiceAccountService/ListServiceAccounts", list(true), &admin).await.ok();
    assert_eq!(all["serviceAccounts"][0]["state"], "DELETED");
    world.call("ServiceAccountService/UndeleteServiceAccount", name, &admin).await.ok();
    world.token("ci@service.bytebase.com", key).await;
    world.end().await;
}

#[tokio::test]
async fn a_project_owner_makes_accounts_of_the_project_and_no_others() {
    let (world, admin) = World::start().await;
    let ann = world.user(&admin, "ann@example.com").await;
    world.project(&admin, "shop", &["ann@example.com"]).await;
    world.project(&admin, "other", &[]).await;
    let make = |parent: &str| json!({"parent": parent, "serviceAccountId": "ci", "serviceAccount": {"title": "CI"}});
    let made = world
        .call("ServiceAccountService/CreateServiceAccount", make("projects/shop"), &ann)
        .await
        .ok();
    assert_eq!(made["email"], "ci@shop.service.bytebase.com");
    for parent in ["projects/other", "projects/absent", "workspaces/default", "", "projects/-"] {
        let refused =
            world.call("ServiceAccountService/CreateServiceAccount", make(parent), &ann).await;
        assert!(matches!(refused.status, 403 | 404), "{parent}: {}", refused.text());
    }
    // Rotating the key of an account of the workspace would be a way up.
    let body = json!({"serviceAccountId": "root", "serviceAccount": {"title": "Root"}});
    let root = world.call("ServiceAccountService/CreateServiceAccount", body, &admin).await.ok();
    let rotate = json!({"serviceAccount": {"name": root["name"]}, "updateMask": "serviceKey"});
    let refused = world.call("ServiceAccountService/UpdateServiceAccount", rotate, &ann).await;
    refused.refused(403, "permission_denied", "PERMISSION_MISSING");
    world.end().await;
}
