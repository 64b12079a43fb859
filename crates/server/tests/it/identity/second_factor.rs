//! The second factor: how it is set up, asked for, required, and taken away.

use std::time::Duration;

use base::Clock as _;
use serde_json::{Value, json};

use super::world::{ADMIN, Expect as _, Jar, PASSWORD, World};
use crate::support::http::Reply;

const WHO: &str = "UserService/GetCurrentUser";
const INFO: &str = "ActuatorService/GetActuatorInfo";
const UPDATE: &str = "UserService/UpdateUser";
const HALF_MINUTE: Duration = Duration::from_secs(30);

/// What the app on a phone shows now.
fn code(world: &World, secret: &str) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let app = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let seconds = u64::try_from(world.clock.now().seconds()).unwrap();
    app.generate(seconds).to_string()
}

fn me(email: &str) -> Value {
    json!({"name": format!("users/{email}")})
}

/// A secret and recovery codes, on show.
async fn begin(world: &World, token: &str, email: &str) -> (String, Vec<String>) {
    let body = json!({"user": me(email), "regenerateTempMfaSecret": true});
    let shown = world.call(UPDATE, body, token).await.ok();
    assert_ne!(shown["tempOtpSecretCreatedTime"], json!(null));
    assert_eq!(shown["mfaEnabled"], json!(null), "not before it is confirmed");
    let codes = shown["tempRecoveryCodes"].as_array().unwrap();
    let codes = codes.iter().map(|c| c.as_str().unwrap().to_owned()).collect();
    (shown["tempOtpSecret"].as_str().unwrap().to_owned(), codes)
}

async fn confirm(world: &World, token: &str, email: &str, code: &str) -> Reply {
    switch(world, token, email, true, code).await
}

async fn switch(world: &World, token: &str, email: &str, on: bool, code: &str) -> Reply {
    let mut user = me(email);
    user["mfaEnabled"] = json!(on);
    let mut body = json!({"user": user, "updateMask": "mfaEnabled"});
    if !code.is_empty() {
        body["otpCode"] = json!(code);
    }
    world.call(UPDATE, body, token).await
}

/// Turns it on, and lets the code with which that was done pass.
async fn set_up(world: &World, token: &str, email: &str) -> (String, Vec<String>) {
    let (secret, codes) = begin(world, token, email).await;
    let done = confirm(world, token, email, &code(world, &secret)).await.ok();
    assert_eq!(done["mfaEnabled"], true);
    assert_eq!((&done["tempOtpSecret"], &done["tempRecoveryCodes"]), (&json!(null), &json!(null)));
    world.pass(HALF_MINUTE * 2);
    (secret, codes)
}

/// The token of the first step.
async fn first(world: &World, email: &str) -> String {
    let answer = world.login(email, PASSWORD).await;
    assert!(answer.all("set-cookie").is_empty());
    let answer = answer.ok();
    assert_eq!((&answer["token"], &answer["user"]), (&json!(null), &json!(null)));
    answer["mfaTempToken"].as_str().unwrap().to_owned()
}

async fn second(world: &World, temp: &str, field: &str, code: &str) -> Reply {
    world.call("AuthService/Login", json!({"mfaTempToken": temp, field: code}), "").await
}

async fn profile(world: &World, admin: &str, value: Value) {
    let mask = value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(",");
    let value = json!({"workspaceProfile": value});
    let body = json!({"setting": {"name": "settings/WORKSPACE_PROFILE", "value": value}, "updateMask": mask});
    world.call("SettingService/UpdateSetting", body, admin).await.ok();
}

