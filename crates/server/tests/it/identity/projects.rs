//! Projects: their life, their lists, and who sees them.

use serde_json::{Value, json};

use super::world::{Expect as _, World};

#[tokio::test]
async fn a_project_lives_dies_and_comes_back() {
    let (world, admin) = World::start().await;
    let project = json!({"title": "Shop", "labels": {"team": "web"}, "issueLabels": [{"value": "bug", "color": {"red": 1.0}}]});
    let made = world
        .call(
            "ProjectService/CreateProject",
            json!({"projectId": "shop", "project": project}),
            &admin,
        )
        .await
        .ok();
    assert_eq!((&made["name"], &made["state"]), (&json!("projects/shop"), &json!("ACTIVE")));
    assert_eq!(made["issueLabels"][0]["color"]["red"], 1.0);
    let again = world
        .call(
            "ProjectService/CreateProject",
            json!({"projectId": "shop", "project": project}),
            &admin,
        )
        .await;
    again.refused(409, "already_exists", "RESOURCE_EXISTS");
    let policy = world
        .call("ProjectService/GetIamPolicy", json!({"resource": "projects/shop"}), &admin)
        .await
        .ok();
    assert_eq!(policy["bindings"][0]["members"], json!(["user:admin@example.com"]));

    let name = json!({"name": "projects/shop"});
    let purge = json!({"name": "projects/shop", "purge": true});
    assert_eq!(
        world.call("ProjectService/DeleteProject", purge.clone(), &admin).await.blockers(),
        ["NOT_DELETED"]
    );
    world.call("ProjectService/DeleteProject", name.clone(), &admin).await.ok();
    assert_eq!(
        world.call("ProjectService/GetProject", name.clone(), &admin).await.ok()["state"],
        "DELETED"
    );
    let update = json!({"project": {"name": "projects/shop", "title": "x"}, "updateMask": "title"});
    let refused = world.call("ProjectService/UpdateProject", update.clone(), &admin).await;
    refused.refused(400, "failed_precondition", "RESOURCE_DELETED");
    world.call("ProjectService/UndeleteProject", name.clone(), &admin).await.ok();
    assert_eq!(world.call("ProjectService/UpdateProject", update, &admin).await.ok()["title"], "x");
    world.call("ProjectService/DeleteProject", name.clone(), &admin).await.ok();
    world.call("ProjectService/DeleteProject", purge, &admin).await.ok();
    world.call("ProjectService/GetProject", name, &admin).await.refused(
        404,
        "not_found",
        "RESOURCE_NOT_FOUND",
    );
    let default = world
        .call("ProjectService/DeleteProject", json!({"name": "projects/default"}), &admin)
        .await;
    assert_eq!(default.blockers(), ["DEFAULT_PROJECT"]);
    world.end().await;
}

#[tokio::test]
async fn a_batch_deletes_all_or_nothing() {
    let (world, admin) = World::start().await;
    for id in ["a", "b"] {
        world.project(&admin, id, &[]).await;
    }
    let batch = |names: &[&str]| json!({"names": names});
    let half = world
        .call(
            "ProjectService/BatchDeleteProjects",
            batch(&["projects/a", "projects/absent"]),
            &admin,
        )
        .await;
    half.refused(404, "not_found", "RESOURCE_NOT_FOUND");
    assert_eq!(
        world.call("ProjectService/GetProject", json!({"name": "projects/a"}), &admin).await.ok()["state"],
        "ACTIVE"
    );
    world
        .call("ProjectService/BatchDeleteProjects", batch(&["projects/a", "projects/b"]), &admin)
        .await
        .ok();
    let found = world
        .call("ProjectService/BatchGetProjects", batch(&["projects/b", "projects/a"]), &admin)
        .await
        .ok();
    assert_eq!(found["projects"][0]["name"], "projects/b");
    assert_eq!(found["projects"][1]["state"], "DELETED");
    world.end().await;
}

