//! From draft to review: everything that stands in the way is told at once, each with its field and what to do.

use serde_json::{Value, json};

use crate::approval::Governed;
use crate::shop::{list, text};

#[tokio::test]
async fn a_draft_is_told_all_that_is_missing_at_once() {
    let Some(it) = Governed::open(&[]).await else { return };
    let spec = json!({"id": "6a1f1d1e-0000-4000-8000-000000000001", "changeDatabaseConfig": {"targets": [it.test]}});
    let request = json!({"parent": "projects/shop", "plan": {"specs": [spec]}});
    let plan = it.dev.json("PlanService/CreatePlan", request).await.expect("a plan");
    let issue = json!({"type": "DATABASE_CHANGE", "plan": plan["name"], "draft": true});
    let request = json!({"parent": "projects/shop", "issue": issue});
    let issue = it.dev.json("IssueService/CreateIssue", request).await.expect("a draft");
    it.project(json!({
        "enforceIssueTitle": true, "forceIssueLabels": true, "issueLabels": [{"value": "risky"}],
        "requirePlanCheckNoError": true,
    }))
    .await;
    let moved = json!({"database": {"name": it.test, "project": "projects/default"}, "updateMask": "project"});
    it.shop.ada.json("DatabaseService/UpdateDatabase", moved).await.expect("moved");
    let submit = async |more: Value| {
        let mut change = json!({"name": issue["name"], "draft": false});
        let mut mask = vec!["draft".to_owned()];
        for (field, value) in more.as_object().expect("fields") {
            change[field] = value.clone();
            mask.push(field.clone());
        }
        let request = json!({"issue": change, "updateMask": mask.join(",")});
        it.dev.json("IssueService/UpdateIssue", request).await
    };
    let error = submit(json!({})).await.expect_err("refused");
    assert_eq!((&*error.code, &*error.reason), ("failed_precondition", "BLOCKED"));
    let body: Value = serde_json::from_str(&error.body).expect("JSON");
    let of = |kind: &str, field: &str| -> Vec<Value> {
        let detail = list(&body["details"]).into_iter().find(|d| text(&d["type"]) == kind);
        list(&detail.expect(kind)["debug"][field])
    };
    let reasons: Vec<_> = of("google.rpc.PreconditionFailure", "violations")
        .iter()
        .map(|v| text(&v["type"]))
        .collect();
    for reason in ["TITLE", "LABELS", "SPEC_INCOMPLETE", "DATABASE_MOVED"] {
        assert!(reasons.contains(&reason.to_owned()), "{reason}: {reasons:?}");
    }
    let fields: Vec<_> =
        of("google.rpc.BadRequest", "fieldViolations").iter().map(|v| text(&v["field"])).collect();
    for field in [
        "issue.title",
        "issue.labels",
        "plan.specs[0].change_database_config.sheet",
        "plan.specs[0].targets",
    ] {
        assert!(fields.contains(&field.to_owned()), "{field}: {fields:?}");
    }
    assert_eq!(it.issue(&issue).await["draft"], true, "it stays a draft");

    // What is mended is not told any more, and what the same call mends does not stand in its way.
    let back =
        json!({"database": {"name": it.test, "project": "projects/shop"}, "updateMask": "project"});
    it.shop.ada.json("DatabaseService/UpdateDatabase", back).await.expect("moved back");
    let sheet = it.shop.sheet("CREATE TABLE s (id int);").await.expect("a sheet");
    let edit = json!({"plan": {"name": plan["name"], "title": "A change", "specs": [crate::approval::spec(&sheet, &[&it.test])]}, "updateMask": "specs,title"});
    it.dev.json("PlanService/UpdatePlan", edit).await.expect("an edit");
    let both = json!({"title": "A change", "labels": ["risky"]});
    let until = std::time::Instant::now() + std::time::Duration::from_secs(60);
    loop {
        match submit(both.clone()).await {
            Ok(done) => {
                assert_eq!(done["draft"], Value::Null);
                break;
            }
            // The checks of the edit are not done: that clears by itself, and nothing else is in the way.
            Err(e) => {
                assert!(
                    e.body.contains("CHECKS_NOT_DONE") && !e.body.contains("TITLE"),
                    "{}",
                    e.body
                );
                assert!(std::time::Instant::now() < until, "the checks do not end");
            }
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
