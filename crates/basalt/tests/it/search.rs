//! What the console asks beside the lists, on the demo's data: search by name, and what one may do.

use serde_json::{Value, json};
use testkit::app::{Basalt, Client};

use crate::BASALT;
use crate::shop::{list, text};

const PASSWORD: &str = "basalt-demo";

async fn enter(basalt: &Basalt, email: &str) -> Client {
    let mut client = basalt.client();
    client.sign_in(email, PASSWORD).await;
    client
}

/// Names of what is found, in order.
async fn find(by: &Client, request: Value) -> Vec<String> {
    list(&hits(by, request).await).iter().map(|hit| text(&hit["name"])).collect()
}

async fn hits(by: &Client, request: Value) -> Value {
    by.json("basalt.v1.SearchService/Search", request).await.expect("an answer")["hits"].clone()
}

#[tokio::test]
async fn things_are_found_by_name_and_number_and_only_by_those_who_may_see_them() {
    let basalt = Basalt::start(BASALT, &["--demo"]).await;
    let admin = enter(&basalt, "admin@demo.basalt").await;
    let dev = enter(&basalt, "dev@demo.basalt").await;

    let plans = hits(&admin, json!({"query": "LOYALTY"})).await;
    let expected = json!({"kind": "PLAN", "name": "projects/shop/plans/2", "title": "Loyalty points for customers", "context": "Web shop"});
    assert_eq!(list(&plans), [expected]);
    for number in ["2", "#2", " #2 "] {
        let found = find(&admin, json!({"query": number})).await;
        assert!(found.contains(&"projects/shop/plans/2".to_owned()), "{number}: {found:?}");
    }

    let shop = find(&admin, json!({"query": "shop"})).await;
    assert_eq!(shop[0], "projects/shop");
    let exact = "instances/shop-test/databases/shop".to_owned();
    let place = shop.iter().position(|name| *name == exact).expect("the database");
    let server = shop.iter().position(|name| name == "instances/shop-test").expect("its server");
    assert!(place < server, "{shop:?}");
    let one = find(&admin, json!({"query": "shop", "limit": 1})).await;
    assert!(one.iter().filter(|name| name.contains("/databases/")).count() == 1, "{one:?}");

    let people = find(&admin, json!({"query": "devi"})).await;
    assert_eq!(people, ["users/dev@demo.basalt"]);

    let hidden = json!({"projectId": "warehouse", "project": {"title": "Warehouse"}});
    admin.json("ProjectService/CreateProject", hidden).await.expect("a project");
    assert_eq!(find(&admin, json!({"query": "ware"})).await, ["projects/warehouse"]);
    assert_eq!(find(&dev, json!({"query": "ware"})).await, [""; 0]);
    assert!(find(&dev, json!({"query": "loyalty"})).await.len() == 1);
    assert_eq!(find(&admin, json!({"query": "  "})).await, [""; 0]);
    assert_eq!(find(&admin, json!({"query": "100%"})).await, [""; 0]);

    let long = json!({"query": "x".repeat(201)});
    let refused = admin.json("basalt.v1.SearchService/Search", long).await.expect_err("too long");
    assert!(refused.body.contains("query"), "{}", refused.body);
    let project = json!({"query": "x", "project": "nonsense"});
    let refused = admin.json("basalt.v1.SearchService/Search", project).await;
    assert!(refused.expect_err("no name").message.starts_with("project: "));
}

#[tokio::test]
async fn the_project_one_is_in_comes_first() {
    let basalt = Basalt::start(BASALT, &["--demo"]).await;
    let admin = enter(&basalt, "admin@demo.basalt").await;
    for project in ["alpha", "zulu"] {
        let new = json!({"projectId": project, "project": {"title": project}});
        admin.json("ProjectService/CreateProject", new).await.expect("a project");
        let parent = format!("projects/{project}");
        let create = json!({"target": "instances/shop-test", "database": project});
        let spec =
            json!({"id": "6a1f1d1e-0000-4000-8000-000000000001", "createDatabaseConfig": create});
        let plan = json!({"parent": parent, "plan": {"title": "Same title", "specs": [spec]}});
        admin.json("PlanService/CreatePlan", plan).await.expect("a plan");
    }
    for near in ["projects/alpha", "projects/zulu"] {
        let found = find(&admin, json!({"query": "same title", "project": near})).await;
        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with(near), "{found:?}");
    }
}