#[tokio::test]
async fn masks_ids_and_settings_are_checked() {
    let (world, admin) = World::start().await;
    world.project(&admin, "shop", &[]).await;
    let update = |mask: &str, mut project: Value| {
        project["name"] = json!("projects/shop");
        world.call(
            "ProjectService/UpdateProject",
            json!({"project": project, "updateMask": mask}),
            &admin,
        )
    };
    for mask in ["", "*", "name", "state", "webhooks", "labels.team"] {
        assert_eq!(update(mask, json!({})).await.fields(), ["update_mask"], "{mask}");
    }
    for (mask, project, field) in [
        ("title", json!({"title": "a\nb"}), "project.title"),
        ("labels", json!({"labels": {"Bad": "x"}}), "project.labels"),
        ("ciSamplingSize", json!({"ciSamplingSize": -1}), "project.ci_sampling_size"),
        ("forceIssueLabels", json!({"forceIssueLabels": true}), "project.force_issue_labels"),
        (
            "executionRetryPolicy",
            json!({"executionRetryPolicy": {"maximumRetries": 101}}),
            "project.execution_retry_policy.maximum_retries",
        ),
    ] {
        assert_eq!(update(mask, project).await.fields(), [field]);
    }
    // Waiting for a lock is tried again unless who makes the project says otherwise.
    for (policy, retries) in [
        (json!(null), json!(3)),
        (json!({"maximumRetries": 1}), json!(1)),
        (json!({}), json!(null)),
    ] {
        let id = format!("retries-{}", retries.as_i64().unwrap_or(0));
        let body =
            json!({"projectId": id, "project": {"title": "x", "executionRetryPolicy": policy}});
        let made = world.call("ProjectService/CreateProject", body, &admin).await.ok();
        assert_eq!(made["executionRetryPolicy"]["maximumRetries"], retries);
    }
    // Only what the mask names changes.
    update("labels", json!({"labels": {"team": "a"}, "title": "not this"})).await.ok();
    let both = update(
        "allowSelfApproval,parallelTasksPerRollout",
        json!({"allowSelfApproval": true, "parallelTasksPerRollout": 3}),
    )
    .await
    .ok();
    assert_eq!(
        (&both["title"], &both["labels"]["team"], &both["parallelTasksPerRollout"]),
        (&json!("shop"), &json!("a"), &json!(3))
    );
    for id in ["", "Shop", "a/b", "-a", &"a".repeat(64)] {
        let body = json!({"projectId": id, "project": {"title": "x"}});
        assert_eq!(
            world.call("ProjectService/CreateProject", body, &admin).await.fields(),
            ["project_id"],
            "{id}"
        );
    }
    let upsert = json!({"project": {"name": "projects/made", "title": "Made"}, "updateMask": "title", "allowMissing": true});
    assert_eq!(
        world.call("ProjectService/UpdateProject", upsert, &admin).await.ok()["name"],
        "projects/made"
    );
    world.end().await;
}

#[tokio::test]
async fn names_that_are_none_are_refused() {
    let (world, admin) = World::start().await;
    world.project(&admin, "shop", &[]).await;
    for name in [
        "",
        "projects/",
        "projects/shop/",
        "projects//shop",
        "projects/../shop",
        "Projects/shop",
        "projects/sh\u{0}op",
        "projects/shop/x",
        "users/shop",
        &format!("projects/{}", "a".repeat(1_000)),
    ] {
        let reply = world.call("ProjectService/GetProject", json!({"name": name}), &admin).await;
        assert_eq!(
            (reply.status, reply.error().0.as_str()),
            (400, "invalid_argument"),
            "{name}: {}",
            reply.text()
        );
    }
    for name in ["projects/shoр", "projects/SHOP", "projects/shop%2F..%2Fdefault"] {
        let reply = world.call("ProjectService/GetProject", json!({"name": name}), &admin).await;
        assert!(matches!(reply.status, 400 | 404), "{name}: {}", reply.text());
    }
    world.end().await;
}

