//! Emergency runs: at once past the gate, on record, told, and reviewed by somebody else.

use serde_json::{Value, json};
use testkit::app::{CallError, Client};

use crate::approval::{FREE, Governed, TWO, approve, refusal};
use crate::shop::{list, text};

const SERVICE: &str = "basalt.v1.EmergencyService";
const INCIDENT: &str = "https://tracker.example.com/INC-7";

async fn run(by: &Client, plan: &Value, stage: &str, more: Value) -> Result<Value, CallError> {
    let mut request = json!({"reason": "orders are lost", "incidentUrl": INCIDENT});
    for (field, value) in more.as_object().expect("fields") {
        request[field] = value.clone();
    }
    request["parent"] = json!(format!("{}/rollout/stages/{stage}", text(&plan["name"])));
    by.json(&format!("{SERVICE}/RunEmergency"), request).await
}

async fn review(by: &Client, emergency: &Value, more: Value) -> Result<Value, CallError> {
    let mut request = more;
    request["name"] = emergency["name"].clone();
    by.json(&format!("{SERVICE}/ReviewEmergency"), request).await
}

async fn all(by: &Client, more: Value) -> Vec<Value> {
    let mut request = more;
    request["parent"] = json!("projects/-");
    let found = by.json(&format!("{SERVICE}/ListEmergencies"), request).await;
    list(&found.expect("emergencies")["emergencies"])
}

const BOTH: [&str; 2] = ["users/dev@example.com", "users/owner@example.com"];

