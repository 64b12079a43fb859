//! Signing in with a password, and what a token is good for.

use std::time::Duration;

use serde_json::json;

use super::world::{ADMIN, Expect as _, Jar, PASSWORD, World};

const WHO: &str = "UserService/GetCurrentUser";

#[tokio::test]
async fn a_client_that_signs_in_late_gets_unauthenticated_once() {
    let (world, _) = World::start().await;
    // What the pipeline client does: call, be refused, sign in, call again.
    let first = world.call("ActuatorService/GetActuatorInfo", json!({}), "").await;
    first.refused(401, "unauthenticated", "NOT_SIGNED_IN");
    let token = world.token(ADMIN, PASSWORD).await;
    world.call("ActuatorService/GetActuatorInfo", json!({}), &token).await.ok();
    // A token that lacks permission must not read as one that is over: the client would sign in for ever.
    let bob = world.user(&token, "bob@example.com").await;
    for rpc in
        ["UserService/CreateUser", "ProjectService/ListProjects", "SettingService/ListSettings"]
    {
        let refused = world.call(rpc, json!({}), &bob).await;
        refused.refused(403, "permission_denied", "PERMISSION_MISSING");
    }
    world.end().await;
}

#[tokio::test]
async fn wrong_and_unknown_are_answered_alike() {
    let (world, _) = World::start().await;
    let wrong = world.login(ADMIN, "not it").await;
    let unknown = world.login("nobody@example.com", "not it").await;
    let none = world.login(ADMIN, "").await;
    for reply in [&wrong, &unknown, &none] {
        reply.refused(401, "unauthenticated", "WRONG_CREDENTIALS");
        assert_eq!(reply.text(), wrong.text());
    }
    world.login("  ADMIN@example.COM ", PASSWORD).await.ok();
    world.end().await;
}

#[tokio::test]
async fn a_token_lasts_an_hour_or_what_the_profile_says() {
    let (world, token) = World::start().await;
    world.pass(Duration::from_secs(3_599));
    world.call(WHO, json!({}), &token).await.ok();
    world.pass(Duration::from_secs(1));
    let over = world.call(WHO, json!({}), &token).await;
    over.refused(401, "unauthenticated", "NOT_SIGNED_IN");

    let token = world.token(ADMIN, PASSWORD).await;
    let profile = json!({"workspaceProfile": {"accessTokenDuration": "120s"}});
    let body = json!({
        "setting": {"name": "settings/WORKSPACE_PROFILE", "value": profile},
        "updateMask": "value.workspaceProfile.accessTokenDuration",
    });
    world.call("SettingService/UpdateSetting", body, &token).await.ok();
    let short = world.token(ADMIN, PASSWORD).await;
    world.pass(Duration::from_secs(121));
    world.call(WHO, json!({}), &short).await.refused(401, "unauthenticated", "NOT_SIGNED_IN");
    world.call(WHO, json!({}), &token).await.ok();
    world.end().await;
}

#[tokio::test]
async fn what_is_no_token_of_ours_is_unauthenticated() {
    let (world, token) = World::start().await;
    let (message, _) = token.rsplit_once('.').unwrap();
    for bad in
        ["x", "a.b.c", &format!("{message}."), &format!("{message}.AAAA"), &"x".repeat(7_000)]
    {
        let reply = world.call("ActuatorService/GetActuatorInfo", json!({}), bad).await;
        reply.refused(401, "unauthenticated", "NOT_SIGNED_IN");
    }
    // Signing in works with a stale token in hand.
    let body = json!({"email": ADMIN, "password": PASSWORD});
    world.call("AuthService/Login", body, "stale").await.ok();
    world.end().await;
}

#[tokio::test]
async fn a_browser_gets_cookies_and_no_token() {
    let (world, _) = World::start().await;
    let body = json!({"email": ADMIN, "password": PASSWORD, "web": true});
    let reply = world.call("AuthService/Login", body, "").await;
    assert_eq!(reply.ok()["token"], json!(null));
    let cookies = reply.all("set-cookie");
    assert_eq!(cookies.len(), 3);
    for cookie in cookies {
        assert!(
            cookie.contains("; HttpOnly; SameSite=Strict") && !cookie.contains("Secure"),
            "{cookie}"
        );
    }
    let jar = Jar::default().with(&reply);
    assert_eq!(world.browse(WHO, json!({}), &jar).await.ok()["name"], "users/admin@example.com");
    let api = world.login(ADMIN, PASSWORD).await;
    assert!(api.all("set-cookie").is_empty());
    world.end().await;
}

#[tokio::test]
async fn other_ways_to_sign_in_are_refused_by_name() {
    let (world, _) = World::start().await;
    for (field, value) in [
        ("idpName", "idps/x"),
        ("otpCode", "123456"),
        ("emailCode", "1"),
        ("workspace", "workspaces/other"),
    ] {
        let mut body = json!({"email": ADMIN, "password": PASSWORD});
        body[field] = json!(value);
        let fields = world.call("AuthService/Login", body, "").await.fields();
        assert_eq!(fields.len(), 1, "{field}");
    }
    world.end().await;
}

#[tokio::test]
async fn who_am_i() {
    let (world, token) = World::start().await;
    let me = world.call(WHO, json!({}), &token).await.ok();
    assert_eq!((&me["email"], &me["workspace"]), (&json!(ADMIN), &json!("workspaces/default")));
    assert_eq!(me["password"], json!(null));
    world.call(WHO, json!({}), "").await.refused(401, "unauthenticated", "NOT_SIGNED_IN");
    world.end().await;
}
