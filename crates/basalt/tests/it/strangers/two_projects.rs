//! Every rpc on real rows of two projects: who has no role there learns nothing, not even what there is.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use api::facts::{Auth, RpcFacts, rpcs};
use serde_json::{Value, json};
use testkit::app::{CallError, Client};
use testkit::servers;

use super::{ANSWERS_EVERYBODY, UNIMPLEMENTED, shown, with_needed};
use crate::request::{Ids, request_of};
use crate::shop::{Shop, encode, list, text};

/// Rpcs on the caller's own account, or that a handler answers with an empty list of what is theirs.
const OWN: [&str; 4] = [
    "IssueService/SearchIssues",
    "QueryHistoryService/SearchQueryHistories",
    "SQLService/SearchQueryHistories",
    "DatabaseService/ListDatabases",
];

/// A project with one of everything that can be made without waiting for anybody. Gives the ids.
pub(super) async fn fill(shop: &Shop, project: &str, database: &str) -> Ids {
    let ada = &shop.ada;
    let parent = format!("projects/{project}");
    if project != "shop" {
        let new =
            json!({"projectId": project, "project": {"title": project, "allowSelfApproval": true}});
        ada.json("ProjectService/CreateProject", new).await.expect("a project");
        let change =
            json!({"database": {"name": database, "project": parent}, "updateMask": "project"});
        ada.json("DatabaseService/UpdateDatabase", change).await.expect("a transfer");
    }
    let sheet = json!({"content": encode(&format!("CREATE TABLE of_{project} (a int);"))});
    let sheet =
        ada.json("SheetService/CreateSheet", json!({"parent": parent, "sheet": sheet})).await;
    let sheet = text(&sheet.expect("a sheet")["name"]);
    let spec = json!({"id": "6a1f1d1e-0000-4000-8000-000000000001", "changeDatabaseConfig": {"sheet": sheet, "targets": [database]}});
    let mut plan = Value::Null;
    // Numbers of plans begin at 1 in each project: these are not those of the other.
    for _ in 0..if project == "shop" { 1 } else { 3 } {
        let new = json!({"parent": parent, "plan": {"title": "A change", "specs": [spec]}});
        plan = ada.json("PlanService/CreatePlan", new).await.expect("a plan");
    }
    let issue = json!({"parent": parent, "issue": {"title": "A change", "type": "DATABASE_CHANGE", "plan": plan["name"]}});
    let issue = ada.json("IssueService/CreateIssue", issue).await.expect("an issue");
    let comment = json!({"parent": issue["name"], "issueComment": {"comment": "hello"}});
    let comment = ada.json("IssueService/CreateIssueComment", comment).await.expect("a comment");
    let account = json!({"parent": parent, "serviceAccountId": format!("ci-{project}"), "serviceAccount": {"title": "CI"}});
    let account =
        ada.json("ServiceAccountService/CreateServiceAccount", account).await.expect("an account");
    let mut ids = Ids::from([("project", project.to_owned()), ("stage", "test".to_owned())]);
    for name in [
        &sheet,
        &text(&plan["name"]),
        &text(&issue["name"]),
        &text(&comment["name"]),
        &text(&account["name"]),
        &database.to_owned(),
    ] {
        let parts: Vec<&str> = name.split('/').collect();
        for pair in parts.chunks(2) {
            let [kind, id] = pair else { continue };
            let word = match *kind {
                "sheets" => "sheet",
                "plans" => "plan",
                "issues" => "issue",
                "issueComments" => "issue_comment",
                "serviceAccounts" => "service_account",
                "instances" => "instance",
                "databases" => "database",
                _ => continue,
            };
            ids.insert(word, (*id).to_owned());
        }
    }
    ids
}

/// The same with ids of nothing.
fn absent(ids: &Ids, project: &str) -> Ids {
    let made_up = |word: &str, id: &String| match word {
        "project" => project.to_owned(),
        "stage" => id.clone(),
        "plan" | "issue" => "98765".to_owned(),
        "sheet" => "0".repeat(64),
        "service_account" => "nobody@service.bytebase.com".to_owned(),
        _ => "nothing-here".to_owned(),
    };
    ids.iter().map(|(word, id)| (*word, made_up(word, id))).collect()
}

