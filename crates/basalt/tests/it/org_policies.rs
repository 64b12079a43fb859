//! OrgPolicyService: policies of the workspace, of environments and of projects.

use serde_json::{Value, json};
use testkit::app::CallError;

use crate::shop::{Shop, list, text};

async fn call(shop: &Shop, method: &str, request: Value) -> Result<Value, CallError> {
    shop.ada.json(&format!("OrgPolicyService/{method}"), request).await
}

#[tokio::test]
async fn a_policy_is_made_read_changed_and_removed() {
    let shop = Shop::open().await;
    let limits = json!({"maximumResultRows": 100, "disableExport": true});
    let policy = json!({"type": "DATA_QUERY", "enforce": true, "queryDataPolicy": limits});
    let create = json!({"parent": "projects/shop", "policy": policy});
    let made = call(&shop, "CreatePolicy", create.clone()).await.expect("a policy");
    let name = "projects/shop/policies/data_query";
    let expected = json!({"name": name, "type": "DATA_QUERY", "enforce": true, "queryDataPolicy": limits,
        "resourceType": "PROJECT"});
    assert_eq!(made, expected);
    let again = call(&shop, "CreatePolicy", create).await.expect_err("it is there");
    assert_eq!(again.code, "already_exists");
    // Clients write the type in capitals, too.
    let upper = json!({"name": "projects/shop/policies/DATA_QUERY"});
    assert_eq!(call(&shop, "GetPolicy", upper).await.expect("the policy"), expected);

    let change = json!({"policy": {"name": name, "queryDataPolicy": {"maximumResultRows": 5}}, "updateMask": "payload"});
    let changed = call(&shop, "UpdatePolicy", change).await.expect("a change");
    assert_eq!(changed["queryDataPolicy"], json!({"maximumResultRows": 5}));
    assert_eq!(changed["enforce"], true);
    let role = json!({"name": "environments/prod/policies/rollout_policy", "enforce": true,
        "rolloutPolicy": {"roles": ["roles/projectOwner"]}});
    let missing = json!({"policy": role, "updateMask": "rolloutPolicy"});
    assert_eq!(
        call(&shop, "UpdatePolicy", missing.clone()).await.expect_err("none").code,
        "not_found"
    );
    let mut upsert = missing;
    upsert["allowMissing"] = json!(true);
    let made = call(&shop, "UpdatePolicy", upsert).await.expect("it is made");
    assert_eq!(made["resourceType"], "ENVIRONMENT");

    let all =
        call(&shop, "ListPolicies", json!({"parent": "projects/shop"})).await.expect("a list");
    assert_eq!(list(&all["policies"]), [changed]);
    let none = json!({"parent": "projects/shop", "policyType": "TAG"});
    assert_eq!(call(&shop, "ListPolicies", none).await.expect("a list"), json!({}));
    call(&shop, "DeletePolicy", json!({"name": name})).await.expect("it goes");
    for method in ["GetPolicy", "DeletePolicy"] {
        let gone = call(&shop, method, json!({"name": name})).await.expect_err("it is gone");
        assert_eq!(gone.code, "not_found");
    }
}

#[tokio::test]
async fn the_tag_policy_and_the_resources_of_a_configuration_are_one_thing() {
    let shop = Shop::open().await;
    for id in ["one", "two"] {
        let config = json!({"name": format!("reviewConfigs/{id}"), "title": id, "enabled": true});
        let made = shop
            .ada
            .json("ReviewConfigService/CreateReviewConfig", json!({"reviewConfig": config}));
        made.await.expect("a configuration");
    }
    let name = "environments/prod/policies/tag";
    let tag = async |config: &str| {
        let tags = json!({"bb.tag.review_config": config});
        let policy = json!({"name": name, "type": "TAG", "tagPolicy": {"tags": tags}});
        call(&shop, "UpdatePolicy", json!({"policy": policy, "allowMissing": true})).await
    };
    let resources = async |id: &str| {
        let get = json!({"name": format!("reviewConfigs/{id}")});
        let found = shop.ada.json("ReviewConfigService/GetReviewConfig", get).await.expect("it");
        list(&found["resources"]).iter().map(text).collect::<Vec<_>>()
    };
    tag("reviewConfigs/one").await.expect("attached");
    assert_eq!(resources("one").await, ["environments/prod"]);
    tag("reviewConfigs/two").await.expect("attached to the other");
    assert_eq!((resources("one").await.len(), resources("two").await.len()), (0, 1));
    let wrong = tag("reviewConfigs/three").await.expect_err("there is none");
    assert!(wrong.message.contains("reviewConfigs/three does not exist"), "{}", wrong.message);
    assert_eq!(resources("two").await, ["environments/prod"]);

    let change = json!({"reviewConfig": {"name": "reviewConfigs/two", "resources": ["projects/shop"]}, "updateMask": "resources"});
    shop.ada.json("ReviewConfigService/UpdateReviewConfig", change).await.expect("a change");
    let gone = call(&shop, "GetPolicy", json!({"name": name})).await.expect_err("it moved");
    assert_eq!(gone.code, "not_found");
    let own = json!({"name": "projects/shop/policies/tag"});
    let found = call(&shop, "GetPolicy", own.clone()).await.expect("the tag");
    assert_eq!(found["tagPolicy"]["tags"]["bb.tag.review_config"], "reviewConfigs/two");
    call(&shop, "DeletePolicy", own).await.expect("it goes");
    assert_eq!(resources("two").await, [""; 0]);
}

#[tokio::test]
async fn what_nothing_obeys_is_refused_with_its_field() {
    let shop = Shop::open().await;
    let rollout =
        |roles: Value| json!({"type": "ROLLOUT_POLICY", "rolloutPolicy": {"roles": roles}});
    for (parent, policy, part) in [
        (
            "projects/shop",
            json!({"type": "MASKING_EXEMPTION"}),
            "masking policies are not part of this version",
        ),
        ("projects/shop", json!({}), "policy.type: say which policy it is"),
        ("projects/shop", rollout(json!([])), "it is for environments"),
        (
            "environments/prod",
            rollout(json!(["roles/nobody"])),
            "policy.rollout_policy.roles[0]: roles/nobody does not exist",
        ),
        (
            "environments/prod",
            json!({"type": "TAG", "tagPolicy": {"tags": {"a": "b"}}}),
            "has no meaning",
        ),
        ("environments/prod", json!({"type": "TAG", "rolloutPolicy": {}}), "another type"),
        (
            "workspaces/default",
            json!({"queryDataPolicy": {"maximumResultRows": -5}}),
            "maximum_result_rows",
        ),
    ] {
        let request = json!({"parent": parent, "policy": policy});
        let refused = call(&shop, "CreatePolicy", request).await.expect_err(part);
        assert_eq!(refused.code, "invalid_argument", "{part}");
        assert!(refused.message.contains(part), "{part}: {}", refused.message);
    }
    let gone = json!({"parent": "environments/nowhere", "policy": rollout(json!([]))});
    assert_eq!(call(&shop, "CreatePolicy", gone).await.expect_err("none").code, "not_found");
}
