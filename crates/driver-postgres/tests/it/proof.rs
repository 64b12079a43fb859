//! What PostgreSQL alone has to say about transactions, locks and progress.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use engine::{Lock, Outcome, Proof, Session, Transaction};

use crate::target::connect;

/// A transaction of that session, up to right before COMMIT.
pub async fn prepared(session: &mut dyn Session, statements: &[&str]) -> Proof {
    let transaction = Transaction { id: "t-1".to_owned(), isolation: None };
    session.begin(&transaction).await.expect("begin");
    for sql in statements {
        session.statement(sql).await.unwrap_or_else(|e| panic!("{e}: {sql}"));
    }
    let facts = session.prepare(&transaction).await.expect("prepare");
    Proof { id: transaction.id, facts: Some(facts) }
}

fn fact<'a>(proof: &'a Proof, name: &str) -> Option<&'a str> {
    proof.facts.as_ref()?.get(name).map(String::as_str)
}

#[tokio::test]
async fn a_transaction_that_wrote_nothing_gets_no_id() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let mut session = connect(&server, "postgres").await;
    let proof = prepared(session.as_mut(), &["SELECT 1"]).await;
    assert_eq!(fact(&proof, "xid"), None, "{proof:?}");
    session.rollback().await.expect("rollback");
    let verdict = session.verdict(&proof).await.expect("verdict");
    assert_eq!(verdict.outcome, Outcome::Applied, "there is nothing to do again");
    assert!(verdict.evidence[0].contains("none had written anything"), "{verdict:?}");
    session.close().await;
}

#[tokio::test]
async fn a_transaction_that_is_still_open_is_open() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let database = server.database().await;
    let mut session = connect(&server, &database.name).await;
    let mut other = connect(&server, &database.name).await;
    let proof = prepared(session.as_mut(), &["CREATE TABLE t (a int)"]).await;
    assert!(fact(&proof, "identity").is_some() && fact(&proof, "position").is_some(), "{proof:?}");
    assert_eq!(other.verdict(&proof).await.expect("verdict").outcome, Outcome::Open);
    session.commit().await.expect("commit");
    assert_eq!(other.verdict(&proof).await.expect("verdict").outcome, Outcome::Applied);

    // Ids before the server's oldest, and those of a server that is another.
    let with = |changes: &[(&str, &str)]| {
        let mut facts: BTreeMap<String, String> = proof.facts.clone().expect("facts");
        facts.extend(changes.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
        Proof { id: proof.id.clone(), facts: Some(facts) }
    };
    other.lock().await.expect("lock");
    for (changes, word) in [
        (&[("identity", "7")][..], "another server"),
        (&[("timeline", "00000009")], "timeline"),
        (&[("position", "18446744073709551615")], "earlier state"),
        (&[("xid", "4000000000")], "not there yet"),
    ] {
        let verdict = other.verdict(&with(changes)).await.expect("verdict");
        assert_eq!(verdict.outcome, Outcome::Unknown, "{changes:?}: {verdict:?}");
        assert!(verdict.evidence[0].contains(word), "{verdict:?}");
    }
    for session in [session, other] {
        session.close().await;
    }
}

#[tokio::test]
async fn an_asynchronous_commit_is_applied_when_it_is_on_disk() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let database = server.database().await;
    let mut session = connect(&server, &database.name).await;
    session.statement("SET synchronous_commit = off").await.expect("set");
    let proof = prepared(session.as_mut(), &["CREATE TABLE t (a int)"]).await;
    session.commit().await.expect("commit");
    let verdict = session.verdict(&proof).await.expect("verdict");
    assert_eq!(verdict.outcome, Outcome::Applied, "{verdict:?}");
    assert!(verdict.evidence[0].contains("is on the server's disk now"), "{verdict:?}");
    session.close().await;
}

#[tokio::test]
async fn a_failed_transaction_is_not_committed_as_nothing() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let mut session = connect(&server, "postgres").await;
    let transaction = Transaction::default();
    session.begin(&transaction).await.expect("begin");
    session.statement("SELECT 1 / 0").await.expect_err("it fails");
    // The server would answer COMMIT with a silent rollback.
    let failure = session.prepare(&transaction).await.expect_err("nothing to commit");
    assert_eq!(failure.code, "25P02", "{failure}");
    session.close().await;
}

#[tokio::test]
async fn a_script_that_lets_go_of_the_lock_cannot_commit_beside_its_next_holder() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let database = server.database().await;
    let mut session = connect(&server, &database.name).await;
    let mut other = connect(&server, &database.name).await;
    assert_eq!(session.lock().await.expect("lock"), Lock::Taken);
    session.statement("DISCARD ALL").await.expect("discard");
    let proof = prepared(session.as_mut(), &["CREATE TABLE t (a int)"]).await;
    assert!(fact(&proof, "xid").is_some());
    let held = Lock::Held { by: Some(session.backend()) };
    assert_eq!(other.lock().await.expect("lock"), held, "it was taken again before COMMIT");
    session.rollback().await.expect("rollback");
    session.statement("SELECT pg_advisory_unlock_all()").await.expect("unlock");
    assert_eq!(other.lock().await.expect("lock"), Lock::Taken);
    session.begin(&Transaction::default()).await.expect("begin");
    let failure = session.prepare(&Transaction::default()).await.expect_err("somebody else has it");
    assert!(failure.message.contains("another session has it now"), "{failure}");
    for session in [session, other] {
        session.close().await;
    }
}

#[tokio::test]
async fn only_who_holds_the_lock_of_this_database_is_evicted() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let (one, two) = (server.database().await, server.database().await);
    let mut session = connect(&server, &one.name).await;
    let mut other = connect(&server, &two.name).await;
    session.lock().await.expect("lock");
    other.evict(&session.backend()).await.expect("evict from another database");
    session.statement("SELECT 1").await.expect("it lives on");
    other.evict("no number; DROP TABLE x").await.expect("nobody");
    for session in [session, other] {
        session.close().await;
    }
}

#[tokio::test]
async fn an_index_that_is_built_tells_how_far_it_is() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let database = server.database().await;
    database.execute("CREATE TABLE t AS SELECT n AS a FROM generate_series(1, 1000) n").await;
    let mut holder = connect(&server, &database.name).await;
    let mut builder = connect(&server, &database.name).await;
    let mut watcher = connect(&server, &database.name).await;
    prepared(holder.as_mut(), &["UPDATE t SET a = 0 WHERE a = 1"]).await;
    let backend = builder.backend();
    assert!(
        watcher.activity(&backend).await.expect("activity").is_some_and(|a| a.progress.is_none())
    );
    let building = tokio::spawn(async move {
        builder.statement("CREATE INDEX CONCURRENTLY i ON t (a)").await.expect("the index");
        builder
    });
    let deadline = Instant::now() + Duration::from_secs(10);
    let progress = loop {
        let seen = watcher.activity(&backend).await.expect("activity");
        match seen.and_then(|a| a.progress).filter(|p| p.total > 0) {
            Some(progress) => break progress,
            None => assert!(Instant::now() < deadline, "it was never seen to build"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!(progress.phase, "waiting for writers before build");
    assert_eq!((progress.done, progress.total, progress.unit.as_str()), (0, 1, "transactions"));
    holder.rollback().await.expect("rollback");
    let builder = building.await.expect("no panic");
    for session in [holder, builder, watcher] {
        session.close().await;
    }
}
