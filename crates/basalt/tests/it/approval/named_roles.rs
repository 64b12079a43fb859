//! A role that an approval rule, an environment or a waiting gate names is not taken from under them.

use serde_json::{Value, json};
use testkit::app::CallError;

use super::{Governed, refusal, text};

const ROLE: &str = "roles/checker";
const RULE: &str = r#"{"source": "CHANGE_DATABASE", "condition": {"expression": "true"}, "template": {"title": "The checkers", "flow": {"roles": ["roles/checker"]}}}"#;

async fn permissions(it: &Governed, permissions: &[&str]) -> Result<Value, CallError> {
    let role = json!({"name": ROLE, "permissions": permissions});
    let request = json!({"role": role, "updateMask": "permissions"});
    it.shop.ada.json("RoleService/UpdateRole", request).await
}

async fn delete(it: &Governed) -> Result<Value, CallError> {
    it.shop.ada.json("RoleService/DeleteRole", json!({"name": ROLE})).await
}

async fn runners(it: &Governed, roles: &[&str]) {
    let policy = json!({"name": "environments/prod/policies/rollout_policy", "type": "ROLLOUT_POLICY",
        "enforce": true, "rolloutPolicy": {"roles": roles}});
    let request = json!({"policy": policy, "allowMissing": true, "updateMask": "rolloutPolicy"});
    it.shop.ada.json("OrgPolicyService/UpdatePolicy", request).await.expect("a policy");
}

#[tokio::test]
async fn a_role_that_something_asks_for_is_neither_deleted_nor_disabled() {
    let Some(it) = Governed::open(&[]).await else { return };
    let all = ["bb.issues.get", "bb.plans.get", "bb.rollouts.get"];
    let role = json!({"title": "Checkers", "permissions": all});
    let request = json!({"roleId": "checker", "role": role});
    it.shop.ada.json("RoleService/CreateRole", request).await.expect("a role");
    let rule: Value = serde_json::from_str(RULE).expect("JSON");
    it.rules(json!([rule])).await.expect("a rule");
    runners(&it, &[ROLE]).await;
    let (_, issue) = it.filed("CREATE TABLE r (id int);", &[&it.test]).await;
    assert_eq!(issue["approvalStatus"], "PENDING");

    let said = refusal(delete(&it).await);
    for part in [
        "approval rule 1, \\\"The checkers\\\"",
        "ROLE_IN_APPROVAL_RULE",
        "environments/prod",
        "ROLE_IN_ROLLOUT_POLICY",
        "ROLE_AWAITED",
        &text(&issue["name"]),
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let said = refusal(permissions(&it, &["bb.plans.get", "bb.rollouts.get"]).await);
    assert!(said.contains("The checkers") && !said.contains("ROLLOUT_POLICY"), "{said}");
    let said = refusal(permissions(&it, &["bb.plans.get", "bb.issues.get"]).await);
    assert!(said.contains("environments/prod") && !said.contains("The checkers"), "{said}");
    permissions(&it, &["bb.issues.get", "bb.rollouts.get"]).await.expect("not needed there");

    it.rules(json!([])).await.expect("no rule");
    runners(&it, &[]).await;
    let said = refusal(delete(&it).await);
    assert!(said.contains("ROLE_AWAITED") && !said.contains("ROLE_IN"), "{said}");
    let cancel =
        json!({"parent": "projects/shop", "issues": [issue["name"]], "status": "CANCELED"});
    it.dev.json("IssueService/BatchUpdateIssuesStatus", cancel).await.expect("canceled");
    delete(&it).await.expect("nothing asks for it");
}
