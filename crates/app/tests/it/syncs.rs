//! What a sync finds, and what happens to databases that come, go and come back.

use app::{database, instance};
use base::Reason;
use store::rows::{State, SyncStatus};
use testkit::servers::{self, Server};

use crate::support::{World, folder, instance as an_instance};

const SCHEMA: &str = "CREATE TABLE customer (id integer PRIMARY KEY, email varchar(200) NOT NULL);";

async fn comes_goes_and_comes_back(server: Server) {
    let world = World::start().await;
    let cx = world.cx();
    let target = server.database().await;
    target.execute(SCHEMA).await;
    let name = target.name.clone();
    world.run_syncs();
    instance::create(&cx, "", "srv", an_instance(&server, &[&name]), false).await.unwrap();

    // New: found and read in the background, in the default project and the instance's environment.
    let first = world.database_once("srv", &name, |d| d.sync_status == SyncStatus::Ok).await;
    assert_eq!((first.project.as_str(), first.state), ("default", State::Active));
    assert_eq!(first.effective_environment.as_deref(), Some("test"));
    assert_eq!((first.table_count, first.sync_error.as_str()), (1, ""));
    let full = format!("instances/srv/databases/{name}");
    let text = database::schema(&cx, &format!("{full}/schema")).await.unwrap();
    assert!(text.contains("customer"), "{text}");
    let metadata = database::metadata(&cx, &format!("{full}/metadata"), "", 0).await.unwrap();
    let tables: Vec<_> = metadata.catalog.schemas.iter().flat_map(|s| &s.tables).collect();
    assert_eq!((tables.len(), tables[0].columns.len()), (1, 2));
    let seen = instance::get(&cx, "instances/srv").await.unwrap().instance;
    assert!(!seen.engine_version.is_empty() && !seen.payload.roles.is_empty());

    // Unchanged: nobody is told. Changed: the database's pages are.
    let (_, last) = world.events_after(0).await;
    database::sync(&cx, &full).await.unwrap();
    assert!(world.events_after(last).await.0.is_empty());
    target.execute("ALTER TABLE customer ADD phone varchar(40);").await;
    database::sync(&cx, &full).await.unwrap();
    assert_eq!(world.events_after(last).await.0, [format!("database {full}")]);
    let changed = world.database("srv", &name).await.unwrap();
    assert_ne!(changed.schema_sha256, first.schema_sha256);

    // Gone.
    drop(target);
    assert_eq!(instance::sync(&cx, "instances/srv", false).await.unwrap(), Vec::<String>::new());
    assert_eq!(world.database("srv", &name).await.unwrap().state, State::Deleted);
    let refused = database::sync(&cx, &full).await.unwrap_err();
    assert_eq!(refused.reason(), Reason::ResourceDeleted);

    // Back: the same database, with its history.
    server.execute(&format!("CREATE DATABASE {name}")).await;
    assert_eq!(instance::sync(&cx, "instances/srv", false).await.unwrap(), [name.as_str()]);
    let back =
        world.database_once("srv", &name, |d| d.state == State::Active && d.table_count == 0).await;
    assert_eq!(back.id, first.id);
    server.execute(&format!("DROP DATABASE {name}")).await;
}

#[tokio::test]
async fn comes_goes_and_comes_back_on_postgres() {
    let Some(server) = servers::postgres().await else { return };
    comes_goes_and_comes_back(server).await;
}

#[tokio::test]
async fn comes_goes_and_comes_back_on_mariadb() {
    let Some(server) = servers::mariadb().await else { return };
    comes_goes_and_comes_back(server).await;
}

#[tokio::test]
async fn a_failure_is_kept_and_told_once() {
    let Some(server) = servers::postgres().await else { return };
    let world = World::start().await;
    let cx = world.cx();
    let target = server.database().await;
    let name = &target.name;
    let full = format!("instances/srv/databases/{name}");
    instance::create(&cx, "", "srv", an_instance(&server, &[name]), false).await.unwrap();
    instance::sync(&cx, "instances/srv", false).await.unwrap();
    database::sync(&cx, &full).await.unwrap();
    let good = world.database("srv", name).await.unwrap();

    let mut input = crate::support::admin(&server);
    input.secrets.password = "wrong".into();
    instance::update_source(&cx, "instances/srv", input, None, false, false).await.unwrap();
    let (_, last) = world.events_after(0).await;
    for _ in 0..2 {
        let error = database::sync(&cx, &full).await.unwrap_err();
        assert_eq!(error.reason(), Reason::ConnectionAuth);
    }
    assert_eq!(world.events_after(last).await.0, [format!("database {full}")]);
    let bad = world.database("srv", name).await.unwrap();
    assert_eq!(bad.sync_status, SyncStatus::Failed);
    assert!(bad.sync_error.contains("password"), "{}", bad.sync_error);
    assert_eq!((bad.synced_at, bad.schema_sha256), (good.synced_at, good.schema_sha256));

    let error = instance::sync(&cx, "instances/srv", false).await.unwrap_err();
    assert_eq!(error.reason(), Reason::ConnectionAuth);
    let seen = instance::get(&cx, "instances/srv").await.unwrap().instance;
    assert_eq!(seen.sync_status, SyncStatus::Failed);
    assert!(!seen.engine_version.is_empty(), "what was known stays");
}

#[tokio::test]
async fn a_folder_of_sqlite_files_is_an_instance() {
    let world = World::start().await;
    let cx = world.cx();
    let files = world.dir.path().join("files");
    std::fs::create_dir(&files).unwrap();
    instance::create(&cx, "", "files", folder(&files), false).await.unwrap();
    assert!(instance::sync(&cx, "instances/files", false).await.unwrap().is_empty());

    let stored = instance::get(&cx, "instances/files").await.unwrap().instance;
    let target =
        app::target::resolve(&world.app, &stored, store::rows::DataSourceKind::Admin, None)
            .await
            .unwrap();
    let engine = world.app.engines.get(stored.engine).unwrap();
    let mut session = engine.connect(&target).await.unwrap();
    session.statement("CREATE DATABASE \"shop\"").await.unwrap();
    session.close().await;
    assert_eq!(instance::sync(&cx, "instances/files", false).await.unwrap(), ["shop"]);
    let target =
        app::target::resolve(&world.app, &stored, store::rows::DataSourceKind::Admin, Some("shop"))
            .await
            .unwrap();
    let mut session = engine.connect(&target).await.unwrap();
    session.statement(SCHEMA).await.unwrap();

    // What another session changed is seen by the next sync.
    let shop = world.database("files", "shop").await.unwrap();
    let before =
        app::sync::database::snapshot(&world.app, session.as_mut(), &shop, None).await.unwrap();
    assert!(before.changed && before.tables == 1);
    session.statement("ALTER TABLE customer ADD COLUMN phone text").await.unwrap();
    let after =
        app::sync::database::snapshot(&world.app, session.as_mut(), &shop, None).await.unwrap();
    assert!(after.changed && after.schema_sha256 != before.schema_sha256);
    let again =
        app::sync::database::snapshot(&world.app, session.as_mut(), &shop, None).await.unwrap();
    assert!(!again.changed && again.schema_sha256 == after.schema_sha256);
    session.close().await;
    let text = database::schema(&cx, "instances/files/databases/shop/schema").await.unwrap();
    assert!(text.contains("phone"), "{text}");
}
