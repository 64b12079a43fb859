//! A project that enforces SQL review is not rolled out with errors, unless somebody who may says why.

use serde_json::{Value, json};
use testkit::app::{CallError, Client};
use testkit::servers;

use crate::shop::{Shop, list, text};

/// Reasons and messages of what stands in the way.
fn blockers(error: &CallError) -> String {
    error.body.clone()
}

async fn roll_out(by: &Client, plan: &Value, more: Value) -> Result<Value, CallError> {
    let mut request = more;
    request["parent"] = plan["name"].clone();
    by.json("RolloutService/CreateRollout", request).await
}

/// Tables without a key are errors there.
async fn strict(shop: &Shop, resource: &str) {
    let rules = json!([{"type": "TABLE_REQUIRE_PK", "engine": "POSTGRES", "level": "ERROR"}]);
    let config =
        json!({"title": "Strict", "enabled": true, "resources": [resource], "rules": rules});
    let made =
        shop.ada.json("ReviewConfigService/CreateReviewConfig", json!({"reviewConfig": config}));
    made.await.expect("a configuration");
}

async fn enforce(shop: &Shop) {
    let project = json!({"name": "projects/shop", "enforceSqlReview": true});
    let change = json!({"project": project, "updateMask": "enforceSqlReview"});
    shop.ada.json("ProjectService/UpdateProject", change).await.expect("a change");
}

#[tokio::test]
async fn errors_of_the_review_stand_in_the_way_until_they_are_mended_or_passed_over() {
    let Some(pg) = servers::postgres().await else { return };
    let database = pg.database().await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    strict(&shop, "projects/shop").await;
    enforce(&shop).await;
    let bad = shop.plan("SELECT 1;\nCREATE TABLE bad (id int);", &[&target]).await;
    shop.checks(&bad).await;
    let refused = roll_out(&shop.ada, &bad, json!({})).await.expect_err("refused");
    assert_eq!((&*refused.code, &*refused.reason), ("failed_precondition", "BLOCKED"));
    let said = blockers(&refused);
    assert!(said.contains("REVIEW_ERROR") && said.contains(&target), "{said}");
    assert!(said.contains("line 2: TABLE_REQUIRE_PK: "), "{said}");

    let mended = shop.plan("CREATE TABLE good (id int PRIMARY KEY);", &[&target]).await;
    shop.checks(&mended).await;
    roll_out(&shop.ada, &mended, json!({})).await.expect("nothing stands in the way");

    // A developer may roll out, but not pass the review over.
    let user = json!({"email": "dan@example.com", "password": "battery-staple-9", "title": "Dan"});
    shop.ada.json("UserService/CreateUser", json!({"user": user})).await.expect("a user");
    let policy = json!({"bindings": [
        {"role": "roles/projectReleaser", "members": ["user:dan@example.com"]},
        {"role": "roles/projectDeveloper", "members": ["user:dan@example.com"]},
        {"role": "roles/projectOwner", "members": ["user:ada@example.com"]}]});
    let set = json!({"resource": "projects/shop", "policy": policy});
    shop.ada.json("ProjectService/SetIamPolicy", set).await.expect("a policy");
    let mut dan = shop.basalt.client();
    dan.sign_in("dan@example.com", "battery-staple-9").await;
    let pass = json!({"ignoreReview": true, "reason": "the table lives for a day"});
    let denied = roll_out(&dan, &bad, pass.clone()).await.expect_err("denied");
    assert_eq!(denied.code, "permission_denied");
    assert!(denied.body.contains("bb.projects.update"), "{}", denied.body);

    let silent = roll_out(&shop.ada, &bad, json!({"ignoreReview": true})).await;
    assert!(silent.expect_err("no reason").message.starts_with("reason: say why"));
    let rollout = roll_out(&shop.ada, &bad, pass).await.expect("passed over");
    let search = json!({"filter": "method == \"/bytebase.v1.RolloutService/CreateRollout\"", "parent": "projects/shop"});
    let logs = shop.ada.json("AuditLogService/SearchAuditLogs", search).await.expect("the log");
    assert!(logs.to_string().contains("the table lives for a day"), "{logs}");

    // What was passed over once runs without more words.
    let stage = &list(&rollout["stages"])[0];
    let task = text(&list(&stage["tasks"])[0]["name"]);
    let run = json!({"parent": stage["name"], "tasks": [task]});
    shop.ada.json("RolloutService/BatchRunTasks", run).await.expect("it runs");
}

