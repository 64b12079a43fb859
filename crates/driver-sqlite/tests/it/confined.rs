//! What SQL in one file must not reach.

use engine::{Engine as _, FailureKind};

use crate::support::{Folder, engine, run};

#[tokio::test]
async fn other_files_are_out_of_reach() {
    let folder = Folder::new();
    let mut s = folder.database("d").await;
    run(&mut *s, "create table t (a int); insert into t values (1)").await;
    let outside = folder.path().join("outside.db");
    let path = outside.display();
    for sql in [
        format!("attach '{path}' as x"),
        format!("attach '' || '{path}' as x"),
        format!("attach 'file:{path}' as x"),
        format!("vacuum into '{path}'"),
        format!("vacuum main into ('' || '{path}')"),
        "pragma writable_schema = on".to_owned(),
        "pragma trusted_schema = on".to_owned(),
        format!("pragma temp_store_directory = '{path}'"),
        "select load_extension('x')".to_owned(),
        "update sqlite_schema set sql = 'x'".to_owned(),
    ] {
        let failure = s.statement(&sql).await.expect_err(&sql);
        assert!(
            matches!(failure.kind, FailureKind::Permission | FailureKind::Server),
            "{sql}: {failure:?}"
        );
        assert!(!outside.exists(), "{sql} made a file");
    }
    run(&mut *s, "vacuum; reindex; analyze").await;
    assert_eq!(s.statement("select * from t").await.unwrap().rows, Some(1));
}

#[tokio::test]
async fn names_stay_in_the_folder() {
    let folder = Folder::new();
    folder.database("here").await.close().await;
    for name in ["../here", "/etc/passwd", "missing", "", ".", "..", "here.db", "sub/here"] {
        let failure = engine().connect(&folder.target(Some(name))).await.err().expect(name);
        assert_eq!(failure.kind, FailureKind::NoDatabase, "{name:?}: {failure}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "connecting made no file");
    let mut s = folder.connect(None).await;
    for sql in ["create database \"../x\"", "create database here", "create database \"a/b\""] {
        s.statement(sql).await.expect_err(sql);
    }
    assert!(s.sync_database().await.is_err());
    let mut target = folder.target(None);
    target.host = "relative".to_owned();
    assert_eq!(engine().connect(&target).await.err().map(|f| f.kind), Some(FailureKind::Address));
    target.host = folder.path().join("here.db").display().to_string();
    assert_eq!(engine().connect(&target).await.err().map(|f| f.kind), Some(FailureKind::Network));
}
