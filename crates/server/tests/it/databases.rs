//! Instances, databases, changelogs and revisions over the wire: what comes out, and who is refused.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::real::Real;

fn folder(path: &Path) -> Value {
    json!({
        "title": "Files",
        "engine": "SQLITE",
        "environment": "environments/test",
        "dataSources": [{"id": "admin", "type": "ADMIN", "host": path.display().to_string()}],
    })
}

/// A data source of a server that does not exist, with every kind of secret.
fn secretive() -> Value {
    json!({
        "id": "admin", "type": "ADMIN", "host": "db.invalid", "username": "app", "useSsl": true,
        "password": "hunter2-password", "sslCa": "hunter2-ca", "sslCert": "hunter2-cert", "sslKey": "hunter2-key",
        "sshHost": "jump.invalid", "sshUser": "ops", "sshPassword": "hunter2-ssh", "sshPrivateKey": "hunter2-private",
    })
}

#[tokio::test]
async fn secrets_go_in_and_never_come_out() {
    let server = Real::start().await;
    let ann = server.admin().await;
    let instance = json!({"title": "Far", "engine": "POSTGRES", "dataSources": [secretive()]});
    let far = json!({"name": "instances/far"});
    let mut reader = secretive();
    (reader["id"], reader["type"]) = (json!("ro"), json!("READ_ONLY"));
    let named = |source: &Value| json!({"name": "instances/far", "dataSource": source});
    let mut edit = named(&reader);
    edit["updateMask"] = json!("password,sslKey");
    let calls = [
        ("InstanceService/CreateInstance", json!({"instanceId": "far", "instance": instance})),
        // Nobody is there: the refusal is an answer too.
        ("InstanceService/CreateInstance", json!({"instance": instance, "validateOnly": true})),
        ("InstanceService/GetInstance", far.clone()),
        ("InstanceService/AddDataSource", named(&reader)),
        ("InstanceService/UpdateDataSource", edit),
        (
            "InstanceService/UpdateInstance",
            json!({"instance": {"name": "instances/far", "title": "F"}, "updateMask": "title"}),
        ),
        ("InstanceService/ListInstances", json!({})),
        ("InstanceService/SyncInstance", far.clone()),
        (
            "InstanceService/ListInstanceDatabase",
            json!({"name": "instances/far", "instance": instance}),
        ),
        ("InstanceService/RemoveDataSource", named(&json!({"id": "ro"}))),
        ("InstanceService/GetInstance", far.clone()),
    ];
    for (rpc, body) in &calls {
        let reply = server.call(rpc, &ann, body).await;
        assert!(!reply.text().contains("hunter2"), "{rpc}: {}", reply.text());
    }
    let seen = server.good("InstanceService/GetInstance", &ann, &far).await;
    let source = &seen["dataSources"][0];
    for flag in ["sslCaSet", "sslCertSet", "sslKeySet", "verifyTlsCertificate"] {
        assert_eq!(source[flag], json!(true), "{flag} of {source}");
    }
    assert_eq!(seen["title"], json!("F"));
    // Nor do they rest in the clear: not among the secrets, not in the audited requests.
    server.app.store.close().await;
    for entry in std::fs::read_dir(server.data().join("data")).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(7).any(|w| w == b"hunter2"), "{}", path.display());
    }
}

#[tokio::test]
async fn a_stranger_is_refused_everywhere() {
    let server = Real::start().await;
    let ann = server.admin().await;
    let bob = server.member(&ann, "bob@example.com").await;
    let files = folder(&server.folder("files"));
    let create = json!({"instanceId": "files", "instance": files});
    server.good("InstanceService/CreateInstance", &ann, &create).await;
    make_database(&server, &ann, "shop").await;
    let instance = json!({"name": "instances/files"});
    let database = json!({"name": "instances/files/databases/shop"});
    let parent = json!({"parent": "instances/files/databases/shop"});
    let source = json!({"name": "instances/files", "dataSource": {"id": "ro", "type": "READ_ONLY", "host": "/tmp"}});
    let edit = json!({"database": database, "updateMask": "labels"});
    let calls = [
        ("InstanceService/GetInstance", instance.clone()),
        ("InstanceService/ListInstances", json!({})),
        ("InstanceService/CreateInstance", json!({"instanceId": "new", "instance": files})),
        ("InstanceService/UpdateInstance", json!({"instance": instance, "updateMask": "title"})),
        (
            "InstanceService/BatchUpdateInstances",
            json!({"requests": [{"instance": instance, "updateMask": "title"}]}),
        ),
        ("InstanceService/DeleteInstance", instance.clone()),
        ("InstanceService/UndeleteInstance", instance.clone()),
        ("InstanceService/SyncInstance", instance.clone()),
        ("InstanceService/BatchSyncInstances", json!({"requests": [instance]})),
        ("InstanceService/ListInstanceDatabase", instance.clone()),
        ("InstanceService/AddDataSource", source.clone()),
        ("InstanceService/UpdateDataSource", source.clone()),
        ("InstanceService/RemoveDataSource", source),
        // Members may list roles, but not have the server asked for them.
        (
            "InstanceRoleService/ListInstanceRoles",
            json!({"parent": "instances/files", "refresh": true}),
        ),
        ("DatabaseService/GetDatabase", database.clone()),
        (
            "DatabaseService/BatchGetDatabases",
            json!({"parent": "projects/-", "names": [database["name"]]}),
        ),
        ("DatabaseService/ListDatabases", json!({"parent": "workspaces/default"})),
        ("DatabaseService/ListDatabases", json!({"parent": "instances/files"})),
        ("DatabaseService/ListDatabases", json!({"parent": "projects/default"})),
        ("DatabaseService/UpdateDatabase", edit.clone()),
        (
            "DatabaseService/BatchUpdateDatabases",
            json!({"parent": "instances/files", "requests": [edit]}),
        ),
        ("DatabaseService/SyncDatabase", database.clone()),
        (
            "DatabaseService/BatchSyncDatabases",
            json!({"parent": "instances/files", "names": [database["name"]]}),
        ),
        (
            "DatabaseService/GetDatabaseMetadata",
            json!({"name": "instances/files/databases/shop/metadata"}),
        ),
        (
            "DatabaseService/GetDatabaseSchema",
            json!({"name": "instances/files/databases/shop/schema"}),
        ),
        ("DatabaseService/GetSchemaString", database.clone()),
        ("ChangelogService/ListChangelogs", parent.clone()),
        (
            "ChangelogService/GetChangelog",
            json!({"name": "instances/files/databases/shop/changelogs/1"}),
        ),
        ("RevisionService/ListRevisions", parent.clone()),
        (
            "RevisionService/GetRevision",
            json!({"name": "instances/files/databases/shop/revisions/1"}),
        ),
        (
            "RevisionService/BatchCreateRevisions",
            json!({"parent": parent["parent"], "requests": [{"revision": {"version": "1"}}]}),
        ),
        (
            "RevisionService/DeleteRevision",
            json!({"name": "instances/files/databases/shop/revisions/1"}),
        ),
    ];
    for (rpc, body) in &calls {
        let reply = server.call(rpc, &bob, body).await;
        assert_eq!(reply.status, 403, "{rpc} {body}: {}", reply.text());
        reply.refused(403, "permission_denied", "PERMISSION_MISSING");
        server.call(rpc, "", body).await.refused(401, "unauthenticated", "NOT_SIGNED_IN");
    }
}

