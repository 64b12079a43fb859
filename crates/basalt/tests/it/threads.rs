//! Threads about lines of SQL: begun, answered, settled, outdated, and their suggestions applied.

use serde_json::{Value, json};
use testkit::app::{CallError, Client};

use crate::approval::{Governed, approve, refusal};
use crate::shop::{list, text};

const SPEC: &str = "6a1f1d1e-0000-4000-8000-000000000001";
const SQL: &str = "CREATE TABLE a (id int);\nCREATE TABLE b (id int);\nCREATE TABLE c (id int);\n";

async fn say(by: &Client, issue: &Value, comment: Value) -> Result<Value, CallError> {
    let request = json!({"parent": issue["name"], "issueComment": comment});
    by.json("IssueService/CreateIssueComment", request).await
}

async fn comments(by: &Client, issue: &Value) -> Vec<Value> {
    let of = json!({"parent": issue["name"]});
    let found = by.json("IssueService/ListIssueComments", of).await.expect("comments");
    list(&found["issueComments"])
}

async fn resolve(by: &Client, comment: &Value, resolved: bool) -> Result<Value, CallError> {
    let request = json!({"name": comment["name"], "resolved": resolved});
    Ok(by.json("basalt.v1.ThreadService/ResolveThread", request).await?["comment"].clone())
}

async fn apply(by: &Client, comment: &Value) -> Result<Value, CallError> {
    let request = json!({"name": comment["name"]});
    Ok(by.json("basalt.v1.ThreadService/ApplySuggestion", request).await?["comment"].clone())
}

fn sheet(plan: &Value) -> Value {
    plan["specs"][0]["changeDatabaseConfig"]["sheet"].clone()
}

#[tokio::test]
async fn a_suggestion_is_applied_in_one_action_and_everybody_is_asked_anew() {
    let Some(it) = Governed::open(&[]).await else { return };
    let (plan, issue) = it.filed(SQL, &[&it.test]).await;
    let on = |line: i32, end: i32| json!({"specId": SPEC, "sheet": sheet(&plan), "line": line, "endLine": end});
    let first = json!({"comment": "Is **this** one needed?", "anchor": on(1, 1)});
    let first = say(&it.owner, &issue, first).await.expect("a thread");
    assert_eq!(first["anchor"]["text"], "CREATE TABLE a (id int);\n");
    assert_eq!(
        (&first["anchor"]["currentLine"], &first["anchor"]["outdated"]),
        (&json!(1), &Value::Null)
    );
    let second = json!({"comment": "Too narrow.", "anchor": on(2, 2)});
    let second = say(&it.owner, &issue, second).await.expect("a thread");
    let third = say(&it.owner, &issue, json!({"comment": "Nice.", "anchor": on(3, 0)}))
        .await
        .expect("a thread");
    let reply = json!({"replyTo": second["name"], "suggestion": {"replacement": "CREATE TABLE b (id bigint);\nCREATE TABLE b2 (id bigint);"}});
    let reply = say(&it.owner, &issue, reply).await.expect("a reply");
    assert_eq!(reply["replyTo"], second["name"]);
    approve(&it.owner, &issue).await.expect("approved");

    let mallory =
        it.shop.member("mallory@example.com", &[("projects/shop", "roles/projectViewer")]).await;
    assert_eq!(apply(&mallory, &reply).await.expect_err("a viewer").code, "permission_denied");
    let applied = apply(&it.dev, &reply).await.expect("the author applies it");
    assert_eq!(applied["suggestion"]["applier"], "users/dev@example.com");
    let again = refusal(apply(&it.dev, &reply).await);
    assert!(again.contains("SUGGESTION_APPLIED"), "{again}");
    let now =
        it.dev.json("PlanService/GetPlan", json!({"name": plan["name"]})).await.expect("the plan");
    assert_ne!(sheet(&now), sheet(&plan));
    let found = json!({"name": sheet(&now), "raw": true});
    let found = it.dev.json("SheetService/GetSheet", found).await.expect("the sheet");
    let wanted = "CREATE TABLE a (id int);\nCREATE TABLE b (id bigint);\nCREATE TABLE b2 (id bigint);\nCREATE TABLE c (id int);\n";
    assert_eq!(found["content"], crate::shop::encode(wanted));
    assert!(
        refusal(it.roll_out(&plan).await).contains("APPROVAL"),
        "what was approved is not there"
    );
    assert_eq!(it.found(&issue).await["approvalStatus"], "PENDING", "asked anew");

    let seen = comments(&it.dev, &issue).await;
    let of = |one: &Value| seen.iter().find(|c| c["name"] == one["name"]).expect("it").clone();
    assert_eq!(
        (&of(&second)["anchor"]["outdated"], &of(&second)["resolver"]),
        (&json!(true), &json!("users/dev@example.com"))
    );
    assert_eq!(of(&first)["anchor"]["currentLine"], 1);
    assert_eq!(of(&third)["anchor"]["currentLine"], 4, "it moved");
    assert!(seen.iter().any(|c| c["planUpdate"]["toSpecs"] != Value::Null), "the edit is told");
}

