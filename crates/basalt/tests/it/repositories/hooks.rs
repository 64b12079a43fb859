//! Messages of hosts: which are believed, which are ignored, and what a stranger learns: nothing.

use std::sync::atomic::{AtomicU64, Ordering};

use base::Clock as _;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::host::{Host, Kind};
use super::{OPEN, call, came_to, create, github, releases, syncs};
use crate::shop::{Shop, text};

static COUNT: AtomicU64 = AtomicU64::new(0);

/// The body of a push; never the same twice.
pub(super) fn push(branch: &str) -> Vec<u8> {
    let n = COUNT.fetch_add(1, Ordering::Relaxed);
    json!({"ref": format!("refs/heads/{branch}"), "after": "0", "n": n}).to_string().into_bytes()
}

pub(super) fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length");
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// Status and result of what is sent.
pub(super) async fn send(
    shop: &Shop,
    repository: &Value,
    headers: &[(&str, &str)],
    body: &[u8],
) -> (u16, String) {
    let path = text(&repository["webhookUrl"]).replace("https://b.example", "");
    let mut request = shop.basalt.client().request("POST", &path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.body(body.to_vec()).send().await.expect("an answer");
    let status = answer.status().as_u16();
    let said: Value = answer.json().await.expect("JSON");
    (status, text(&said["result"]))
}

/// As GitHub sends a push.
pub(super) async fn pushed(
    shop: &Shop,
    repository: &Value,
    branch: &str,
    id: &str,
) -> (u16, String) {
    let body = push(branch);
    let signed = signature(&text(&repository["webhookSecret"]), &body);
    let head = [
        ("x-hub-signature-256", signed.as_str()),
        ("x-github-delivery", id),
        ("x-github-event", "push"),
    ];
    send(shop, repository, &head, &body).await
}

const REFUSED: (u16, String) = (401, String::new());

#[tokio::test]
async fn github_is_believed_by_its_signature_and_once() {
    let shop = Shop::open_with(&OPEN).await;
    let host = Host::start(Kind::Github).await;
    host.push("acme/shop", "main", &[("migrations/1_a.sql", "SELECT 1;")]);
    let made = create(&shop.ada, github(&host.url, &[])).await.expect("made");
    came_to(&shop, &made, ("DONE", "RELEASED")).await;
    let secret = text(&made["webhookSecret"]);
    host.asked();

    let body = push("main");
    let good = signature(&secret, &body);
    let (sign, id, event) = (
        ("x-hub-signature-256", good.as_str()),
        ("x-github-delivery", "d-1"),
        ("x-github-event", "push"),
    );
    let wrong = signature("another secret", &body);
    let short = &good[..40];
    for head in [
        vec![id, event],
        vec![("x-hub-signature-256", ""), id, event],
        vec![("x-hub-signature-256", wrong.as_str()), id, event],
        vec![("x-hub-signature-256", short), id, event],
        vec![("x-hub-signature", good.as_str()), id, event],
        vec![sign, sign, id, event],
        vec![sign, event],
    ] {
        assert_eq!(send(&shop, &made, &head, &body).await, REFUSED, "{head:?}");
    }
    assert_eq!(
        send(&shop, &made, &[sign, id, event], b"{\"ref\":\"refs/heads/main\"}").await,
        REFUSED
    );
    let mut nobody = made.clone();
    nobody["webhookUrl"] = json!("/hook/repositories/0199f0f0-0000-7000-8000-000000000000");
    assert_eq!(send(&shop, &nobody, &[sign, id, event], &body).await, REFUSED);
    assert_eq!(host.asked().len(), 0, "nobody was believed");

    assert_eq!(send(&shop, &made, &[sign, id, event], &body).await, (202, "queued".to_owned()));
    let looked = came_to(&shop, &made, ("NOTHING_NEW", "NO_NEW_COMMIT")).await;
    assert_eq!((&looked["trigger"], &looked["triggerSource"]), (&json!("WEBHOOK"), &json!("d-1")));
    // The same message, and the same signed body under another id.
    assert_eq!(send(&shop, &made, &[sign, id, event], &body).await, REFUSED);
    assert_eq!(
        send(&shop, &made, &[sign, ("x-github-delivery", "d-2"), event], &body).await,
        REFUSED
    );
    // Another body under an id that came.
    assert_eq!(pushed(&shop, &made, "main", "d-1").await, REFUSED);

    let (status, said) = pushed(&shop, &made, "feature", "d-3").await;
    assert_eq!((status, said.as_str()), (202, "ignored: it is about another branch"));
    let body = b"{\"zen\":\"x\"}";
    let signed = signature(&secret, body);
    let ping = [
        ("x-hub-signature-256", signed.as_str()),
        ("x-github-delivery", "d-4"),
        ("x-github-event", "ping"),
    ];
    assert_eq!(send(&shop, &made, &ping, body).await, (202, "ignored: ping".to_owned()));
    let huge = vec![b' '; (5 << 20) + 1];
    let signed = signature(&secret, &huge);
    let head = [("x-hub-signature-256", signed.as_str()), ("x-github-delivery", "d-5"), event];
    assert_eq!(send(&shop, &made, &head, &huge).await.0, 413);

    // A new secret ends the old one.
    let rotated =
        call(&shop.ada, "RotateSecret", json!({"name": made["name"]})).await.expect("rotated");
    assert_eq!(pushed(&shop, &made, "main", "d-6").await, REFUSED);
    assert_eq!(pushed(&shop, &rotated, "main", "d-6").await.0, 202);
    assert_eq!(releases(&shop).await.len(), 1);

    // Refusals are on record, without flooding it.
    let search = json!({"parent": "projects/shop", "pageSize": 100});
    let log = shop
        .ada
        .json("AuditLogService/SearchAuditLogs", search)
        .await
        .expect("the log")
        .to_string();
    let records = log.matches("/hook/repositories").count();
    assert!((1..=6).contains(&records), "{records}: {log}");
}

#[tokio::test]
async fn gitlab_is_believed_by_its_token_and_once() {
    let shop = Shop::open_with(&OPEN).await;
    let host = Host::start(Kind::Gitlab).await;
    host.push("acme/eu/shop", "main", &[("migrations/1_a.sql", "SELECT 1;")]);
    let more = [("vcsType", json!("GITLAB")), ("path", json!("acme/eu/shop"))];
    let made = create(&shop.ada, github(&host.url, &more)).await.expect("made");
    came_to(&shop, &made, ("DONE", "RELEASED")).await;
    let secret = text(&made["webhookSecret"]);
    let (token, id, event) = (
        ("x-gitlab-token", secret.as_str()),
        ("x-gitlab-event-uuid", "u-1"),
        ("x-gitlab-event", "Push Hook"),
    );
    let body = push("main");
    let longer = format!("{secret}x");
    for head in [
        vec![id, event],
        vec![("x-gitlab-token", ""), id, event],
        vec![("x-gitlab-token", longer.as_str()), id, event],
        vec![("x-gitlab-token", &secret[1..]), id, event],
        vec![token, event],
    ] {
        assert_eq!(send(&shop, &made, &head, &body).await, REFUSED, "{head:?}");
    }
    let commit = host.push("acme/eu/shop", "main", &[("migrations/2_b.sql", "SELECT 2;")]);
    assert_eq!(send(&shop, &made, &[token, id, event], &body).await, (202, "queued".to_owned()));
    let done = came_to(&shop, &made, ("DONE", "RELEASED")).await;
    assert_eq!(done["commit"], json!(commit));
    assert_eq!(done["commitUrl"], format!("{}/acme/eu/shop/-/commit/{commit}", host.url));
    assert_eq!(send(&shop, &made, &[token, id, event], &body).await, REFUSED);
    let tag = [token, ("x-gitlab-event-uuid", "u-2"), ("x-gitlab-event", "Tag Push Hook")];
    assert_eq!(send(&shop, &made, &tag, &body).await, (202, "ignored: Tag Push Hook".to_owned()));
    assert_eq!(syncs(&shop, &made).await.len(), 2);
}

/// As "Standard Webhooks" has it.
fn stamp(secret: &str, id: &str, at: &str, body: &[u8]) -> String {
    let key = secret.strip_prefix("whsec_").and_then(|key| BASE64_STANDARD.decode(key).ok());
    let mut mac = Hmac::<Sha256>::new_from_slice(&key.expect("a signing token")).expect("any");
    mac.update(&[id.as_bytes(), b".", at.as_bytes(), b".", body].concat());
    format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()))
}

