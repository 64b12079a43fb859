//! Webhooks: who may have one, what comes at a receiver, and what a receiver that is slow, down or hostile can do: nothing.

mod shapes;

use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::app::{Basalt, CallError, Client};
use testkit::servers;
use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::BASALT;
use crate::receiver::{Answer, Receiver};
use crate::shop::{Shop, list, text};

const PATIENCE: Duration = Duration::from_secs(60);
/// Receivers of these tests are on this machine.
const OPEN: [&str; 4] =
    ["--allow-private-outbound", "--external-url=https://b.example", "--retry-after", "10"];

pub(crate) async fn shop(more: &[&str]) -> Shop {
    Shop::open_with(&[&OPEN[..], more].concat()).await
}

async fn add(by: &Client, webhook: Value) -> Result<Value, CallError> {
    let request = json!({"project": "projects/shop", "webhook": webhook});
    let project = by.json("ProjectService/AddWebhook", request).await?;
    Ok(list(&project["webhooks"]).pop().unwrap_or_default())
}

fn generic(url: &str, types: &[&str]) -> Value {
    json!({"type": "GENERIC", "title": "Ours", "url": url, "notificationTypes": types})
}

async fn release(shop: &Shop) {
    let file = json!({"version": "1", "path": "1.sql", "statement": "U0VMRUNUIDE="});
    let release = json!({"type": "VERSIONED", "files": [file]});
    let request = json!({"parent": "projects/shop", "release": release});
    shop.ada.json("ReleaseService/CreateRelease", request).await.expect("a release");
}

async fn deliveries(shop: &Shop, webhook: &Value) -> Vec<Value> {
    let of = json!({"parent": webhook["name"]});
    let found = shop.ada.json("basalt.v1.WebhookService/ListDeliveries", of).await;
    list(&found.expect("deliveries")["deliveries"])
}

