//! Things of one project named within another, lists over all projects, names and filters made to slip through, and what
//! people try to give themselves.

use serde_json::{Value, json};
use testkit::app::{CallError, Client};
use testkit::servers;

use super::two_projects::{fill, names};
use crate::request::Ids;
use crate::shop::{Shop, text};

/// Two projects with one of everything each, and the owner of the first.
struct World {
    shop: Shop,
    bob: Client,
    mine: Ids,
    other: Ids,
}

async fn world() -> Option<World> {
    let server = servers::postgres().await?;
    let (here, there) = (server.database().await, server.database().await);
    let shop = Shop::open().await;
    let own = shop.adopt("mine", "test", &here).await;
    let foreign = shop.adopt("theirs", "prod", &there).await;
    let mine = fill(&shop, "shop", &own).await;
    let other = fill(&shop, "other", &foreign).await;
    let bob = shop.member("bob@example.com", &[("projects/shop", "roles/projectOwner")]).await;
    Some(World { shop, bob, mine, other })
}

fn refusal(what: &str, answer: Result<Value, CallError>) -> CallError {
    answer.map_or_else(|e| e, |answer| panic!("{what} was answered: {answer}"))
}

#[tokio::test]
async fn children_of_another_project_are_not_reached_through_ones_own() {
    let Some(World { shop: _shop, bob, mine, other }) = world().await else { return };
    let database =
        |ids: &Ids| format!("instances/{}/databases/{}", ids["instance"], ids["database"]);
    let plan = format!("projects/other/plans/{}", other["plan"]);
    let spec = |sheet: &str, target: &str| json!({"id": "6a1f1d1e-0000-4000-8000-000000000009", "changeDatabaseConfig": {"sheet": sheet, "targets": [target]}});
    let own_sheet = format!("projects/shop/sheets/{}", mine["sheet"]);
    let foreign_sheet = format!("projects/other/sheets/{}", other["sheet"]);
    // The text of a sheet of another project under the name of one's own.
    let sly_sheet = format!("projects/shop/sheets/{}", other["sheet"]);
    let new_plan =
        |spec: Value| json!({"parent": "projects/shop", "plan": {"title": "x", "specs": [spec]}});
    for (method, request) in [
        ("PlanService/GetPlan", json!({"name": format!("projects/shop/plans/{}", other["plan"])})),
        ("SheetService/GetSheet", json!({"name": sly_sheet})),
        (
            "IssueService/CreateIssue",
            json!({"parent": "projects/shop", "issue": {"title": "x", "type": "DATABASE_CHANGE", "plan": plan}}),
        ),
        ("PlanService/CreatePlan", new_plan(spec(&foreign_sheet, &database(&mine)))),
        ("PlanService/CreatePlan", new_plan(spec(&sly_sheet, &database(&mine)))),
        ("PlanService/CreatePlan", new_plan(spec(&own_sheet, &database(&other)))),
        (
            "DatabaseService/BatchGetDatabases",
            json!({"parent": "projects/shop", "names": [database(&mine), database(&other)]}),
        ),
        (
            "DatabaseService/BatchGetDatabases",
            json!({"parent": "projects/-", "names": [database(&mine), database(&other)]}),
        ),
        (
            "DatabaseService/UpdateDatabase",
            json!({"database": {"name": database(&other), "project": "projects/shop"}, "updateMask": "project"}),
        ),
        (
            "IssueService/BatchUpdateIssuesStatus",
            json!({"parent": "projects/shop", "status": "CANCELED",
            "issues": [format!("projects/shop/issues/{}", mine["issue"]), format!("projects/other/issues/{}", other["issue"])]}),
        ),
        (
            "IssueService/UpdateIssueComment",
            json!({"parent": format!("projects/shop/issues/{}", mine["issue"]), "updateMask": "comment",
            "issueComment": {"name": format!("projects/other/issues/{}/issueComments/{}", other["issue"], other["issue_comment"]), "comment": "x"}}),
        ),
        ("ProjectService/BatchGetProjects", json!({"names": ["projects/shop", "projects/other"]})),
    ] {
        let error =
            refusal(&format!("{method} {request}"), bob.json(method, request.clone()).await);
        let codes = ["permission_denied", "not_found", "invalid_argument"];
        assert!(codes.contains(&error.code.as_str()), "{method} {request}: {error:?}");
    }
    let still = bob
        .json(
            "IssueService/GetIssue",
            json!({"name": format!("projects/shop/issues/{}", mine["issue"])}),
        )
        .await;
    assert_eq!(still.expect("the issue")["status"], "OPEN", "refused whole");
}