#[tokio::test]
async fn what_was_rolled_out_before_the_project_enforced_review_does_not_run_with_errors() {
    let Some(pg) = servers::postgres().await else { return };
    let database = pg.database().await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    strict(&shop, "environments/test").await;
    let plan = shop.plan("CREATE TABLE bad (id int);", &[&target]).await;
    shop.checks(&plan).await;
    let rollout = roll_out(&shop.ada, &plan, json!({})).await.expect("review is not enforced");
    enforce(&shop).await;
    let stage = &list(&rollout["stages"])[0];
    let task = text(&list(&stage["tasks"])[0]["name"]);
    let mut run = json!({"parent": stage["name"], "tasks": [task]});
    let refused = shop.ada.json("RolloutService/BatchRunTasks", run.clone()).await;
    let said = blockers(&refused.expect_err("refused"));
    assert!(said.contains("line 1: TABLE_REQUIRE_PK: "), "{said}");
    run["ignoreReview"] = json!(true);
    run["reason"] = json!("agreed with the owner");
    shop.ada.json("RolloutService/BatchRunTasks", run).await.expect("passed over");
}

#[tokio::test]
async fn a_draft_is_not_submitted_with_errors_of_the_review_unless_somebody_says_why() {
    let Some(pg) = servers::postgres().await else { return };
    let database = pg.database().await;
    let shop = Shop::open_with(&["--allow-private-outbound"]).await;
    // Nobody listens there: what is to be told is written down all the same.
    let webhook = json!({"type": "GENERIC", "title": "Ours", "url": "http://127.0.0.1:9/", "notificationTypes": ["EMERGENCY_USED"]});
    let request = json!({"project": "projects/shop", "webhook": webhook});
    let project = shop.ada.json("ProjectService/AddWebhook", request).await.expect("a webhook");
    let target = shop.adopt("test", "test", &database).await;
    strict(&shop, "projects/shop").await;
    enforce(&shop).await;
    let plan = shop.plan("CREATE TABLE bad (id int);", &[&target]).await;
    shop.checks(&plan).await;
    let draft = json!({"plan": plan["name"], "type": "DATABASE_CHANGE", "draft": true});
    let ask = json!({"parent": "projects/shop", "issue": draft});
    let issue = shop.ada.json("IssueService/CreateIssue", ask).await.expect("a draft");
    let submit = async |more: Value| {
        let mut request = more;
        request["issue"] = json!({"name": issue["name"], "draft": false});
        request["updateMask"] = json!("draft");
        shop.ada.json("IssueService/UpdateIssue", request).await
    };
    let refused = submit(json!({})).await.expect_err("refused");
    assert_eq!((&*refused.code, &*refused.reason), ("failed_precondition", "BLOCKED"));
    let said = blockers(&refused);
    assert!(said.contains("line 1: TABLE_REQUIRE_PK: "), "{said}");
    let silent = submit(json!({"ignoreReview": true})).await.expect_err("no reason");
    assert!(silent.message.starts_with("reason: say why"), "{}", silent.message);
    let pass = json!({"ignoreReview": true, "reason": "the table lives for a day"});
    let submitted = submit(pass).await.expect("passed over");
    assert_ne!(submitted["draft"], json!(true));
    let told = json!({"parent": issue["name"]});
    let told = shop.ada.json("IssueService/ListIssueComments", told).await.expect("comments");
    assert!(told.to_string().contains("REVIEW_IGNORED"), "{told}");
    // What was passed over once is rolled out without more words.
    roll_out(&shop.ada, &plan, json!({})).await.expect("a rollout");
    let of = json!({"parent": project["webhooks"][0]["name"]});
    let sent = shop.ada.json("basalt.v1.WebhookService/ListDeliveries", of).await;
    assert_eq!(list(&sent.expect("deliveries")["deliveries"]).len(), 1, "told once");
}
