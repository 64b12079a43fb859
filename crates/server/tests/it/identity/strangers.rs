//! A stranger, who has signed in but has no role beyond that of every member, is refused by every rpc that needs one;
//! in the same words for what is there and what is not.

use serde_json::{Value, json};

use super::world::{Expect as _, World};

/// The services of these tests.
const SERVICES: &[&str] = &[
    "ActuatorService",
    "AuthService",
    "ProjectService",
    "RoleService",
    "ServiceAccountService",
    "SettingService",
    "SheetService",
    "UserService",
    "WorkspaceService",
];

/// What members may do, and what anybody may.
const OPEN: &[&str] = &[
    "ActuatorService/GetActuatorInfo",
    "AuthService/ExchangeToken",
    "AuthService/GetAuthenticationRestriction",
    "AuthService/Login",
    "AuthService/Logout",
    "AuthService/Refresh",
    "AuthService/RequestPasswordReset",
    "AuthService/ResetPassword",
    "AuthService/SendEmailLoginCode",
    "AuthService/Signup",
    "ProjectService/SearchProjects",
    "RoleService/GetRole",
    "RoleService/ListRoles",
    "ServiceAccountService/GetServiceAccount",
    "ServiceAccountService/ListServiceAccounts",
    "SettingService/GetSetting",
    "UserService/BatchGetUsers",
    "UserService/GetCurrentUser",
    "UserService/GetUser",
    "UserService/ListUsers",
    "WorkspaceService/GetIamPolicy",
    "WorkspaceService/GetWorkspace",
    "WorkspaceService/ListWorkspaces",
];

/// A request for each of the others, about `{}`: a project that is there, and one that is not.
fn requests(project: &str) -> Vec<(&'static str, Value)> {
    let name = json!({"name": project});
    let webhook = json!({"name": format!("{project}/webhooks/w"), "title": "x"});
    vec![
        ("ActuatorService/SetupSample", json!({})),
        ("ProjectService/AddWebhook", json!({"project": project, "webhook": webhook})),
        ("ProjectService/BatchDeleteProjects", json!({"names": [project]})),
        ("ProjectService/BatchGetProjects", json!({"names": [project]})),
        ("ProjectService/CreateProject", json!({"projectId": "x", "project": {"title": "x"}})),
        ("ProjectService/DeleteProject", name.clone()),
        ("ProjectService/GetIamPolicy", json!({"resource": project})),
        ("ProjectService/GetProject", name.clone()),
        ("ProjectService/ListProjects", json!({})),
        ("ProjectService/RemoveWebhook", json!({"webhook": webhook})),
        ("ProjectService/SetIamPolicy", json!({"resource": project, "policy": {}})),
        ("ProjectService/TestWebhook", json!({"project": project, "webhook": webhook})),
        ("ProjectService/UndeleteProject", name),
        ("ProjectService/UpdateWebhook", json!({"webhook": webhook, "updateMask": "title"})),
        (
            "ProjectService/UpdateProject",
            json!({"project": {"name": project, "title": "x"}, "updateMask": "title", "allowMissing": true}),
        ),
        (
            "RoleService/CreateRole",
            json!({"roleId": "x", "role": {"title": "x", "permissions": ["bb.plans.get"]}}),
        ),
        ("RoleService/DeleteRole", json!({"name": "roles/x"})),
        (
            "RoleService/UpdateRole",
            json!({"role": {"name": "roles/x", "title": "x"}, "updateMask": "title"}),
        ),
        (
            "ServiceAccountService/CreateServiceAccount",
            json!({"parent": project, "serviceAccountId": "x", "serviceAccount": {"title": "x"}}),
        ),
        (
            "ServiceAccountService/DeleteServiceAccount",
            json!({"name": "serviceAccounts/ci@service.bytebase.com"}),
        ),
        (
            "ServiceAccountService/UndeleteServiceAccount",
            json!({"name": "serviceAccounts/ci@service.bytebase.com"}),
        ),
        (
            "ServiceAccountService/UpdateServiceAccount",
            json!({"serviceAccount": {"name": "serviceAccounts/ci@service.bytebase.com", "title": "x"}, "updateMask": "title"}),
        ),
        ("SettingService/ListSettings", json!({})),
        (
            "SettingService/TestEmailSetting",
            json!({"parent": "workspaces/default", "emailSetting": {}, "to": "x@example.com"}),
        ),
        (
            "SettingService/UpdateSetting",
            json!({"setting": {"name": "settings/ENVIRONMENT", "value": {"environment": {}}}}),
        ),
        (
            "SheetService/BatchCreateSheets",
            json!({"parent": project, "requests": [{"parent": project, "sheet": {"content": "QQ=="}}]}),
        ),
        ("SheetService/CreateSheet", json!({"parent": project, "sheet": {"content": "QQ=="}})),
        ("SheetService/GetSheet", json!({"name": format!("{project}/sheets/{}", "0".repeat(64))})),
        (
            "UserService/CreateUser",
            json!({"user": {"email": "x@example.com", "password": "long enough"}}),
        ),
        ("UserService/DeleteUser", json!({"name": "users/admin@example.com"})),
        ("UserService/UndeleteUser", json!({"name": "users/admin@example.com"})),
        (
            "UserService/UpdateEmail",
            json!({"name": "users/admin@example.com", "email": "stranger2@example.com"}),
        ),
        (
            "UserService/UpdateUser",
            json!({"user": {"name": "users/admin@example.com", "password": "stolen now"}, "updateMask": "password"}),
        ),
        ("WorkspaceService/SetIamPolicy", json!({"resource": "workspaces/default", "policy": {}})),
        (
            "WorkspaceService/UpdateWorkspace",
            json!({"workspace": {"name": "workspaces/default", "title": "x"}, "updateMask": "title"}),
        ),
    ]
}

