//! Rules may read labels, so an edit of labels looks for the gates again. What comes out the same keeps its votes.

use serde_json::{Value, json};

use super::{Governed, approve, refusal};

const RISKY: &str = r#"{"source": "CHANGE_DATABASE", "condition": {"expression": "\"risky\" in issue.labels"}, "template": {"title": "DBA", "flow": {"roles": ["roles/workspaceDBA"]}}}"#;
const ELSE: &str = r#"{"source": "CHANGE_DATABASE", "condition": {"expression": "true"}, "template": {"title": "Owner", "flow": {"roles": ["roles/projectOwner"]}}}"#;

async fn label(it: &Governed, issue: &Value, labels: &[&str]) -> Value {
    let request =
        json!({"issue": {"name": issue["name"], "labels": labels}, "updateMask": "labels"});
    it.dev.json("IssueService/UpdateIssue", request).await.expect("other labels");
    it.found(issue).await
}

fn asked(issue: &Value) -> (&Value, &Value) {
    (&issue["approvalTemplate"]["flow"]["roles"][0], &issue["approvalStatus"])
}

#[tokio::test]
async fn an_edit_of_labels_asks_whom_the_rules_ask_now() {
    let Some(it) = Governed::open(&[RISKY, ELSE]).await else { return };
    let values = ["risky", "urgent"].map(|value| json!({"value": value}));
    it.project(json!({"issueLabels": values})).await;
    let dba = it.dba().await;
    let (plan, issue) = it.filed("CREATE TABLE l (id int);", &[&it.test]).await;
    let approved = approve(&it.owner, &issue).await.expect("an owner may");
    assert_eq!(asked(&approved), (&json!("roles/projectOwner"), &json!("APPROVED")));

    // No rule reads this one: the vote stays.
    let urgent = label(&it, &issue, &["urgent"]).await;
    assert_eq!(asked(&urgent), (&json!("roles/projectOwner"), &json!("APPROVED")));
    let risky = label(&it, &issue, &["risky"]).await;
    assert_eq!(asked(&risky), (&json!("roles/workspaceDBA"), &json!("PENDING")));
    let said = refusal(it.roll_out(&plan).await);
    assert!(said.contains("roles/workspaceDBA"), "not by the owner's vote: {said}");
    let said = refusal(approve(&it.owner, &issue).await);
    assert!(said.contains("roles/workspaceDBA"), "{said}");

    approve(&dba, &issue).await.expect("a DBA may");
    let both = label(&it, &issue, &["risky", "urgent"]).await;
    assert_eq!(asked(&both), (&json!("roles/workspaceDBA"), &json!("APPROVED")));
    // What was said of another gate does not come back.
    let none = label(&it, &issue, &[]).await;
    assert_eq!(asked(&none), (&json!("roles/projectOwner"), &json!("PENDING")));
    label(&it, &issue, &["risky"]).await;
    approve(&dba, &issue).await.expect("once more");
    it.roll_out(&plan).await.expect("everything is approved");
}
