//! Who sees which database, and moving them between projects.

use app::Cx;
use app::database::{self, DatabaseChange};
use app::filter::Ask;
use base::{Reason, Result};

use crate::support::{World, folder};

const ANN: &str = "ann@example.com";
const BOB: &str = "bob@example.com";

/// Databases `a1` and `a2` in Ann's project, `b1` in Bob's, `free` in none.
async fn world() -> World {
    let world = World::start().await;
    let cx = world.cx();
    world.project("ann", ANN).await;
    world.project("bob", BOB).await;
    let files = world.dir.path().join("files");
    std::fs::create_dir(&files).unwrap();
    app::instance::create(&cx, "", "files", folder(&files), false).await.unwrap();
    let stored = app::instance::get(&cx, "instances/files").await.unwrap().instance;
    let kind = store::rows::DataSourceKind::Admin;
    let target = app::target::resolve(&world.app, &stored, kind, None).await.unwrap();
    let mut session = world.app.engines.get(stored.engine).unwrap().connect(&target).await.unwrap();
    for name in ["a1", "a2", "b1", "free"] {
        session.statement(&format!("CREATE DATABASE \"{name}\"")).await.unwrap();
    }
    session.close().await;
    app::instance::sync(&cx, "instances/files", false).await.unwrap();
    for (database, project) in [("a1", "ann"), ("a2", "ann"), ("b1", "bob")] {
        database::update(&cx, to_project(database, project)).await.unwrap();
    }
    world
}

fn to_project(database: &str, project: &str) -> DatabaseChange {
    DatabaseChange {
        name: name(database),
        project: format!("projects/{project}"),
        mask: vec!["project".into()],
        ..DatabaseChange::default()
    }
}

fn name(database: &str) -> String {
    format!("instances/files/databases/{database}")
}

async fn listed(cx: &Cx, parent: &str, filter: &str) -> Result<Vec<String>> {
    let ask = Ask { filter: filter.into(), ..Ask::default() };
    let page = database::list(cx, parent, &ask).await?;
    Ok(page.items.into_iter().map(|d| d.database.name).collect())
}

#[tokio::test]
async fn each_caller_lists_what_they_may_see() {
    let world = world().await;
    let (system, ann) = (world.cx(), world.cx_of(ANN));
    for parent in ["workspaces/default", "instances/files", "projects/-"] {
        assert_eq!(
            listed(&system, parent, "").await.unwrap(),
            ["a1", "a2", "b1", "free"],
            "{parent}"
        );
        assert_eq!(listed(&ann, parent, "").await.unwrap(), ["a1", "a2"], "{parent}");
    }
    assert_eq!(listed(&ann, "projects/ann", "").await.unwrap(), ["a1", "a2"]);
    let refused = listed(&ann, "projects/bob", "").await.unwrap_err();
    assert_eq!(refused.reason(), Reason::PermissionMissing);
    let absent = listed(&ann, "projects/nosuch", "").await.unwrap_err();
    assert_eq!(
        absent.message().replace("nosuch", "bob"),
        refused.message(),
        "absent and hidden look alike"
    );
    let stranger = world.cx_of("stranger@example.com");
    for parent in ["workspaces/default", "instances/files", "projects/ann"] {
        let refused = listed(&stranger, parent, "").await.unwrap_err();
        assert_eq!(refused.reason(), Reason::PermissionMissing, "{parent}");
    }
    let missing = listed(&system, "instances/nosuch", "").await.unwrap_err();
    assert_eq!(missing.reason(), Reason::ResourceNotFound);
}

