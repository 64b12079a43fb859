//! Who may do what: policies of the workspace and of projects.

use std::time::Duration;

use serde_json::{Value, json};

use super::world::{ADMIN, Expect as _, World};

const WORKSPACE: &str = "workspaces/default";

#[tokio::test]
async fn the_last_administrator_stays() {
    let (world, admin) = World::start().await;
    let ann = world.user(&admin, "ann@example.com").await;
    let set = |bindings: Value| json!({"resource": WORKSPACE, "policy": {"bindings": bindings}});
    let admins = |members: &[&str], condition: Value| json!([{"role": "roles/workspaceAdmin", "members": members, "condition": condition}]);
    let end = json!({"expression": "request.time < timestamp(\"2100-01-01T00:00:00Z\")"});
    for bindings in [json!([]), admins(&["user:admin@example.com"], end), admins(&[], json!(null))]
    {
        let refused = world.call("WorkspaceService/SetIamPolicy", set(bindings), &admin).await;
        assert_eq!(refused.blockers(), ["LAST_ADMINISTRATOR"]);
    }
    let me = json!({"name": format!("users/{ADMIN}")});
    assert_eq!(
        world.call("UserService/DeleteUser", me.clone(), &admin).await.blockers(),
        ["LAST_ADMINISTRATOR"]
    );
    // With a second one the first may go, and then the second is the last.
    let both = admins(&["user:admin@example.com", "user:ann@example.com"], json!(null));
    world.call("WorkspaceService/SetIamPolicy", set(both), &admin).await.ok();
    world.call("UserService/DeleteUser", me, &ann).await.ok();
    let refused =
        world.call("UserService/DeleteUser", json!({"name": "users/ann@example.com"}), &ann).await;
    assert_eq!(refused.blockers(), ["LAST_ADMINISTRATOR"]);
    world.end().await;
}

#[tokio::test]
async fn an_etag_guards_against_lost_updates() {
    let (world, admin) = World::start().await;
    world.project(&admin, "shop", &[]).await;
    let read = world
        .call("ProjectService/GetIamPolicy", json!({"resource": "projects/shop"}), &admin)
        .await
        .ok();
    let write = |etag: &Value| json!({"resource": "projects/shop", "policy": read, "etag": etag});
    let written =
        world.call("ProjectService/SetIamPolicy", write(&read["etag"]), &admin).await.ok();
    assert_ne!(written["etag"], read["etag"]);
    let stale = world.call("ProjectService/SetIamPolicy", write(&read["etag"]), &admin).await;
    stale.refused(409, "aborted", "ETAG_MISMATCH");
    // Also when it stands in the policy, as clients send back what they read.
    let stale = world.call("ProjectService/SetIamPolicy", write(&json!("")), &admin).await;
    stale.refused(409, "aborted", "ETAG_MISMATCH");
    let mut unguarded = write(&json!(""));
    unguarded["policy"]["etag"] = json!("");
    world.call("ProjectService/SetIamPolicy", unguarded, &admin).await.ok();
    world.end().await;
}

#[tokio::test]
async fn every_mistake_names_its_field() {
    let (world, admin) = World::start().await;
    world.project(&admin, "shop", &[]).await;
    let bindings = json!([
        {"role": "roles/projectOwner", "members": ["user:admin@example.com"]},
        {"role": "roles/nosuch", "members": ["user:admin@example.com"]},
        {"role": "roles/workspaceAdmin", "members": ["user:admin@example.com"]},
        {"role": "roles/projectViewer", "members": ["user:nobody@example.com", "admin@example.com"]},
        {"role": "roles/projectViewer", "members": ["user:admin@example.com"],
         "condition": {"expression": "resource.datbase == \"instances/a/databases/b\""}},
        {"role": "roles/projectViewer", "members": ["user:admin@example.com"],
         "condition": {"expression": "request.time < timestamp(\"2001-01-01T00:00:00Z\")"}},
    ]);
    let body = json!({"resource": "projects/shop", "policy": {"bindings": bindings}});
    let fields = world.call("ProjectService/SetIamPolicy", body, &admin).await.fields();
    assert_eq!(
        fields,
        [
            "policy.bindings[1].role",
            "policy.bindings[2].role",
            "policy.bindings[3].members[0]",
            "policy.bindings[3].members[1]",
            "policy.bindings[4].condition.expression",
            "policy.bindings[5].condition.expression",
        ]
    );
    for resource in ["projects/absent", "projects/-"] {
        let absent =
            world.call("ProjectService/GetIamPolicy", json!({"resource": resource}), &admin).await;
        absent.refused(404, "not_found", "RESOURCE_NOT_FOUND");
    }
    world.end().await;
}

