//! Backup and restore, from either backend into either.

use std::path::Path;

use base::Secret;
use schema::Catalog;
use store::audit::Verdict;
use store::rows::LogKind;
use store::{
    Db, Key, Options, StoreError, audit, backup, blobs, catalogs, events, plans, projects, restore,
    secrets, task_run_logs, task_runs,
};
use testkit::servers::TestDatabase;

use crate::support::{Store, a_plan, a_project, a_run, at, labels, rollout};

const KEY: [u8; 32] = [5; 32];

/// A store with something of every kind in it.
async fn fill(db: &Db) {
    rollout(db, 2).await;
    let mut tx = db.begin().await.unwrap();
    secrets::put(&mut tx, "instances/pg", "password", &Secret::from("hunter2")).await.unwrap();
    blobs::put_bytes(&mut tx, "SELECT 'ä';".repeat(10_000)).await.unwrap();
    catalogs::replace(&mut tx, "id-pg-app", crate::trail::a_catalog(20).into_objects())
        .await
        .unwrap();
    task_runs::insert_many(&mut tx, "shop", 1, &[1], &a_run(), at(1)).await.unwrap();
    task_runs::make_available(&mut tx, "shop", &[1], at(1)).await.unwrap();
    let lease = std::time::Duration::from_secs(60);
    let held = task_runs::claim(&mut tx, "me", lease, 1, at(2)).await.unwrap().remove(0);
    let line = (at(3), LogKind::Note { text: "quote \" and\nline break".into() });
    task_run_logs::append(&mut tx, &held, "run", &[line]).await.unwrap();
    let mut labelled = a_project("labelled");
    labelled.labels = labels([("team", "a")]);
    projects::insert(&mut tx, &mut labelled).await.unwrap();
    for i in 1..=3 {
        events::append(&mut tx, "x", "plan", "", at(i)).await.unwrap();
        audit::append(&mut tx, &crate::audit::a_record(i)).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// An empty place to restore into.
async fn target(postgres: bool, dir: &Path) -> Option<(Options, Option<TestDatabase>)> {
    if !postgres {
        return Some((Options::sqlite(dir.join("restored")), None));
    }
    let database = testkit::servers::postgres().await?.database().await;
    Some((Options::postgres(database.url(), dir), Some(database)))
}

async fn check(db: &Db) {
    let mut tx = db.begin().await.unwrap();
    let secret = secrets::get(&mut tx, "instances/pg", "password").await.unwrap().unwrap();
    assert_eq!(secret.expose(), "hunter2");
    assert_eq!(audit::verify(&mut tx).await.unwrap(), Verdict::Whole { records: 3, first: 1 });
    let catalog = Catalog::from_objects(catalogs::objects(&mut tx, "id-pg-app").await.unwrap());
    assert_eq!(catalog, crate::trail::a_catalog(20));
    assert_eq!(task_run_logs::after(&mut tx, "shop", 1, 0, 9).await.unwrap().len(), 1);
    assert_eq!(
        projects::get(&mut tx, "labelled").await.unwrap().unwrap().labels,
        labels([("team", "a")])
    );
    // Everything that counts goes on where it was.
    let mut plan = a_plan("shop", "next");
    plans::insert(&mut tx, &mut plan).await.unwrap();
    assert_eq!(plan.id, 2);
    let (_, high) = events::range(&mut tx).await.unwrap().unwrap();
    events::append(&mut tx, "x", "plan", "", at(9)).await.unwrap();
    assert_eq!(events::range(&mut tx).await.unwrap().unwrap().1, high + 1);
    assert_eq!(audit::append(&mut tx, &crate::audit::a_record(4)).await.unwrap(), 4);
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn either_backend_restores_into_either() {
    for from_postgres in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let Some((options, _server)) = target(from_postgres, dir.path()).await else { continue };
        let source = Db::open(options.clone().key(Key::new(KEY))).await.unwrap();
        fill(&source).await;
        let file = dir.path().join("backup.basalt");
        let beside = Db::open(options.key(Key::new(KEY)).beside()).await.unwrap();
        let summary = backup::backup(&beside, &file, at(7)).await.unwrap();
        assert_eq!(
            (summary.created_at, summary.rows["plan"], summary.rows["audit"]),
            (at(7), 1, 3)
        );
        assert_eq!(summary, backup::verify(&file).unwrap());
        beside.close().await;
        source.close().await;
        for to_postgres in [false, true] {
            let dir = tempfile::tempdir().unwrap();
            let Some((options, _server)) = target(to_postgres, dir.path()).await else { continue };
            let (db, restored) = restore::restore(&file, options.key(Key::new(KEY))).await.unwrap();
            assert_eq!(restored, summary);
            check(&db).await;
            db.close().await;
        }
    }
}

#[tokio::test]
async fn a_backup_is_of_one_moment_while_others_write() {
    let store = Store::sqlite().await;
    rollout(&store.db, 1).await;
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let writer = tokio::spawn({
        let (db, stop) = (store.db.clone(), stop.clone());
        async move {
            let mut i = 0;
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                i += 1;
                let mut tx = db.begin().await.unwrap();
                audit::append(&mut tx, &crate::audit::a_record(i)).await.unwrap();
                tx.commit().await.unwrap();
            }
            i
        }
    });
    let mut last = -1;
    for n in 0..5 {
        let file = store.dir.path().join(format!("{n}.basalt"));
        let summary = backup::backup(&store.db, &file, at(n)).await.unwrap();
        assert!(summary.rows["audit"] >= last);
        last = summary.rows["audit"];
        let dir = tempfile::tempdir().unwrap();
        let key = Key::read(&store.dir.path().join("basalt.key")).unwrap().unwrap();
        let (db, _) = restore::restore(&file, Options::sqlite(dir.path()).key(key)).await.unwrap();
        let mut conn = db.read().await.unwrap();
        assert_eq!(
            audit::verify(&mut conn).await.unwrap(),
            Verdict::Whole { records: last, first: 1 }
        );
    }
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    assert!(writer.await.unwrap() >= last);
}

#[tokio::test]
async fn a_damaged_backup_is_refused_before_anything_is_touched() {
    let store = Store::sqlite().await;
    fill(&store.db).await;
    let file = store.dir.path().join("b.basalt");
    backup::backup(&store.db, &file, at(1)).await.unwrap();
    let again = backup::backup(&store.db, &file, at(1)).await;
    assert!(matches!(again, Err(StoreError::Io { .. })), "an old backup is not overwritten");
    let whole = std::fs::read(&file).unwrap();
    let bad = store.dir.path().join("bad.basalt");
    let text = zstd::decode_all(whole.as_slice()).unwrap();
    let line_gone: Vec<u8> = {
        let mut lines: Vec<&[u8]> = text.split_inclusive(|b| *b == b'\n').collect();
        let at = lines.iter().position(|l| l.starts_with(b"[\"projects/labelled\"")).unwrap();
        lines.remove(at);
        zstd::encode_all(lines.concat().as_slice(), 3).unwrap()
    };
    let edited =
        String::from_utf8(text.clone()).unwrap().replace("Project labelled", "Project Labelled");
    let cut_lines = &text[..text.len() * 2 / 3];
    for (what, bytes) in [
        ("cut", whole[..whole.len() / 2].to_vec()),
        ("cut at its end", whole[..whole.len() - 1].to_vec()),
        ("cut and compressed again", zstd::encode_all(cut_lines, 3).unwrap()),
        ("without a line", line_gone),
        ("edited", zstd::encode_all(edited.as_bytes(), 3).unwrap()),
        ("something else", b"SQLite format 3\0".to_vec()),
        ("empty", Vec::new()),
        ("flipped", {
            let mut b = whole.clone();
            let at = b.len() / 2;
            b[at] ^= 0x10;
            b
        }),
    ] {
        std::fs::write(&bad, bytes).unwrap();
        let found = backup::verify(&bad);
        assert!(matches!(found, Err(StoreError::BadBackup { .. })), "{what}: {found:?}");
        let dir = store.dir.path().join("never");
        let restored = restore::restore(&bad, Options::sqlite(&dir).key(Key::new(KEY))).await;
        assert!(matches!(restored, Err(StoreError::BadBackup { .. })), "{what}");
        assert!(!dir.exists(), "{what}");
    }
}

#[tokio::test]
async fn a_restore_needs_an_empty_target_and_the_right_key() {
    let store = Store::sqlite().await;
    fill(&store.db).await;
    let file = store.dir.path().join("b.basalt");
    backup::backup(&store.db, &file, at(1)).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    let no_key = restore::restore(&file, Options::sqlite(dir.path())).await;
    assert!(matches!(no_key, Err(StoreError::NoKey { .. })));
    let wrong = restore::restore(&file, Options::sqlite(dir.path()).key(Key::new(KEY))).await;
    assert!(matches!(wrong, Err(StoreError::WrongKey { .. })));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    std::fs::copy(store.dir.path().join("basalt.key"), dir.path().join("basalt.key")).unwrap();
    let (db, _) = restore::restore(&file, Options::sqlite(dir.path())).await.unwrap();
    check(&db).await;
    db.close().await;
    drop(db);
    let full = restore::restore(&file, Options::sqlite(dir.path())).await;
    assert!(matches!(full, Err(StoreError::NotEmpty(_))));
    let db = Db::open(Options::sqlite(dir.path())).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    assert!(matches!(
        audit::verify(&mut tx).await.unwrap(),
        Verdict::Whole { records: 4, first: 1 }
    ));
}

#[tokio::test]
async fn a_backup_holds_every_table() {
    let store = Store::sqlite().await;
    let file = store.dir.path().join("b.basalt");
    let summary = backup::backup(&store.db, &file, at(1)).await.unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(store.dir.path().join(store::db::DATABASE_FILE));
    let mut conn = sqlx::ConnectOptions::connect(&options).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> '_sqlx_migrations' ORDER BY name",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap();
    assert_eq!(summary.rows.into_keys().collect::<Vec<_>>(), tables);
}
