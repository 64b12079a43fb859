//! Pipelines exchange the token of their CI system: an issuer that says what a test wants, true or not.

use serde_json::{Value, json};
use testkit::app::{CallError, Client};
use testkit::issuer::{self, Issuer};

use crate::shop::{Shop, list, text};

const EMAIL: &str = "ci@shop.workload.bytebase.com";
const NAME: &str = "workloadIdentities/ci@shop.workload.bytebase.com";

/// A pipeline of the project that may make releases, and whoever gives it tokens.
async fn open() -> (Shop, Issuer, Client) {
    let shop = Shop::open_with(&["--allow-private-outbound"]).await;
    let issuer = Issuer::start().await;
    // CI systems sign nobody in.
    issuer.tell(|says| says.description = json!({"authorization_endpoint": null}));
    let made = create(&shop.ada, &issuer.url, "repo:acme/shop:*").await.expect("an identity");
    assert_eq!(
        (&made["name"], &made["email"], &made["state"]),
        (&json!(NAME), &json!(EMAIL), &json!("ACTIVE"))
    );
    let binding = json!({"role": "roles/gitopsServiceAgent", "members": [format!("workloadIdentity:{EMAIL}")]});
    let mut policy = shop
        .ada
        .json("ProjectService/GetIamPolicy", json!({"resource": "projects/shop"}))
        .await
        .expect("a policy");
    let mut bindings = list(&policy["bindings"]);
    bindings.push(binding);
    policy["bindings"] = bindings.into();
    let set = json!({"resource": "projects/shop", "policy": policy});
    shop.ada.json("ProjectService/SetIamPolicy", set).await.expect("a role");
    let anybody = shop.basalt.client();
    (shop, issuer, anybody)
}

fn config(issuer: &str, subject: &str) -> Value {
    json!({"providerType": "GITHUB", "issuerUrl": issuer, "allowedAudiences": ["basalt"], "subjectPattern": subject})
}

async fn create(ada: &Client, issuer: &str, subject: &str) -> Result<Value, CallError> {
    let identity = json!({"title": "CI", "workloadIdentityConfig": config(issuer, subject)});
    let ask = json!({"parent": "projects/shop", "workloadIdentityId": "ci", "workloadIdentity": identity});
    ada.json("WorkloadIdentityService/CreateWorkloadIdentity", ask).await
}

/// What a good token says; `n` makes it another one.
fn claims(issuer: &Issuer, n: u32) -> Value {
    let now = base::Clock::now(&base::System).seconds();
    json!({"iss": issuer.url, "aud": "basalt", "sub": "repo:acme/shop:ref:refs/heads/main",
        "iat": now, "exp": now + 300, "jti": n.to_string()})
}

async fn exchange(client: &Client, token: &str) -> Result<String, CallError> {
    let answer =
        client.json("AuthService/ExchangeToken", json!({"token": token, "email": EMAIL})).await?;
    Ok(text(&answer["accessToken"]))
}

#[tokio::test]
async fn a_token_opens_once_and_for_what_the_identity_may() {
    let (shop, issuer, anybody) = open().await;
    let token = issuer::honest(&claims(&issuer, 1));
    let ours = exchange(&anybody, &token).await.expect("a token");
    let mut pipeline = shop.basalt.client();
    pipeline.token = Some(ours);
    let release = json!({"files": [{"path": "1_a.sql", "statement": "U0VMRUNUIDE="}]});
    let ask = json!({"parent": "projects/shop", "release": release});
    let made = pipeline.json("ReleaseService/CreateRelease", ask).await.expect("a release");
    assert_eq!(made["creator"], NAME);
    let me = pipeline.json("UserService/GetCurrentUser", json!({})).await.expect("itself");
    assert_eq!(me["email"], EMAIL);
    let denied =
        pipeline.json("ProjectService/DeleteProject", json!({"name": "projects/shop"})).await;
    assert_eq!(denied.expect_err("no owner").code, "permission_denied");

    let again = exchange(&anybody, &token).await.expect_err("a replay");
    assert_eq!(again.reason, "WRONG_CREDENTIALS");
    assert!(again.message.contains("it was exchanged before"), "{}", again.message);

    // Another rule about whose tokens are taken ends what was signed in before; so does a deletion.
    let change = json!({"workloadIdentity": {"name": NAME, "workloadIdentityConfig": config(&issuer.url, "repo:acme/shop:ref:refs/heads/main")},
        "updateMask": "workloadIdentityConfig"});
    let changed = shop
        .ada
        .json("WorkloadIdentityService/UpdateWorkloadIdentity", change)
        .await
        .expect("changed");
    assert_eq!(
        changed["workloadIdentityConfig"]["subjectPattern"],
        "repo:acme/shop:ref:refs/heads/main"
    );
    let over = pipeline.json("UserService/GetCurrentUser", json!({})).await.expect_err("over");
    assert_eq!(over.code, "unauthenticated");
    pipeline.token =
        Some(exchange(&anybody, &issuer::honest(&claims(&issuer, 2))).await.expect("a token"));
    let one = json!({"name": NAME});
    shop.ada
        .json("WorkloadIdentityService/DeleteWorkloadIdentity", one.clone())
        .await
        .expect("deleted");
    let over = pipeline.json("ActuatorService/GetActuatorInfo", json!({})).await.expect_err("over");
    assert_eq!(over.code, "unauthenticated");
    let refused =
        exchange(&anybody, &issuer::honest(&claims(&issuer, 3))).await.expect_err("deleted");
    assert!(refused.message.contains("there is no workload identity"), "{}", refused.message);
    let back = shop.ada.json("WorkloadIdentityService/UndeleteWorkloadIdentity", one.clone()).await;
    let read = shop.ada.json("WorkloadIdentityService/GetWorkloadIdentity", one).await.expect("it");
    assert_eq!(back.expect("it is back"), read);
    let of = json!({"parent": "projects/shop"});
    let all =
        shop.ada.json("WorkloadIdentityService/ListWorkloadIdentities", of).await.expect("a list");
    assert_eq!(list(&all["workloadIdentities"]), [read]);
}

