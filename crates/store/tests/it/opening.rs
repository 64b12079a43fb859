//! What a store refuses when it is opened, and what it survives.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use base::{Error, Reason, Secret};
use store::audit::{self, Verdict};
use store::{Db, Key, Options, StoreError, Topic, projects, secrets};

use crate::support::{Store, a_project, a_user};

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn refusal(opened: Result<Db, StoreError>) -> String {
    let line = opened.err().expect("it must be refused").to_string();
    assert!(!line.contains('\n'), "one line: {line}");
    line
}

/// Wakes until it is heard: a server is promised wake-ups once its listener listens, not before.
async fn until_heard(db: &Db, wakes: &mut tokio::sync::broadcast::Receiver<store::Wake>) {
    let heard = async {
        loop {
            let mut tx = db.begin().await.unwrap();
            tx.wake(Topic::Sync, "instances/pg").await.unwrap();
            tx.commit().await.unwrap();
            let next = tokio::time::timeout(Duration::from_millis(200), wakes.recv()).await;
            if let Ok(Ok(wake)) = next
                && wake.subject == "instances/pg"
            {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), heard).await.expect("a wake-up is heard");
}

async fn both() -> Vec<Store> {
    [Some(Store::sqlite().await), Store::postgres().await].into_iter().flatten().collect()
}

#[tokio::test]
async fn files_are_private() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("new/data");
    let db = Db::open(Options::sqlite(&data)).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    projects::insert(&mut tx, &mut a_project("shop")).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(mode(&data), 0o700);
    for file in ["basalt.db", "basalt.db-wal", "basalt.db-shm", "basalt.key", "basalt.lock"] {
        assert_eq!(mode(&data.join(file)), 0o600, "{file}");
    }
}

#[tokio::test]
async fn a_second_server_on_the_directory_is_refused_with_the_pid_of_the_first() {
    let store = Store::sqlite().await;
    let line = refusal(Db::open(store.options.clone()).await);
    assert!(line.contains(&format!("is in use by process {}", std::process::id())), "{line}");
    assert!(line.contains(&*store.dir.path().to_string_lossy()), "{line}");
    store.db.close().await;
    let Store { db, options, dir, .. } = store;
    drop(db);
    Db::open(options).await.unwrap();
    drop(dir);
}

#[tokio::test]
async fn a_newer_store_is_refused_and_left_alone() {
    for store in both().await {
        let success = if store.server.is_some() { "TRUE" } else { "1" };
        store
            .tamper(&format!(
                "INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time)
                 SELECT 99, 'later', installed_on, {success}, checksum, 0 FROM _sqlx_migrations WHERE version = 1"
            ))
            .await;
        let Store { db, options, dir, server } = store;
        db.close().await;
        drop(db);
        for options in [options.clone(), options.beside()] {
            let line = refusal(Db::open(options).await);
            assert!(
                line.contains("schema version 99") && line.contains("start the newer"),
                "{line}"
            );
        }
        drop((dir, server));
    }
}

#[tokio::test]
async fn a_wrong_or_missing_key_is_refused_in_one_line() {
    for store in both().await {
        let Store { db, options, dir, server } = store;
        db.close().await;
        drop(db);
        let line = refusal(Db::open(options.clone().key(Key::new([9; 32]))).await);
        assert!(line.contains("does not fit") && line.contains("BASALT_KEY"), "{line}");
        let file = dir.path().join("basalt.key");
        std::fs::write(&file, "nonsense").unwrap();
        assert!(refusal(Db::open(options.clone()).await).contains("is not a key"));
        std::fs::remove_file(&file).unwrap();
        let line = refusal(Db::open(options).await);
        assert!(line.contains("basalt.key is missing"), "{line}");
        assert!(!file.exists(), "a new key beside an old store would hide the loss");
        drop(server);
    }
}

#[tokio::test]
async fn a_store_opens_again_with_what_was_committed() {
    for store in both().await {
        let mut tx = store.db.begin().await.unwrap();
        secrets::put(&mut tx, "instances/pg", "password", &Secret::from("hunter2")).await.unwrap();
        tx.commit().await.unwrap();
        let Store { db, options, dir, server } = store;
        db.close().await;
        drop(db);
        let db = Db::open(options).await.unwrap();
        let mut conn = db.read().await.unwrap();
        let found = secrets::get(&mut conn, "instances/pg", "password").await.unwrap().unwrap();
        assert_eq!(found.expose(), "hunter2");
        db.ping().await.unwrap();
        drop((conn, db, dir, server));
    }
}

