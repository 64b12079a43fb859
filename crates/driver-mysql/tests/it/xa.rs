//! Transactions that can be asked about: what the next session learns of each state in which the first may die.

use std::collections::BTreeMap;

use engine::{FailureKind, Lock, Outcome, Proof, Session, Transaction, Verdict};
use testkit::servers::TestDatabase;

use crate::lock::freed;
use crate::support::{Limited, is_mysql, run, servers, session};

fn named(id: &str) -> Transaction {
    Transaction { id: id.to_owned(), isolation: None }
}

/// Names are the server's, not the database's.
fn unique(database: &TestDatabase, name: &str) -> Transaction {
    named(&format!("{name}-{}", &database.name[2..]))
}

fn proof(transaction: &Transaction, facts: Option<BTreeMap<String, String>>) -> Proof {
    Proof { id: transaction.id.clone(), facts }
}

async fn begun(s: &mut dyn Session, transaction: &Transaction, row: i32) {
    s.begin(transaction).await.expect("begins");
    s.statement(&format!("insert into t values ({row})")).await.expect("inserts");
}

async fn verdict(s: &mut dyn Session, proof: &Proof) -> Verdict {
    let verdict = s.verdict(proof).await.expect("answers");
    assert!(!verdict.evidence.is_empty() && !verdict.evidence[0].is_empty());
    verdict
}

async fn rows(database: &TestDatabase) -> Vec<String> {
    let rows = database.rows("select a from t order by a").await;
    rows.into_iter().map(|mut r| r.remove(0).unwrap_or_default()).collect()
}

/// Ends `old`, and gives a session that has the lock.
async fn successor(limited: &Limited, old: Box<dyn Session>) -> Box<dyn Session> {
    let mut s = limited.session().await;
    s.evict(&old.backend()).await.expect("ends the old one");
    assert_eq!(s.lock().await.expect("answers"), Lock::Taken);
    s
}

#[tokio::test]
async fn each_way_to_die_has_its_verdict() {
    for server in servers().await {
        let database = server.database().await;
        database.execute("create table t (a int primary key)").await;
        let limited = Limited::of(&database).await;
        let connect = async || {
            let mut s = limited.session().await;
            assert_eq!(s.lock().await.unwrap(), Lock::Taken);
            s
        };

        // Within the transaction.
        let (mut s, t) = (connect().await, unique(&database, "active"));
        begun(&mut *s, &t, 1).await;
        let mut s = successor(&limited, s).await;
        assert_eq!(verdict(&mut *s, &proof(&t, None)).await.outcome, Outcome::NotApplied);

        // Prepared; the proof never reached our disk.
        let t = unique(&database, "prepared");
        begun(&mut *s, &t, 2).await;
        s.prepare(&t).await.expect("prepares");
        let mut s = successor(&limited, s).await;
        let answer = verdict(&mut *s, &proof(&t, None)).await;
        assert_eq!(answer.outcome, Outcome::NotApplied);
        assert!(answer.evidence[0].contains("rolled back now"), "{answer:?}");
        assert_eq!(verdict(&mut *s, &proof(&t, None)).await.outcome, Outcome::NotApplied);

        // The proof is on our disk; COMMIT was not sent, or did not arrive.
        let t = unique(&database, "decided");
        begun(&mut *s, &t, 3).await;
        let decided = proof(&t, Some(s.prepare(&t).await.unwrap()));
        let mut s = successor(&limited, s).await;
        let answer = verdict(&mut *s, &decided).await;
        assert_eq!(answer.outcome, Outcome::Applied, "{answer:?}");
        assert!(answer.evidence[0].contains("committed now"), "{answer:?}");
        assert_eq!(verdict(&mut *s, &decided).await.outcome, Outcome::Applied, "once and for all");

        // COMMIT arrived; its answer did not.
        let t = unique(&database, "committed");
        begun(&mut *s, &t, 4).await;
        let committed = proof(&t, Some(s.prepare(&t).await.unwrap()));
        s.commit().await.expect("commits");
        let mut s = successor(&limited, s).await;
        let answer = verdict(&mut *s, &committed).await;
        assert_eq!(answer.outcome, Outcome::Applied, "{answer:?}");

        assert_eq!(rows(&database).await, ["3", "4"]);
        // Nothing is left that holds locks.
        s.statement("alter table t add b int").await.expect("no metadata lock is left");
        limited.drop_user().await;
    }
}

