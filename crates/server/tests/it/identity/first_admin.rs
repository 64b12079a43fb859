//! The first account of a new server.

use app::Config;
use serde_json::json;

use super::world::{ADMIN, Expect as _, Jar, PASSWORD, World};
use crate::support::http::{get, post};

#[tokio::test]
async fn the_first_sign_up_becomes_administrator_and_the_second_is_refused() {
    let world = World::empty().await;
    let bootstrap = get("/api/bootstrap").send(world.address).await.ok();
    assert_eq!(bootstrap["needsFirstAdmin"], true);
    let open = world.call("AuthService/GetAuthenticationRestriction", json!({}), "").await.ok();
    assert_eq!(open["restriction"]["disallowSignup"], json!(null));

    let body = json!({"email": "Admin@Example.com", "password": PASSWORD});
    let reply = world.call("AuthService/Signup", body, "").await;
    let answer = reply.ok();
    assert_eq!((&answer["token"], &answer["user"]["email"]), (&json!(null), &json!(ADMIN)));
    let jar = Jar::default().with(&reply);
    let settings = world.browse("SettingService/ListSettings", json!({}), &jar).await.ok();
    assert_eq!(settings["settings"].as_array().unwrap().len(), 4, "an administrator may read them");

    let body = json!({"email": "eve@example.com", "password": PASSWORD});
    let second = world.call("AuthService/Signup", body, "").await;
    second.refused(403, "permission_denied", "SIGNUP_CLOSED");
    let closed = world.call("AuthService/GetAuthenticationRestriction", json!({}), "").await.ok();
    assert_eq!(closed["restriction"]["disallowSignup"], true);
    let info = world.browse("ActuatorService/GetActuatorInfo", json!({}), &jar).await.ok();
    assert_eq!(
        (&info["workspace"], &info["defaultProject"]),
        (&json!("workspaces/default"), &json!("projects/default"))
    );
    assert_eq!((&info["version"], &info["needsFirstAdmin"]), (&json!(null), &json!(null)));
    world.end().await;
}

#[tokio::test]
async fn a_server_that_others_reach_asks_for_the_token_in_its_log() {
    let config = Config { setup_token: Some("from-the-log".into()), ..Config::default() };
    let world = World::with(config).await;
    let bootstrap = get("/api/bootstrap").send(world.address).await.ok();
    assert_eq!(bootstrap["setupTokenRequired"], true);
    let body = json!({"email": ADMIN, "password": PASSWORD}).to_string();
    for token in ["", "from-the-lo", "from-the-log "] {
        let signup = post("AuthService/Signup").body(&body).header("basalt-setup-token", token);
        let reply = signup.send(world.address).await;
        if token.trim() == "from-the-log" {
            // Header values have no blanks around them.
            reply.ok();
        } else {
            reply.refused(403, "permission_denied", "SETUP_TOKEN_REQUIRED");
        }
    }
    world.end().await;
}

#[tokio::test]
async fn a_wrong_form_names_its_fields_and_makes_nobody() {
    let world = World::empty().await;
    let body = json!({"email": "not an address", "password": "short"});
    let fields = world.call("AuthService/Signup", body, "").await.fields();
    assert_eq!(fields, ["email", "password"]);
    assert_eq!(get("/api/bootstrap").send(world.address).await.ok()["needsFirstAdmin"], true);
    world.end().await;
}

#[tokio::test]
async fn of_two_first_ones_at_once_one_becomes_administrator() {
    let world = World::empty().await;
    let sign_up = |email: &str| {
        let body = json!({"email": email, "password": PASSWORD});
        world.call("AuthService/Signup", body, "")
    };
    let (a, b) = tokio::join!(sign_up("a@example.com"), sign_up("b@example.com"));
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 403], "{} {}", a.text(), b.text());
    world.end().await;
}