#[tokio::test]
async fn a_password_alone_opens_nothing_and_a_code_counts_once() {
    let (world, admin) = World::start().await;
    let (secret, _) = set_up(&world, &admin, ADMIN).await;
    let temp = first(&world, ADMIN).await;
    for rpc in [INFO, "ProjectService/ListProjects"] {
        world.call(rpc, json!({}), &temp).await.refused(401, "unauthenticated", "NOT_SIGNED_IN");
    }
    let now = code(&world, &secret);
    let token =
        second(&world, &temp, "otpCode", &now).await.ok()["token"].as_str().unwrap().to_owned();
    let who = world.call(WHO, json!({}), &token).await.ok();
    assert_eq!((&who["mfaEnabled"], &who["recoveryCodesLeft"]), (&json!(true), &json!(10)));
    assert_eq!(who["tempOtpSecret"], json!(null));
    // The same code within its window: with the same token, and after another right password.
    for temp in [temp, first(&world, ADMIN).await] {
        let again = second(&world, &temp, "otpCode", &now).await;
        again.refused(401, "unauthenticated", "WRONG_CREDENTIALS");
    }
    world.pass(HALF_MINUTE);
    let temp = first(&world, ADMIN).await;
    second(&world, &temp, "otpCode", &now).await.refused(
        401,
        "unauthenticated",
        "WRONG_CREDENTIALS",
    );
    let next = code(&world, &secret);
    second(&world, &temp, "otpCode", &next).await.ok();
    world.end().await;
}

#[tokio::test]
async fn a_recovery_code_opens_once() {
    let (world, admin) = World::start().await;
    let (_, codes) = set_up(&world, &admin, ADMIN).await;
    assert_eq!(codes.len(), 10);
    let temp = first(&world, ADMIN).await;
    let typed = codes[3].to_uppercase().replace('-', " ");
    let token = second(&world, &temp, "recoveryCode", &typed).await.ok()["token"].clone();
    let temp = first(&world, ADMIN).await;
    let again = second(&world, &temp, "recoveryCode", &codes[3]).await;
    again.refused(401, "unauthenticated", "WRONG_CREDENTIALS");
    let who = world.call(WHO, json!({}), token.as_str().unwrap()).await.ok();
    assert_eq!(who["recoveryCodesLeft"], 9);

    // New ones take the place of the old, with proof.
    let new = |code: &str| {
        let body = json!({"user": me(ADMIN), "regenerateRecoveryCodes": true, "otpCode": code});
        world.call(UPDATE, body, token.as_str().unwrap())
    };
    assert_eq!(new("000000").await.fields(), ["otp_code"]);
    let shown = new(&codes[0]).await.ok();
    assert_eq!(shown["tempOtpSecret"], json!(null));
    let fresh = shown["tempRecoveryCodes"][0].as_str().unwrap().to_owned();
    let temp = first(&world, ADMIN).await;
    second(&world, &temp, "recoveryCode", &codes[1]).await.refused(
        401,
        "unauthenticated",
        "WRONG_CREDENTIALS",
    );
    second(&world, &temp, "recoveryCode", &fresh).await.ok();
    world.end().await;
}

#[tokio::test]
async fn what_is_shown_counts_when_it_is_confirmed_in_time() {
    let (world, admin) = World::start().await;
    let never = confirm(&world, &admin, ADMIN, "123456").await;
    never.refused(400, "invalid_argument", "INVALID_FIELD");
    let (secret, _) = begin(&world, &admin, ADMIN).await;
    assert_eq!(confirm(&world, &admin, ADMIN, "000000").await.fields(), ["otp_code"]);
    assert_eq!(confirm(&world, &admin, ADMIN, "").await.fields(), ["otp_code"]);
    world.token(ADMIN, PASSWORD).await;
    world.pass(Duration::from_secs(600));
    let late = confirm(&world, &admin, ADMIN, &code(&world, &secret)).await;
    late.refused(400, "invalid_argument", "INVALID_FIELD");
    // Another app: the present one is asked first, and counts until the new one is confirmed.
    let (old, _) = set_up(&world, &admin, ADMIN).await;
    let temp = first(&world, ADMIN).await;
    let admin = second(&world, &temp, "otpCode", &code(&world, &old)).await.ok();
    let admin = admin["token"].as_str().unwrap();
    world.pass(HALF_MINUTE);
    let without = json!({"user": me(ADMIN), "regenerateTempMfaSecret": true});
    assert_eq!(world.call(UPDATE, without.clone(), admin).await.fields(), ["otp_code"]);
    let mut with = without;
    with["otpCode"] = json!(code(&world, &old));
    let shown = world.call(UPDATE, with, admin).await.ok();
    world.pass(HALF_MINUTE);
    let temp = first(&world, ADMIN).await;
    second(&world, &temp, "otpCode", &code(&world, &old)).await.ok();
    let new = shown["tempOtpSecret"].as_str().unwrap();
    confirm(&world, admin, ADMIN, &code(&world, new)).await.ok();
    world.pass(HALF_MINUTE * 2);
    let temp = first(&world, ADMIN).await;
    second(&world, &temp, "otpCode", &code(&world, &old)).await.refused(
        401,
        "unauthenticated",
        "WRONG_CREDENTIALS",
    );
    second(&world, &temp, "otpCode", &code(&world, new)).await.ok();
    world.end().await;
}

