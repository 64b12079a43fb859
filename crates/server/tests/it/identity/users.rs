//! Accounts of people.

use serde_json::{Value, json};

use super::world::{ADMIN, Expect as _, PASSWORD, World};

#[tokio::test]
async fn people_change_themselves_and_administrators_change_all() {
    let (world, admin) = World::start().await;
    let ann = world.user(&admin, "ann@example.com").await;
    let bob = world.user(&admin, "bob@example.com").await;
    let update = |who: &str| json!({"user": {"name": format!("users/{who}"), "title": "New", "phone": "+1 23"}, "updateMask": "title,phone"});
    let changed = world.call("UserService/UpdateUser", update("ann@example.com"), &ann).await.ok();
    assert_eq!((&changed["title"], &changed["phone"]), (&json!("New"), &json!("+1 23")));
    world.call("UserService/UpdateUser", update("ann@example.com"), &admin).await.ok();
    let hidden = world.call("UserService/UpdateUser", update("ann@example.com"), &bob).await;
    let absent = world.call("UserService/UpdateUser", update("nobody@example.com"), &bob).await;
    for refused in [&hidden, &absent] {
        refused.refused(403, "permission_denied", "PERMISSION_MISSING");
    }
    let absent = world.call("UserService/UpdateUser", update("nobody@example.com"), &admin).await;
    absent.refused(404, "not_found", "RESOURCE_NOT_FOUND");
    world.end().await;
}

#[tokio::test]
async fn masks_and_fields_are_checked() {
    let (world, admin) = World::start().await;
    let update = |mask: &str, user: Value| {
        let mut user = user;
        user["name"] = json!(format!("users/{ADMIN}"));
        world.call("UserService/UpdateUser", json!({"user": user, "updateMask": mask}), &admin)
    };
    for mask in ["", "*", "email", "state", "profile", "title.x", "nosuch"] {
        assert_eq!(update(mask, json!({"title": "x"})).await.fields(), ["update_mask"], "{mask}");
    }
    assert_eq!(update("title", json!({"title": " "})).await.fields(), ["user.title"]);
    assert_eq!(update("phone", json!({"phone": "call me"})).await.fields(), ["user.phone"]);
    assert_eq!(update("password", json!({"password": "short"})).await.fields(), ["user.password"]);
    let create = |user: Value| world.call("UserService/CreateUser", json!({"user": user}), &admin);
    for (email, password, field) in [
        ("", PASSWORD, "user.email"),
        ("a b@example.com", PASSWORD, "user.email"),
        ("ci@service.bytebase.com", PASSWORD, "user.email"),
        ("аnn@example.com", PASSWORD, "user.email"),
        ("ann@example.com", "short", "user.password"),
    ] {
        let fields = create(json!({"email": email, "password": password})).await.fields();
        assert_eq!(fields, [field], "{email}");
    }
    create(json!({"email": "ann@example.com"})).await.ok();
    create(json!({"email": "ANN@example.com"})).await.refused(
        409,
        "already_exists",
        "RESOURCE_EXISTS",
    );
    world.login("ann@example.com", "").await.refused(401, "unauthenticated", "WRONG_CREDENTIALS");
    world.end().await;
}