#[tokio::test]
async fn lists_over_all_projects_show_ones_own() {
    let Some(World { shop: _shop, bob, .. }) = world().await else { return };
    for (method, field, request) in [
        ("PlanService/ListPlans", "plans", json!({"parent": "projects/-"})),
        ("IssueService/ListIssues", "issues", json!({"parent": "projects/-"})),
        ("IssueService/SearchIssues", "issues", json!({"parent": "projects/-"})),
        ("DatabaseService/ListDatabases", "databases", json!({"parent": "workspaces/default"})),
        ("ProjectService/SearchProjects", "projects", json!({})),
    ] {
        let found = bob.json(method, request).await.unwrap_or_else(|e| panic!("{method}: {e:?}"));
        let found = names(&found, field);
        assert!(!found.is_empty(), "{method} shows what is theirs");
        let foreign =
            |name: &&String| name.contains("projects/other") || name.contains("instances/theirs");
        assert_eq!(found.iter().find(foreign), None, "{method}");
    }
}

#[tokio::test]
async fn names_made_to_slip_through_are_no_names() {
    let Some(World { shop, bob, .. }) = world().await else { return };
    let long = format!("projects/{}", "a".repeat(1 << 20));
    for name in [
        "projects/shop%2F..%2Fother",
        "projects/shop/../other",
        "projects/other/",
        "/projects/other",
        "projects//other",
        "projects/other\0",
        "projects/оther",
        "projects/OTHER",
        "projects/ other",
        "projects/other#",
        "projects/other?x=1",
        "projects/.",
        "projects/..",
        "projects/%6fther",
        "PROJECTS/other",
        "projects",
        "",
        &long,
    ] {
        let shown: String = name.chars().take(40).collect();
        for method in ["ProjectService/GetProject", "ProjectService/DeleteProject"] {
            let error = refusal(&shown, bob.json(method, json!({"name": name})).await);
            let codes = ["permission_denied", "invalid_argument", "not_found"];
            assert!(codes.contains(&error.code.as_str()), "{method} {shown:?}: {error:?}");
            let error = refusal(&shown, shop.ada.json(method, json!({"name": name})).await);
            assert!(codes[1..].contains(&error.code.as_str()), "{method} {shown:?}: {error:?}");
            assert!(error.message.len() < 2_000, "{method} {shown:?}");
        }
        for parent in [format!("{name}/plans/1"), format!("{name}/plans/1/../2")] {
            let error = refusal(
                &shown,
                shop.ada.json("PlanService/GetPlan", json!({"name": parent})).await,
            );
            assert!(
                ["invalid_argument", "not_found"].contains(&error.code.as_str()),
                "{parent:.40}: {error:?}"
            );
        }
    }
    let other = shop.ada.json("ProjectService/GetProject", json!({"name": "projects/other"})).await;
    assert_eq!(other.expect("the project")["state"], "ACTIVE");
}

