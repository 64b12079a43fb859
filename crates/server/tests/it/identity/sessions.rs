//! Browser sessions: renewal, reuse, sign-out, and what ends them.

use std::time::Duration;

use serde_json::json;

use super::world::{ADMIN, Expect as _, Jar, PASSWORD, World};
use crate::support::http::Reply;

const WHO: &str = "UserService/GetCurrentUser";
const REFRESH: &str = "AuthService/Refresh";

async fn refresh(world: &World, jar: &Jar) -> Reply {
    world.browse(REFRESH, json!({}), jar).await
}

#[track_caller]
fn is_over(reply: &Reply) {
    reply.refused(401, "unauthenticated", "NOT_SIGNED_IN");
}

#[tokio::test]
async fn a_refresh_token_is_good_for_one_use() {
    let (world, _) = World::start().await;
    let first = world.jar(ADMIN).await;
    world.pass(Duration::from_secs(3_600));
    is_over(&world.browse("ActuatorService/GetActuatorInfo", json!({}), &first).await);
    let renewed = refresh(&world, &first).await;
    renewed.ok();
    let second = first.clone().with(&renewed);
    world.browse(WHO, json!({}), &second).await.ok();

    // Two tabs at the same moment: the slower one gets nothing, and nobody is thrown out.
    let tab = refresh(&world, &first).await;
    tab.ok();
    assert!(tab.all("set-cookie").is_empty());
    world.browse(WHO, json!({}), &second).await.ok();

    // Later it is theft: both lose the session, at once.
    world.pass(Duration::from_secs(11));
    let stolen = refresh(&world, &first).await;
    is_over(&stolen);
    assert!(first.with(&stolen).is_empty(), "the cookies are taken back");
    is_over(&world.browse("ActuatorService/GetActuatorInfo", json!({}), &second).await);
    is_over(&refresh(&world, &second).await);
    world.end().await;
}

#[tokio::test]
async fn a_session_ends_after_seven_days_however_often_it_is_renewed() {
    let (world, _) = World::start().await;
    let mut jar = world.jar(ADMIN).await;
    for _ in 0..6 {
        world.pass(Duration::from_secs(24 * 3_600));
        let renewed = refresh(&world, &jar).await;
        renewed.ok();
        jar = jar.with(&renewed);
    }
    world.pass(Duration::from_secs(24 * 3_600));
    is_over(&refresh(&world, &jar).await);
    world.end().await;
}

#[tokio::test]
async fn signing_out_ends_the_session_and_only_this_one() {
    let (world, _) = World::start().await;
    let (here, there) = (world.jar(ADMIN).await, world.jar(ADMIN).await);
    let reply = world.browse("AuthService/Logout", json!({}), &here).await;
    reply.ok();
    assert!(here.clone().with(&reply).is_empty());
    is_over(&world.browse("ActuatorService/GetActuatorInfo", json!({}), &here).await);
    is_over(&refresh(&world, &here).await);
    world.browse(WHO, json!({}), &there).await.ok();
    world.call("AuthService/Logout", json!({}), "").await.ok();
    world.end().await;
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions_and_tokens() {
    let (world, token) = World::start().await;
    let (here, there) = (world.jar(ADMIN).await, world.jar(ADMIN).await);
    world.pass(Duration::from_millis(1));
    let user = json!({"name": format!("users/{ADMIN}"), "password": "another horse battery"});
    let body = json!({"user": user, "updateMask": "password"});
    let reply = world.browse("UserService/UpdateUser", body.clone(), &here).await;
    assert_eq!(reply.ok()["password"], json!(null));
    let here = here.with(&reply);
    world.browse(WHO, json!({}), &here).await.ok();
    is_over(&world.browse("ActuatorService/GetActuatorInfo", json!({}), &there).await);
    is_over(&refresh(&world, &there).await);
    is_over(&world.call("ActuatorService/GetActuatorInfo", json!({}), &token).await);
    world.login(ADMIN, PASSWORD).await.refused(401, "unauthenticated", "WRONG_CREDENTIALS");
    world.token(ADMIN, "another horse battery").await;
    let same = world.browse("UserService/UpdateUser", body, &here).await;
    same.refused(400, "invalid_argument", "INVALID_FIELD");
    world.end().await;
}

#[tokio::test]
async fn a_deleted_user_is_out_at_once() {
    let (world, admin) = World::start().await;
    let bob = world.user(&admin, "bob@example.com").await;
    let jar = world.jar("bob@example.com").await;
    world
        .call("UserService/DeleteUser", json!({"name": "users/bob@example.com"}), &admin)
        .await
        .ok();
    is_over(&world.call("ActuatorService/GetActuatorInfo", json!({}), &bob).await);
    is_over(&world.browse("ActuatorService/GetActuatorInfo", json!({}), &jar).await);
    is_over(&refresh(&world, &jar).await);
    world.login("bob@example.com", PASSWORD).await.refused(
        401,
        "unauthenticated",
        "WRONG_CREDENTIALS",
    );
    world.end().await;
}

#[tokio::test]
async fn a_session_from_before_is_not_taken_over_by_a_sign_in() {
    let (world, admin) = World::start().await;
    world.user(&admin, "eve@example.com").await;
    let planted = world.jar("eve@example.com").await;
    let body = json!({"email": ADMIN, "password": PASSWORD, "web": true});
    let reply = world.browse("AuthService/Login", body, &planted).await;
    let jar = planted.clone().with(&reply);
    assert_eq!(world.browse(WHO, json!({}), &jar).await.ok()["email"], ADMIN);
    assert_eq!(world.browse(WHO, json!({}), &planted).await.ok()["email"], "eve@example.com");
    world.end().await;
}

#[tokio::test]
async fn a_refresh_token_does_not_go_with_the_access_token_of_another() {
    let (world, admin) = World::start().await;
    world.user(&admin, "eve@example.com").await;
    let eve = world.jar("eve@example.com").await;
    let mine = world.jar(ADMIN).await;
    // The access cookie of one and the refresh cookie of the other.
    let mixed = mine.only("access-token").and(eve.only("refresh-token"));
    is_over(&refresh(&world, &mixed).await);
    is_over(&refresh(&world, &Jar::default()).await);
    world.end().await;
}

#[tokio::test]
async fn an_idle_session_ends_when_the_profile_says() {
    let (world, admin) = World::start().await;
    let profile = json!({"workspaceProfile": {"inactiveSessionTimeout": "600s"}});
    let body = json!({
        "setting": {"name": "settings/WORKSPACE_PROFILE", "value": profile},
        "updateMask": "value.workspaceProfile.inactiveSessionTimeout",
    });
    world.call("SettingService/UpdateSetting", body, &admin).await.ok();
    let jar = world.jar(ADMIN).await;
    world.pass(Duration::from_secs(599));
    let renewed = refresh(&world, &jar).await;
    renewed.ok();
    world.pass(Duration::from_secs(601));
    is_over(&refresh(&world, &jar.with(&renewed)).await);
    world.end().await;
}
