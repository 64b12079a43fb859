//! Items 64 and 65 of the hostile list: what was reviewed is what runs, and who may not run one task runs none of the call.

use serde_json::{Value, json};

use crate::approval::{FREE, Governed, TWO, approve, refusal, spec, vote};
use crate::shop::{list, text};

#[tokio::test]
async fn only_what_was_reviewed_runs_and_only_where_it_was() {
    let Some(it) = Governed::open(&[]).await else { return };
    // 64: one's own change, and a second approval of the same person.
    let (plan, issue) = it.filed("CREATE TABLE a (id int);", &[&it.test]).await;
    assert!(refusal(approve(&it.dev, &issue).await).contains("SELF_APPROVAL"));
    let read = issue["approvalRevision"].clone();
    approve(&it.owner, &issue).await.expect("approved");
    assert!(refusal(approve(&it.owner, &issue).await).contains("NOT_PENDING"), "twice");

    // 64: an older revision, after the sheet was edited; the one that nobody reviewed does not run.
    let sheet = it.shop.sheet("DROP TABLE customers;").await.expect("a sheet");
    let edit = json!({"plan": {"name": plan["name"], "specs": [spec(&sheet, &[&it.test])]}, "updateMask": "specs"});
    it.dev.json("PlanService/UpdatePlan", edit).await.expect("an edit");
    let issue = it.found(&issue).await;
    let old = vote(&it.owner, "ApproveIssue", &issue, json!({"approvalRevision": read})).await;
    assert_eq!(old.expect_err("of what was read before").code, "aborted");
    assert!(refusal(it.roll_out(&plan).await).contains("APPROVAL"), "a hash that was not reviewed");
    approve(&it.owner, &issue).await.expect("of what is there");
    it.roll_out(&plan).await.expect("a rollout");
    // Once it is rolled out, the SQL is fixed.
    let edit = json!({"plan": {"name": plan["name"], "specs": [spec(&it.shop.sheet("SELECT 1;").await.expect("a sheet"), &[&it.test])]}, "updateMask": "specs"});
    let late = it.dev.json("PlanService/UpdatePlan", edit).await;
    assert!(refusal(late).contains("HAS_ROLLOUT"));

    // 64: the database goes to another project after the approval; nothing runs there.
    let (plan, issue) = it.filed("CREATE TABLE b (id int);", &[&it.test]).await;
    approve(&it.owner, &issue).await.expect("approved");
    it.roll_out(&plan).await.expect("a rollout");
    let other = json!({"projectId": "other", "project": {"title": "Other"}});
    it.shop.ada.json("ProjectService/CreateProject", other).await.expect("a project");
    let moved = json!({"database": {"name": it.test, "project": "projects/other"}, "updateMask": "project"});
    it.shop.ada.json("DatabaseService/UpdateDatabase", moved).await.expect("moved");
    match it.run(&it.dev, &plan, 0).await {
        Err(error) => assert_eq!(error.code, "failed_precondition", "{error:?}"),
        // It was let into the queue: the fresh look before it begins stops it.
        Ok(_) => it.becomes(&plan, 0, "FAILED").await,
    }
    let tables =
        it.databases.0.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").await;
    assert!(tables.is_empty(), "nothing ran: {tables:?}");
}

#[tokio::test]
async fn a_call_that_mixes_environments_runs_nothing() {
    let Some(it) = Governed::open(&[FREE, TWO]).await else { return };
    let policy = json!({"type": "ROLLOUT_POLICY", "enforce": true, "rolloutPolicy": {"roles": ["roles/projectDeveloper"]}});
    let request = json!({"parent": "environments/test", "policy": policy});
    it.shop.ada.json("OrgPolicyService/CreatePolicy", request).await.expect("a policy");
    let only =
        it.shop.member("only@example.com", &[("projects/shop", "roles/projectDeveloper")]).await;
    let (plan, _) = it.filed("CREATE TABLE c (id int);", &[&it.test, &it.prod]).await;
    it.roll_out(&plan).await.expect("a stage is open");
    let stages = list(&it.rollout(&plan).await["stages"]);
    let tasks: Vec<Value> = stages.iter().map(|s| list(&s["tasks"])[0]["name"].clone()).collect();
    let any = format!("{}/rollout/stages/-", text(&plan["name"]));
    for parent in [json!(any), stages[0]["name"].clone(), stages[1]["name"].clone()] {
        let mixed =
            json!({"parent": parent, "tasks": tasks, "ignoreStageOrder": true, "reason": "hurry"});
        for by in [&only, &it.dev] {
            let said = refusal(by.json("RolloutService/BatchRunTasks", mixed.clone()).await);
            assert!(
                said.contains("tasks of one stage") || said.starts_with("permission_denied"),
                "{said}"
            );
        }
    }
    // The name of a task of prod in the stage that one may run.
    let sly = text(&tasks[1]).replace("/stages/prod/", "/stages/test/");
    let request = json!({"parent": stages[0]["name"], "tasks": [tasks[0], sly]});
    assert!(
        refusal(only.json("RolloutService/BatchRunTasks", request).await)
            .contains("does not exist")
    );
    for stage in list(&it.rollout(&plan).await["stages"]) {
        assert_eq!(stage["tasks"][0]["status"], "NOT_STARTED", "refused whole: {stage}");
    }
    it.run(&only, &plan, 0).await.expect("what they may run alone");
    it.becomes(&plan, 0, "DONE").await;
}