#[tokio::test]
async fn filters_orders_and_pages_hold_no_sql() {
    let Some(World { shop, bob, .. }) = world().await else { return };
    let terms = vec!["creator == \"users/x@y.z\""; 10_000].join(" || ");
    for filter in [
        "name == \"x\") || true || (\"",
        "nothing == \"x\"",
        "true",
        "1 == 1",
        "creator == \"x\" OR 1=1",
        "creator == 'x'; DROP TABLE plan",
        "\"",
        &terms,
    ] {
        for method in
            ["PlanService/ListPlans", "IssueService/ListIssues", "DatabaseService/ListDatabases"]
        {
            let request = json!({"parent": "projects/shop", "filter": filter});
            let shown: String = filter.chars().take(40).collect();
            let error = refusal(&shown, bob.json(method, request).await);
            assert_eq!(error.code, "invalid_argument", "{method} {shown}: {error:?}");
        }
    }
    // A filter cannot widen what one sees.
    let foreign = json!({"parent": "projects/shop", "filter": "project == \"projects/other\""});
    let found = bob.json("DatabaseService/ListDatabases", foreign).await.expect("a list");
    assert_eq!(names(&found, "databases"), Vec::<String>::new());
    for order in ["id;DROP", "id desc, (SELECT 1)", "nothing", "create_time sideways"] {
        let request = json!({"parent": "projects/shop", "orderBy": order});
        let error = refusal(order, bob.json("IssueService/ListIssues", request).await);
        assert_eq!(error.code, "invalid_argument", "{order}: {error:?}");
    }
    let page = json!({"parent": "projects/other", "pageSize": 1});
    let token =
        text(&shop.ada.json("PlanService/ListPlans", page).await.expect("a page")["nextPageToken"]);
    assert!(!token.is_empty(), "three plans are more than a page of one");
    for (method, parent) in
        [("PlanService/ListPlans", "projects/shop"), ("IssueService/ListIssues", "projects/shop")]
    {
        let request = json!({"parent": parent, "pageToken": token});
        let error = refusal("a token of another list", bob.json(method, request).await);
        assert_eq!(error.code, "invalid_argument", "{method}: {error:?}");
    }
    for token in ["x", "' OR 1=1", "eyJhIjoxfQ=="] {
        let request = json!({"parent": "projects/shop", "pageToken": token});
        let error = refusal(token, bob.json("PlanService/ListPlans", request).await);
        assert_eq!(error.code, "invalid_argument", "{token}: {error:?}");
    }
}

#[tokio::test]
async fn masks_change_what_may_be_changed() {
    let Some(World { shop, bob, mine, .. }) = world().await else { return };
    let issue = format!("projects/shop/issues/{}", mine["issue"]);
    let plan = format!("projects/shop/plans/{}", mine["plan"]);
    let database = format!("instances/{}/databases/{}", mine["instance"], mine["database"]);
    for mask in [
        "*",
        "creator",
        "state",
        "status",
        "name",
        "create_time",
        "roles",
        "title.x",
        "",
        ";",
        "title,creator",
    ] {
        for (method, field, thing) in [
            (
                "IssueService/UpdateIssue",
                "issue",
                json!({"name": issue, "creator": "users/bob@example.com", "status": "DONE"}),
            ),
            (
                "PlanService/UpdatePlan",
                "plan",
                json!({"name": plan, "creator": "users/bob@example.com"}),
            ),
            (
                "ProjectService/UpdateProject",
                "project",
                json!({"name": "projects/shop", "state": "DELETED"}),
            ),
            (
                "DatabaseService/UpdateDatabase",
                "database",
                json!({"name": database, "instanceResource": {"title": "x"}}),
            ),
            (
                "UserService/UpdateUser",
                "user",
                json!({"name": "users/bob@example.com", "state": "DELETED"}),
            ),
        ] {
            // A plan may be closed by its state; a user's mask may be left out nowhere.
            if method == "PlanService/UpdatePlan" && mask == "state" {
                continue;
            }
            let request = json!({field: thing, "updateMask": mask});
            let answer = bob.json(method, request.clone()).await;
            let error = refusal(&format!("{method} {mask}"), answer);
            assert!(
                ["invalid_argument", "permission_denied"].contains(&error.code.as_str()),
                "{method} {mask}: {error:?}"
            );
        }
    }
    let issue =
        shop.ada.json("IssueService/GetIssue", json!({"name": issue})).await.expect("the issue");
    assert_eq!(
        (&issue["creator"], &issue["status"]),
        (&json!("users/ada@example.com"), &json!("OPEN"))
    );
}