#[tokio::test]
async fn what_is_not_approved_runs_at_once_on_record_and_is_reviewed_by_somebody_else() {
    let Some(it) = Governed::open(&[FREE, TWO]).await else { return };
    let types = ["EMERGENCY_USED"];
    // Nobody listens there: what is to be told is written down all the same.
    let webhook = json!({"type": "GENERIC", "title": "Ours", "url": "http://127.0.0.1:9/", "notificationTypes": types});
    let request = json!({"project": "projects/shop", "webhook": webhook});
    let project = it.shop.ada.json("ProjectService/AddWebhook", request).await.expect("a webhook");
    let dba = it.dba().await;
    let (plan, issue) = it.filed("CREATE TABLE e (id int);", &[&it.test, &it.prod]).await;

    let denied = run(&it.dev, &plan, "prod", json!({"notify": BOTH})).await.expect_err("denied");
    assert_eq!(denied.code, "permission_denied");
    assert!(denied.body.contains("bb.emergencies.create"), "{}", denied.body);

    let ran = run(&dba, &plan, "prod", json!({"notify": BOTH})).await.expect("it runs");
    it.becomes(&plan, 1, "DONE").await;
    assert_eq!(ran["runner"], "users/dba@example.com");
    assert_eq!((&ran["databases"], &ran["notified"]), (&json!([it.prod]), &json!(BOTH)));
    let passed = ran["passed"].to_string();
    for reason in ["APPROVAL", "NOT_PROMOTED", "EARLIER_STAGE_UNFINISHED"] {
        assert!(passed.contains(reason), "{reason}: {passed}");
    }
    assert_eq!((&ran["state"], &ran["canReview"]), (&json!("REVIEW_DUE"), &Value::Null));
    let runs = json!({"parent": format!("{}/tasks/-", text(&ran["stage"]))});
    let runs = it.dev.json("RolloutService/ListTaskRuns", runs).await.expect("runs");
    assert_eq!(runs["taskRuns"][0]["emergency"], ran["name"]);
    // What it did not name is as gated as before, and another run of prod is.
    assert_eq!(list(&it.rollout(&plan).await["stages"])[0]["tasks"][0]["status"], "NOT_STARTED");

    let mine = all(&it.dev, json!({"waitingForMe": true})).await;
    assert_eq!(
        (mine.len(), &mine[0]["name"], &mine[0]["canReview"]),
        (1, &ran["name"], &json!(true))
    );
    assert!(all(&dba, json!({"waitingForMe": true})).await.is_empty(), "not who ran it");
    let verdict = json!({"verdict": "JUSTIFIED", "comment": "It had to be."});
    let said = refusal(review(&dba, &ran, verdict.clone()).await);
    assert!(said.contains("you ran it"), "{said}");
    let vera =
        it.shop.member("vera@example.com", &[("projects/shop", "roles/projectReleaser")]).await;
    let said = refusal(review(&vera, &ran, verdict.clone()).await);
    assert!(
        said.contains("users/dev@example.com") && said.contains("roles/projectOwner"),
        "{said}"
    );
    for (wrong, field) in [
        (json!({"comment": "?"}), "verdict"),
        (json!({"verdict": "JUSTIFIED", "comment": " "}), "comment"),
    ] {
        assert!(refusal(review(&it.owner, &ran, wrong).await).contains(field));
    }
    let reviewed = review(&it.dev, &ran, verdict.clone()).await.expect("one who was told");
    assert_eq!(
        (&reviewed["state"], &reviewed["verdict"]),
        (&json!("REVIEWED"), &json!("JUSTIFIED"))
    );
    assert_eq!(reviewed["reviewer"], "users/dev@example.com");
    let again = refusal(review(&it.owner, &ran, verdict).await);
    assert!(again.contains("REVIEWED"), "once: {again}");

    let comments = json!({"parent": issue["name"]});
    let told = it.dev.json("IssueService/ListIssueComments", comments).await.expect("comments");
    let told: Vec<_> = list(&told["issueComments"])
        .into_iter()
        .map(|c| c["emergency"].clone())
        .filter(|e| !e.is_null())
        .collect();
    assert_eq!((&told[0]["kind"], &told[0]["incidentUrl"]), (&json!("RUN"), &json!(INCIDENT)));
    assert_eq!(
        (&told[1]["kind"], &told[1]["reason"]),
        (&json!("JUSTIFIED"), &json!("It had to be."))
    );
    let of = json!({"parent": project["webhooks"][0]["name"]});
    let sent = it.shop.ada.json("basalt.v1.WebhookService/ListDeliveries", of).await;
    let sent = list(&sent.expect("deliveries")["deliveries"]);
    assert_eq!((sent.len(), &sent[0]["type"]), (1, &json!("EMERGENCY_USED")));
    let log = json!({"parent": "projects/shop", "filter": "method == \"/basalt.v1.EmergencyService/RunEmergency\""});
    let log = it.shop.ada.json("AuditLogService/SearchAuditLogs", log).await.expect("the log");
    assert!(log.to_string().contains("orders are lost"), "{log}");
}