#[tokio::test]
async fn gitlab_is_believed_by_its_signing_token_in_time_and_once() {
    let shop = Shop::open_with(&OPEN).await;
    let host = Host::start(Kind::Gitlab).await;
    host.push("acme/shop", "main", &[("migrations/1_a.sql", "SELECT 1;")]);
    let more = [("vcsType", json!("GITLAB"))];
    let made = create(&shop.ada, github(&host.url, &more)).await.expect("made");
    came_to(&shop, &made, ("DONE", "RELEASED")).await;
    let secret = text(&made["webhookSecret"]);
    assert!(secret.starts_with("whsec_"), "usable for both");
    let now = base::System.now().seconds();
    let (at, body) = (now.to_string(), push("main"));
    let good = stamp(&secret, "m-1", &at, &body);
    let event = ("x-gitlab-event", "Push Hook");
    let (id, stamped) = (("webhook-id", "m-1"), ("webhook-timestamp", at.as_str()));
    let signed = ("webhook-signature", good.as_str());
    let wrong = stamp("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "m-1", &at, &body);
    let (early, late) = ((now - 301).to_string(), (now + 360).to_string());
    let (old, ahead) = (stamp(&secret, "m-1", &early, &body), stamp(&secret, "m-1", &late, &body));
    let token = ("x-gitlab-token", secret.as_str());
    for head in [
        vec![stamped, event, signed],
        vec![id, event, signed],
        vec![id, stamped, event, ("webhook-signature", "")],
        vec![id, stamped, event, ("webhook-signature", wrong.as_str())],
        vec![id, stamped, event, ("x-gitlab-token", "wrong"), ("webhook-signature", &wrong)],
        vec![id, stamped, event, token, ("webhook-signature", wrong.as_str())],
        vec![("webhook-id", "m-2"), stamped, event, signed],
        vec![id, ("webhook-timestamp", early.as_str()), event, signed],
        vec![id, ("webhook-timestamp", early.as_str()), event, ("webhook-signature", &old)],
        vec![id, ("webhook-timestamp", late.as_str()), event, ("webhook-signature", &ahead)],
    ] {
        assert_eq!(send(&shop, &made, &head, &body).await, REFUSED, "{head:?}");
    }
    let head = [id, stamped, event, signed];
    assert_eq!(send(&shop, &made, &head, b"{}").await, REFUSED, "another body");
    let commit = host.push("acme/shop", "main", &[("migrations/2_b.sql", "SELECT 2;")]);
    assert_eq!(send(&shop, &made, &head, &body).await, (202, "queued".to_owned()));
    let done = came_to(&shop, &made, ("DONE", "RELEASED")).await;
    assert_eq!((&done["commit"], &done["triggerSource"]), (&json!(commit), &json!("m-1")));
    assert_eq!(send(&shop, &made, &head, &body).await, REFUSED, "it came before");
    let other = push("main");
    let again = stamp(&secret, "m-1", &at, &other);
    let head = [id, stamped, event, ("webhook-signature", again.as_str())];
    assert_eq!(send(&shop, &made, &head, &other).await, REFUSED, "another body under its id");
    // Signed by a token that GitLab made: the secret token proves it.
    let uuid = ("x-gitlab-event-uuid", "u-1");
    let head = [id, stamped, event, token, uuid, ("webhook-signature", wrong.as_str())];
    assert_eq!(send(&shop, &made, &head, &body).await.0, 202);
    assert_eq!(send(&shop, &made, &head, &body).await, REFUSED, "it came before");
    // A new secret ends the old one.
    let rotated =
        call(&shop.ada, "RotateSecret", json!({"name": made["name"]})).await.expect("rotated");
    let old = stamp(&secret, "m-3", &at, &body);
    let new = stamp(&text(&rotated["webhookSecret"]), "m-3", &at, &body);
    let id = ("webhook-id", "m-3");
    let head = [id, stamped, event, ("webhook-signature", old.as_str())];
    assert_eq!(send(&shop, &made, &head, &body).await, REFUSED);
    let head = [id, stamped, event, ("webhook-signature", new.as_str())];
    assert_eq!(send(&shop, &made, &head, &body).await.0, 202);
}
