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
        "SUCCEEDED anonymous Signup",
        "STARTED users/admin@example.com CreateUser",
        "SUCCEEDED users/admin@example.com CreateUser",
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
    assert_eq!(whole, audit::Verdict::Whole { records: i64::try_from(all.len()).unwrap() });
    world.end().await;
}