#[tokio::test]
async fn lists_filter_order_and_page() {
    let (world, admin) = World::start().await;
    for (id, team) in [("alpha", "x"), ("beta", "y"), ("gamma", "x")] {
        let project = json!({"title": format!("The {id}"), "labels": {"team": team}});
        world
            .call(
                "ProjectService/CreateProject",
                json!({"projectId": id, "project": project}),
                &admin,
            )
            .await
            .ok();
    }
    world
        .call("ProjectService/DeleteProject", json!({"name": "projects/gamma"}), &admin)
        .await
        .ok();
    let ids = async |body: Value| -> Vec<String> {
        let page = world.call("ProjectService/ListProjects", body, &admin).await.ok();
        let projects = page["projects"].as_array().cloned().unwrap_or_default();
        projects.iter().map(|p| p["name"].as_str().unwrap().replace("projects/", "")).collect()
    };
    for (filter, found) in [
        ("", vec!["alpha", "beta", "default"]),
        ("exclude_default == true", vec!["alpha", "beta"]),
        (r#"name.contains("the BETA")"#, vec!["beta"]),
        (r#"resource_id.matches("lph")"#, vec!["alpha"]),
        (r#"labels.team == "x""#, vec!["alpha"]),
        (r#"label == "team:y""#, vec!["beta"]),
        (r#"labels.team in ["x", "y"] && !(labels.team == "y")"#, vec!["alpha"]),
        (r#"state == "DELETED""#, vec!["gamma"]),
        (r#"name.contains("%")"#, vec![]),
        (r#"name == "' OR 1=1 --""#, vec![]),
    ] {
        assert_eq!(ids(json!({"filter": filter})).await, found, "{filter}");
    }
    assert_eq!(
        ids(json!({"showDeleted": true, "orderBy": "resource_id desc"})).await,
        ["gamma", "default", "beta", "alpha"]
    );
    let first =
        world.call("ProjectService/ListProjects", json!({"pageSize": 2}), &admin).await.ok();
    let token = first["nextPageToken"].clone();
    assert_eq!(ids(json!({"pageSize": 2, "pageToken": token})).await, ["default"]);
    for (body, reason) in [
        (json!({"filter": r#"name == "x") || true || (""#}), "INVALID_FILTER"),
        (json!({"filter": "true"}), "INVALID_FILTER"),
        (json!({"filter": r#"payload == "x""#}), "INVALID_FILTER"),
        (json!({"filter": vec![r#"name == "x""#; 2_000].join(" || ")}), "INVALID_FILTER"),
        (json!({"filter": "(".repeat(20_000)}), "INVALID_FILTER"),
        (json!({"filter": format!("name{}", ".a".repeat(15_000))}), "INVALID_FILTER"),
        (json!({"orderBy": "id;DROP TABLE project"}), "INVALID_FIELD"),
        (json!({"orderBy": "payload"}), "INVALID_FIELD"),
        (json!({"pageToken": "AAAA"}), "INVALID_PAGE_TOKEN"),
        (json!({"pageToken": token, "filter": r#"name == "x""#}), "INVALID_PAGE_TOKEN"),
        (json!({"pageToken": token, "orderBy": "resource_id desc"}), "INVALID_PAGE_TOKEN"),
    ] {
        let reply = world.call("ProjectService/ListProjects", body, &admin).await;
        reply.refused(400, "invalid_argument", reason);
    }
    world.end().await;
}

#[tokio::test]
async fn a_search_shows_what_the_caller_may_see() {
    let (world, admin) = World::start().await;
    let ann = world.user(&admin, "ann@example.com").await;
    world.project(&admin, "mine", &["ann@example.com"]).await;
    world.project(&admin, "secret", &[]).await;
    let found = async |token: &str| -> Vec<String> {
        let page =
            world.call("ProjectService/SearchProjects", json!({"pageSize": 50}), token).await.ok();
        let projects = page["projects"].as_array().cloned().unwrap_or_default();
        projects.iter().map(|p| p["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(found(&ann).await, ["projects/mine"]);
    assert_eq!(found(&admin).await, ["projects/default", "projects/mine", "projects/secret"]);
    let mixed = json!({"names": ["projects/mine", "projects/secret"]});
    let refused = world.call("ProjectService/BatchGetProjects", mixed, &ann).await;
    refused.refused(403, "permission_denied", "PERMISSION_MISSING");
    assert!(!refused.text().contains("projects/mine"), "only what is missing: {}", refused.text());
    // A token of the administrator's list is worth nothing in ann's.
    let first =
        world.call("ProjectService/SearchProjects", json!({"pageSize": 1}), &admin).await.ok();
    let body = json!({"pageSize": 1, "pageToken": first["nextPageToken"]});
    let refused = world.call("ProjectService/SearchProjects", body, &ann).await;
    refused.refused(400, "invalid_argument", "INVALID_PAGE_TOKEN");
    world.end().await;
}

#[tokio::test]
async fn a_purged_project_leaves_no_keys_behind() {
    let (world, admin) = World::start().await;
    world.project(&admin, "shop", &[]).await;
    let body = json!({"parent": "projects/shop", "serviceAccountId": "ci", "serviceAccount": {}});
    let made = world.call("ServiceAccountService/CreateServiceAccount", body, &admin).await.ok();
    let token =
        world.token("ci@shop.service.bytebase.com", made["serviceKey"].as_str().unwrap()).await;
    for purge in [false, true] {
        let body = json!({"name": "projects/shop", "purge": purge});
        world.call("ProjectService/DeleteProject", body, &admin).await.ok();
    }
    let over = world.call("ActuatorService/GetActuatorInfo", json!({}), &token).await;
    over.refused(401, "unauthenticated", "NOT_SIGNED_IN");
    world.end().await;
}
