//! Changelogs and revisions of databases.

use app::filter::Ask;
use app::revision::{self, NewRevision};
use app::{changelog, database};
use base::Reason;
use store::blobs;
use store::rows::{Changelog, ChangelogKind, ChangelogStatus, RevisionKind};

use crate::support::{World, folder};

/// Databases `a` and `b` of the instance `files`.
async fn world() -> World {
    let world = World::start().await;
    let cx = world.cx();
    let files = world.dir.path().join("files");
    std::fs::create_dir(&files).unwrap();
    app::instance::create(&cx, "", "files", folder(&files), false).await.unwrap();
    let stored = app::instance::get(&cx, "instances/files").await.unwrap().instance;
    let kind = store::rows::DataSourceKind::Admin;
    let target = app::target::resolve(&world.app, &stored, kind, None).await.unwrap();
    let mut session = world.app.engines.get(stored.engine).unwrap().connect(&target).await.unwrap();
    for name in ["a", "b"] {
        session.statement(&format!("CREATE DATABASE \"{name}\"")).await.unwrap();
    }
    session.close().await;
    app::instance::sync(&cx, "instances/files", false).await.unwrap();
    world
}

async fn write_changelog(world: &World, id: &str, statement: &str, status: ChangelogStatus) {
    let database = world.database("files", "a").await.unwrap();
    let now = world.app.now();
    let mut tx = world.app.store.begin().await.unwrap();
    let mut keep = async |text: &str| Some(blobs::put_bytes(&mut tx, text).await.unwrap());
    let row = Changelog {
        id: id.to_owned(),
        database_id: database.id,
        kind: ChangelogKind::Migrate,
        status,
        creator: "users/ann@example.com".into(),
        project: "default".into(),
        plan: Some(1),
        task_run: "projects/default/plans/1/rollout/stages/test/tasks/1/taskRuns/1".into(),
        plan_title: "Add a table".into(),
        statement_sha256: keep(statement).await,
        before_sha256: keep("-- before").await,
        after_sha256: keep("-- after it").await,
        created_at: now,
        updated_at: now,
    };
    store::changelogs::insert(&mut tx, &row).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn changelogs_carry_texts_only_when_asked() {
    let world = world().await;
    let cx = world.cx();
    let long = "é".repeat(2 << 20);
    write_changelog(&world, "1", "CREATE TABLE t (a int)", ChangelogStatus::Done).await;
    write_changelog(&world, "2", &long, ChangelogStatus::Failed).await;
    let name = "instances/files/databases/a/changelogs/1";
    let basic = changelog::get(&cx, name, false).await.unwrap();
    assert!(basic.texts.is_none());
    assert_eq!(basic.schema_size, 11);
    let full = changelog::get(&cx, name, true).await.unwrap().texts.unwrap();
    assert_eq!((full.schema.as_str(), full.schema_before.as_str()), ("-- after it", "-- before"));
    assert_eq!(full.statement, "CREATE TABLE t (a int)");

    let parent = "instances/files/databases/a";
    let ids = async |filter: &str, full: bool| {
        let ask = Ask { filter: filter.into(), ..Ask::default() };
        changelog::list(&cx, parent, &ask, full).await.unwrap().items
    };
    let all = ids("", true).await;
    assert_eq!(all.iter().map(|c| c.changelog.id.as_str()).collect::<Vec<_>>(), ["2", "1"]);
    let cut = &all[0].texts.as_ref().unwrap().statement;
    assert!(cut.len() == 2 << 20 && cut.chars().all(|c| c == 'é'), "cut between characters");
    assert_eq!(ids(r#"status == "DONE""#, false).await.len(), 1);
    assert_eq!(ids(r#"create_time >= "2999-01-01T00:00:00Z""#, false).await.len(), 0);

    // Not through another database, whoever may read that.
    let error =
        changelog::get(&cx, "instances/files/databases/b/changelogs/1", true).await.unwrap_err();
    assert_eq!(error.reason(), Reason::ResourceNotFound);
}

fn version(version: &str) -> NewRevision {
    NewRevision {
        stream: String::new(),
        parent: String::new(),
        kind: RevisionKind::Versioned,
        version: version.into(),
        file: format!("migrations/{version}.sql"),
        sheet: String::new(),
        release: String::new(),
        task_run: String::new(),
    }
}

#[tokio::test]
async fn a_version_is_marked_once_and_may_be_taken_back() {
    let world = world().await;
    let cx = world.cx();
    let parent = "instances/files/databases/a";
    let made =
        revision::batch_create(&cx, parent, vec![version("1.2"), version("1.10")]).await.unwrap();
    let versions = async |show_deleted: bool| -> Vec<String> {
        let ask = Ask { show_deleted, ..Ask::default() };
        let page = revision::list(&cx, parent, &ask).await.unwrap();
        page.items.into_iter().map(|r| r.revision.version).collect()
    };
    assert_eq!(versions(false).await, ["1.10", "1.2"]);
    let twice =
        revision::batch_create(&cx, parent, vec![version("2"), version("1.2")]).await.unwrap_err();
    assert_eq!(twice.reason(), Reason::ResourceExists);
    assert_eq!(versions(false).await.len(), 2, "all or none");

    let name = made[0].name.to_string();
    assert_eq!(revision::get(&cx, &name).await.unwrap().revision.creator, "system");
    let elsewhere = name.replace("/databases/a/", "/databases/b/");
    assert_eq!(
        revision::get(&cx, &elsewhere).await.unwrap_err().reason(),
        Reason::ResourceNotFound
    );
    let long = revision::delete(&cx, &name, &"x".repeat(1_001)).await.unwrap_err();
    assert_eq!(long.field_violations()[0].field, "reason");
    revision::delete(&cx, &name, " marked by mistake ").await.unwrap();
    let twice = revision::delete(&cx, &name, "").await.unwrap_err();
    assert_eq!(twice.reason(), Reason::ResourceNotFound);
    let taken = revision::get(&cx, &name).await.unwrap().revision;
    assert_eq!(taken.delete_reason, "marked by mistake");
    assert_eq!((versions(false).await.len(), versions(true).await.len()), (1, 2));
    revision::batch_create(&cx, parent, vec![version("1.2")]).await.unwrap();
    let mut of_other = version("3");
    of_other.sheet = format!("projects/other/sheets/{}", "0".repeat(64));
    let error = revision::batch_create(&cx, parent, vec![of_other]).await.unwrap_err();
    assert_eq!(error.field_violations()[0].field, "requests[0].revision.sheet");
}

#[tokio::test]
async fn a_schema_that_was_never_read_is_not_shown_as_empty() {
    let world = world().await;
    let cx = world.cx();
    let error = database::schema(&cx, "instances/files/databases/a/schema").await.unwrap_err();
    assert_eq!(error.reason(), Reason::Blocked);
    let error =
        database::metadata(&cx, "instances/files/databases/a/metadata", "", 0).await.unwrap_err();
    assert!(error.message().contains("sync it first"), "{error}");
}