#[tokio::test]
async fn whatever_is_wrong_with_a_token_is_refused_by_its_reason() {
    let (_shop, issuer, anybody) = open().await;
    let good = claims(&issuer, 1);
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        issuer::honest(&claims)
    };
    let now = good["iat"].as_i64().expect("a time");
    let mut wrong = vec![
        (with("aud", json!("other")), "it is for another audience"),
        (with("aud", Value::Null), "it is for another audience"),
        (with("iss", json!("http://127.0.0.1:9")), "it is of another issuer"),
        (with("sub", json!("repo:acme/shop2:ref:refs/heads/main")), "its subject is another"),
        (with("exp", json!(now - 61)), "it is over"),
        (with("exp", Value::Null), "it never ends"),
        (with("nbf", json!(now + 120)), "it is not valid yet"),
        (issuer::rotated(&good), "it is signed with a key that is none of its issuer's"),
        ("x.y.z".to_owned(), "it is no JWT"),
        (String::new(), "it is no JWT"),
    ];
    for (what, reason) in [
        ("alg none", "it is not signed by RS256 or ES256"),
        ("alg none with a known key", "it is not signed by RS256 or ES256"),
        ("HS256 with the public key", "it is not signed by RS256 or ES256"),
        ("another key under a known name", "its signature is wrong"),
        ("a name that is a path", "it is signed with a key that is none of its issuer's"),
        ("a key of its own in the header", "it is signed with a key that is none of its issuer's"),
        ("other words than were signed", "its signature is wrong"),
        ("something critical that nobody knows", "it uses what is not known here"),
    ] {
        let lie = issuer::lies().into_iter().find(|lie| lie.what == what).expect("a lie");
        wrong.push(((lie.forge)(&good), reason));
    }
    for (token, reason) in wrong {
        let refused = exchange(&anybody, &token).await.expect_err(reason);
        assert_eq!(
            (refused.status, refused.reason.as_str()),
            (401, "WRONG_CREDENTIALS"),
            "{reason}"
        );
        assert!(refused.message.contains(reason), "{reason}: {}", refused.message);
    }
    let keys = issuer.asked("/keys");
    assert!(keys <= 1, "unknown keys make nobody ask again and again: {keys}");
    exchange(&anybody, &issuer::honest(&good)).await.expect("the good one still opens");
}

#[tokio::test]
async fn an_issuer_inside_is_not_asked_and_a_pattern_for_everybody_is_no_pattern() {
    let shop = Shop::open().await;
    let issuer = Issuer::start().await;
    for pattern in ["", "*", "repo:*"] {
        let refused = create(&shop.ada, &issuer.url, pattern).await.expect_err("everybody");
        assert!(refused.message.contains("subject_pattern: say whose"), "{}", refused.message);
    }
    create(&shop.ada, &issuer.url, "repo:acme/shop:*").await.expect("an identity");
    let anybody = shop.basalt.client();
    let refused =
        exchange(&anybody, &issuer::honest(&claims(&issuer, 1))).await.expect_err("inside");
    assert_eq!(refused.reason, "ADDRESS_REFUSED", "{refused:?}");
    assert_eq!(issuer.asked("/keys") + issuer.asked("/.well-known/openid-configuration"), 0);
}