/// Asked before it is tried, and the same answer about what is hidden and what is not there.
#[tokio::test]
async fn what_one_lacks_can_be_asked() {
    let basalt = Basalt::start(BASALT, &["--demo"]).await;
    let dev = enter(&basalt, "dev@demo.basalt").await;
    let admin = enter(&basalt, "admin@demo.basalt").await;
    let asked = ["bb.projects.get", "bb.plans.list"];
    let explain = |project: &str| json!({"resource": project, "permissions": asked});
    let rpc = "basalt.v1.AccessService/Explain";
    let own = dev.json(rpc, explain("projects/shop")).await.expect("an answer");
    assert_eq!(own, json!({}));
    let hidden = json!({"projectId": "warehouse", "project": {"title": "Warehouse"}});
    admin.json("ProjectService/CreateProject", hidden).await.expect("a project");
    let there = dev.json(rpc, explain("projects/warehouse")).await.expect("an answer");
    let ada = json!([{"name": "users/admin@demo.basalt", "title": "Ada Admin"}]);
    assert_eq!(there, json!({"missing": asked, "grantors": ada}));
    assert_eq!(there, dev.json(rpc, explain("projects/nowhere")).await.expect("an answer"));
    let many = json!({"resource": "projects/shop", "permissions": vec!["x"; 51]});
    let refused = dev.json(rpc, many).await.expect_err("too many");
    assert!(refused.message.starts_with("permissions: "), "{refused:?}");
}

/// A refusal says whom to ask, and nothing about what the caller may not see.
#[tokio::test]
async fn a_refusal_names_who_can_grant() {
    let basalt = Basalt::start(BASALT, &["--demo"]).await;
    let admin = enter(&basalt, "admin@demo.basalt").await;
    let dev = enter(&basalt, "dev@demo.basalt").await;
    let hidden = json!({"projectId": "warehouse", "project": {"title": "Warehouse"}});
    admin.json("ProjectService/CreateProject", hidden).await.expect("a project");
    let owner =
        json!({"bindings": [{"role": "roles/projectOwner", "members": ["user:dba@demo.basalt"]}]});
    let policy = json!({"resource": "projects/warehouse", "policy": owner});
    admin.json("ProjectService/SetIamPolicy", policy).await.expect("a policy");
    let there = refusal(&dev, "projects/warehouse").await;
    assert_eq!(there, "Ada Admin <admin@demo.basalt>");
    assert_eq!(there, refusal(&dev, "projects/nowhere").await);

    let viewer = json!({"bindings": [
        {"role": "roles/projectOwner", "members": ["user:dba@demo.basalt"]},
        {"role": "roles/projectViewer", "members": ["user:dev@demo.basalt"]},
    ]});
    let policy = json!({"resource": "projects/warehouse", "policy": viewer});
    admin.json("ProjectService/SetIamPolicy", policy).await.expect("a policy");
    let change =
        json!({"project": {"name": "projects/warehouse", "title": "Mine"}, "updateMask": "title"});
    let refused = dev.json("ProjectService/UpdateProject", change).await.expect_err("a viewer");
    assert_eq!(grantors(&refused.body), "Dana DBA <dba@demo.basalt>");
}

async fn refusal(by: &Client, project: &str) -> String {
    let refused = by.json("ProjectService/GetProject", json!({"name": project})).await;
    grantors(&refused.expect_err("hidden").body)
}

fn grantors(body: &str) -> String {
    let body: Value = serde_json::from_str(body).expect("JSON");
    let details = list(&body["details"]);
    let info = details.iter().find(|detail| detail["type"] == "google.rpc.ErrorInfo");
    text(&info.expect("an ErrorInfo")["debug"]["metadata"]["grantors"])
}