#[tokio::test]
async fn nobody_gives_themselves_more() {
    let Some(World { shop, .. }) = world().await else { return };
    let dev = shop.member("dev@example.com", &[("projects/shop", "roles/projectDeveloper")]).await;
    let binding = |role: &str, condition: &str| json!({"bindings": [{"role": role, "members": ["user:dev@example.com"], "condition": {"expression": condition}}]});
    let project = json!({"resource": "projects/shop", "policy": binding("roles/projectOwner", "")});
    let workspace =
        json!({"resource": "workspaces/default", "policy": binding("roles/workspaceAdmin", "")});
    let role = json!({"roleId": "mine", "role": {"title": "Mine", "permissions": ["bb.projects.setIamPolicy"]}});
    for (method, request) in [
        ("ProjectService/SetIamPolicy", project),
        ("WorkspaceService/SetIamPolicy", workspace),
        ("RoleService/CreateRole", role.clone()),
    ] {
        let error = refusal(method, dev.json(method, request).await);
        assert_eq!(error.code, "permission_denied", "{method}: {error:?}");
    }
    let unknown =
        json!({"roleId": "mine", "role": {"title": "Mine", "permissions": ["bb.everything"]}});
    let error = refusal(
        "a permission there is not",
        shop.ada.json("RoleService/CreateRole", unknown).await,
    );
    assert_eq!(error.code, "invalid_argument", "{error:?}");
    // An owner of a project gives no role of the workspace there, nor an end that is over, nor speaks of another's time.
    let owner = shop.member("owner@example.com", &[("projects/shop", "roles/projectOwner")]).await;
    for policy in [
        binding("roles/workspaceAdmin", ""),
        binding("roles/projectOwner", "request.time < timestamp(\"2020-01-01T00:00:00Z\")"),
        binding("roles/projectOwner", "request.now < timestamp(\"2920-01-01T00:00:00Z\")"),
        binding("roles/projectOwner", "request.auth.claims.admin"),
    ] {
        let request = json!({"resource": "projects/shop", "policy": policy});
        let error =
            refusal("a wrong binding", owner.json("ProjectService/SetIamPolicy", request).await);
        assert_eq!(error.code, "invalid_argument", "{policy}: {error:?}");
    }
}

#[tokio::test]
async fn who_is_removed_is_out_at_once() {
    let Some(World { shop, mine, .. }) = world().await else { return };
    let eve = shop.member("eve@example.com", &[("projects/shop", "roles/projectViewer")]).await;
    let shop_name = json!({"name": "projects/shop"});
    eve.json("ProjectService/GetProject", shop_name.clone()).await.expect("before");
    shop.ada
        .json("UserService/DeleteUser", json!({"name": "users/eve@example.com"}))
        .await
        .expect("a removal");
    let error =
        refusal("a removed user", eve.json("ProjectService/GetProject", shop_name.clone()).await);
    assert_eq!((error.status, error.code.as_str()), (401, "unauthenticated"), "{error:?}");

    let name = format!("serviceAccounts/{}", mine["service_account"]);
    let rotate = json!({"serviceAccount": {"name": name}, "updateMask": "serviceKey"});
    let key =
        shop.ada.json("ServiceAccountService/UpdateServiceAccount", rotate).await.expect("a key");
    let mut ci = shop.basalt.client();
    ci.sign_in(&mine["service_account"], &text(&key["serviceKey"])).await;
    ci.json("UserService/GetCurrentUser", json!({})).await.expect("before");
    shop.ada
        .json("ServiceAccountService/DeleteServiceAccount", json!({"name": name}))
        .await
        .expect("disabled");
    let error =
        refusal("a disabled account", ci.json("UserService/GetCurrentUser", json!({})).await);
    assert_eq!((error.status, error.code.as_str()), (401, "unauthenticated"), "{error:?}");
}
