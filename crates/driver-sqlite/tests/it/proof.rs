//! Locks, marks and findings, as only files have them.

use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use engine::{
    Finding, FindingLevel, Lock, Outcome, Preflight, Proof, Session, Transaction, Verdict,
};
use sql::Dialect as _;

use crate::support::{Folder, run};

async fn prepared(session: &mut dyn Session, id: &str, script: &str) -> Proof {
    let transaction = Transaction { id: id.to_owned(), isolation: None };
    session.begin(&transaction).await.expect("begin");
    run(session, script).await;
    let facts = session.prepare(&transaction).await.expect("prepare");
    Proof { id: transaction.id, facts: Some(facts) }
}

async fn findings(session: &mut dyn Session, script: &str) -> Vec<Finding> {
    let split = sql_sqlite::DIALECT.split(script);
    let texts: Vec<&str> = split.iter().map(|s| s.text(script)).collect();
    let facts: Vec<_> = texts.iter().map(|t| sql_sqlite::DIALECT.classify(t)).collect();
    let statements: Vec<_> = texts.into_iter().zip(&facts).collect();
    let ask = Preflight { statements: &statements, blockers_older_than: Duration::ZERO };
    session.preflight(&ask).await.expect("preflight")
}

async fn marks(session: &mut dyn Session) -> usize {
    let ask = "SELECT 1 FROM sqlite_schema WHERE name = '__basalt_commit'";
    if session.fetch(ask, 1).await.expect("a query").is_empty() {
        return 0;
    }
    session.fetch("SELECT id FROM __basalt_commit", 100).await.expect("a query").len()
}