#[tokio::test]
async fn beside_a_running_server_one_reads_and_cannot_write() {
    for store in both().await {
        let mut tx = store.db.begin().await.unwrap();
        projects::insert(&mut tx, &mut a_project("shop")).await.unwrap();
        tx.commit().await.unwrap();
        let beside = Db::open(store.options.clone().beside()).await.unwrap();
        let mut conn = beside.read().await.unwrap();
        assert!(projects::get(&mut conn, "shop").await.unwrap().is_some());
        assert!(matches!(beside.begin().await, Err(StoreError::Mistake(_))));
        drop(conn);
        beside.close().await;
    }
    let empty = tempfile::tempdir().unwrap();
    let missing = Db::open(Options::sqlite(empty.path()).beside()).await;
    assert!(matches!(missing, Err(StoreError::Io { .. })));
    assert_eq!(std::fs::read_dir(empty.path()).unwrap().count(), 0, "looking makes nothing");
}

#[tokio::test]
async fn two_servers_may_start_on_one_postgres_at_once() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let database = server.database().await;
    let dir = tempfile::tempdir().unwrap();
    let options = || Options::postgres(database.url(), dir.path()).key(Key::new([1; 32]));
    let (a, b, c) = tokio::join!(Db::open(options()), Db::open(options()), Db::open(options()));
    let servers = [a.unwrap(), b.unwrap(), c.unwrap()];
    let mut wakes = servers[1].wakes();
    until_heard(&servers[0], &mut wakes).await;
    for db in servers {
        db.close().await;
    }
}

#[tokio::test]
async fn a_postgres_that_comes_back_is_used_again_and_everybody_is_woken() {
    let Some(store) = Store::postgres().await else { return };
    let server = store.server.as_ref().unwrap();
    let mut wakes = store.db.wakes();
    let all_woken = async |wakes: &mut tokio::sync::broadcast::Receiver<store::Wake>| {
        let wait = async { while !wakes.recv().await.unwrap().subject.is_empty() {} };
        tokio::time::timeout(Duration::from_secs(20), wait).await.expect("a wake-up for all");
    };
    let mut tx = store.db.begin().await.unwrap();
    projects::insert(&mut tx, &mut a_project("kept")).await.unwrap();
    tx.commit().await.unwrap();
    until_heard(&store.db, &mut wakes).await;
    while wakes.try_recv().is_ok() {}
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    server.execute(kill).await;
    let mut conn = store.db.read().await.unwrap();
    assert!(projects::get(&mut conn, "kept").await.unwrap().is_some());
    all_woken(&mut wakes).await;
}

#[tokio::test]
async fn a_postgres_that_is_not_there_is_named_as_unreachable() {
    let dir = tempfile::tempdir().unwrap();
    let url = "postgres://basalt:hunter2@127.0.0.1:1/basalt";
    let refused = Db::open(Options::postgres(url, dir.path())).await.err().unwrap();
    assert!(matches!(refused, StoreError::Unreachable(_)), "{refused:?}");
    assert!(!refused.to_string().contains("hunter2"), "{refused}");
    assert!(!format!("{:?}", Options::postgres(url, dir.path())).contains("hunter2"));
}

#[tokio::test]
async fn a_full_disk_is_said_and_nothing_is_lost() {
    let Store { db, options, dir, .. } = Store::sqlite().await;
    db.close().await;
    drop(db);
    let db = Db::open(options.clone().max_page_count(200)).await.unwrap();
    let mut kept = Vec::new();
    let full = loop {
        let id = format!("p{}", kept.len());
        let mut project = a_project(&id);
        project.title = "x".repeat(3_000);
        let mut tx = db.begin().await.unwrap();
        match projects::insert(&mut tx, &mut project).await {
            Ok(()) => match tx.commit().await {
                Ok(()) => kept.push(id),
                Err(e) => break e,
            },
            Err(e) => break e,
        }
        assert!(kept.len() < 1_000, "it never gets full");
    };
    assert!(matches!(full, StoreError::Full(_)), "{full:?}");
    let shown: Error = full.into();
    assert_eq!(shown.reason(), Reason::StoreUnavailable);
    assert!(shown.message().contains("free space on its disk"), "{shown}");

    // Reading goes on, and with space writing does too.
    let mut conn = db.read().await.unwrap();
    assert_eq!(projects::get_many(&mut conn, &kept).await.unwrap().len(), kept.len());
    drop(conn);
    // Whether SQLite ended the transaction or we did: the next one begins, and is told the same.
    for _ in 0..3 {
        let mut tx = db.begin().await.unwrap();
        let mut again = a_project("again");
        again.title = "x".repeat(30_000);
        let full = projects::insert(&mut tx, &mut again).await.unwrap_err();
        assert!(matches!(full, StoreError::Full(_)), "{full:?}");
    }
    db.close().await;
    drop(db);
    let db = Db::open(options).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    assert_eq!(projects::get_many(&mut tx, &kept).await.unwrap().len(), kept.len());
    assert!(!kept.is_empty());
    projects::insert(&mut tx, &mut a_project("more")).await.unwrap();
    tx.commit().await.unwrap();
    drop(dir);
}