#[test]
fn every_rpc_is_either_open_or_tried_by_the_stranger() {
    let unimplemented = include_str!("../../../../../proto/UNIMPLEMENTED");
    let tried = requests("projects/shop");
    for facts in api::facts::rpcs() {
        let rpc = facts.path.trim_start_matches("/bytebase.v1.");
        let (service, _) = rpc.split_once('/').unwrap();
        if !SERVICES.contains(&service) || unimplemented.lines().any(|line| line == rpc) {
            continue;
        }
        let is_tried = tried.iter().any(|(name, _)| *name == rpc);
        assert!(OPEN.contains(&rpc) != is_tried, "{rpc} is in one of the two lists");
    }
}

#[tokio::test]
async fn a_stranger_is_refused_everywhere_and_learns_nothing() {
    let (world, admin) = World::start().await;
    let stranger = world.user(&admin, "stranger@example.com").await;
    let body = json!({"serviceAccountId": "ci", "serviceAccount": {}});
    world.call("ServiceAccountService/CreateServiceAccount", body, &admin).await.ok();
    world.project(&admin, "shop", &[]).await;
    let here = requests("projects/shop");
    let absent = requests("projects/none");
    for ((rpc, body), (_, other)) in here.into_iter().zip(absent) {
        let refused = world.call(rpc, body.clone(), &stranger).await;
        assert_eq!(
            (refused.status, refused.error().0.as_str()),
            (403, "permission_denied"),
            "{rpc}: {}",
            refused.text()
        );
        let same = world.call(rpc, other, &stranger).await;
        assert_eq!(words(&refused), words(&same), "{rpc}");
        let nobody = world.call(rpc, body, "").await;
        nobody.refused(401, "unauthenticated", "NOT_SIGNED_IN");
    }
    world.end().await;
}

/// The answer without the name of the project and the bytes that hold it.
fn words(reply: &crate::support::http::Reply) -> String {
    let mut json = reply.json();
    for detail in json["details"].as_array_mut().into_iter().flatten() {
        detail["value"] = Value::Null;
    }
    json.to_string().replace("projects/shop", "projects/none")
}