/// The newest delivery, once it has that status.
async fn delivery(shop: &Shop, webhook: &Value, status: &str) -> Value {
    let until = Instant::now() + PATIENCE;
    loop {
        let all = deliveries(shop, webhook).await;
        if all.first().is_some_and(|d| d["status"] == status) {
            return all[0].clone();
        }
        assert!(Instant::now() < until, "no {status}: {all:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_webhook_is_added_shown_without_its_secrets_changed_and_removed() {
    let shop = shop(&[]).await;
    let receiver = Receiver::start().await;
    let made = add(&shop.ada, generic(&receiver.url, &["ISSUE_CREATED"])).await.expect("added");
    let secret = text(&made["signingSecret"]);
    assert!(secret.starts_with("whsec_"), "{made}");
    let get = || shop.ada.json("ProjectService/GetProject", json!({"name": "projects/shop"}));
    let shown = list(&get().await.expect("a project")["webhooks"]).remove(0);
    assert_eq!(shown["urlMasked"], json!(receiver.url.replace("/hook", "/…")));
    assert_eq!((&shown["signingSecretSet"], &shown["url"]), (&json!(true), &Value::Null));
    assert!(!shown.to_string().contains(&secret) && !shown.to_string().contains("/hook"));

    let change =
        json!({"webhook": {"name": made["name"], "title": "Renamed"}, "updateMask": "title"});
    let after = shop.ada.json("ProjectService/UpdateWebhook", change).await.expect("changed");
    assert_eq!(after["webhooks"][0]["title"], "Renamed");
    assert_eq!(after["webhooks"][0]["notificationTypes"], json!(["ISSUE_CREATED"]));
    let change = json!({"webhook": {"name": made["name"], "type": "SLACK"}, "updateMask": "type"});
    let refused = shop.ada.json("ProjectService/UpdateWebhook", change).await.expect_err("refused");
    assert!(refused.message.contains("hooks.slack.com"), "{}", refused.message);
    let change = json!({"webhook": {"name": made["name"]}, "updateMask": "signingSecret"});
    let rotated = shop.ada.json("ProjectService/UpdateWebhook", change).await.expect("rotated");
    let second = text(&rotated["webhooks"][0]["signingSecret"]);
    assert!(second.starts_with("whsec_") && second != secret);

    // A sheet of this project in a request of another: absent and foreign are told alike.
    let gone = json!({"webhook": {"name": "projects/shop/webhooks/none", "title": "x"}, "updateMask": "title"});
    let refused = shop.ada.json("ProjectService/UpdateWebhook", gone).await.expect_err("absent");
    assert_eq!(refused.code, "not_found");
    let viewer = shop.member("vi@example.com", &[("projects/shop", "roles/projectViewer")]).await;
    let refused = add(&viewer, generic(&receiver.url, &["ISSUE_CREATED"])).await;
    assert_eq!(refused.expect_err("denied").code, "permission_denied");
    let of = json!({"parent": made["name"]});
    let refused = viewer.json("basalt.v1.WebhookService/ListDeliveries", of.clone()).await;
    assert_eq!(refused.expect_err("denied").code, "permission_denied");

    let of_it = json!({"webhook": {"name": made["name"]}});
    let after = shop.ada.json("ProjectService/RemoveWebhook", of_it).await.expect("removed");
    assert_eq!(after["webhooks"], Value::Null);
    let gone = shop.ada.json("basalt.v1.WebhookService/ListDeliveries", of).await;
    assert_eq!(gone.expect_err("absent").code, "not_found");

    // Neither address nor secret stands in the audit log.
    let search = json!({"parent": "projects/shop", "pageSize": 100});
    let log = shop.ada.json("AuditLogService/SearchAuditLogs", search).await.expect("the log");
    let log = log.to_string();
    assert!(log.contains("AddWebhook"), "{log}");
    assert!(!log.contains("/hook") && !log.contains("whsec_"), "{log}");
}

#[tokio::test]
async fn addresses_that_only_look_right_are_refused() {
    let shop = Shop::open().await;
    let slack = |url: &str| json!({"type": "SLACK", "title": "x", "url": url, "notificationTypes": ["ISSUE_CREATED"]});
    for bad in [
        "http://hooks.slack.com@127.0.0.1/",
        "https://hooks.slack.com@127.0.0.1/",
        "https://hooks.slack.com.evil.io/services/x",
        "gopher://hooks.slack.com/",
        "file:///etc/passwd",
        "https://127.0.0.1/x",
        "http://hooks.slack.com/services/x",
    ] {
        let refused = add(&shop.ada, slack(bad)).await.expect_err(bad);
        assert_eq!((&*refused.code, &*refused.reason), ("invalid_argument", "INVALID_FIELD"));
        assert!(refused.body.contains("webhook.url"), "{}", refused.body);
    }
    for bad in [
        "https://127.0.0.1/",
        "https://0x7f000001/",
        "https://2130706433/",
        "https://localhost/",
        "https://localhost./",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/",
        "http://93.184.216.34/",
    ] {
        let refused = add(&shop.ada, generic(bad, &["ISSUE_CREATED"])).await.expect_err(bad);
        assert!(refused.body.contains("webhook.url"), "{bad}: {}", refused.body);
        let test = json!({"project": "projects/shop", "webhook": generic(bad, &["ISSUE_CREATED"])});
        let refused = shop.ada.json("ProjectService/TestWebhook", test).await.expect_err(bad);
        assert_eq!(refused.code, "invalid_argument", "{bad}");
    }
    let refused = add(&shop.ada, json!({"type": "GENERIC"})).await.expect_err("nothing in it");
    for field in ["webhook.title", "webhook.url", "webhook.notification_types"] {
        assert!(refused.body.contains(field), "{field}: {}", refused.body);
    }
}

#[tokio::test]
async fn a_test_says_what_came_of_it_and_nothing_of_what_was_answered() {
    let shop = shop(&[]).await;
    let receiver = Receiver::start().await;
    let made = add(&shop.ada, generic(&receiver.url, &["ISSUE_CREATED"])).await.expect("added");
    let test = async || {
        // Without its address, as the console has it.
        let webhook = json!({"name": made["name"], "type": "GENERIC"});
        let request = json!({"project": "projects/shop", "webhook": webhook});
        let answer = shop.ada.json("ProjectService/TestWebhook", request).await.expect("a test");
        answer["error"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(test().await, "");
    receiver.answer(Answer::Status(500));
    assert_eq!(test().await, "the receiver answered 500");
    receiver.answer(Answer::Redirect("http://169.254.169.254/latest/meta-data"));
    assert_eq!(test().await, "the receiver answered 302; redirects are not followed");
    receiver.answer(Answer::Silence);
    assert_eq!(test().await, "no answer within 10 s");
    assert_eq!(receiver.seen().len(), 4);
    assert_eq!(receiver.seen()[0].json()["type"], "test");
    // The stored address is not lent to another service.
    let webhook = json!({"name": made["name"], "type": "SLACK"});
    let request = json!({"project": "projects/shop", "webhook": webhook});
    let refused = shop.ada.json("ProjectService/TestWebhook", request).await.expect_err("refused");
    assert_eq!(refused.code, "invalid_argument");
}

#[tokio::test]
async fn what_happens_is_told_once_signed_and_the_example_receiver_believes_it() {
    let shop = shop(&[]).await;
    let mut receiver = tokio::process::Command::new("python3");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/howto/webhook-receiver.py");
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    receiver.arg(script).env("WEBHOOK_SECRET", secret).stdout(Stdio::piped()).kill_on_drop(true);
    let mut child = receiver.spawn().expect("python3, which apt-get install python3 brings");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let mut line = async || {
        let next = tokio::time::timeout(PATIENCE, lines.next_line()).await.expect("in time");
        next.expect("readable").expect("a line")
    };
    let port = line().await.trim_start_matches("listening on ").to_owned();
    let url = format!("http://127.0.0.1:{port}/");
    let mut webhook = generic(&url, &["RELEASE_CREATED"]);
    webhook["signingSecret"] = json!(secret);
    let made = add(&shop.ada, webhook).await.expect("added");
    assert_eq!(made["signingSecret"], Value::Null, "a given secret is not given back");
    release(&shop).await;
    let said = line().await;
    assert!(said.starts_with("release.created release_"), "{said}");
    let delivered = delivery(&shop, &made, "DELIVERED").await;
    assert_eq!((&delivered["attempts"], &delivered["httpStatus"]), (&json!(1), &json!(204)));
    assert_eq!(delivered["type"], "RELEASE_CREATED");

    // With another secret it is not believed.
    let other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let change = json!({"webhook": {"name": made["name"], "signingSecret": other}, "updateMask": "signingSecret"});
    shop.ada.json("ProjectService/UpdateWebhook", change).await.expect("changed");
    release(&shop).await;
    let failed = delivery(&shop, &made, "PENDING").await;
    assert_eq!(failed["type"], "RELEASE_CREATED");
    let until = Instant::now() + PATIENCE;
    while deliveries(&shop, &made).await[0]["httpStatus"] != 401 {
        assert!(Instant::now() < until, "it should have been refused");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_receiver_that_is_down_is_tried_again_with_the_same_id_and_given_up_in_the_end() {
    let shop = shop(&[]).await;
    let receiver = Receiver::start().await;
    receiver.answer(Answer::Status(503));
    let made = add(&shop.ada, generic(&receiver.url, &["RELEASE_CREATED"])).await.expect("added");
    release(&shop).await;
    let seen = receiver.wait(3).await;
    let id = seen[0].header("webhook-id").to_owned();
    assert!(seen.iter().all(|p| p.header("webhook-id") == id), "{seen:?}");
    receiver.answer(Answer::Status(200));
    let taken = delivery(&shop, &made, "DELIVERED").await;
    assert!(text(&taken["name"]).ends_with(&id), "{taken}");

    receiver.answer(Answer::Status(500));
    release(&shop).await;
    let failed = delivery(&shop, &made, "FAILED").await;
    assert_eq!((&failed["attempts"], &failed["httpStatus"]), (&json!(8), &json!(500)));
    assert_eq!(failed["error"], "the receiver answered 500");
    assert!(failed["nextAttemptTime"].is_null() && !failed["finishTime"].is_null(), "{failed}");
    receiver.answer(Answer::Status(200));
    let again = json!({"name": failed["name"]});
    shop.ada.json("basalt.v1.WebhookService/RetryDelivery", again.clone()).await.expect("again");
    delivery(&shop, &made, "DELIVERED").await;
    let refused = shop.ada.json("basalt.v1.WebhookService/RetryDelivery", again).await;
    assert_eq!(refused.expect_err("it was taken").code, "invalid_argument");
}

#[tokio::test]
async fn a_receiver_that_hangs_delays_neither_a_rollout_nor_others_and_a_stop_loses_nothing() {
    let Some(pg) = servers::postgres().await else { return };
    let database = pg.database().await;
    let dir = tempfile::tempdir().expect("a folder");
    let basalt = Basalt::start_in(BASALT, dir.path(), &OPEN).await;
    let shop = Shop::in_(basalt).await;
    let target = shop.adopt("test", "test", &database).await;
    let (slow, quick) = (Receiver::start().await, Receiver::start().await);
    slow.answer(Answer::Silence);
    let types = ["ISSUE_CREATED", "PIPELINE_FAILED", "PIPELINE_COMPLETED", "RELEASE_CREATED"];
    let hangs = add(&shop.ada, generic(&slow.url, &types)).await.expect("added");
    add(&shop.ada, generic(&quick.url, &types)).await.expect("added");

    let plan = shop.plan("CREATE TABLE t (id int);", &[&target]).await;
    let issue = json!({"title": "Make t", "type": "DATABASE_CHANGE", "plan": plan["name"]});
    let request = json!({"parent": "projects/shop", "issue": issue});
    shop.ada.json("IssueService/CreateIssue", request).await.expect("an issue");
    slow.wait(1).await;
    let before = Instant::now();
    let runs = shop.roll_out(&plan).await;
    assert_eq!(runs[0]["status"], "DONE", "{runs:?}");
    let seen = quick.wait(2).await;
    assert!(before.elapsed() < Duration::from_secs(9), "somebody waited for the slow one");
    let types: Vec<_> = seen.iter().map(|p| text(&p.json()["type"])).collect();
    assert_eq!(types, ["issue.created", "rollout.completed"]);
    let first = seen[0].json();
    assert_eq!(first["data"]["subject"], "Make t");
    assert_eq!(first["data"]["actor"], "users/ada@example.com");
    let link = format!("https://b.example/{}", text(&plan["name"]));
    assert_eq!(first["data"]["link"], json!(link));

    // Killed while it waits: what was to be told is told after the start.
    let waiting = deliveries(&shop, &hangs).await;
    assert!(waiting.iter().all(|d| d["status"] == "PENDING"), "{waiting:?}");
    let Shop { basalt, .. } = shop;
    drop(basalt);
    slow.answer(Answer::Status(200));
    let basalt = Basalt::start_in(BASALT, dir.path(), &OPEN).await;
    let told = slow.seen().len();
    let mut ada = basalt.client();
    ada.sign_in("ada@example.com", "correct-horse-9").await;
    let shop = Shop { basalt, ada };
    slow.wait(told + 1).await;
    delivery(&shop, &hangs, "DELIVERED").await;
}

#[tokio::test]
async fn a_failure_is_told_once_until_somebody_runs_again() {
    let Some(pg) = servers::postgres().await else { return };
    let (one, two) = (pg.database().await, pg.database().await);
    let shop = shop(&[]).await;
    let targets = [shop.adopt("a", "test", &one).await, shop.adopt("b", "test", &two).await];
    let receiver = Receiver::start().await;
    let types = ["PIPELINE_FAILED", "PIPELINE_COMPLETED"];
    add(&shop.ada, generic(&receiver.url, &types)).await.expect("added");
    let plan = shop.plan("ALTER TABLE nowhere ADD a int;", &[&targets[0], &targets[1]]).await;
    let runs = shop.roll_out(&plan).await;
    assert!(runs.iter().all(|r| r["status"] == "FAILED"), "{runs:?}");
    let seen = receiver.wait(1).await;
    assert_eq!(seen[0].json()["type"], "rollout.failed");
    assert!(text(&seen[0].json()["data"]["detail"]).contains("nowhere"), "{}", seen[0].json());

    // Again, one of them: told again. Then the other is skipped, and the first after it was mended.
    let get = json!({"name": format!("{}/rollout", text(&plan["name"]))});
    let rollout = shop.ada.json("RolloutService/GetRollout", get).await.expect("a rollout");
    let stage = &list(&rollout["stages"])[0];
    let tasks: Vec<Value> = list(&stage["tasks"]).iter().map(|t| t["name"].clone()).collect();
    let run = json!({"parent": stage["name"], "tasks": [tasks[0]]});
    shop.ada.json("RolloutService/BatchRunTasks", run).await.expect("a run");
    receiver.wait(2).await;
    let skip = json!({"parent": stage["name"], "tasks": tasks, "reason": "not needed"});
    shop.ada.json("RolloutService/BatchSkipTasks", skip).await.expect("skipped");
    let seen = receiver.wait(3).await;
    let types: Vec<_> = seen.iter().map(|p| text(&p.json()["type"])).collect();
    assert_eq!(types, ["rollout.failed", "rollout.failed", "rollout.completed"]);
}
