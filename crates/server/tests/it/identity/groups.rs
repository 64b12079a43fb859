//! Groups: what a group may its people may, and who may change it.

use serde_json::{Value, json};

use super::world::{Expect as _, World};

const DEVS: &str = "groups/devs@example.com";

fn group(members: &Value) -> Value {
    json!({"groupEmail": "Devs@example.com", "group": {"title": "Developers", "members": members}})
}

fn member(user: &str, role: &str) -> Value {
    json!({"member": format!("users/{user}@example.com"), "role": role})
}

#[tokio::test]
async fn what_a_group_may_its_people_may_until_they_leave_it() {
    let (world, admin) = World::start().await;
    let bob = world.user(&admin, "bob@example.com").await;
    world.project(&admin, "shop", &[]).await;
    let made =
        world.call("GroupService/CreateGroup", group(&json!([member("bob", "MEMBER")])), &admin);
    let made = made.await.ok();
    assert_eq!(
        (made["name"].clone(), made["email"].clone()),
        (json!(DEVS), json!("devs@example.com"))
    );
    let shop = json!({"name": "projects/shop"});
    world.call("ProjectService/GetProject", shop.clone(), &bob).await.refused(
        403,
        "permission_denied",
        "PERMISSION_MISSING",
    );

    let members = json!(["group:devs@example.com"]);
    world.bind(&admin, "projects/shop", "roles/projectOwner", members).await;
    world.call("ProjectService/GetProject", shop.clone(), &bob).await.ok();
    let listed = world.call("ProjectService/SearchProjects", json!({}), &bob).await.ok();
    assert_eq!(listed["projects"][0]["name"], "projects/shop");
    // Members of the project are found by what binds them, too.
    let of_shop = json!({"filter": "project == \"projects/shop\""});
    let users = world.call("UserService/ListUsers", of_shop.clone(), &admin).await.ok();
    let emails: Vec<_> = users["users"].as_array().unwrap().iter().map(|u| &u["email"]).collect();
    assert_eq!(emails, ["admin@example.com", "bob@example.com"]);
    let groups = world.call("GroupService/ListGroups", of_shop, &admin).await.ok();
    assert_eq!(groups["groups"][0]["name"], DEVS);

    // While it is bound it stays.
    let delete = json!({"name": DEVS});
    let refused = world.call("GroupService/DeleteGroup", delete.clone(), &admin).await;
    refused.refused(400, "failed_precondition", "BLOCKED");
    let leave = json!({"group": {"name": DEVS}, "updateMask": "members"});
    world.call("GroupService/UpdateGroup", leave, &admin).await.ok();
    world.call("ProjectService/GetProject", shop, &bob).await.refused(
        403,
        "permission_denied",
        "PERMISSION_MISSING",
    );
    world.end().await;
}

#[tokio::test]
async fn owners_change_their_group_and_others_do_not() {
    let (world, admin) = World::start().await;
    let ann = world.user(&admin, "ann@example.com").await;
    let bob = world.user(&admin, "bob@example.com").await;
    let eve = world.user(&admin, "eve@example.com").await;
    let members = json!([member("ann", "OWNER"), member("bob", "MEMBER")]);
    world.call("GroupService/CreateGroup", group(&members), &admin).await.ok();
    let add = json!({"group": {"name": DEVS, "members":
        [member("ann", "OWNER"), member("bob", "MEMBER"), member("eve", "MEMBER")]}, "updateMask": "members"});
    for (token, name) in [(&bob, "bob"), (&eve, "eve")] {
        let reply = world.call("GroupService/UpdateGroup", add.clone(), token).await;
        assert_eq!(reply.status, 403, "{name}");
        let reply = world.call("GroupService/DeleteGroup", json!({"name": DEVS}), token).await;
        assert_eq!(reply.status, 403, "{name}");
    }
    // Whether there is such a group is nothing for who may not change it.
    let none = json!({"group": {"name": "groups/none@example.com"}, "updateMask": "members"});
    world.call("GroupService/UpdateGroup", none, &eve).await.refused(
        403,
        "permission_denied",
        "PERMISSION_MISSING",
    );
    world.call("GroupService/UpdateGroup", add, &ann).await.ok();
    let seen = world.call("GroupService/GetGroup", json!({"name": DEVS}), &eve).await.ok();
    assert_eq!(seen["members"].as_array().unwrap().len(), 3);
    world.call("GroupService/DeleteGroup", json!({"name": DEVS}), &ann).await.ok();
    world.call("GroupService/GetGroup", json!({"name": DEVS}), &admin).await.refused(
        404,
        "not_found",
        "RESOURCE_NOT_FOUND",
    );
    world.end().await;
}

#[tokio::test]
async fn what_is_wrong_with_a_group_is_told_by_its_field() {
    let (world, admin) = World::start().await;
    world.user(&admin, "bob@example.com").await;
    let create = |title: &str, email: &str, members: Value| {
        let group = json!({"title": title, "members": members});
        world.call("GroupService/CreateGroup", json!({"groupEmail": email, "group": group}), &admin)
    };
    let good = member("bob", "MEMBER");
    for (title, email, members, field) in [
        ("", "a@x.io", json!([]), "group.title"),
        ("A", "devs", json!([]), "group_email"),
        ("A", "a@x.io", json!([member("none", "MEMBER")]), "group.members[0].member"),
        ("A", "a@x.io", json!([good, good]), "group.members[1].member"),
        ("A", "a@x.io", json!([{"member": "users/bob@example.com"}]), "group.members[0].role"),
        (
            "A",
            "a@x.io",
            json!([{"member": "bob@example.com", "role": "MEMBER"}]),
            "group.members[0].member",
        ),
    ] {
        let reply = create(title, email, members).await;
        reply.refused(400, "invalid_argument", "INVALID_FIELD");
        assert!(reply.text().contains(field), "{field}: {}", reply.text());
    }
    create("A", "a@x.io", json!([good])).await.ok();
    create("A", "a@x.io", json!([])).await.refused(409, "already_exists", "RESOURCE_EXISTS");
    create("B", "b@x.io", json!([])).await.ok();
    let batch =
        |names: Value| world.call("GroupService/BatchGetGroups", json!({"names": names}), &admin);
    let two = batch(json!(["groups/b@x.io", "groups/a@x.io"])).await.ok();
    let titles: Vec<_> = two["groups"].as_array().unwrap().iter().map(|g| &g["title"]).collect();
    assert_eq!(titles, ["B", "A"]);
    let absent = batch(json!(["groups/a@x.io", "groups/none@x.io"])).await;
    absent.refused(404, "not_found", "RESOURCE_NOT_FOUND");
    let rename = json!({"name": "users/bob@example.com", "email": "rob@example.com"});
    world.call("UserService/UpdateEmail", rename, &admin).await.ok();
    let seen =
        world.call("GroupService/GetGroup", json!({"name": "groups/a@x.io"}), &admin).await.ok();
    assert_eq!(seen["members"][0]["member"], "users/rob@example.com");
    world.end().await;
}