#[tokio::test]
async fn what_is_there_and_what_is_not_are_refused_in_the_same_words() {
    let Some(server) = servers::postgres().await else { return };
    let (here, there) = (server.database().await, server.database().await);
    let shop = Shop::open().await;
    let mine = shop.adopt("mine", "test", &here).await;
    let theirs = shop.adopt("theirs", "test", &there).await;
    fill(&shop, "shop", &mine).await;
    let other = fill(&shop, "other", &theirs).await;
    let policy = json!({"bindings": [{"role": "roles/workspaceAdmin", "members": ["user:ada@example.com"]}]});
    let policy = json!({"resource": "workspaces/default", "policy": policy});
    shop.ada.json("WorkspaceService/SetIamPolicy", policy).await.expect("a policy");
    let mallory = shop.member("mallory@example.com", &[]).await;
    let bob = shop.member("bob@example.com", &[("projects/shop", "roles/projectOwner")]).await;

    let listed: BTreeSet<&str> = UNIMPLEMENTED.lines().collect();
    let mut wrong = String::new();
    let mut walked = 0;
    for rpc in rpcs() {
        let path = rpc.path.trim_start_matches("/bytebase.v1.").trim_start_matches('/');
        if listed.contains(path) || rpc.streaming {
            continue;
        }
        walked += 1;
        let own = ANSWERS_EVERYBODY.contains(&path) || OWN.contains(&path);
        if own || matches!(rpc.auth, Auth::Public | Auth::None) {
            continue;
        }
        for (who, client) in [("a stranger", &mallory), ("a member of the other", &bob)] {
            if let Some(complaint) = compare(client, rpc, path, &other).await {
                let _ = writeln!(wrong, "{path}, {who}: {complaint}");
            }
        }
    }
    eprintln!("rpc {walked}/{}", rpcs().len());
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// `None` when present and absent things are refused alike.
async fn compare(client: &Client, rpc: &RpcFacts, path: &str, present: &Ids) -> Option<String> {
    let mut said: Vec<(Value, String)> = Vec::new();
    for ids in [present, &absent(present, &present["project"]), &absent(present, "nowhere")] {
        let request = with_needed(path, request_of(rpc, ids));
        let told = match client.json(path, request.clone()).await {
            Ok(answer) => return Some(format!("answered {answer} for {request}")),
            Err(error) if !["permission_denied", "not_found"].contains(&error.code.as_str()) => {
                return Some(format!("{} for {request}", shown(Err(error))));
            }
            Err(error) => without_names(&error, &request),
        };
        if let Some((before, first)) = said.first()
            && *first != told
        {
            return Some(format!("{first}\n   for {before}\nbut {told}\n   for {request}"));
        }
        said.push((request, told));
    }
    None
}

/// A refusal with every text of the request taken out.
fn without_names(error: &CallError, request: &Value) -> String {
    let mut names = Vec::new();
    texts(request, &mut names);
    // A refusal may name what a name stands below.
    let above = |name: &String| {
        let parts: Vec<String> = name.split('/').map(str::to_owned).collect();
        (2..parts.len()).step_by(2).map(move |n| parts[..n].join("/")).collect::<Vec<_>>()
    };
    names.extend(names.iter().flat_map(above).collect::<Vec<_>>());
    names.sort_by_key(|n| std::cmp::Reverse(n.len()));
    let mut said = format!("{} {} {}", error.code, error.reason, error.message);
    for name in names.iter().filter(|n| n.contains('/')) {
        said = said.replace(name.as_str(), "NAME");
    }
    said
}

fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(all) => all.iter().for_each(|v| texts(v, found)),
        Value::Object(all) => all.values().for_each(|v| texts(v, found)),
        _ => {}
    }
}

/// Names in a list of an answer.
pub(super) fn names(answer: &Value, field: &str) -> Vec<String> {
    list(&answer[field]).iter().map(|row| text(&row["name"])).collect()
}