#[tokio::test]
async fn lists_are_filtered() {
    let world = world().await;
    let cx = world.cx();
    let ids = async |filter: &str| listed(&cx, "workspaces/default", filter).await.unwrap();
    assert_eq!(ids(r#"project == "projects/ann""#).await, ["a1", "a2"]);
    assert_eq!(ids("exclude_unassigned == true").await, ["a1", "a2", "b1"]);
    assert_eq!(ids(r#"name.matches("A") && engine == "SQLITE""#).await, ["a1", "a2"]);
    assert_eq!(ids(r#"environment == "environments/test" && name == "free""#).await, ["free"]);
    assert_eq!(ids(r#"instance == "instances/other""#).await, Vec::<String>::new());
    assert_eq!(ids(r#"!(project in ["projects/ann", "projects/bob"])"#).await, ["free"]);
}

#[tokio::test]
async fn a_batch_is_read_whole_or_not_at_all() {
    let world = world().await;
    let ann = world.cx_of(ANN);
    let read = async |cx: &Cx, parent: &str, names: &[&str]| {
        let names: Vec<String> = names.iter().map(|n| name(n)).collect();
        let found = database::batch_get(cx, parent, &names).await;
        found.map(|all| all.into_iter().map(|d| d.database.name).collect::<Vec<_>>())
    };
    assert_eq!(read(&ann, "projects/ann", &["a2", "a1"]).await.unwrap(), ["a2", "a1"]);
    assert_eq!(read(&ann, "instances/-", &["a2"]).await.unwrap(), ["a2"]);
    for (parent, names) in
        [("projects/-", &["a1", "b1"][..]), ("projects/-", &["nosuch"]), ("projects/bob", &["a1"])]
    {
        let refused = read(&ann, parent, names).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::PermissionMissing, "{names:?}");
    }
    let absent = read(&world.cx(), "projects/-", &["a1", "nosuch"]).await.unwrap_err();
    assert_eq!(absent.reason(), Reason::ResourceNotFound);
}

#[tokio::test]
async fn moving_takes_the_right_on_both_projects() {
    let world = world().await;
    let ann = world.cx_of(ANN);
    // The gate has asked about the database itself; the use case asks about where it goes.
    let refused = database::update(&ann, to_project("a1", "bob")).await.unwrap_err();
    assert_eq!(refused.reason(), Reason::PermissionMissing);
    assert_eq!(refused.denied().unwrap().resources, ["projects/bob"]);
    let moved = database::update(&world.cx(), to_project("a1", "bob")).await.unwrap();
    assert_eq!(moved.database.project, "bob");
    assert_eq!(listed(&ann, "projects/ann", "").await.unwrap(), ["a2"]);

    // All or none.
    let both = vec![to_project("a2", "bob"), to_project("nosuch", "bob")];
    let error = database::update_many(&world.cx(), "instances/-", both).await.unwrap_err();
    assert_eq!(error.reason(), Reason::ResourceNotFound);
    let (cx, one) = (world.cx(), vec![to_project("a2", "bob")]);
    let elsewhere = database::update_many(&cx, "instances/other", one);
    assert_eq!(elsewhere.await.unwrap_err().reason(), Reason::InvalidField);
    assert_eq!(world.database("files", "a2").await.unwrap().project, "ann");

    app::project::delete(&world.cx(), "projects/bob", false).await.unwrap();
    let error = database::update(&world.cx(), to_project("a2", "bob")).await.unwrap_err();
    assert_eq!(error.reason(), Reason::ResourceDeleted);
}

#[tokio::test]
async fn environments_and_labels_change_by_mask() {
    let world = world().await;
    let cx = world.cx();
    let change = |environment: Option<&str>, mask: &[&str]| DatabaseChange {
        name: name("a1"),
        environment: environment.map(str::to_owned),
        labels: [("tier".to_owned(), "gold".to_owned())].into(),
        mask: mask.iter().map(|m| (*m).to_owned()).collect(),
        ..DatabaseChange::default()
    };
    let seen =
        database::update(&cx, change(Some("prod"), &["environment"])).await.unwrap().database;
    assert_eq!(
        (seen.environment.as_deref(), seen.effective_environment.as_deref()),
        (Some("prod"), Some("prod"))
    );
    assert!(seen.labels.is_empty());
    let seen =
        database::update(&cx, change(None, &["environment", "labels"])).await.unwrap().database;
    assert_eq!((seen.environment, seen.effective_environment.as_deref()), (None, Some("test")));
    assert_eq!(listed(&cx, "projects/ann", r#"labels.tier == "gold""#).await.unwrap(), ["a1"]);
    let error = database::update(&cx, change(Some("nosuch"), &["environment"])).await.unwrap_err();
    assert_eq!(error.field_violations()[0].field, "database.environment");
    for mask in [&["state"][..], &["name"], &[]] {
        let error = database::update(&cx, change(None, mask)).await.unwrap_err();
        assert_eq!(error.field_violations()[0].field, "update_mask", "{mask:?}");
    }
}