#[tokio::test]
async fn a_thread_is_settled_and_opened_again() {
    let Some(it) = Governed::open(&[]).await else { return };
    let (plan, issue) = it.filed(SQL, &[&it.test]).await;
    let anchor = json!({"specId": SPEC, "sheet": sheet(&plan), "line": 2});
    let begun = say(&it.owner, &issue, json!({"comment": "Why?", "anchor": anchor}))
        .await
        .expect("a thread");
    let reply = say(&it.dev, &issue, json!({"comment": "So.", "replyTo": begun["name"]}))
        .await
        .expect("a reply");
    let settled = resolve(&it.dev, &begun, true).await.expect("settled");
    assert_eq!(settled["resolver"], "users/dev@example.com");
    let twice = resolve(&it.owner, &begun, true).await.expect("settled already");
    assert_eq!(twice["resolver"], "users/dev@example.com", "who was first stays told");
    let open = resolve(&it.owner, &begun, false).await.expect("open again");
    assert_eq!((&open["resolver"], &open["resolveTime"]), (&Value::Null, &Value::Null));
    assert!(refusal(resolve(&it.dev, &reply, true).await).contains("began the thread"));
    let stranger = it.shop.member("mallory@example.com", &[]).await;
    assert_eq!(
        resolve(&stranger, &begun, true).await.expect_err("a stranger").code,
        "permission_denied"
    );
    assert!(refusal(apply(&it.dev, &begun).await).contains("suggests no change"));

    // The lines were edited by hand: a suggestion about them is not applied any more.
    let change =
        json!({"comment": "Shorter.", "replyTo": begun["name"], "suggestion": {"replacement": ""}});
    let change = say(&it.owner, &issue, change).await.expect("a suggestion");
    let new = it.shop.sheet("CREATE TABLE b (other int);\n").await.expect("a sheet");
    let edit = json!({"plan": {"name": plan["name"], "specs": [crate::approval::spec(&new, &[&it.test])]}, "updateMask": "specs"});
    it.dev.json("PlanService/UpdatePlan", edit).await.expect("an edit");
    let said = refusal(apply(&it.dev, &change).await);
    assert!(said.contains("SUGGESTION_OUTDATED"), "{said}");
    let edited = json!({"issueComment": {"name": begun["name"], "comment": "Why not?"}, "parent": issue["name"], "updateMask": "comment"});
    let edited = it.owner.json("IssueService/UpdateIssueComment", edited).await.expect("edited");
    assert_eq!(
        (&edited["comment"], &edited["anchor"]["outdated"]),
        (&json!("Why not?"), &json!(true))
    );
}

#[tokio::test]
async fn an_anchor_names_lines_that_are_there() {
    let Some(it) = Governed::open(&[]).await else { return };
    let (plan, issue) = it.filed(SQL, &[&it.test]).await;
    let (_, other) = it.filed("SELECT 1;", &[&it.test]).await;
    let foreign = say(&it.dev, &other, json!({"comment": "x"})).await.expect("a comment");
    let good = json!({"specId": SPEC, "sheet": sheet(&plan), "line": 1});
    let with = |field: &str, value: Value| {
        let mut anchor = good.clone();
        anchor[field] = value;
        json!({"comment": "x", "anchor": anchor})
    };
    for (comment, field) in [
        (with("line", json!(0)), "issue_comment.anchor.line"),
        (with("line", json!(9)), "issue_comment.anchor.line"),
        (with("line", json!(-1)), "issue_comment.anchor.line"),
        (with("endLine", json!(4)), "issue_comment.anchor.line"),
        (with("endLine", json!(100_000)), "issue_comment.anchor.end_line"),
        (with("specId", json!("nope")), "issue_comment.anchor.spec_id"),
        (with("sheet", json!("x")), "issue_comment.anchor.sheet"),
        (json!({"comment": "x", "suggestion": {"replacement": "y"}}), "issue_comment.suggestion"),
        (json!({"comment": "x", "replyTo": foreign["name"]}), "issue_comment.reply_to"),
        (json!({"comment": " ", "anchor": good}), "issue_comment.comment"),
        (
            json!({"comment": "x", "anchor": good, "replyTo": text(&issue["name"]) + "/issueComments/1"}),
            "issue_comment.reply_to",
        ),
    ] {
        let error = say(&it.owner, &issue, comment.clone()).await.expect_err("refused");
        assert!(error.body.contains(&format!("\"{field}\"")), "{comment}: {}", error.body);
    }
    let plain = say(&it.dev, &issue, json!({"comment": "x"})).await.expect("a comment");
    let under = json!({"comment": "x", "replyTo": plain["name"]});
    assert!(refusal(say(&it.owner, &issue, under).await).contains("began the thread"));
    let old = format!("projects/shop/sheets/{}", "0".repeat(64));
    let stale = say(&it.owner, &issue, with("sheet", json!(old))).await.expect_err("another sheet");
    assert_eq!(stale.code, "aborted", "what was read is not what is there");
}