#[tokio::test]
async fn the_second_step_does_not_wait_for_ever_and_a_new_password_ends_it() {
    let (world, admin) = World::start().await;
    let (secret, _) = set_up(&world, &admin, ADMIN).await;
    let temp = first(&world, ADMIN).await;
    world.pass(Duration::from_secs(300));
    let late = second(&world, &temp, "otpCode", &code(&world, &secret)).await;
    late.refused(401, "unauthenticated", "NOT_SIGNED_IN");
    let temp = first(&world, ADMIN).await;
    world.pass(Duration::from_secs(1));
    let user = json!({"name": format!("users/{ADMIN}"), "password": "another horse battery"});
    world.call(UPDATE, json!({"user": user, "updateMask": "password"}), &admin).await.ok();
    let stale = second(&world, &temp, "otpCode", &code(&world, &secret)).await;
    stale.refused(401, "unauthenticated", "NOT_SIGNED_IN");
    for (body, field) in [
        (json!({"mfaTempToken": temp}), "otp_code"),
        (json!({"mfaTempToken": temp, "otpCode": "1", "recoveryCode": "2"}), "otp_code"),
        (json!({"email": ADMIN, "password": PASSWORD, "otpCode": "1"}), "mfa_temp_token"),
    ] {
        assert_eq!(world.call("AuthService/Login", body, "").await.fields(), [field]);
    }
    for forged in ["x", &admin, "eyJhbGciOiJub25lIn0.e30."] {
        let refused = second(&world, forged, "otpCode", &code(&world, &secret)).await;
        refused.refused(401, "unauthenticated", "NOT_SIGNED_IN");
    }
    world.end().await;
}

#[tokio::test]
async fn the_sixth_wrong_code_in_five_minutes_is_turned_away() {
    let (world, admin) = World::start().await;
    let (secret, _) = set_up(&world, &admin, ADMIN).await;
    let temp = first(&world, ADMIN).await;
    let guesses = (0..20).map(|i| {
        let guess = format!("{:06}", i * 7);
        let temp = &temp;
        let world = &world;
        async move { second(world, temp, "otpCode", &guess).await.status }
    });
    let answers = futures_util::future::join_all(guesses).await;
    assert_eq!(answers.iter().filter(|status| **status == 401).count(), 5, "{answers:?}");
    let right = second(&world, &temp, "otpCode", &code(&world, &secret)).await;
    right.refused(429, "resource_exhausted", "TOO_MANY_ATTEMPTS");
    world.pass(Duration::from_secs(301));
    let temp = first(&world, ADMIN).await;
    second(&world, &temp, "otpCode", &code(&world, &secret)).await.ok();
    world.end().await;
}