#[tokio::test]
async fn the_lock_leaves_no_file_and_is_no_database() {
    let folder = Folder::new();
    let mut session = folder.database("d").await;
    assert_eq!(session.lock().await.expect("lock"), Lock::Taken);
    let file = folder.path().join(".d.db.basalt-lock");
    assert_eq!(file.metadata().expect("a lock file").permissions().mode() & 0o777, 0o600);
    let listed = session.sync_instance().await.expect("sync").databases;
    assert_eq!(listed.into_iter().map(|d| d.name).collect::<Vec<_>>(), ["d"]);
    // Dropped, not closed: the thread ends a moment later.
    drop(session);
    let mut other = folder.connect(Some("d")).await;
    while other.lock().await.expect("lock") != Lock::Taken {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    other.close().await;
    assert!(!file.exists(), "it went with its session");
}

#[tokio::test]
async fn another_process_holds_the_lock_until_it_is_killed() {
    let folder = Folder::new();
    let mut session = folder.database("d").await;
    let file = folder.path().join(".d.db.basalt-lock");
    std::fs::write(&file, "999999-1").expect("a lock file");
    let mut holder = std::process::Command::new("flock")
        .args(["--no-fork", file.to_str().expect("UTF-8"), "sleep", "30"])
        .spawn()
        .expect("flock of util-linux");
    let held = Lock::Held { by: Some("999999-1".to_owned()) };
    // Whoever tries to take it itself would keep it, and flock waits.
    let opened = std::fs::File::open(&file).expect("the lock file");
    let deadline = std::time::Instant::now() + Duration::from_secs(10);
    while opened.try_lock_shared().is_ok() {
        opened.unlock().expect("unlock");
        assert!(std::time::Instant::now() < deadline, "flock never had it");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(session.lock().await.expect("lock"), held);
    let failure = session.evict("999999-1").await.expect_err("not ours to end");
    assert!(failure.message.contains("another process, 999999"), "{failure}");
    session.evict("999999-2").await.expect("who does not hold it is not looked for");
    holder.kill().expect("SIGKILL");
    holder.wait().expect("it ended");
    assert_eq!(session.lock().await.expect("lock"), Lock::Taken);
    session.close().await;
}

#[tokio::test]
async fn an_evicted_session_is_over() {
    let folder = Folder::new();
    let mut session = folder.database("d").await;
    let mut other = folder.connect(Some("d")).await;
    session.lock().await.expect("lock");
    let proof = prepared(session.as_mut(), "r-1", "create table t (a int)").await;
    other.evict(&session.backend()).await.expect("evict");
    assert_eq!(other.lock().await.expect("lock"), Lock::Taken);
    assert_eq!(other.verdict(&proof).await.expect("verdict").outcome, Outcome::NotApplied);
    let failure = session.commit().await.expect_err("it is gone");
    assert!(failure.connection_lost, "{failure:?}");
    session.lock().await.expect_err("and takes no lock any more");
    assert_eq!(other.verdict(&proof).await.expect("verdict").outcome, Outcome::NotApplied);
    for session in [session, other] {
        session.close().await;
    }
}

#[tokio::test]
async fn a_mark_goes_when_its_outcome_is_recorded() {
    let folder = Folder::new();
    let mut session = folder.database("d").await;
    let mut other = folder.connect(Some("d")).await;
    let first = prepared(session.as_mut(), "run-1", "create table t (a int)").await;
    assert_eq!(other.verdict(&first).await.expect("verdict").outcome, Outcome::Open, "not yet");
    session.commit().await.expect("commit");
    // Another run's mark is not ours to remove.
    let foreign = prepared(other.as_mut(), "run-7-1", "insert into t values (1)").await;
    other.commit().await.expect("commit");
    let second = prepared(session.as_mut(), "run-2", "insert into t values (2)").await;
    session.commit().await.expect("commit");
    assert_eq!(
        marks(session.as_mut()).await,
        2,
        "the first of the run is settled, the foreign one is not"
    );
    assert_eq!(session.verdict(&second).await.expect("verdict").outcome, Outcome::Applied);

    // Somebody writes: forgetting gives up at once, and is made good for by the next who takes the lock.
    other.begin(&Transaction::default()).await.expect("begin");
    session.forget(&second).await.expect("it never fails a run");
    other.rollback().await.expect("rollback");
    assert_eq!(marks(session.as_mut()).await, 2);
    session.lock().await.expect("lock");
    assert_eq!(marks(session.as_mut()).await, 1);
    session.forget(&foreign).await.expect("forget");
    let catalog = session.sync_database().await.expect("sync");
    let names: Vec<_> = catalog.schemas[0].tables.iter().map(|t| t.name.as_str()).collect();
    assert_eq!(names, ["t"]);
    assert!(
        session.statement("select * from __basalt_commit").await.is_err(),
        "it went with its last row"
    );
    for session in [session, other] {
        session.close().await;
    }
}

#[tokio::test]
async fn nothing_is_marked_outside_a_transaction() {
    let folder = Folder::new();
    let mut session = folder.database("d").await;
    let transaction = Transaction { id: "r-1".to_owned(), isolation: None };
    run(session.as_mut(), "create table t (a int primary key); insert into t values (1)").await;
    session.begin(&transaction).await.expect("begin");
    let rolls_back = "insert or rollback into t values (1)";
    session.statement(rolls_back).await.expect_err("it is there already");
    let failure =
        session.prepare(&transaction).await.expect_err("there is no transaction any more");
    assert!(failure.message.contains("no open transaction"), "{failure}");
    assert_eq!(marks(session.as_mut()).await, 0);
    session.close().await;
}

#[tokio::test]
async fn a_file_that_was_replaced_proves_nothing() {
    let folder = Folder::new();
    let mut session = folder.database("d").await;
    let before = session.mark().await.expect("a mark");
    let file = folder.path().join("d.db");
    std::fs::copy(&file, folder.path().join("kept")).expect("a copy");
    let proof = prepared(session.as_mut(), "r-1", "create table t (a int)").await;
    session.commit().await.expect("commit");
    run(session.as_mut(), "vacuum").await;
    let after = session.mark().await.expect("a mark");
    assert_eq!(after.timeline, before.timeline, "VACUUM keeps the file");
    assert!(after.position > before.position, "{before:?} {after:?}");
    session.close().await;
    std::fs::rename(folder.path().join("kept"), &file).expect("restored");
    let mut session = folder.connect(Some("d")).await;
    let verdict = session.verdict(&proof).await.expect("verdict");
    assert_eq!(verdict.outcome, Outcome::Unknown, "{verdict:?}");
    assert!(verdict.evidence[0].contains("was replaced"), "{verdict:?}");
    session.close().await;
}

#[tokio::test]
async fn witnesses_show_what_can_be_seen() {
    let folder = Folder::new();
    let mut session = folder.database("d").await;
    run(session.as_mut(), "create table t (a int)").await;
    for (sql, outcome) in [
        ("create index i on t (a)", Outcome::Applied),
        ("drop index i", Outcome::Applied),
        ("pragma journal_mode = wal", Outcome::Applied),
        ("pragma main.journal_mode = wal", Outcome::NotApplied),
        ("create database made", Outcome::Applied),
        ("create table if not exists t (a int)", Outcome::NotApplied),
        ("vacuum", Outcome::Unknown),
        ("analyze", Outcome::Unknown),
    ] {
        let before = session.witness(sql).await.expect("a witness");
        session.statement(sql).await.expect(sql);
        let after = session.witness(sql).await.expect("a witness");
        assert_eq!(Verdict::of_witnesses(&before, &after).outcome, outcome, "{sql}: {after:?}");
    }
    std::fs::write(folder.path().join("half.db"), "").expect("an empty file");
    let half = session.witness("create database half").await.expect("a witness");
    assert!(half.broken.is_some_and(|b| b.contains("delete it")), "a database without a header");
    session.close().await;
}

#[tokio::test]
async fn findings_before_a_change() {
    let folder = Folder::new();
    let mut session = folder.database("d").await;
    let mut other = folder.connect(Some("d")).await;
    run(session.as_mut(), "create table t (a int)").await;
    assert_eq!(findings(session.as_mut(), "insert into t values (1); vacuum").await, []);
    other.begin(&Transaction::default()).await.expect("begin");
    let found = findings(session.as_mut(), "insert into t values (1)").await;
    assert_eq!((found.len(), found[0].code.as_str()), (1, "BLOCKER"), "{found:?}");
    assert_eq!(findings(session.as_mut(), "select * from t").await, []);
    other.rollback().await.expect("rollback");
    let mut target = folder.target(Some("d"));
    target.read_only = true;
    let mut reader =
        engine::Engine::connect(&crate::support::engine(), &target).await.expect("a reader");
    let found = findings(reader.as_mut(), "insert into t values (1)").await;
    assert_eq!((found[0].code.as_str(), found[0].level), ("READ_ONLY", FindingLevel::Stop));
    for session in [session, other, reader] {
        session.close().await;
    }
}
