//! Servers whose history is not the one of the transaction: crashed, restored, failed over.

use engine::{FindingLevel, Mark, Outcome, Proof, Session, Verdict};
use testkit::own::Cluster;

use crate::preflight::{codes, findings};
use crate::proof::prepared;
use crate::target::connect;

async fn judged(cluster: &Cluster, proof: &Proof) -> Verdict {
    let mut session = connect(&cluster.server(), "postgres").await;
    let verdict = session.verdict(proof).await.expect("a verdict");
    session.close().await;
    verdict
}

async fn committed(session: &mut dyn Session, sql: &str) -> Proof {
    let proof = prepared(session, &[sql]).await;
    session.commit().await.expect("commit");
    proof
}

/// A session whose facts name the server.
async fn session(cluster: &Cluster) -> (Box<dyn Session>, Mark) {
    let mut session = connect(&cluster.server(), "postgres").await;
    let mark = session.mark().await.expect("a mark");
    assert!(!mark.identity.is_empty() && mark.timeline.len() == 8, "{mark:?}");
    (session, mark)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_does_not_give_a_transaction_the_fate_of_another() {
    let Some(cluster) = Cluster::create("autovacuum = off") else { return };
    let (mut one, _) = session(&cluster).await;
    let (mut two, _) = session(&cluster).await;
    let done = committed(one.as_mut(), "CREATE TABLE t (a int)").await;
    // Its id is the last one; a row is too little for the server to write its WAL by itself.
    let lost = prepared(two.as_mut(), &["INSERT INTO t VALUES (1)"]).await;
    cluster.crash();
    cluster.start();
    let verdict = judged(&cluster, &done).await;
    assert_eq!(verdict.outcome, Outcome::Applied, "{verdict:?}");
    let verdict = judged(&cluster, &lost).await;
    assert_eq!(verdict.outcome, Outcome::NotApplied, "{verdict:?}");
    // Others commit, and one of them may get the lost one's id.
    let (mut three, _) = session(&cluster).await;
    for n in 0..3 {
        committed(three.as_mut(), &format!("INSERT INTO t VALUES ({n})")).await;
    }
    let verdict = judged(&cluster, &lost).await;
    assert_eq!(verdict.outcome, Outcome::NotApplied, "{verdict:?}");
    assert_eq!(judged(&cluster, &done).await.outcome, Outcome::Applied);
    // A later checkpoint has overwritten what the start knew.
    three.statement("CHECKPOINT").await.expect("checkpoint");
    let verdict = judged(&cluster, &done).await;
    assert_eq!(verdict.outcome, Outcome::Unknown, "{verdict:?}");
    let again = committed(three.as_mut(), "INSERT INTO t VALUES (9)").await;
    three.close().await;
    cluster.stop();
    cluster.start();
    assert_eq!(
        judged(&cluster, &again).await.outcome,
        Outcome::Applied,
        "an orderly restart loses nothing"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_time_of_a_commit_tells_it_from_a_later_one() {
    let Some(cluster) = Cluster::create("autovacuum = off\ntrack_commit_timestamp = on") else {
        return;
    };
    let (mut one, _) = session(&cluster).await;
    let done = committed(one.as_mut(), "CREATE TABLE t (a int)").await;
    let verdict = judged(&cluster, &done).await;
    assert!(verdict.evidence[1].starts_with("it committed at 20"), "{verdict:?}");
    cluster.crash();
    cluster.start();
    let (mut two, _) = session(&cluster).await;
    committed(two.as_mut(), "INSERT INTO t VALUES (1)").await;
    two.statement("CHECKPOINT").await.expect("checkpoint");
    let verdict = judged(&cluster, &done).await;
    assert_eq!(verdict.outcome, Outcome::Applied, "{verdict:?}");
    two.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_was_restored_to_yesterday_proves_nothing() {
    let Some(cluster) = Cluster::create("autovacuum = off") else { return };
    cluster.stop();
    cluster.keep();
    cluster.start();
    let (mut one, before) = session(&cluster).await;
    committed(one.as_mut(), "CREATE TABLE t AS SELECT n FROM generate_series(1, 1000) n").await;
    let proof = committed(one.as_mut(), "INSERT INTO t VALUES (0)").await;
    one.close().await;
    assert_eq!(judged(&cluster, &proof).await.outcome, Outcome::Applied);
    cluster.stop();
    cluster.restore();
    cluster.start();
    let (one, restored) = session(&cluster).await;
    assert_eq!((&restored.identity, &restored.timeline), (&before.identity, &before.timeline));
    one.close().await;
    let verdict = judged(&cluster, &proof).await;
    assert_eq!(verdict.outcome, Outcome::Unknown, "{verdict:?}");
    assert!(verdict.evidence[0].contains("earlier state"), "{verdict:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_standby_takes_no_change_and_promoted_it_proves_nothing() {
    let Some(primary) = Cluster::create("autovacuum = off") else { return };
    let (mut one, before) = session(&primary).await;
    assert_eq!(one.replica_lag().await.expect("lag"), None, "no replica yet");
    let standby = primary.standby();
    let proof = committed(one.as_mut(), "CREATE TABLE t (a int)").await;
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
    while one.replica_lag().await.expect("lag").is_none() {
        assert!(std::time::Instant::now() < deadline, "the replica is never seen");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let mut replica = connect(&standby.server(), "postgres").await;
    let found = findings(replica.as_mut(), "CREATE TABLE u (a int)").await;
    assert_eq!(codes(&found), ["REPLICA"], "{found:?}");
    assert_eq!(found[0].level, FindingLevel::Stop);
    assert_eq!(replica.mark().await.expect("a mark").identity, before.identity);
    replica.close().await;
    let verdict = judged(&standby, &proof).await;
    assert_eq!(verdict.outcome, Outcome::Unknown, "{verdict:?}");
    assert!(verdict.evidence[0].contains("ask the primary"), "{verdict:?}");
    one.close().await;
    standby.promote();
    let verdict = judged(&standby, &proof).await;
    assert_eq!(verdict.outcome, Outcome::Unknown, "{verdict:?}");
    assert!(verdict.evidence[0].contains("timeline 00000002"), "{verdict:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_prepared_transaction_is_there_and_in_the_way() {
    let Some(cluster) = Cluster::create("max_prepared_transactions = 5") else { return };
    let (mut one, _) = session(&cluster).await;
    one.statement("CREATE TABLE t (a int)").await.expect("a table");
    let proof = prepared(one.as_mut(), &["INSERT INTO t VALUES (1)"]).await;
    one.statement("PREPARE TRANSACTION 'it''s'").await.expect("prepare");
    let verdict = judged(&cluster, &proof).await;
    assert_eq!(verdict.outcome, Outcome::Applied, "{verdict:?}");
    assert!(verdict.evidence[0].contains("under the name \"it's\""), "{verdict:?}");
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let started = std::time::Instant::now();
    let found = findings(one.as_mut(), "ALTER TABLE t ADD b int").await;
    let took = started.elapsed();
    assert_eq!(codes(&found), ["BLOCKER"], "{found:?}");
    assert!(found[0].text.starts_with("the prepared transaction \"it's\""), "{found:?}");
    assert!(
        took < std::time::Duration::from_secs(1),
        "it stands before the first statement: {took:?}"
    );
    let commit = "COMMIT PREPARED 'it''s'";
    let before = one.witness(commit).await.expect("a witness");
    one.statement(commit).await.expect("commit");
    let after = one.witness(commit).await.expect("a witness");
    assert_eq!(Verdict::of_witnesses(&before, &after).outcome, Outcome::Applied, "{after:?}");
    assert_eq!(judged(&cluster, &proof).await.outcome, Outcome::Applied);
    one.close().await;
}