#[tokio::test]
async fn lists_filter_and_page() {
    let (world, admin) = World::start().await;
    for name in ["ann", "bob", "cat"] {
        let user = json!({"email": format!("{name}@example.com"), "title": name.to_uppercase()});
        world.call("UserService/CreateUser", json!({"user": user}), &admin).await.ok();
    }
    world.project(&admin, "shop", &["bob@example.com"]).await;
    world
        .call("UserService/DeleteUser", json!({"name": "users/cat@example.com"}), &admin)
        .await
        .ok();
    let emails = async |body: Value| -> Vec<String> {
        let page = world.call("UserService/ListUsers", body, &admin).await.ok();
        let users = page["users"].as_array().cloned().unwrap_or_default();
        users.iter().map(|u| u["email"].as_str().unwrap().replace("@example.com", "")).collect()
    };
    assert_eq!(emails(json!({})).await, ["admin", "ann", "bob"]);
    assert_eq!(emails(json!({"showDeleted": true})).await, ["admin", "ann", "bob", "cat"]);
    for (filter, found) in [
        (r#"name.contains("BO")"#, vec!["bob"]),
        (r#"name.matches("bo")"#, vec!["bob"]),
        (r#"email == "ann@example.com" || name == "ADMIN""#, vec!["ann"]),
        (r#"state == "DELETED""#, vec!["cat"]),
        (r#"project == "projects/shop""#, vec!["admin", "bob"]),
        (r#"project == "projects/shop" && !(email == "bob@example.com")"#, vec!["admin"]),
        (r#"project == "projects/absent""#, vec![]),
        (r#"email in ["ann@example.com", "bob@example.com"]"#, vec!["ann", "bob"]),
    ] {
        assert_eq!(emails(json!({"filter": filter})).await, found, "{filter}");
    }
    let first = world.call("UserService/ListUsers", json!({"pageSize": 2}), &admin).await.ok();
    let token = first["nextPageToken"].as_str().unwrap();
    assert_eq!(emails(json!({"pageSize": 2, "pageToken": token})).await, ["bob"]);
    for body in
        [json!({"pageToken": "x"}), json!({"pageSize": 2, "pageToken": token, "showDeleted": true})]
    {
        let refused = world.call("UserService/ListUsers", body, &admin).await;
        refused.refused(400, "invalid_argument", "INVALID_PAGE_TOKEN");
    }
    let names = json!({"names": ["users/bob@example.com", "users/ANN@example.com"]});
    let batch = world.call("UserService/BatchGetUsers", names, &admin).await.ok();
    assert_eq!(batch["users"][1]["email"], "ann@example.com");
    let absent = json!({"names": ["users/bob@example.com", "users/no@example.com"]});
    world.call("UserService/BatchGetUsers", absent, &admin).await.refused(
        404,
        "not_found",
        "RESOURCE_NOT_FOUND",
    );
    world.end().await;
}

#[tokio::test]
async fn a_new_address_takes_roles_and_work_along() {
    let (world, admin) = World::start().await;
    let ann = world.user(&admin, "ann@example.com").await;
    world.user(&admin, "bob@example.com").await;
    world.project(&admin, "shop", &["ann@example.com"]).await;
    let sheet = json!({"parent": "projects/shop", "sheet": {"content": "U0VMRUNUIDE7"}});
    let sheet = world.call("SheetService/CreateSheet", sheet, &ann).await.ok();
    let jar = world.jar("ann@example.com").await;
    let change = |email: &str| json!({"name": "users/ann@example.com", "email": email});
    let taken = world.call("UserService/UpdateEmail", change("bob@example.com"), &admin).await;
    taken.refused(409, "already_exists", "RESOURCE_EXISTS");
    let wrong =
        world.call("UserService/UpdateEmail", change("x@service.bytebase.com"), &admin).await;
    assert_eq!(wrong.fields(), ["email"]);

    let changed =
        world.call("UserService/UpdateEmail", change("Anna@example.com"), &admin).await.ok();
    assert_eq!(changed["name"], "users/anna@example.com");
    let who = "ActuatorService/GetActuatorInfo";
    world.call(who, json!({}), &ann).await.refused(401, "unauthenticated", "NOT_SIGNED_IN");
    world.browse(who, json!({}), &jar).await.refused(401, "unauthenticated", "NOT_SIGNED_IN");
    let anna = world.token("anna@example.com", PASSWORD).await;
    world
        .call(
            "ProjectService/UpdateProject",
            json!({"project": {"name": "projects/shop", "title": "x"}, "updateMask": "title"}),
            &anna,
        )
        .await
        .ok();
    let sha256 = sheet["name"].as_str().unwrap().rsplit('/').next().unwrap();
    let mut conn = world.app.store.read().await.unwrap();
    let kept = store::sheets::get(&mut conn, "shop", sha256).await.unwrap().unwrap();
    assert_eq!(kept.creator, "users/anna@example.com");
    let old = json!({"name": "users/ann@example.com"});
    world.call("UserService/GetUser", old, &admin).await.refused(
        404,
        "not_found",
        "RESOURCE_NOT_FOUND",
    );
    drop(conn);
    world.end().await;
}