#[tokio::test]
async fn a_reason_an_incident_and_two_other_people_are_needed() {
    let Some(it) = Governed::open(&[TWO]).await else { return };
    let (plan, _) = it.filed("CREATE TABLE f (id int);", &[&it.prod]).await;
    let owner = |more: Value| run(&it.owner, &plan, "prod", more);
    let ada = "users/ada@example.com";
    let two = json!([ada, "users/dev@example.com"]);
    for (wrong, field) in [
        (json!({"notify": two, "reason": "  "}), "reason"),
        (json!({"notify": two, "incidentUrl": "javascript:alert(1)"}), "incident_url"),
        (json!({"notify": two, "incidentUrl": ""}), "incident_url"),
        (json!({"notify": [ada]}), "notify"),
        (json!({"notify": [ada, ada]}), "notify[1]"),
        (json!({"notify": [ada, "users/owner@example.com"]}), "notify[1]"),
        (json!({"notify": [ada, "users/nobody@example.com"]}), "notify[1]"),
        (json!({"notify": [ada, "groups/x@example.com"]}), "notify[1]"),
        (json!({}), "notify"),
    ] {
        let error = owner(wrong.clone()).await.expect_err("refused");
        assert_eq!(error.code, "invalid_argument", "{wrong}: {error:?}");
        assert!(error.body.contains(&format!("\"{field}\"")), "{wrong}: {}", error.body);
    }
    let mallory = it.shop.member("mallory@example.com", &[]).await;
    let strange = json!({"notify": [ada, "users/mallory@example.com"]});
    let said = refusal(owner(strange).await);
    assert!(said.contains("cannot see projects/shop"), "{said}");
    drop(mallory);

    // The project names people, then the environment does.
    let one = json!({"project": {"name": "projects/shop", "emergencyContacts": [ada]}, "updateMask": "emergencyContacts"});
    assert!(
        refusal(it.shop.ada.json("ProjectService/UpdateProject", one).await)
            .contains("name 2 to 10")
    );
    it.project(json!({"emergencyContacts": [ada, "users/dev@example.com"]})).await;
    let stage = json!({"parent": format!("{}/rollout/stages/prod", text(&plan["name"]))});
    let contacts =
        || it.owner.json("basalt.v1.EmergencyService/GetEmergencyContacts", stage.clone());
    assert_eq!(contacts().await.expect("contacts")["source"], "projects/shop");
    it.shop.member("eve@example.com", &[("projects/shop", "roles/projectOwner")]).await;
    let policy = json!({"type": "ROLLOUT_POLICY", "enforce": true,
        "rolloutPolicy": {"emergencyContacts": [ada, "users/eve@example.com", "users/owner@example.com"]}});
    let request = json!({"parent": "environments/prod", "policy": policy});
    it.shop.ada.json("OrgPolicyService/CreatePolicy", request).await.expect("a policy");
    let found = contacts().await.expect("contacts");
    let others = json!([ada, "users/eve@example.com"]);
    assert_eq!((&found["source"], &found["contacts"]), (&json!("environments/prod"), &others));
    let ran = owner(json!({})).await.expect("it runs");
    assert_eq!(ran["notified"], others);
    it.becomes(&plan, 0, "DONE").await;
    let twice = refusal(owner(json!({})).await);
    assert!(twice.contains("neither done nor skipped"), "{twice}");
    // Who could have approved it reviews it, too, and with that nothing of the plan is left to approve.
    let dba = it.dba().await;
    let verdict = json!({"verdict": "NOT_JUSTIFIED", "comment": "It could have waited."});
    review(&dba, &ran, verdict).await.expect("a holder of a role of the gate");
    assert_eq!(
        it.dev
            .json("IssueService/GetIssue", json!({"name": ran["issue"]}))
            .await
            .expect("the issue")["status"],
        "DONE"
    );
}

#[tokio::test]
async fn an_emergency_does_not_open_what_is_closed_and_lifts_nothing_for_others() {
    let Some(it) = Governed::open(&[FREE, TWO]).await else { return };
    let dba = it.dba().await;
    let (plan, issue) = it.filed("CREATE TABLE g (id int);", &[&it.test, &it.prod]).await;
    let set = |status: &str| {
        let change =
            json!({"parent": "projects/shop", "issues": [issue["name"]], "status": status});
        it.owner.json("IssueService/BatchUpdateIssuesStatus", change)
    };
    set("CANCELED").await.expect("canceled");
    let said = refusal(run(&dba, &plan, "prod", json!({"notify": BOTH})).await);
    assert!(said.contains("ISSUE_CANCELED"), "{said}");
    assert_eq!(all(&dba, json!({})).await.len(), 0, "refused whole: no record");
    set("OPEN").await.expect("open again");
    run(&dba, &plan, "test", json!({"notify": BOTH})).await.expect("test runs");
    it.becomes(&plan, 0, "DONE").await;
    let said = refusal(it.run(&it.dev, &plan, 1).await);
    assert!(said.contains("APPROVAL"), "prod waits as before: {said}");
    approve(&it.owner, &issue).await.expect("the first step");
    approve(&dba, &issue).await.expect("the second step");
    it.run(&it.dev, &plan, 1).await.expect("prod runs");
    let other = json!({"parent": "projects/shop", "plan": "projects/other/plans/1"});
    let answer = it.owner.json(&format!("{SERVICE}/ListEmergencies"), other).await;
    assert!(refusal(answer).contains("another project"));
}
