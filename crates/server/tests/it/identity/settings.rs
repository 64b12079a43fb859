//! Settings.

use serde_json::{Value, json};

use super::world::{Expect as _, World};

fn environments(list: &Value) -> Value {
    json!({"setting": {"name": "settings/ENVIRONMENT", "value": {"environment": {"environments": list}}}})
}

#[tokio::test]
async fn a_new_workspace_has_test_and_prod() {
    let (world, admin) = World::start().await;
    let bob = world.user(&admin, "bob@example.com").await;
    let name = json!({"name": "settings/ENVIRONMENT"});
    let setting = world.call("SettingService/GetSetting", name, &bob).await.ok();
    let list = setting["value"]["environment"]["environments"].as_array().unwrap();
    let shown: Vec<_> =
        list.iter().map(|e| (e["name"].as_str().unwrap(), e["protected"] == true)).collect();
    assert_eq!(shown, [("environments/test", false), ("environments/prod", true)]);
    world.end().await;
}

#[tokio::test]
async fn environments_change_in_order_and_are_checked() {
    let (world, admin) = World::start().await;
    let update = |body: Value| world.call("SettingService/UpdateSetting", body, &admin);
    let list = json!([
        {"id": "dev", "title": "Dev", "color": {"red": 0.2, "green": 0.4, "blue": 0.6}, "lockTimeout": "1.500s"},
        {"id": "prod", "title": "Prod", "protected": true, "tags": {"k": "v"}},
    ]);
    let dry = {
        let mut body = environments(&list);
        body["validateOnly"] = json!(true);
        update(body).await.ok()
    };
    assert_eq!(dry["value"]["environment"]["environments"][0]["id"], "dev");
    let read = async || {
        world
            .call("SettingService/GetSetting", json!({"name": "settings/ENVIRONMENT"}), &admin)
            .await
            .ok()
    };
    assert_eq!(
        read().await["value"]["environment"]["environments"][0]["id"],
        "test",
        "nothing was written"
    );
    update(environments(&list)).await.ok();
    let kept = read().await;
    let first = &kept["value"]["environment"]["environments"][0];
    assert_eq!((&first["id"], &first["lockTimeout"]), (&json!("dev"), &json!("1.500s")));
    let wrong = json!([{"id": "Bad", "title": ""}, {"id": "a", "title": "A", "statementTimeout": "0s"}, {"id": "a", "title": "A"}]);
    let fields = update(environments(&wrong)).await.fields();
    let at = |f: &str| format!("setting.value.environment.environments{f}");
    assert_eq!(fields, [at("[0].id"), at("[0].title"), at("[1].statement_timeout"), at("[2].id")]);
    let negative = json!([{"id": "a", "title": "A", "lockTimeout": "-1s"}]);
    assert_eq!(update(environments(&negative)).await.fields(), [at("[0].lock_timeout")]);
    world.end().await;
}

#[tokio::test]
async fn the_profile_changes_by_mask() {
    let (world, admin) = World::start().await;
    let update = |mask: &str, profile: Value| {
        let setting =
            json!({"name": "settings/WORKSPACE_PROFILE", "value": {"workspaceProfile": profile}});
        world.call(
            "SettingService/UpdateSetting",
            json!({"setting": setting, "updateMask": mask}),
            &admin,
        )
    };
    let kept =
        update("value.workspaceProfile.disallowSignup", json!({"externalUrl": "https://not.this"}))
            .await
            .ok();
    assert_eq!(kept["value"]["workspaceProfile"]["externalUrl"], json!(null));
    let open = world.call("AuthService/GetAuthenticationRestriction", json!({}), "").await.ok();
    assert_eq!(open["restriction"]["disallowSignup"], json!(null));
    let body = json!({"email": "eve@example.com", "password": super::world::PASSWORD});
    world.call("AuthService/Signup", body, "").await.ok();
    let kept = update(
        "value.workspaceProfile.externalUrl,value.workspaceProfile.domains",
        json!({"externalUrl": "https://x.io/", "domains": ["X.io"]}),
    )
    .await
    .ok();
    assert_eq!(kept["value"]["workspaceProfile"]["externalUrl"], "https://x.io");
    for (mask, profile, field) in [
        (
            "value.workspaceProfile.externalUrl",
            json!({"externalUrl": "javascript:alert(1)"}),
            "setting.value.workspace_profile.external_url",
        ),
        (
            "value.workspaceProfile.sqlEditorThemeId",
            json!({"sqlEditorThemeId": "x"}),
            "setting.value.workspace_profile.sql_editor_theme_id",
        ),
        (
            "value.workspaceProfile.disallowPasswordSignin",
            json!({"disallowPasswordSignin": true}),
            "setting.value.workspace_profile.disallow_password_signin",
        ),
        ("*", json!({}), "update_mask"),
        ("value.workspaceProfile.nosuch", json!({}), "update_mask"),
        ("value.environment", json!({}), "update_mask"),
    ] {
        assert_eq!(update(mask, profile).await.fields(), [field], "{mask}");
    }
    world.end().await;
}

