//! Requests for a role: filed, approved, granted with their end; and what is refused of them.

use serde_json::{Value, json};
use testkit::app::{CallError, Client};

use crate::shop::{Shop, list, text};

const RELEASER: &str = "roles/projectReleaser";

async fn ask(by: &Client, grant: Value) -> Result<Value, CallError> {
    let issue = json!({"type": "ROLE_GRANT", "description": "for the release", "roleGrant": grant});
    by.json("IssueService/CreateIssue", json!({"parent": "projects/shop", "issue": issue})).await
}

async fn bindings(shop: &Shop, role: &str) -> Vec<Value> {
    let of = json!({"resource": "projects/shop"});
    let policy = shop.ada.json("ProjectService/GetIamPolicy", of).await.expect("a policy");
    list(&policy["bindings"]).into_iter().filter(|b| b["role"] == role).collect()
}

/// A shop that takes requests for roles.
async fn open() -> Shop {
    let shop = Shop::open().await;
    let allow = json!({"project": {"name": "projects/shop", "allowRequestRole": true}, "updateMask": "allowRequestRole"});
    shop.ada.json("ProjectService/UpdateProject", allow).await.expect("requests are allowed");
    shop
}

/// Rules of the workspace: one for role requests with these steps.
async fn rules(shop: &Shop, rules: Value) {
    let value = json!({"workspaceApproval": {"rules": rules}});
    let setting = json!({"setting": {"name": "settings/WORKSPACE_APPROVAL", "value": value}, "allowMissing": true});
    shop.ada.json("SettingService/UpdateSetting", setting).await.expect("rules");
}

#[tokio::test]
async fn a_role_is_granted_when_it_is_approved_and_not_before() {
    let shop = open().await;
    let dev = shop.member("dev@example.com", &[("projects/shop", "roles/projectDeveloper")]).await;
    let owner = shop.member("owner@example.com", &[("projects/shop", "roles/projectOwner")]).await;
    let grant = json!({
        "role": RELEASER, "user": "users/dev@example.com", "expiration": "3600s",
        "condition": {"expression": "resource.environment_id == \"test\""},
    });
    let issue = ask(&dev, grant).await.expect("a request");
    assert_eq!(
        (&issue["type"], &issue["status"]),
        (&json!("ROLE_GRANT"), &json!("OPEN")),
        "{issue}"
    );
    assert_eq!(
        (&issue["roleGrant"]["role"], &issue["roleGrant"]["expiration"]),
        (&json!(RELEASER), &json!("3600s"))
    );
    assert!(bindings(&shop, RELEASER).await.is_empty(), "nothing is granted yet");
    let of_kind = json!({"parent": "projects/shop", "filter": "type == \"ROLE_GRANT\""});
    let found = dev.json("IssueService/ListIssues", of_kind).await.expect("a list");
    assert_eq!(list(&found["issues"]).len(), 1);

    let name = text(&issue["name"]);
    dev.json("IssueService/ApproveIssue", json!({"name": name})).await.expect_err("their own");
    let done = json!({"parent": "projects/shop", "issues": [name], "status": "DONE"});
    owner.json("IssueService/BatchUpdateIssuesStatus", done).await.expect_err("done by hand");
    assert!(bindings(&shop, RELEASER).await.is_empty());

    let issue =
        owner.json("IssueService/ApproveIssue", json!({"name": name})).await.expect("an approval");
    assert_eq!(issue["status"], "DONE", "{issue}");
    let granted = bindings(&shop, RELEASER).await;
    assert_eq!(granted.len(), 1, "{granted:?}");
    assert_eq!(granted[0]["members"], json!(["user:dev@example.com"]));
    let condition = text(&granted[0]["condition"]["expression"]);
    let expected = "resource.environment_id == \"test\" && request.time < timestamp(\"";
    assert!(condition.starts_with(expected), "{condition}");
    owner
        .json("IssueService/ApproveIssue", json!({"name": name}))
        .await
        .expect_err("approved twice");
    assert_eq!(bindings(&shop, RELEASER).await, granted);
}

#[tokio::test]
async fn the_rules_of_requests_decide_who_approves() {
    let shop = open().await;
    let dev = shop.member("dev@example.com", &[("projects/shop", "roles/projectDeveloper")]).await;
    let rule = |condition: &str, roles: Value| json!({"source": "REQUEST_ROLE", "condition": {"expression": condition}, "template": {"title": "t", "flow": {"roles": roles}}});
    rules(
        &shop,
        json!([rule(
            "request.role == \"roles/projectReleaser\" && request.expiration_days <= 1",
            json!([])
        )]),
    )
    .await;
    let issue =
        ask(&dev, json!({"role": RELEASER, "expiration": "3600s"})).await.expect("a request");
    assert_eq!(issue["status"], "DONE", "nobody has to approve: {issue}");
    assert_eq!(bindings(&shop, RELEASER).await.len(), 1);
    // No rule speaks of the next: an owner decides, and not the one who asks.
    let issue = ask(&dev, json!({"role": "roles/projectOwner"})).await.expect("a request");
    assert_eq!(issue["status"], "OPEN", "{issue}");
    let name = json!({"name": issue["name"]});
    dev.json("IssueService/ApproveIssue", name).await.expect_err("their own");
    assert_eq!(
        bindings(&shop, "roles/projectOwner").await.len(),
        1,
        "that of who made the project"
    );
}

#[tokio::test]
async fn a_wrong_request_names_its_field() {
    let shop = open().await;
    let dev = shop.member("dev@example.com", &[("projects/shop", "roles/projectDeveloper")]).await;
    for (grant, field) in [
        (json!({"role": "roles/nosuch"}), "role_grant.role"),
        (json!({"role": "roles/workspaceAdmin"}), "role_grant.role"),
        (
            json!({"role": RELEASER, "condition": {"expression": "resource.x == 1"}}),
            "role_grant.condition.expression",
        ),
        (
            json!({"role": RELEASER, "condition": {"expression": "request.time < timestamp(\"2020-01-01T00:00:00Z\")"}}),
            "role_grant.condition.expression",
        ),
        (json!({"role": RELEASER, "expiration": "-5s"}), "role_grant.expiration"),
        (json!({"role": RELEASER, "expiration": "999999999s"}), "role_grant.expiration"),
        (json!({"role": RELEASER, "user": "ada"}), "role_grant.user"),
        (Value::Null, "role_grant"),
    ] {
        let error = ask(&dev, grant.clone()).await.expect_err("a wrong request");
        assert_eq!(error.code, "invalid_argument", "{grant}: {error:?}");
        assert!(error.body.contains(field), "{grant}: {}", error.body);
    }
    let for_ada = json!({"role": RELEASER, "user": "users/ada@example.com"});
    assert_eq!(ask(&dev, for_ada).await.expect_err("another's").code, "permission_denied");
    let stranger = shop.member("mallory@example.com", &[]).await;
    assert_eq!(
        ask(&stranger, json!({"role": RELEASER})).await.expect_err("a stranger").code,
        "permission_denied"
    );
}

#[tokio::test]
async fn a_project_that_takes_no_requests_says_so() {
    let shop = Shop::open().await;
    let dev = shop.member("dev@example.com", &[("projects/shop", "roles/projectDeveloper")]).await;
    let error = ask(&dev, json!({"role": RELEASER})).await.expect_err("no requests");
    assert!(error.body.contains("ROLE_REQUESTS_OFF"), "{error:?}");
}
