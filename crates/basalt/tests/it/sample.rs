//! Sample data on a server that people have begun to use.

use serde_json::json;

use crate::shop::{Shop, list, text};

#[tokio::test]
async fn sample_data_is_made_once_and_works() {
    let shop = Shop::open().await;
    let setup = async || shop.ada.json("ActuatorService/SetupSample", json!({})).await;
    for _ in 0..2 {
        setup().await.expect("sample data");
        let instances = shop.ada.json("InstanceService/ListInstances", json!({})).await;
        let names: Vec<_> = list(&instances.expect("a list")["instances"])
            .iter()
            .map(|i| (text(&i["name"]), text(&i["title"]), text(&i["environment"])))
            .collect();
        let instance = |environment: &str, called: &str| {
            (
                format!("instances/sample-{environment}"),
                format!("Shop ({called})"),
                format!("environments/{environment}"),
            )
        };
        assert_eq!(names, [instance("prod", "production"), instance("test", "test")]);
    }
    let databases = json!({"parent": "projects/sample"});
    let databases = shop.ada.json("DatabaseService/ListDatabases", databases).await;
    let databases = list(&databases.expect("a list")["databases"]);
    assert_eq!(databases.len(), 2, "{databases:?}");
    let ask = json!({"name": databases[0]["name"], "statement": "SELECT count(*) FROM customer", "limit": 5});
    let rows = shop.ada.json("SQLService/Query", ask).await.expect("rows");
    assert_eq!(rows["results"][0]["rows"][0]["values"][0]["int64Value"], "3", "{rows}");

    // What somebody deleted does not come back by itself.
    let project = json!({"name": "projects/sample"});
    shop.ada.json("ProjectService/DeleteProject", project).await.expect("archived");
    assert_eq!(setup().await.expect_err("refused").reason, "RESOURCE_DELETED");
}

#[tokio::test]
async fn sample_data_needs_the_right_to_make_what_it_consists_of() {
    let shop = Shop::open().await;
    let bob = shop.member("bob@example.com", &[("projects/shop", "roles/projectOwner")]).await;
    let role = json!({"roleId": "founder", "role": {"title": "Founder", "permissions": ["bb.projects.create"]}});
    shop.ada.json("RoleService/CreateRole", role).await.expect("a role");
    let of = json!({"resource": "workspaces/default"});
    let mut policy = shop.ada.json("WorkspaceService/GetIamPolicy", of).await.expect("a policy");
    let mut bindings = list(&policy["bindings"]);
    bindings.push(json!({"role": "roles/founder", "members": ["user:bob@example.com"]}));
    policy["bindings"] = bindings.into();
    let set = json!({"resource": "workspaces/default", "policy": policy});
    shop.ada.json("WorkspaceService/SetIamPolicy", set).await.expect("a new policy");
    let refused = bob.json("ActuatorService/SetupSample", json!({})).await.expect_err("refused");
    assert_eq!(refused.code, "permission_denied");
    assert!(refused.body.contains("bb.instances.create"), "{}", refused.body);
    let made = shop.ada.json("ProjectService/GetProject", json!({"name": "projects/sample"})).await;
    assert_eq!(made.expect_err("nothing was made").code, "not_found");
}