#[tokio::test]
async fn what_is_attached_to_a_living_session_is_open() {
    for server in servers().await {
        let database = server.database().await;
        database.execute("create table t (a int primary key)").await;
        let (mut living, mut next) = (session(&database).await, session(&database).await);
        let t = unique(&database, "living");
        begun(&mut *living, &t, 1).await;
        let open = verdict(&mut *next, &proof(&t, None)).await;
        assert_eq!(open.outcome, Outcome::Open, "{open:?}");
        let decided = proof(&t, Some(living.prepare(&t).await.unwrap()));
        let answer = verdict(&mut *next, &decided).await;
        if is_mysql(&server) {
            // Prepared transactions leave their session at once there, and whoever comes may end them.
            assert_eq!(answer.outcome, Outcome::Applied, "{answer:?}");
            let late = living.commit().await.unwrap_err();
            assert!(late.connection_lost, "somebody else has ended it: {late:?}");
            let late = living.rollback().await.unwrap_err();
            assert!(late.connection_lost, "{late:?}");
        } else {
            assert_eq!(answer.outcome, Outcome::Open, "{answer:?}");
            living.commit().await.expect("commits");
            assert_eq!(verdict(&mut *next, &decided).await.outcome, Outcome::Applied);
        }
        assert_eq!(rows(&database).await, ["1"]);
        // A plain transaction is hidden, but its session has the lock.
        assert_eq!(living.lock().await.unwrap(), Lock::Taken);
        let plain = Transaction::default();
        let open = verdict(&mut *next, &proof(&plain, None)).await;
        assert_eq!(open.outcome, Outcome::Open, "{open:?}");
        living.close().await;
        freed(&mut *next).await;
        let gone = verdict(&mut *next, &proof(&plain, None)).await;
        assert_eq!(gone.outcome, Outcome::NotApplied, "{gone:?}");
    }
}

#[tokio::test]
async fn another_server_or_an_earlier_state_cannot_answer() {
    for server in servers().await {
        let database = server.database().await;
        database.execute("create table t (a int primary key)").await;
        let mut s = session(&database).await;
        let t = unique(&database, "elsewhere");
        begun(&mut *s, &t, 1).await;
        let facts = s.prepare(&t).await.unwrap();
        s.commit().await.unwrap();
        let changed = |name: &str, value: String| {
            let mut facts = facts.clone();
            assert!(facts.insert(name.to_owned(), value).is_some(), "{facts:?} has {name}");
            proof(&t, Some(facts))
        };
        assert_eq!(
            verdict(&mut *s, &proof(&t, Some(facts.clone()))).await.outcome,
            Outcome::Applied
        );
        let answer = verdict(&mut *s, &changed("server", "another".to_owned())).await;
        assert_eq!(answer.outcome, Outcome::Unknown, "{answer:?}");
        let further = if is_mysql(&server) {
            format!("{}:1-999999999", facts["server"])
        } else {
            "0-1-999999999".to_owned()
        };
        let answer = verdict(&mut *s, &changed("history", further)).await;
        assert_eq!(answer.outcome, Outcome::Unknown, "{answer:?}");
        // The test servers do not wait for the disk, and say so.
        let answer = verdict(&mut *s, &changed("forgetful_since", "1".to_owned())).await;
        assert_eq!(answer.outcome, Outcome::Unknown, "{answer:?}");
        assert!(answer.evidence[1].contains("innodb_flush_log_at_trx_commit"), "{answer:?}");
    }
}

#[tokio::test]
async fn what_wrote_nothing_is_harmless_either_way() {
    for server in servers().await {
        let database = server.database().await;
        database.execute("create table t (a int primary key)").await;
        let limited = Limited::of(&database).await;
        for (name, sql) in [("empty", None), ("reads", Some("select * from t for update"))] {
            let mut s = limited.session().await;
            freed(&mut *s).await;
            let t = unique(&database, name);
            s.begin(&t).await.unwrap();
            if let Some(sql) = sql {
                s.statement(sql).await.unwrap();
            }
            let facts = s.prepare(&t).await.unwrap();
            let mut s = successor(&limited, s).await;
            let answer = verdict(&mut *s, &proof(&t, Some(facts))).await;
            assert_eq!(answer.outcome, Outcome::Applied, "{answer:?}");
            let none = verdict(&mut *s, &proof(&t, None)).await;
            assert_eq!(none.outcome, Outcome::NotApplied, "{none:?}");
            s.close().await;
        }
        limited.drop_user().await;
    }
}