#[tokio::test]
async fn turning_it_off_needs_a_code_and_ends_other_sessions() {
    let (world, admin) = World::start().await;
    let bob = "bob@example.com";
    world.user(&admin, bob).await;
    let here = world.jar(bob).await;
    let there = world.jar(bob).await;
    let is_out = |reply: Reply| reply.refused(401, "unauthenticated", "NOT_SIGNED_IN");
    let browse = |body: Value, jar: Jar| {
        let world = &world;
        async move { world.browse(UPDATE, body, &jar).await }
    };
    let shown =
        browse(json!({"user": me(bob), "regenerateTempMfaSecret": true}), here.clone()).await.ok();
    let secret = shown["tempOtpSecret"].as_str().unwrap().to_owned();
    world.pass(Duration::from_millis(1));
    let set = |on: bool, code: &str| json!({"user": {"name": format!("users/{bob}"), "mfaEnabled": on}, "updateMask": "mfaEnabled", "otpCode": code});
    let on = browse(set(true, &code(&world, &secret)), here.clone()).await;
    on.ok();
    is_out(world.browse(INFO, json!({}), &there).await);
    let here = here.with(&on);
    world.browse(INFO, json!({}), &here).await.ok();

    world.pass(HALF_MINUTE * 2);
    let temp = first(&world, bob).await;
    let body = json!({"mfaTempToken": temp, "otpCode": code(&world, &secret), "web": true});
    let there = Jar::default().with(&world.call("AuthService/Login", body, "").await);
    world.browse(INFO, json!({}), &there).await.ok();
    world.pass(HALF_MINUTE);
    assert_eq!(browse(set(false, "000000"), here.clone()).await.fields(), ["otp_code"]);
    let off = browse(set(false, &code(&world, &secret)), here.clone()).await;
    off.ok();
    is_out(world.browse(INFO, json!({}), &there).await);
    world.browse(INFO, json!({}), &here.with(&off)).await.ok();
    world.token(bob, PASSWORD).await;
    world.end().await;
}

#[tokio::test]
async fn an_administrator_helps_who_lost_everything_and_can_do_no_more() {
    let (world, admin) = World::start().await;
    let bob = world.user(&admin, "bob@example.com").await;
    let eve = world.user(&admin, "eve@example.com").await;
    set_up(&world, &bob, "bob@example.com").await;
    let off = switch(&world, &eve, "bob@example.com", false, "").await;
    off.refused(403, "permission_denied", "PERMISSION_MISSING");
    let body = json!({"user": me("bob@example.com"), "regenerateTempMfaSecret": true});
    world.call(UPDATE, body, &admin).await.refused(403, "permission_denied", "NOT_ALLOWED");
    switch(&world, &admin, "bob@example.com", false, "").await.ok();
    world.call(INFO, json!({}), &bob).await.refused(401, "unauthenticated", "NOT_SIGNED_IN");
    world.token("bob@example.com", PASSWORD).await;
    // A new address takes the factor along.
    let bob = world.token("bob@example.com", PASSWORD).await;
    let (secret, _) = set_up(&world, &bob, "bob@example.com").await;
    let moved = json!({"name": "users/bob@example.com", "email": "bobby@example.com"});
    world.call("UserService/UpdateEmail", moved, &admin).await.ok();
    let temp = first(&world, "bobby@example.com").await;
    second(&world, &temp, "otpCode", &code(&world, &secret)).await.ok();
    world.end().await;
}

