//! Guessing passwords is slow work.

use std::time::Duration;

use serde_json::json;

use super::world::{ADMIN, Expect as _, PASSWORD, World};

#[tokio::test]
async fn the_eleventh_attempt_in_ten_minutes_is_turned_away() {
    let (world, _) = World::start().await;
    for _ in 0..10 {
        world.login(ADMIN, "guess").await.refused(401, "unauthenticated", "WRONG_CREDENTIALS");
    }
    for password in ["guess", PASSWORD] {
        world.login(ADMIN, password).await.refused(429, "resource_exhausted", "TOO_MANY_ATTEMPTS");
    }
    // Attempts that were turned away do not prolong it.
    world.pass(Duration::from_secs(590));
    let reply = world.login(ADMIN, PASSWORD).await;
    reply.refused(429, "resource_exhausted", "TOO_MANY_ATTEMPTS");
    // It is said how long to wait; a second less is too early.
    let body = reply.json();
    let details = body["details"].as_array().unwrap();
    let retry = details.iter().find(|d| d["type"] == "google.rpc.RetryInfo").unwrap();
    assert_eq!(retry["debug"]["retryDelay"], "10s");
    assert_eq!(reply.header("retry-after"), Some("10"));
    assert!(body["message"].as_str().unwrap().ends_with("try again in 10 seconds"), "{body}");
    world.pass(Duration::from_secs(9));
    world.login(ADMIN, PASSWORD).await.refused(429, "resource_exhausted", "TOO_MANY_ATTEMPTS");
    world.pass(Duration::from_secs(1));
    world.token(ADMIN, PASSWORD).await;
    world.end().await;
}

#[tokio::test]
async fn a_source_that_tries_many_accounts_is_turned_away() {
    let (world, _) = World::start().await;
    for i in 0..10 {
        let reply = world.login(&format!("user{i}@example.com"), "guess").await;
        reply.refused(401, "unauthenticated", "WRONG_CREDENTIALS");
    }
    let other = world.login("somebody@example.com", "guess").await;
    other.refused(429, "resource_exhausted", "TOO_MANY_ATTEMPTS");
    world.end().await;
}

#[tokio::test]
async fn attempts_at_the_same_moment_do_not_slip_past_the_count() {
    let (world, _) = World::start().await;
    let attempts = (0..30).map(|_| world.login(ADMIN, "guess"));
    let replies = futures_util::future::join_all(attempts).await;
    let checked = replies.iter().filter(|r| r.status == 401).count();
    assert_eq!(checked, 10, "the others were turned away");
    world.end().await;
}

#[tokio::test]
async fn success_clears_the_account() {
    let (world, _) = World::start().await;
    for _ in 0..3 {
        for _ in 0..3 {
            world.login(ADMIN, "guess").await.refused(401, "unauthenticated", "WRONG_CREDENTIALS");
        }
        world.token(ADMIN, PASSWORD).await;
    }
    let body = json!({"email": ADMIN, "password": PASSWORD});
    for _ in 0..12 {
        world.call("AuthService/Login", body.clone(), "").await.ok();
    }
    world.end().await;
}

#[tokio::test]
async fn who_keeps_failing_does_not_keep_the_owner_out() {
    let (world, _) = World::start().await;
    let home = world.jar(ADMIN).await;
    // For an hour, the count of the account and of the address is full all the time.
    for _ in 0..6 {
        for _ in 0..10 {
            world.login(ADMIN, "guess").await.refused(401, "unauthenticated", "WRONG_CREDENTIALS");
        }
        let body = json!({"email": ADMIN, "password": PASSWORD, "web": true});
        let strange = world.call("AuthService/Login", body.clone(), "").await;
        strange.refused(429, "resource_exhausted", "TOO_MANY_ATTEMPTS");
        world.browse("AuthService/Login", body, &home).await.ok();
        world.pass(Duration::from_secs(601));
    }
    // A browser that is known for one person is a stranger for another, and its own guesses are counted.
    for status in [401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 429] {
        let body = json!({"email": ADMIN, "password": "guess"});
        assert_eq!(world.browse("AuthService/Login", body, &home).await.status, status);
    }
    let body = json!({"email": "other@example.com", "password": "guess"});
    let other = world.browse("AuthService/Login", body, &home).await;
    other.refused(429, "resource_exhausted", "TOO_MANY_ATTEMPTS");
    world.end().await;
}