#[tokio::test]
async fn rollback_ends_every_state() {
    for server in servers().await {
        let database = server.database().await;
        database.execute("create table t (a int primary key); insert into t values (1), (2)").await;
        let (mut s, mut other) = (session(&database).await, session(&database).await);
        s.rollback().await.expect("nothing is open");
        begun(&mut *s, &Transaction::default(), 8).await;
        s.rollback().await.expect("plain");
        let t = unique(&database, "a");
        begun(&mut *s, &t, 8).await;
        assert_eq!(s.statement("insert into t values (1)").await.unwrap_err().code, "1062");
        s.rollback().await.expect("active, after a failed statement");
        begun(&mut *s, &t, 8).await;
        s.prepare(&t).await.unwrap();
        s.rollback().await.expect("prepared");
        begun(&mut *s, &t, 9).await;
        s.commit().await.expect("never prepared");
        // A deadlock, of which the server undoes one by itself.
        let t = unique(&database, "b");
        let u = unique(&database, "c");
        s.begin(&t).await.unwrap();
        other.begin(&u).await.unwrap();
        run(&mut *s, "delete from t where a = 1").await;
        run(&mut *other, "delete from t where a = 2").await;
        let (a, b) = tokio::join!(
            s.statement("delete from t where a = 2"),
            other.statement("delete from t where a = 1")
        );
        let (victim, winner, failure) = match (a, b) {
            (Err(failure), Ok(_)) => (&mut s, &mut other, failure),
            (Ok(_), Err(failure)) => (&mut other, &mut s, failure),
            both => panic!("one of them gives way: {both:?}"),
        };
        assert!(failure.lock_timeout && failure.code == "1213", "{failure:?}");
        let refused = victim.prepare(&t).await.unwrap_err();
        assert!(!refused.connection_lost, "{refused:?}");
        victim.rollback().await.expect("rollback only");
        winner.rollback().await.expect("the other");
        begun(&mut **victim, &unique(&database, "d"), 10).await;
        victim.commit().await.expect("the session goes on");
        assert_eq!(rows(&database).await, ["1", "2", "9", "10"]);
        // A session that is gone.
        begun(&mut **victim, &unique(&database, "e"), 11).await;
        server.execute(&format!("KILL CONNECTION {}", victim.backend())).await;
        assert!(victim.rollback().await.unwrap_err().connection_lost);
    }
}

#[tokio::test]
async fn without_xa_there_is_no_proof() {
    for server in servers().await {
        let database = server.database().await;
        database.execute("create table t (a int primary key)").await;
        let mut s = session(&database).await;
        // Nobody will ask.
        begun(&mut *s, &Transaction::default(), 1).await;
        let facts = s.prepare(&Transaction::default()).await.unwrap();
        s.commit().await.unwrap();
        let answer = verdict(&mut *s, &proof(&Transaction::default(), Some(facts))).await;
        assert_eq!(answer.outcome, Outcome::Unknown);
        // The script's own.
        let t = unique(&database, "own");
        run(&mut *s, "begin; insert into t values (2)").await;
        let facts = s.prepare(&t).await.unwrap();
        run(&mut *s, "commit").await;
        let answer = verdict(&mut *s, &proof(&t, Some(facts))).await;
        assert_eq!(answer.outcome, Outcome::Unknown);
        assert!(answer.evidence[0].contains("script's own"), "{answer:?}");
        assert_eq!(verdict(&mut *s, &proof(&t, None)).await.outcome, Outcome::NotApplied);
        // Temporary tables: MySQL allows none in XA.
        run(&mut *s, "create temporary table x (a int)").await;
        let t = unique(&database, "temporary");
        s.begin(&t).await.unwrap();
        run(&mut *s, "insert into x values (3); insert into t select a from x").await;
        let facts = s.prepare(&t).await.unwrap();
        s.commit().await.unwrap();
        let answer = verdict(&mut *s, &proof(&t, Some(facts))).await;
        let expect = if is_mysql(&server) { Outcome::Unknown } else { Outcome::Applied };
        assert_eq!(answer.outcome, expect, "{answer:?}");
        assert_eq!(rows(&database).await, ["1", "2", "3"]);
        let failure = s.begin(&named("it's")).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Unsupported);
    }
}