#[tokio::test]
async fn a_database_from_its_server_to_the_wire() {
    let server = Real::start().await;
    let ann = server.admin().await;
    let create = json!({"instanceId": "files", "instance": folder(&server.folder("files"))});
    server.good("InstanceService/CreateInstance", &ann, &create).await;
    make_database(&server, &ann, "shop").await;
    let name = json!({"name": "instances/files/databases/shop"});
    let early = server
        .call(
            "DatabaseService/GetDatabaseSchema",
            &ann,
            &json!({"name": "instances/files/databases/shop/schema"}),
        )
        .await;
    early.refused(400, "failed_precondition", "BLOCKED");
    server.good("DatabaseService/SyncDatabase", &ann, &name).await;

    let shop = server.good("DatabaseService/GetDatabase", &ann, &name).await;
    assert_eq!(shop["project"], json!("projects/default"));
    assert_eq!(shop["effectiveEnvironment"], json!("environments/test"));
    assert_eq!(shop.get("environment"), None, "the instance's, not its own");
    assert_eq!((&shop["syncStatus"], &shop["tableCount"]), (&json!("OK"), &json!("1")));
    assert_eq!(shop["instanceResource"]["engine"], json!("SQLITE"));
    assert_eq!(shop["instanceResource"]["dataSources"], json!([{"id": "admin", "type": "ADMIN"}]));

    let metadata = json!({"name": "instances/files/databases/shop/metadata", "filter": "table == \"customer\""});
    let metadata = server.good("DatabaseService/GetDatabaseMetadata", &ann, &metadata).await;
    let columns = metadata["schemas"][0]["tables"][0]["columns"].as_array().unwrap();
    let names: Vec<_> = columns.iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["id", "email"]);
    let object =
        json!({"name": "instances/files/databases/shop", "type": "TABLE", "object": "customer"});
    let text = server.good("DatabaseService/GetSchemaString", &ann, &object).await;
    assert!(text["schemaString"].as_str().unwrap().contains("CREATE TABLE"), "{text}");

    let mut project = json!({"projectId": "shop", "project": {"title": "Shop"}});
    server.good("ProjectService/CreateProject", &ann, &project).await;
    project = json!({
        "database": {"name": "instances/files/databases/shop", "project": "projects/shop", "labels": {"tier": "gold"}},
        "updateMask": "project,labels",
    });
    let moved = server.good("DatabaseService/UpdateDatabase", &ann, &project).await;
    assert_eq!(
        (&moved["project"], &moved["labels"]),
        (&json!("projects/shop"), &json!({"tier": "gold"}))
    );
    let list = json!({"parent": "projects/shop", "filter": "label == \"tier:gold\""});
    let list = server.good("DatabaseService/ListDatabases", &ann, &list).await;
    assert_eq!(list["databases"].as_array().unwrap().len(), 1);
}

/// A database with one table in the instance `files`, found by a sync of the instance.
async fn make_database(server: &Real, token: &str, name: &str) {
    let stored = {
        let mut conn = server.app.store.read().await.unwrap();
        store::instances::get(&mut conn, "files").await.unwrap().unwrap()
    };
    let engine = server.app.engines.get(stored.engine).unwrap();
    let kind = store::rows::DataSourceKind::Admin;
    let scripts = [
        (None, format!("CREATE DATABASE \"{name}\"")),
        (
            Some(name),
            "CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT NOT NULL)".to_owned(),
        ),
        (Some(name), "CREATE VIEW everybody AS SELECT * FROM customer".to_owned()),
    ];
    for (database, statement) in scripts {
        let target = app::target::resolve(&server.app, &stored, kind, database).await.unwrap();
        let mut session = engine.connect(&target).await.unwrap();
        session.statement(&statement).await.unwrap();
        session.close().await;
    }
    let synced = server
        .good("InstanceService/SyncInstance", token, &json!({"name": "instances/files"}))
        .await;
    assert_eq!(synced["databases"], json!([name]));
}
