//! A watched project that requires approvals: a merge makes everything up to what people have to do.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::host::{Host, Kind};
use super::statuses::told;
use super::{PATIENCE, came_to, create, github, syncs};
use crate::approval::{Governed, approve};
use crate::shop::{list, text};

const OWNER: &str = r#"{"source": "CHANGE_DATABASE", "condition": {"expression": "true"}, "template": {"title": "Owner", "flow": {"roles": ["roles/projectOwner"]}}}"#;

/// The issue of the project, once it says who has to approve.
async fn filed(it: &Governed) -> Value {
    let until = Instant::now() + PATIENCE;
    loop {
        let of = json!({"parent": "projects/shop", "pageSize": 10});
        let all = it.shop.ada.json("IssueService/ListIssues", of).await.expect("issues");
        if let Some(issue) = list(&all["issues"]).first() {
            return it.found(issue).await;
        }
        assert!(Instant::now() < until, "nobody filed an issue");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_merge_waits_for_its_approval_and_goes_on_by_itself() {
    let Some(it) = Governed::open(&[OWNER]).await else { return };
    let host = Host::start(Kind::Github).await;
    let commit =
        host.push("acme/shop", "main", &[("migrations/1_a.sql", "CREATE TABLE a (id int);")]);
    let more = [("targets", json!([it.test, it.prod])), ("reportStatus", json!(true))];
    let made = create(&it.shop.ada, github(&host.url, &more)).await.expect("made");

    let waits = came_to(&it.shop, &made, ("WAITING", "ROLLOUT_BLOCKED")).await;
    assert!(text(&waits["message"]).contains("approv"), "{waits}");
    assert!(text(&waits["release"]).starts_with("projects/shop/releases/"), "{waits}");
    assert_eq!((&waits["commit"], &waits["rollout"]), (&json!(commit), &Value::Null));
    assert!(waits["nextAttemptTime"].is_string(), "{waits}");
    let issue = filed(&it).await;
    assert_eq!((&issue["plan"], &issue["approvalStatus"]), (&waits["plan"], &json!("PENDING")));
    assert_eq!(issue["creator"], "users/ada@example.com", "the actor wrote it");
    told(&host, &commit, "pending", "approv").await;
    // Who set it up wrote it, and so does not approve it.
    approve(&it.shop.ada, &issue).await.expect_err("the actor's own");
    assert_eq!(syncs(&it.shop, &made).await.len(), 1);

    approve(&it.owner, &issue).await.expect("approved");
    let done = came_to(&it.shop, &made, ("DONE", "ROLLED_OUT")).await;
    assert_eq!(done["name"], waits["name"], "the same sync");
    let plan = json!({"name": done["plan"]});
    for stage in [0, 1] {
        it.run(&it.dev, &plan, stage).await.expect("the stage runs");
        it.becomes(&plan, stage, "DONE").await;
    }
    let count = "SELECT count(*)::text FROM a";
    for database in [&it.databases.0, &it.databases.1] {
        assert_eq!(database.rows(count).await, [[Some("0".to_owned())]]);
    }
}