#[tokio::test]
async fn a_nul_character_is_refused_by_name() {
    let Some(store) = Store::postgres().await else { return };
    let mut tx = store.db.begin().await.unwrap();
    let refused =
        store::users::insert(&mut tx, &mut a_user("a@x.org", "a\0b")).await.err().unwrap();
    assert_eq!(Error::from(refused).reason(), Reason::NotText);
}

#[tokio::test]
async fn a_new_key_opens_everything_and_the_old_one_nothing() {
    for store in both().await {
        let mut tx = store.db.begin().await.unwrap();
        for owner in ["instances/a", "instances/b"] {
            secrets::put(&mut tx, owner, "password", &Secret::from(owner)).await.unwrap();
        }
        tx.commit().await.unwrap();
        let (file, new) = (store.dir.path().join("basalt.key"), Key::new([3; 32]));
        assert_eq!(secrets::rotate_key(&store.db, &new, Some(&file)).await.unwrap(), 2);

        // A server that still has the old key fails closed.
        let mut tx = store.db.begin().await.unwrap();
        let late = secrets::put(&mut tx, "instances/c", "password", &Secret::from("x")).await;
        assert!(matches!(late, Err(StoreError::WrongKey { .. })), "{late:?}");
        drop(tx);
        let mut tx = store.db.begin().await.unwrap();
        let late = audit::append(&mut tx, &crate::audit::a_record(1)).await;
        assert!(matches!(late, Err(StoreError::WrongKey { .. })), "{late:?}");
        drop(tx);
        let mut conn = store.db.read().await.unwrap();
        assert!(matches!(
            secrets::get(&mut conn, "instances/a", "password").await,
            Err(StoreError::Sealed(_))
        ));
        drop(conn);
        assert!(secrets::rotate_key(&store.db, &Key::new([4; 32]), None).await.is_err());

        let Store { db, options, dir, server } = store;
        db.close().await;
        drop(db);
        assert_eq!(mode(&file), 0o600);
        let db = Db::open(options).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        for owner in ["instances/a", "instances/b"] {
            assert_eq!(
                secrets::get(&mut tx, owner, "password").await.unwrap().unwrap().expose(),
                owner
            );
        }
        audit::append(&mut tx, &crate::audit::a_record(1)).await.unwrap();
        assert_eq!(audit::verify(&mut tx).await.unwrap(), Verdict::Whole { records: 1, first: 1 });
        drop((tx, db, dir, server));
    }
}

#[tokio::test]
async fn a_rotation_cut_off_after_its_commit_is_completed() {
    let Store { db, options, dir, .. } = Store::sqlite().await;
    let (file, new) = (dir.path().join("basalt.key"), Key::new([3; 32]));
    // As if the process died between the commit and the rename.
    secrets::rotate_key(&db, &new, None).await.unwrap();
    new.write(&dir.path().join("basalt.key.new")).unwrap();
    db.close().await;
    drop(db);
    drop(Db::open(options.clone()).await.unwrap());
    assert_eq!(Key::read(&file).unwrap().unwrap().fingerprint(), new.fingerprint());
    assert!(!dir.path().join("basalt.key.new").exists());
    Db::open(options).await.unwrap();
}

#[tokio::test]
async fn a_secret_moved_to_another_row_does_not_open() {
    for store in both().await {
        let mut tx = store.db.begin().await.unwrap();
        secrets::put(&mut tx, "instances/a", "password", &Secret::from("a")).await.unwrap();
        secrets::put(&mut tx, "instances/b", "password", &Secret::from("b")).await.unwrap();
        tx.commit().await.unwrap();
        store
            .tamper("UPDATE secret SET body = (SELECT s.body FROM secret s WHERE s.owner = 'instances/a') WHERE owner = 'instances/b'")
            .await;
        let mut conn = store.db.read().await.unwrap();
        assert!(secrets::get(&mut conn, "instances/a", "password").await.is_ok());
        let moved = secrets::get(&mut conn, "instances/b", "password").await;
        assert!(matches!(moved, Err(StoreError::Sealed(_))));
    }
}

#[tokio::test]
async fn an_unsynced_transaction_is_a_transaction() {
    for store in both().await {
        let mut lost = store.db.begin_unsynced().await.unwrap();
        projects::insert(&mut lost, &mut a_project("lost")).await.unwrap();
        drop(lost);
        let mut kept = store.db.begin_unsynced().await.unwrap();
        projects::insert(&mut kept, &mut a_project("kept")).await.unwrap();
        kept.commit().await.unwrap();
        let mut conn = store.db.read().await.unwrap();
        assert!(projects::get(&mut conn, "kept").await.unwrap().is_some());
        assert!(projects::get(&mut conn, "lost").await.unwrap().is_none());
    }
}
