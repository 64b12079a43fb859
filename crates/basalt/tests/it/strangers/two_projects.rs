//! Every rpc on real rows of two projects: who has no role there learns nothing, not even what there is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use api::facts::{Auth, RpcFacts, rpcs};
use serde_json::{Value, json};
use testkit::app::{CallError, Client};
use testkit::servers;

use super::{ANSWERS_EVERYBODY, UNIMPLEMENTED, shown, with_needed};
use crate::request::{Ids, request_of};
use crate::shop::{Shop, encode, list, text};

const SECRET: &str = "s3cret-of-the-walk";

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

/// Somebody ran the project's plan past its gate: the row of that, and of its rollout.
async fn emergency(shop: &Shop, ids: &mut Ids) {
    let project = format!("projects/{}", ids["project"]);
    let mut people = Vec::new();
    for name in ["eva", "finn"] {
        let email = format!("{name}@{}.example.com", ids["project"]);
        shop.member(&email, &[(&project, "roles/projectDeveloper")]).await;
        people.push(format!("users/{email}"));
    }
    let stage = format!("{project}/plans/{}/rollout/stages/{}", ids["plan"], ids["stage"]);
    let run = json!({"parent": stage, "reason": "orders are lost", "notify": people,
        "incidentUrl": "https://tracker.example.com/INC-7"});
    let ran = shop.ada.json("basalt.v1.EmergencyService/RunEmergency", run).await.expect("a run");
    let id = text(&ran["name"]).rsplit('/').next().expect("an id").to_owned();
    ids.insert("emergency", id);
}

/// The same with ids of nothing.
fn absent(ids: &Ids, project: &str) -> Ids {
    let made_up = |word: &str, id: &String| match word {
        "project" => project.to_owned(),
        "stage" => id.clone(),
        "plan" | "issue" => "98765".to_owned(),
        "sheet" => "0".repeat(64),
        "service_account" => "nobody@service.bytebase.com".to_owned(),
        "secret" => id.clone(),
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
    let mut other = fill(&shop, "other", &theirs).await;
    emergency(&shop, &mut other).await;
    other.insert("secret", SECRET.to_owned());
    let policy = json!({"bindings": [{"role": "roles/workspaceAdmin", "members": ["user:ada@example.com"]}]});
    let policy = json!({"resource": "workspaces/default", "policy": policy});
    shop.ada.json("WorkspaceService/SetIamPolicy", policy).await.expect("a policy");
    let mallory = shop.member("mallory@example.com", &[]).await;
    let bob = shop.member("bob@example.com", &[("projects/shop", "roles/projectOwner")]).await;

    let listed: BTreeSet<&str> = UNIMPLEMENTED.lines().collect();
    let mut wrong = String::new();
    let mut walked = 0;
    let mut refused = BTreeMap::new();
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
            match compare(client, rpc, path, &other).await {
                // Of what only reads, and of which it is not even said that it is there, there is no record.
                Ok(denied) if who == "a stranger" => {
                    let calls = if rpc.audit { 3 } else { denied };
                    refused.insert(rpc.path.as_str(), calls);
                }
                Ok(_) => {}
                Err(complaint) => {
                    let _ = writeln!(wrong, "{path}, {who}: {complaint}");
                }
            }
        }
    }
    eprintln!("rpc {walked}/{}", rpcs().len());
    assert!(wrong.is_empty(), "\n{wrong}");
    each_refusal_is_on_record(&shop, &refused).await;
    let total: usize = refused.values().sum();
    eprintln!("refusals on record: {total} of {} rpcs", refused.len());
}

/// One record for each call that was refused: who, what, on what, why, and no secret.
async fn each_refusal_is_on_record(shop: &Shop, refused: &BTreeMap<&str, usize>) {
    let mut found = BTreeMap::<String, usize>::new();
    let mut token = Value::Null;
    loop {
        let ask = json!({"parent": "workspaces/default", "pageSize": 1000, "pageToken": token,
            "filter": "user == \"users/mallory@example.com\""});
        let log = shop.ada.json("AuditLogService/SearchAuditLogs", ask).await.expect("the log");
        assert!(!log.to_string().contains(SECRET), "a secret on record");
        for record in list(&log["auditLogs"]) {
            let method = text(&record["method"]);
            if !refused.contains_key(method.as_str()) {
                continue;
            }
            let (status, resource) = (&record["status"], text(&record["resource"]));
            assert!(status["code"].as_i64().is_some_and(|code| code != 0), "{record}");
            assert!(status["message"].is_string() && !resource.is_empty(), "{record}");
            *found.entry(method).or_default() += 1;
        }
        token = log["nextPageToken"].clone();
        if token.as_str().unwrap_or_default().is_empty() {
            break;
        }
    }
    let missing: Vec<_> = refused
        .iter()
        .map(|(method, calls)| (method, calls, found.get(*method).copied().unwrap_or(0)))
        .filter(|(_, calls, found)| *calls != found)
        .collect();
    assert!(missing.is_empty(), "method, refusals, records: {missing:#?}");
    assert!(!shop.basalt.log().contains(SECRET), "a secret in the log");
}

/// How many of three calls were denied in so many words, when present and absent things are refused alike; else what is wrong.
async fn compare(
    client: &Client,
    rpc: &RpcFacts,
    path: &str,
    present: &Ids,
) -> Result<usize, String> {
    let mut denied = 0;
    let mut said: Vec<(Value, String)> = Vec::new();
    for ids in [present, &absent(present, &present["project"]), &absent(present, "nowhere")] {
        let request = with_needed(path, request_of(rpc, ids));
        let told = match client.json(path, request.clone()).await {
            Ok(answer) => return Err(format!("answered {answer} for {request}")),
            Err(error) if !["permission_denied", "not_found"].contains(&error.code.as_str()) => {
                return Err(format!("{} for {request}", shown(Err(error))));
            }
            Err(error) => {
                denied += usize::from(error.code == "permission_denied");
                without_names(&error, &request)
            }
        };
        if let Some((before, first)) = said.first()
            && *first != told
        {
            return Err(format!("{first}\n   for {before}\nbut {told}\n   for {request}"));
        }
        said.push((request, told));
    }
    Ok(denied)
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