#[tokio::test]
async fn passwords_follow_the_profile() {
    let (world, admin) = World::start().await;
    let rule = json!({"minLength": 12, "requireNumber": true});
    let setting = json!({"name": "settings/WORKSPACE_PROFILE", "value": {"workspaceProfile": {"passwordRestriction": rule}}});
    let mask = "value.workspaceProfile.passwordRestriction";
    world
        .call(
            "SettingService/UpdateSetting",
            json!({"setting": setting, "updateMask": mask}),
            &admin,
        )
        .await
        .ok();
    let create =
        |password: &str| json!({"user": {"email": "ann@example.com", "password": password}});
    let fields = world.call("UserService/CreateUser", create("elevenchars"), &admin).await.fields();
    assert_eq!(fields, ["user.password", "user.password"]);
    world.call("UserService/CreateUser", create("twelve chars 12"), &admin).await.ok();
    world.end().await;
}

#[tokio::test]
async fn other_settings_are_named_as_not_available() {
    let (world, admin) = World::start().await;
    for name in ["settings/AI", "settings/SEMANTIC_TYPES"] {
        let reply = world.call("SettingService/GetSetting", json!({"name": name}), &admin).await;
        reply.refused(501, "unimplemented", "NOT_IMPLEMENTED");
    }
    let absent =
        world.call("SettingService/GetSetting", json!({"name": "settings/NOSUCH"}), &admin).await;
    absent.refused(404, "not_found", "RESOURCE_NOT_FOUND");
    let mixed =
        json!({"setting": {"name": "settings/ENVIRONMENT", "value": {"workspaceProfile": {}}}});
    assert_eq!(
        world.call("SettingService/UpdateSetting", mixed, &admin).await.fields(),
        ["setting.value"]
    );
    world.end().await;
}

#[tokio::test]
async fn the_workspace_has_a_name_that_anybody_may_read() {
    let (world, admin) = World::start().await;
    let get = json!({"name": "workspaces/-"});
    let shown = world.call("WorkspaceService/GetWorkspace", get.clone(), "").await.ok();
    assert_eq!((&shown["name"], &shown["title"]), (&json!("workspaces/default"), &json!("Basalt")));
    let update = |mask: &str, workspace: Value| {
        let mut workspace = workspace;
        workspace["name"] = json!("workspaces/default");
        world.call(
            "WorkspaceService/UpdateWorkspace",
            json!({"workspace": workspace, "updateMask": mask}),
            &admin,
        )
    };
    update("title", json!({"title": "Ours"})).await.ok();
    assert_eq!(world.call("WorkspaceService/GetWorkspace", get, "").await.ok()["title"], "Ours");
    assert_eq!(update("title", json!({"title": ""})).await.fields(), ["workspace.title"]);
    for logo in [
        "https://evil.example/x.png",
        "data:image/svg+xml;base64,AAAA",
        "data:image/png;base64,\"><script>",
    ] {
        assert_eq!(
            update("logo", json!({"logo": logo})).await.fields(),
            ["workspace.logo"],
            "{logo}"
        );
    }
    let other =
        world.call("WorkspaceService/GetWorkspace", json!({"name": "workspaces/other"}), "").await;
    other.refused(404, "not_found", "RESOURCE_NOT_FOUND");
    let all = world.call("WorkspaceService/ListWorkspaces", json!({}), &admin).await.ok();
    assert_eq!(all["workspaces"][0]["title"], "Ours");
    world.end().await;
}
