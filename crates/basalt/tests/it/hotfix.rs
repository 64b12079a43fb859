//! Hotfixes: production first, then the environments that were passed by, with the SQL that production has.

use serde_json::{Value, json};
use testkit::app::{CallError, Client};

use crate::approval::{FREE, Governed, TWO, approve, refusal};
use crate::shop::{list, text};

async fn mark(by: &Client, plan: &Value, hotfix: Value) -> Result<Value, CallError> {
    let change = json!({"plan": {"name": plan["name"], "hotfix": hotfix}, "updateMask": "hotfix"});
    by.json("PlanService/UpdatePlan", change).await
}

fn stages(rollout: &Value) -> Vec<String> {
    list(&rollout["stages"]).iter().map(|s| text(&s["id"])).collect()
}

#[tokio::test]
async fn production_runs_first_with_its_approval_and_the_others_open_by_themselves() {
    let Some(it) = Governed::open(&[FREE, TWO]).await else { return };
    let dba = it.dba().await;
    let (plan, issue) = it.filed("CREATE TABLE h (id int);", &[&it.test, &it.prod]).await;
    approve(&it.owner, &issue).await.expect("a step");
    let why = json!({"reason": "checkout fails"});
    let denied = mark(&it.dev, &plan, why.clone()).await.expect_err("denied");
    assert!(denied.body.contains("bb.plans.hotfix"), "{}", denied.body);
    let said = refusal(mark(&it.owner, &plan, json!({"reason": " "})).await);
    assert!(said.contains("plan.hotfix.reason"), "{said}");
    let marked = mark(&it.owner, &plan, why).await.expect("marked");
    assert_eq!(marked["hotfix"]["creator"], "users/owner@example.com");
    let issue = it.found(&issue).await;
    assert_eq!(issue["approvalStatus"], "PENDING", "what was approved had another order");
    assert_eq!(list(&issue["approvalGates"][1]["steps"])[0]["status"], "PENDING");
    let comments = json!({"parent": issue["name"]});
    let told = it.dev.json("IssueService/ListIssueComments", comments).await.expect("comments");
    assert!(told.to_string().contains("checkout fails"), "{told}");

    it.roll_out(&plan).await.expect("a rollout");
    let rollout = it.rollout(&plan).await;
    assert_eq!(stages(&rollout), ["prod", "test"]);
    let said = refusal(it.run(&it.dev, &plan, 0).await);
    assert!(said.contains("APPROVAL"), "approvals hold: {said}");
    let said = refusal(it.run(&it.dev, &plan, 1).await);
    assert!(
        said.contains("EARLIER_STAGE_UNFINISHED") && said.contains("NOT_PROMOTED")
            || said.contains("Prod"),
        "{said}"
    );
    let said = refusal(mark(&it.owner, &plan, json!({"reason": "another"})).await);
    assert!(said.contains("HAS_ROLLOUT"), "{said}");

    approve(&it.owner, &issue).await.expect("the first step");
    approve(&dba, &issue).await.expect("the second step");
    let open = || async {
        let filter = json!({"parent": "projects/shop", "filter": "hotfix == true && has_open_tasks == true"});
        list(&it.dev.json("PlanService/ListPlans", filter).await.expect("plans")["plans"])
    };
    assert_eq!(open().await[0]["hotfix"]["openTasks"], Value::Null, "production is not done");
    it.run(&it.dev, &plan, 0).await.expect("production runs before test has finished it");
    it.becomes(&plan, 0, "DONE").await;
    let found = open().await;
    assert_eq!((found.len(), &found[0]["hotfix"]["openTasks"]), (1, &json!(1)));
    assert_eq!(found[0]["hotfix"]["first"], json!(["environments/prod"]));
    let task = list(&it.rollout(&plan).await["stages"])[1]["tasks"][0].clone();
    assert_eq!(task["blockers"], Value::Null, "test is open: {task}");
    it.run(&it.dev, &plan, 1).await.expect("test runs");
    it.becomes(&plan, 1, "DONE").await;
    assert!(open().await.is_empty(), "nothing is left");
}

#[tokio::test]
async fn a_plan_that_is_no_hotfix_any_more_runs_in_the_usual_order() {
    let Some(it) = Governed::open(&[FREE, TWO]).await else { return };
    let (plan, issue) = it.filed("CREATE TABLE i (id int);", &[&it.test, &it.prod]).await;
    mark(&it.owner, &plan, json!({"reason": "checkout fails"})).await.expect("marked");
    let change = json!({"plan": {"name": plan["name"]}, "updateMask": "hotfix"});
    let plain = it.dev.json("PlanService/UpdatePlan", change).await.expect("its author may");
    assert_eq!(plain["hotfix"], Value::Null);
    it.found(&issue).await;
    it.roll_out(&plan).await.expect("a rollout");
    assert_eq!(stages(&it.rollout(&plan).await), ["test", "prod"]);
}

#[tokio::test]
async fn databases_of_the_same_name_elsewhere_come_along() {
    let Some(it) = Governed::open(&[FREE, TWO]).await else { return };
    // The database of test under another instance, which is in production.
    let twin = it.shop.adopt("twin", "prod", &it.databases.0).await;
    let targets = |plan: &Value| list(&plan["specs"][0]["changeDatabaseConfig"]["targets"]);
    let (plan, issue) = it.filed("CREATE TABLE IF NOT EXISTS j (id int);", &[&twin]).await;
    assert_eq!(targets(&plan), [json!(twin)]);
    let why = json!({"reason": "checkout fails"});
    let marked = mark(&it.owner, &plan, why.clone()).await.expect("marked");
    assert_eq!(targets(&marked), [json!(twin), json!(it.test)]);
    let issue = it.found(&issue).await;
    assert_eq!(list(&issue["approvalGates"]).len(), 2, "also who approves test is found: {issue}");
    // Whoever takes it out again is not overruled.
    let mut spec = marked["specs"][0].clone();
    spec["changeDatabaseConfig"]["targets"] = json!([twin]);
    let change = json!({"plan": {"name": plan["name"], "specs": [spec]}, "updateMask": "specs"});
    let narrowed = it.dev.json("PlanService/UpdatePlan", change).await.expect("narrowed");
    assert_eq!(targets(&narrowed), [json!(twin)]);
    // A plan that is one from the beginning has them at once, and opens their stages.
    let new = json!({"title": "Mend", "specs": narrowed["specs"], "hotfix": why});
    let new = json!({"parent": "projects/shop", "plan": new});
    let plan = it.owner.json("PlanService/CreatePlan", new).await.expect("a hotfix");
    assert_eq!(targets(&plan), [json!(twin), json!(it.test)]);
    // A database of another name, or of another project, is none of its business.
    assert!(!plan.to_string().contains(&it.prod), "{plan}");
}
