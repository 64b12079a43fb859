//! Roles.

use serde_json::{Value, json};

use super::world::{Expect as _, World};

#[tokio::test]
async fn own_roles_come_go_and_count() {
    let (world, admin) = World::start().await;
    let ann = world.user(&admin, "ann@example.com").await;
    world.project(&admin, "shop", &[]).await;
    let role = json!({"title": "Looker", "permissions": ["bb.projects.get", "bb.projects.get"]});
    let made = world
        .call("RoleService/CreateRole", json!({"roleId": "looker", "role": role}), &admin)
        .await
        .ok();
    assert_eq!((&made["name"], &made["type"]), (&json!("roles/looker"), &json!("CUSTOM")));
    assert_eq!(made["permissions"], json!(["bb.projects.get"]));
    world.bind(&admin, "projects/shop", "roles/looker", json!(["user:ann@example.com"])).await;
    let get = json!({"name": "projects/shop"});
    world.call("ProjectService/GetProject", get.clone(), &ann).await.ok();
    let update = json!({"role": {"name": "roles/looker", "permissions": ["bb.plans.get"]}, "updateMask": "permissions"});
    world.call("RoleService/UpdateRole", update, &admin).await.ok();
    let refused = world.call("ProjectService/GetProject", get, &ann).await;
    refused.refused(403, "permission_denied", "PERMISSION_MISSING");
    let bound = world.call("RoleService/DeleteRole", json!({"name": "roles/looker"}), &admin).await;
    assert_eq!(bound.blockers(), ["ROLE_BOUND"]);
    let list = world.call("RoleService/ListRoles", json!({}), &admin).await.ok();
    assert_eq!(list["roles"].as_array().unwrap().len(), 11);
    let own =
        world.call("RoleService/GetRole", json!({"name": "roles/workspaceAdmin"}), &ann).await.ok();
    assert_eq!(
        (&own["type"], own["permissions"].as_array().unwrap().len()),
        (&json!("BUILT_IN"), 151)
    );
    world.end().await;
}

#[tokio::test]
async fn wrong_roles_are_refused() {
    let (world, admin) = World::start().await;
    let create = |id: &str, role: Value| json!({"roleId": id, "role": role});
    let good = json!({"title": "x", "permissions": ["bb.plans.get"]});
    for (id, role, field) in [
        ("Bad Id", good.clone(), "role_id"),
        ("x", json!({"permissions": ["bb.plans.get"]}), "role.title"),
        ("x", json!({"title": "x"}), "role.permissions"),
        (
            "x",
            json!({"title": "x", "permissions": ["bb.plans.get", "bb.no.such"]}),
            "role.permissions",
        ),
    ] {
        let fields = world.call("RoleService/CreateRole", create(id, role), &admin).await.fields();
        assert_eq!(fields, [field], "{id}");
    }
    let taken = world.call("RoleService/CreateRole", create("workspaceAdmin", good), &admin).await;
    taken.refused(409, "already_exists", "RESOURCE_EXISTS");
    for rpc in ["UpdateRole", "DeleteRole"] {
        let body = json!({"name": "roles/projectOwner", "role": {"name": "roles/projectOwner"}, "updateMask": "title"});
        let refused = world.call(&format!("RoleService/{rpc}"), body, &admin).await;
        refused.refused(403, "permission_denied", "NOT_ALLOWED");
    }
    let upsert = json!({"role": {"name": "roles/new", "title": "New", "permissions": ["bb.plans.get"]}, "updateMask": "title", "allowMissing": true});
    assert_eq!(
        world.call("RoleService/UpdateRole", upsert, &admin).await.ok()["name"],
        "roles/new"
    );
    world.end().await;
}

#[tokio::test]
async fn nobody_gives_a_role_what_they_do_not_have() {
    let (world, admin) = World::start().await;
    let dba = world.user(&admin, "dba@example.com").await;
    world
        .bind(&admin, "workspaces/default", "roles/workspaceDBA", json!(["user:dba@example.com"]))
        .await;
    let create = |permission: &str| json!({"roleId": "mine", "role": {"title": "Mine", "permissions": [permission]}});
    let up = world.call("RoleService/CreateRole", create("bb.workspaces.setIamPolicy"), &dba).await;
    assert_eq!(up.fields(), ["role.permissions"]);
    world.call("RoleService/CreateRole", create("bb.plans.get"), &dba).await.ok();
    let update = json!({"role": {"name": "roles/mine", "permissions": ["bb.plans.get", "bb.users.update"]}, "updateMask": "permissions"});
    assert_eq!(
        world.call("RoleService/UpdateRole", update, &dba).await.fields(),
        ["role.permissions"]
    );
    world.end().await;
}