#[tokio::test]
async fn what_xa_forbids_is_said_clearly() {
    for server in servers().await {
        let database = server.database().await;
        database.execute("create table t (a int primary key)").await;
        let limited = Limited::of(&database).await;
        let mut s = limited.session().await;
        let t = unique(&database, "forbids");
        begun(&mut *s, &t, 1).await;
        for sql in [
            "create table u (a int)",
            "truncate table t",
            "lock tables t write",
            "begin",
            "commit",
            "rollback",
        ] {
            let failure = s.statement(sql).await.unwrap_err();
            assert!(failure.message.contains("-- txn-mode = off"), "{sql}: {failure:?}");
            assert!(!failure.connection_lost);
        }
        if is_mysql(&server) {
            let failure = s.statement("create temporary table x (a int)").await.unwrap_err();
            assert!(failure.message.contains("temporary tables"), "{failure:?}");
        }
        // Allowed, and of no harm.
        run(&mut *s, "savepoint a; insert into t values (2); rollback to a; release savepoint a")
            .await;
        run(&mut *s, "do get_lock('mine', 0); set sql_mode = ''").await;
        s.prepare(&t).await.expect("prepares");
        s.commit().await.expect("commits");
        assert_eq!(rows(&database).await, ["1"]);
        limited.drop_user().await;
    }
}

#[tokio::test]
async fn the_isolation_is_in_force() {
    for server in servers().await {
        let database = server.database().await;
        database.execute("create table t (a int primary key)").await;
        let mut s = session(&database).await;
        for (level, expect) in [
            (Some(engine::proof::Isolation::Serializable), "SERIALIZABLE"),
            (Some(engine::proof::Isolation::ReadCommitted), "READ COMMITTED"),
            (None, "REPEATABLE READ"),
        ] {
            let t = Transaction { isolation: level, ..unique(&database, "isolated") };
            begun(&mut *s, &t, 1).await;
            let asked = format!(
                "select trx_isolation_level from information_schema.innodb_trx where trx_mysql_thread_id = {}",
                s.backend()
            );
            let mut seen = database.rows(&asked).await;
            // The server does not renew this table while it is read more often than ten times a second.
            for _ in 0..20 {
                if seen.first().is_some_and(|row| row[0].as_deref() == Some(expect)) {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(300)).await;
                seen = database.rows(&asked).await;
            }
            assert_eq!(seen[0][0].as_deref(), Some(expect));
            s.rollback().await.unwrap();
        }
    }
}

#[tokio::test]
async fn marks_only_grow() {
    for server in servers().await {
        let database = server.database().await;
        database.execute("create table t (a int primary key)").await;
        let limited = Limited::of(&database).await;
        let mut s = limited.session().await;
        let before = s.mark().await.expect("needs no privilege");
        assert_eq!(before.identity, s.ping().await.unwrap().identity);
        run(&mut *s, "insert into t values (1); insert into t values (2)").await;
        let after = s.mark().await.unwrap();
        assert_eq!((&before.identity, &before.timeline), (&after.identity, &after.timeline));
        assert!(after.position.unwrap() >= before.position.unwrap() + 2, "{before:?} {after:?}");
        limited.drop_user().await;
    }
}

/// The session is killed at a moment of its own in each round; what the verdict says must be what is there.
#[tokio::test]
async fn killed_at_any_moment_the_verdict_is_true() {
    for server in servers().await {
        let database = server.database().await;
        database.execute("create table t (a int primary key)").await;
        let limited = Limited::of(&database).await;
        let mut seen = BTreeMap::new();
        for round in 0..60u32 {
            let mut s = limited.session().await;
            freed(&mut *s).await;
            let backend = s.backend();
            let t = unique(&database, &format!("round-{round}"));
            let mut facts = None;
            let work = async {
                s.begin(&t).await?;
                s.statement(&format!("insert into t values ({round})")).await?;
                facts = Some(s.prepare(&t).await?);
                s.commit().await
            };
            let mut next = limited.session().await;
            let kill = async {
                tokio::time::sleep(std::time::Duration::from_micros(u64::from(round) * 60)).await;
                next.evict(&backend).await
            };
            let (worked, killed) = tokio::join!(work, kill);
            killed.expect("ends it");
            assert_eq!(next.lock().await.unwrap(), Lock::Taken);
            let answer = verdict(&mut *next, &proof(&t, facts.clone())).await;
            let there = rows(&database).await.contains(&round.to_string());
            let expect = if there { Outcome::Applied } else { Outcome::NotApplied };
            assert_eq!(answer.outcome, expect, "round {round}: {answer:?}");
            assert!(there || worked.is_err(), "round {round}: committed, and not there");
            assert_eq!(there, facts.is_some(), "round {round}: {facts:?}");
            *seen.entry((worked.is_ok(), facts.is_some())).or_insert(0) += 1;
            next.close().await;
        }
        println!("{:?}: (committed, recorded) {seen:?}", server.product);
        assert!(seen.len() > 1, "the moments differ: {seen:?}");
        limited.drop_user().await;
    }
}
