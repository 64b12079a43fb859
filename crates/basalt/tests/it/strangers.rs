//! Every rpc refuses strangers: those without a token, and those who are signed in but have no role.

mod mixed;
mod two_projects;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use api::facts::{Auth, RpcFacts, rpcs};
use serde_json::{Value, json};
use testkit::app::{Basalt, CallError, Client};

use crate::BASALT;
use crate::request::request;

const UNIMPLEMENTED: &str = include_str!("../../../../proto/UNIMPLEMENTED");

/// Rpcs whose handler decides, and which answer anybody who is signed in: with what is theirs, or with nothing secret.
const ANSWERS_EVERYBODY: [&str; 3] = [
    "ProjectService/SearchProjects",
    "WorkspaceService/ListWorkspaces",
    "basalt.v1.SearchService/Search",
];

/// What a handler wants to see before it asks who may: fields that no name is made of.
const NEEDED: [(&str, &str); 4] = [
    ("QueryHistoryService/GetQueryHistory", r#"{"name": "projects/shop/queryHistories/some"}"#),
    ("SQLService/GetQueryHistory", r#"{"name": "projects/shop/queryHistories/some"}"#),
    ("RolloutService/BatchSkipTasks", r#"{"reason": "not needed"}"#),
    (
        "SettingService/UpdateSetting",
        r#"{"setting": {"name": "settings/WORKSPACE_PROFILE", "value": {"workspaceProfile": {}}}}"#,
    ),
];

#[tokio::test]
async fn every_rpc_refuses_strangers_and_the_list_of_missing_ones_is_exact() {
    let basalt = Basalt::start(BASALT, &[]).await;
    let (ada, mallory) = people(&basalt).await;
    let anonymous = basalt.client();
    let listed: BTreeSet<&str> = UNIMPLEMENTED.lines().collect();
    let mut missing = BTreeSet::new();
    let mut wrong = String::new();
    let mut there = 0;
    for rpc in rpcs() {
        let path = rpc.path.trim_start_matches("/bytebase.v1.").trim_start_matches('/');
        if rpc.streaming || is_missing(&ada, rpc, path).await {
            missing.insert(path);
            continue;
        }
        there += 1;
        if let Some(complaint) = refuses(&anonymous, &mallory, rpc, path).await {
            let _ = writeln!(wrong, "{path} ({:?}): {complaint}", rpc.auth);
        }
    }
    eprintln!("rpc {there}/{}", rpcs().len());
    assert!(wrong.is_empty(), "\n{wrong}");
    let unlisted: Vec<_> = missing.difference(&listed).collect();
    let stale: Vec<_> = listed.difference(&missing).collect();
    assert!(unlisted.is_empty(), "missing, but not in proto/UNIMPLEMENTED: {unlisted:?}");
    assert!(stale.is_empty(), "implemented; take them out of proto/UNIMPLEMENTED: {stale:?}");
}

/// An administrator, and a user in a workspace whose policy names the administrator only.
async fn people(basalt: &Basalt) -> (Client, Client) {
    let ada = basalt.first_administrator().await;
    let user =
        json!({"email": "mallory@example.com", "password": "battery-staple-9", "title": "Mallory"});
    ada.json("UserService/CreateUser", json!({"user": user})).await.expect("a user");
    ada.json(
        "ProjectService/CreateProject",
        json!({"projectId": "shop", "project": {"title": "Shop"}}),
    )
    .await
    .expect("a project");
    let policy = json!({"bindings": [{"role": "roles/workspaceAdmin", "members": ["user:ada@example.com"]}]});
    ada.json(
        "WorkspaceService/SetIamPolicy",
        json!({"resource": "workspaces/default", "policy": policy}),
    )
    .await
    .expect("a policy");
    let mut mallory = basalt.client();
    mallory.sign_in("mallory@example.com", "battery-staple-9").await;
    (ada, mallory)
}

/// Asked about things that do not exist, so that nothing changes where the rpc is there.
async fn is_missing(ada: &Client, rpc: &RpcFacts, path: &str) -> bool {
    let request = if rpc.auth == Auth::Public { json!({}) } else { request(rpc, "nowhere") };
    matches!(ada.json(path, request).await, Err(error) if error.code == "unimplemented" && error.reason == "NOT_IMPLEMENTED")
}

/// `None` when strangers are refused as they should be; else what happened instead.
async fn refuses(
    anonymous: &Client,
    mallory: &Client,
    rpc: &RpcFacts,
    path: &str,
) -> Option<String> {
    if rpc.auth == Auth::Public {
        return None;
    }
    let request = with_needed(path, request(rpc, "shop"));
    match anonymous.json(path, request.clone()).await {
        Err(error) if error.code == "unauthenticated" && error.status == 401 => {}
        other => return Some(format!("without a token: {}", shown(other))),
    }
    if rpc.auth == Auth::None || ANSWERS_EVERYBODY.contains(&path) {
        return None;
    }
    match mallory.json(path, request.clone()).await {
        Err(error)
            if error.code == "permission_denied"
                && error.body.contains("PermissionDeniedDetail") =>
        {
            None
        }
        Err(error)
            if error.code == "not_found"
                && error.message.ends_with("does not exist, or you may not see it") =>
        {
            None
        }
        other => Some(format!("without a role: {} for {request}", shown(other))),
    }
}

/// With what the handler wants to see.
fn with_needed(path: &str, mut request: Value) -> Value {
    if let Some((_, needed)) = NEEDED.iter().find(|(needs, _)| *needs == path) {
        let needed: Value = serde_json::from_str(needed).expect("JSON");
        for (field, value) in needed.as_object().expect("an object") {
            request[field] = value.clone();
        }
    }
    request
}

fn shown(answer: Result<Value, CallError>) -> String {
    match answer {
        Ok(value) => format!("answered {value}"),
        Err(error) => format!("{} {} {}", error.code, error.reason, error.message),
    }
}