#[tokio::test]
async fn where_it_is_required_nothing_else_can_be_done_without() {
    let (world, admin) = World::start().await;
    let bob = world.user(&admin, "bob@example.com").await;
    let body = json!({"serviceAccountId": "ci", "serviceAccount": {"title": "CI"}});
    let made = world.call("ServiceAccountService/CreateServiceAccount", body, &admin).await.ok();
    profile(&world, &admin, json!({"requireMfa": true})).await;
    let must = |reply: Reply| reply.refused(403, "permission_denied", "SECOND_FACTOR_REQUIRED");
    for rpc in
        ["ProjectService/SearchProjects", "SettingService/ListSettings", "UserService/ListUsers"]
    {
        must(world.call(rpc, json!({}), &bob).await);
        must(world.call(rpc, json!({}), &admin).await);
    }
    let other =
        json!({"user": {"name": "users/bob@example.com", "title": "x"}, "updateMask": "title"});
    must(world.call(UPDATE, other, &admin).await);
    let events = crate::support::http::get("/api/events?topic=projects/-")
        .header("authorization", &format!("Bearer {bob}"))
        .send(world.address)
        .await;
    must(events);
    let who = world.call(WHO, json!({}), &bob).await.ok();
    assert_eq!(who["requiredAction"], "SET_UP_SECOND_FACTOR");
    let signed_in = world.login("bob@example.com", PASSWORD).await.ok();
    assert_eq!(signed_in["user"]["requiredAction"], "SET_UP_SECOND_FACTOR");
    set_up(&world, &bob, "bob@example.com").await;
    world.call("ProjectService/SearchProjects", json!({}), &bob).await.ok();
    let off = switch(&world, &bob, "bob@example.com", false, "000000").await;
    off.refused(403, "permission_denied", "NOT_ALLOWED");
    // Programs have keys.
    let robot = world.token("ci@service.bytebase.com", made["serviceKey"].as_str().unwrap()).await;
    world.call(INFO, json!({}), &robot).await.ok();
    world.end().await;
}

#[tokio::test]
async fn a_password_that_another_chose_or_that_is_old_is_changed_first() {
    let (world, admin) = World::start().await;
    let rule = json!({"requireResetPasswordForFirstLogin": true, "passwordRotation": "864000s"});
    profile(&world, &admin, json!({"passwordRestriction": rule})).await;
    let bob = world.user(&admin, "bob@example.com").await;
    let must = |reply: Reply| reply.refused(403, "permission_denied", "PASSWORD_CHANGE_REQUIRED");
    must(world.call("ProjectService/SearchProjects", json!({}), &bob).await);
    let signed_in = world.login("bob@example.com", PASSWORD).await.ok();
    assert_eq!(signed_in["requireResetPassword"], true);
    assert_eq!(world.login(ADMIN, PASSWORD).await.ok()["requireResetPassword"], json!(null));
    let own = json!({"user": {"name": "users/bob@example.com", "password": "another horse battery"}, "updateMask": "password"});
    world.call(UPDATE, own, &bob).await.ok();
    let bob = world.token("bob@example.com", "another horse battery").await;
    world.call("ProjectService/SearchProjects", json!({}), &bob).await.ok();
    world.pass(Duration::from_secs(864_001));
    let old = world.login("bob@example.com", "another horse battery").await.ok();
    assert_eq!(old["requireResetPassword"], true);
    must(
        world
            .call("ProjectService/SearchProjects", json!({}), old["token"].as_str().unwrap())
            .await,
    );
    world.end().await;
}

#[tokio::test]
async fn no_secret_of_it_is_kept_in_the_open() {
    let (world, admin) = World::start().await;
    let (secret, codes) = set_up(&world, &admin, ADMIN).await;
    let temp = first(&world, ADMIN).await;
    second(&world, &temp, "recoveryCode", &codes[0]).await.ok();
    let used = code(&world, &secret);
    second(&world, &first(&world, ADMIN).await, "otpCode", &used).await.ok();
    let mut conn = world.app.store.read().await.unwrap();
    let records = store::audit::list(&mut conn, &store::List::default()).await.unwrap().items;
    let user = store::users::get(&mut conn, ADMIN).await.unwrap().unwrap();
    let shown = format!("{records:?} {:?}", user.payload);
    for text in codes.iter().chain([&secret, &temp, &format!("\"{used}\"")]) {
        assert!(!shown.contains(text.as_str()), "{text}");
    }
    drop(conn);
    let file = std::fs::read(world.dir().join(store::db::DATABASE_FILE)).unwrap();
    let wal = world.dir().join(format!("{}-wal", store::db::DATABASE_FILE));
    let bytes = [file, std::fs::read(wal).unwrap_or_default()].concat();
    let holds = |text: &str| bytes.windows(text.len()).any(|w| w == text.as_bytes());
    assert!(holds(ADMIN), "the file is the right one");
    assert!(!holds(&secret) && !holds(&codes[5]));
    world.end().await;
}
