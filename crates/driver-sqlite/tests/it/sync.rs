//! What a sync reads, and what statements answer.

use base::Position;
use engine::{Engine as _, FailureKind, SettingsRequest};
use std::time::{Duration, Instant};

use crate::support::{Folder, engine, run};

#[tokio::test]
async fn one_broken_object_does_not_hide_the_others() {
    let folder = Folder::new();
    let mut s = folder.database("broken").await;
    run(&mut *s, "create table t (a int); create view good as select a from t; create view bad as select b from u").await;
    let catalog = s.sync_database().await.expect("reads what can be read");
    let names: Vec<_> =
        catalog.schemas[0].views.iter().map(|v| (&*v.name, v.columns.len())).collect();
    assert_eq!(names, [("bad", 0), ("good", 1)]);
    assert_eq!(catalog.schemas[0].views[0].definition, "select b from u");
    assert_eq!((catalog.name.as_str(), catalog.character_set.as_str()), ("broken", "UTF-8"));
}

#[tokio::test]
async fn a_sync_inside_a_transaction_sees_it_and_leaves_it_open() {
    let folder = Folder::new();
    let mut s = folder.database("d").await;
    s.begin(&engine::Transaction::default()).await.unwrap();
    run(&mut *s, "create table t (a int)").await;
    assert_eq!(s.sync_database().await.unwrap().table_count(), 1);
    s.rollback().await.unwrap();
    assert_eq!(s.sync_database().await.unwrap().table_count(), 0);
    s.rollback().await.expect("nothing to roll back is fine");
}

#[tokio::test]
async fn replies_and_places() {
    let folder = Folder::new();
    let mut s = folder.database("d").await;
    assert_eq!(s.statement("create table t (a int check (a > 0))").await.unwrap().rows, None);
    assert_eq!(s.statement("insert into t values (1), (2), (3)").await.unwrap().rows, Some(3));
    assert_eq!(s.statement("delete from t where a > 2 returning a").await.unwrap().rows, Some(1));
    assert_eq!(s.statement("-- nothing").await.unwrap().rows, None);
    let failure = s.statement("insert into t values (0)").await.unwrap_err();
    assert_eq!((failure.code.as_str(), failure.kind), ("275", FailureKind::Server));
    for (sql, kind) in [
        ("select 1; drop table t", FailureKind::Unsupported),
        ("select 1 \0; drop table t", FailureKind::Unsupported),
    ] {
        assert_eq!(s.statement(sql).await.unwrap_err().kind, kind, "{sql:?}");
    }
    let found = s.check_syntax("select 'é',\n  frm t x y").await.unwrap().unwrap();
    assert_eq!(found[0].position, Position { line: 2, column: 9 }, "{found:?}");
    let found = s.check_syntax("select (1").await.unwrap().unwrap();
    assert_eq!(found[0].message, "incomplete input");
    for good in
        ["select * from missing", "drop table t", "pragma foreign_keys = off", "create database x"]
    {
        assert_eq!(s.check_syntax(good).await.unwrap(), Some(Vec::new()), "{good}");
    }
    run(
        &mut *s,
        "create table child (a int references t (a)); pragma user_version = 7; select * from t",
    )
    .await;
}

#[tokio::test]
async fn a_statement_past_its_limit_is_interrupted() {
    let folder = Folder::new();
    let mut s = folder.database("d").await;
    let request = SettingsRequest {
        statement_timeout: Some(Duration::from_millis(200)),
        ..SettingsRequest::default()
    };
    s.apply_settings(&engine().settings(&request).unwrap()).await.unwrap();
    let started = Instant::now();
    let endless =
        "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n";
    assert_eq!(s.statement(endless).await.unwrap_err().kind, FailureKind::Timeout);
    assert!(started.elapsed() < Duration::from_secs(10));
    s.statement("select 1").await.expect("the session goes on");
    drop(s);
    folder.connect(Some("d")).await.close().await;
}

#[tokio::test]
async fn a_file_that_is_no_database_and_one_in_wal_mode() {
    let folder = Folder::new();
    std::fs::write(
        folder.path().join("text.db"),
        "no database at all, but long enough to have a header",
    )
    .unwrap();
    let failure = engine().connect(&folder.target(Some("text"))).await.err().expect("is refused");
    assert_eq!(failure.kind, FailureKind::Unsupported, "{failure}");
    let mut s = folder.database("live").await;
    run(&mut *s, "pragma journal_mode = wal; create table t (a int)").await;
    let mut target = folder.target(Some("live"));
    target.read_only = true;
    let mut reader = engine().connect(&target).await.expect("reads beside a writer");
    run(&mut *s, "insert into t values (1)").await;
    assert_eq!(reader.statement("select * from t").await.unwrap().rows, Some(1));
    let failure = reader.statement("insert into t values (2)").await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Permission, "{failure}");
    assert!(reader.statement("pragma query_only = off").await.is_err());
    let names: Vec<_> =
        reader.sync_instance().await.unwrap().databases.into_iter().map(|d| d.name).collect();
    assert_eq!(names, ["live"]);
}