#[tokio::test]
async fn a_grant_ends_with_its_condition_and_counts_at_once() {
    let (world, admin) = World::start().await;
    let ann = world.user(&admin, "ann@example.com").await;
    world.project(&admin, "shop", &[]).await;
    let get = async || {
        world.call("ProjectService/GetProject", json!({"name": "projects/shop"}), &ann).await
    };
    get().await.refused(403, "permission_denied", "PERMISSION_MISSING");
    let end = "request.time < timestamp(\"2027-01-15T09:00:00Z\")";
    let bindings = json!([{"role": "roles/projectViewer", "members": ["user:ann@example.com"], "condition": {"expression": end}}]);
    let body = json!({"resource": "projects/shop", "policy": {"bindings": bindings}});
    let kept = world.call("ProjectService/SetIamPolicy", body, &admin).await.ok();
    assert_eq!(kept["bindings"][0]["condition"]["expression"], end);
    get().await.ok();
    // The clock of the tests starts at 2027-01-15T08:00:00Z.
    world.pass(Duration::from_secs(3_599));
    get().await.ok();
    world.pass(Duration::from_secs(1));
    let ann = world.token("ann@example.com", super::world::PASSWORD).await;
    let over =
        world.call("ProjectService/GetProject", json!({"name": "projects/shop"}), &ann).await;
    over.refused(403, "permission_denied", "PERMISSION_MISSING");
    world.end().await;
}

#[tokio::test]
async fn nobody_raises_themselves() {
    let (world, admin) = World::start().await;
    let dev = world.user(&admin, "dev@example.com").await;
    let own = world.user(&admin, "own@example.com").await;
    world.project(&admin, "shop", &["own@example.com"]).await;
    world
        .bind(&admin, "projects/shop", "roles/projectDeveloper", json!(["user:dev@example.com"]))
        .await;
    let grab = |resource: &str, role: &str, who: &str| json!({"resource": resource, "policy": {"bindings": [{"role": role, "members": [format!("user:{who}")]}]}});
    let up = grab("projects/shop", "roles/projectOwner", "dev@example.com");
    world.call("ProjectService/SetIamPolicy", up, &dev).await.refused(
        403,
        "permission_denied",
        "PERMISSION_MISSING",
    );
    for who in [&dev, &own] {
        let up = grab(WORKSPACE, "roles/workspaceAdmin", "own@example.com");
        let refused = world.call("WorkspaceService/SetIamPolicy", up, who).await;
        refused.refused(403, "permission_denied", "PERMISSION_MISSING");
        // The other service does not open another door.
        let up = grab(WORKSPACE, "roles/workspaceAdmin", "own@example.com");
        let refused = world.call("ProjectService/SetIamPolicy", up, who).await;
        refused.refused(403, "permission_denied", "PERMISSION_MISSING");
    }
    let up = grab("projects/shop", "roles/workspaceAdmin", "own@example.com");
    assert_eq!(
        world.call("ProjectService/SetIamPolicy", up, &own).await.fields(),
        ["policy.bindings[0].role"]
    );
    world.end().await;
}

#[tokio::test]
async fn everybody_means_everybody_who_signed_in() {
    let (world, admin) = World::start().await;
    let ann = world.user(&admin, "ann@example.com").await;
    world.project(&admin, "open", &[]).await;
    world.bind(&admin, "projects/open", "roles/projectViewer", json!(["allUsers"])).await;
    world.call("ProjectService/GetProject", json!({"name": "projects/open"}), &ann).await.ok();
    let nobody =
        world.call("ProjectService/GetProject", json!({"name": "projects/open"}), "").await;
    nobody.refused(401, "unauthenticated", "NOT_SIGNED_IN");
    world.end().await;
}
