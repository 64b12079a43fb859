//! What is promised about the lock, about transactions whose session is gone, and about statements that commit by themselves.

use std::time::{Duration, Instant};

use sql::Isolation;

use super::{Fixture, Unproven, in_time};
use crate::proof::{Lock, Outcome, Proof, Transaction, Verdict};
use crate::session::{Engine, Session};

/// Longest time from the end of a session to its lock being free.
const FREE_WITHIN: Duration = Duration::from_secs(5);

pub(super) async fn check(engine: &dyn Engine, fixture: &Fixture<'_>, unproven: &[Unproven]) {
    let proves = |what: Unproven| !unproven.contains(&what);
    if proves(Unproven::Lock) {
        lock(engine, fixture).await;
        if proves(Unproven::Evict) {
            evict(engine, fixture).await;
        }
    } else {
        let mut session = fixture.session(engine, 2).await;
        assert_eq!(session.lock().await.expect("lock"), Lock::Unavailable, "and it says so");
        session.close().await;
    }
    isolation(engine, fixture).await;
    never_prepared(engine, fixture).await;
    if proves(Unproven::Transaction) {
        transactions(engine, fixture).await;
    }
    if proves(Unproven::CreateTable) {
        witness(engine, fixture).await;
    }
    mark(engine, fixture).await;
    fetch(engine, fixture).await;
}

async fn lock(engine: &dyn Engine, fixture: &Fixture<'_>) {
    let mut holder = fixture.session(engine, 2).await;
    let mut other = fixture.session(engine, 2).await;
    let mut elsewhere = fixture.session(engine, 1).await;
    assert_eq!(in_time("lock", holder.lock()).await.expect("lock"), Lock::Taken);
    assert_eq!(holder.lock().await.expect("again"), Lock::Taken, "who has it has it");
    let held = Lock::Held { by: Some(holder.backend()) };
    assert_eq!(in_time("lock", other.lock()).await.expect("lock"), held);
    assert_eq!(elsewhere.lock().await.expect("lock"), Lock::Taken, "each database has its own");
    // The lock is the session's, not a transaction's.
    holder.begin(&Transaction::default()).await.expect("begin");
    holder.rollback().await.expect("rollback");
    assert_eq!(other.lock().await.expect("lock"), held);
    holder.close().await;
    free(other.as_mut()).await;
    for session in [other, elsewhere] {
        session.close().await;
    }
}

async fn free(session: &mut dyn Session) {
    let deadline = Instant::now() + FREE_WITHIN;
    loop {
        match in_time("lock", session.lock()).await.expect("lock") {
            Lock::Taken => return,
            found => assert!(Instant::now() < deadline, "free when its session ended: {found:?}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn evict(engine: &dyn Engine, fixture: &Fixture<'_>) {
    let mut holder = fixture.session(engine, 2).await;
    let mut bystander = fixture.session(engine, 2).await;
    let mut other = fixture.session(engine, 2).await;
    assert_eq!(holder.lock().await.expect("lock"), Lock::Taken);
    // Who does not hold the lock is not ended.
    in_time("evict", other.evict(&bystander.backend())).await.expect("evict of a bystander");
    bystander.statement("SELECT 1").await.expect("it lives on");
    let holding = holder.backend();
    let sleep = fixture.sleep.to_owned();
    let running = tokio::spawn(async move { holder.statement(&sleep).await.map(drop) });
    // The statement must have reached the server; it runs for 30 seconds, so that a slow machine is no matter.
    tokio::time::sleep(Duration::from_millis(300)).await;
    in_time("evict", other.evict(&holding)).await.expect("evict");
    assert_eq!(other.lock().await.expect("lock"), Lock::Taken, "evicting frees the lock");
    let ended = in_time("the evicted session", running).await.expect("no panic");
    let failure = ended.expect_err("its statement ended");
    assert!(failure.connection_lost, "{failure:?}");
    other.evict(&holding).await.expect("evicting who is gone harms nobody");
    for session in [bystander, other] {
        session.close().await;
    }
}

async fn isolation(engine: &dyn Engine, fixture: &Fixture<'_>) {
    let mut session = fixture.session(engine, 2).await;
    for level in Isolation::ALL {
        let transaction = Transaction { isolation: Some(level), ..Transaction::default() };
        session.begin(&transaction).await.unwrap_or_else(|e| panic!("{}: {e}", level.as_sql()));
        session.statement("UPDATE work SET name = 'x' WHERE id = 1").await.expect("a statement");
        session.rollback().await.expect("rollback");
    }
    session.close().await;
}

/// A transaction of its own name that has added row `id` to `work`.
async fn begun(
    engine: &dyn Engine,
    fixture: &Fixture<'_>,
    id: u32,
) -> (Box<dyn Session>, Transaction) {
    let mut session = fixture.session(engine, 2).await;
    let name = format!(
        "conformance-{}-{id}",
        session.backend().replace(|c: char| !c.is_ascii_alphanumeric(), "-")
    );
    let transaction = Transaction { id: name, isolation: None };
    session.begin(&transaction).await.expect("begin");
    let insert = format!("INSERT INTO work (id, name) VALUES ({id}, 'proof')");
    session.statement(&insert).await.expect("a row");
    (session, transaction)
}

async fn prepared(session: &mut dyn Session, transaction: &Transaction) -> Proof {
    let facts = in_time("prepare", session.prepare(transaction)).await.expect("prepare");
    Proof { id: transaction.id.clone(), facts: Some(facts) }
}

/// The verdict, asked as an executor does: in a new session that took the lock where there is one, again while it is open.
async fn judged(engine: &dyn Engine, fixture: &Fixture<'_>, proof: &Proof) -> Verdict {
    let mut session = fixture.session(engine, 2).await;
    let deadline = Instant::now() + FREE_WITHIN;
    loop {
        let verdict = in_time("verdict", session.verdict(proof)).await.expect("a verdict");
        assert!(!verdict.evidence.is_empty(), "a verdict says how it is known: {verdict:?}");
        if verdict.outcome != Outcome::Open || Instant::now() > deadline {
            session.close().await;
            return verdict;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn there(engine: &dyn Engine, fixture: &Fixture<'_>, id: u32) -> bool {
    let mut session = fixture.session(engine, 2).await;
    let rows = session.fetch(&format!("SELECT name FROM work WHERE id = {id}"), 2).await;
    session.close().await;
    !rows.expect("a query").is_empty()
}

/// No COMMIT was sent for what was never prepared: every engine knows that.
async fn never_prepared(engine: &dyn Engine, fixture: &Fixture<'_>) {
    let (session, transaction) = begun(engine, fixture, 2001).await;
    session.close().await;
    let proof = Proof { id: transaction.id, facts: None };
    assert_eq!(judged(engine, fixture, &proof).await.outcome, Outcome::NotApplied);
    assert!(!there(engine, fixture, 2001).await, "and it is not there");
}

async fn transactions(engine: &dyn Engine, fixture: &Fixture<'_>) {
    // Committed, and the session gone before anybody wrote that down.
    let (mut session, transaction) = begun(engine, fixture, 2002).await;
    let proof = prepared(session.as_mut(), &transaction).await;
    session.commit().await.expect("commit");
    session.close().await;
    let verdict = judged(engine, fixture, &proof).await;
    assert_eq!(verdict.outcome, Outcome::Applied, "{verdict:?}");
    assert!(there(engine, fixture, 2002).await);
    assert_eq!(judged(engine, fixture, &proof).await.outcome, Outcome::Applied, "asked again");

    // Prepared, and the session gone before COMMIT: undone, or, where it outlives its session, done now.
    let (mut session, transaction) = begun(engine, fixture, 2003).await;
    let lost = prepared(session.as_mut(), &transaction).await;
    let outlives = session.outlives();
    session.close().await;
    let verdict = judged(engine, fixture, &lost).await;
    let expected = if outlives { Outcome::Applied } else { Outcome::NotApplied };
    assert_eq!(verdict.outcome, expected, "{verdict:?}");
    assert_eq!(there(engine, fixture, 2003).await, outlives, "and that is so");
    assert_eq!(judged(engine, fixture, &lost).await.outcome, expected, "asked again");

    // Prepared and rolled back: the session goes on with the next transaction.
    let (mut session, transaction) = begun(engine, fixture, 2004).await;
    let undone = prepared(session.as_mut(), &transaction).await;
    session.rollback().await.expect("rollback after prepare");
    // Where it would outlive its session, what is recorded is never undone by its own session.
    if !outlives {
        assert_eq!(judged(engine, fixture, &undone).await.outcome, Outcome::NotApplied);
    }
    let next = Transaction { id: format!("{}-next", transaction.id), isolation: None };
    session.begin(&next).await.expect("begin");
    session.statement("INSERT INTO work (id, name) VALUES (2005, 'proof')").await.expect("a row");
    let done = prepared(session.as_mut(), &next).await;
    session.commit().await.expect("commit");

    // What proofs leave at the target goes, and nobody sees it.
    for proof in [&proof, &lost, &undone, &done] {
        in_time("forget", session.forget(proof)).await.expect("forget");
        session.forget(proof).await.expect("forgetting twice harms nobody");
    }
    let catalog = in_time("sync", session.sync_database()).await.expect("sync");
    let names = catalog.schemas.iter().flat_map(|s| s.tables.iter().map(|t| t.name.as_str()));
    assert!(!names.clone().any(|n| n.contains("basalt")), "{:?}", names.collect::<Vec<_>>());
    assert!(there(engine, fixture, 2005).await);
    session.close().await;
}

async fn witness(engine: &dyn Engine, fixture: &Fixture<'_>) {
    let mut session = fixture.session(engine, 2).await;
    let create = "CREATE TABLE seen (a int)";
    let before = in_time("witness", session.witness(create)).await.expect("a witness");
    let same = session.witness(create).await.expect("a witness");
    assert_eq!(before, same, "nothing happened between the two");
    assert_eq!(Verdict::of_witnesses(&before, &same).outcome, Outcome::NotApplied, "{before:?}");
    session.statement(create).await.expect("create");
    let after = session.witness(create).await.expect("a witness");
    assert_eq!(Verdict::of_witnesses(&before, &after).outcome, Outcome::Applied, "{after:?}");
    let drop = "DROP TABLE seen";
    let before = session.witness(drop).await.expect("a witness");
    session.statement(drop).await.expect("drop");
    let after = session.witness(drop).await.expect("a witness");
    assert_eq!(Verdict::of_witnesses(&before, &after).outcome, Outcome::Applied, "{after:?}");
    // What is no statement at all proves nothing, and is no failure.
    let nothing = session.witness("frobnicate the database").await.expect("a witness");
    assert!(!nothing.decisive, "{nothing:?}");
    session.close().await;
}

async fn mark(engine: &dyn Engine, fixture: &Fixture<'_>) {
    let mut session = fixture.session(engine, 2).await;
    let first = in_time("mark", session.mark()).await.expect("a mark");
    let identity = session.ping().await.expect("ping").identity;
    if !first.identity.is_empty() {
        assert_eq!(first.identity, identity, "the identity that ping tells");
    }
    session.statement("UPDATE work SET name = 'marked' WHERE id = 7").await.expect("a write");
    let second = session.mark().await.expect("a mark");
    assert_eq!((&first.identity, &first.timeline), (&second.identity, &second.timeline));
    assert!(second.position >= first.position, "{first:?} then {second:?}");
    session.close().await;
}

async fn fetch(engine: &dyn Engine, fixture: &Fixture<'_>) {
    let mut session = fixture.session(engine, 2).await;
    let rows = session.fetch("SELECT id, NULL FROM work WHERE id <= 20 ORDER BY id", 3).await;
    let text = |n: &str| vec![Some(n.to_owned()), None];
    assert_eq!(rows.expect("a query"), [text("1"), text("2"), text("3")]);
    session.fetch("SELECT nothing FROM work", 1).await.expect_err("no such column");
    session.statement("SELECT 1").await.expect("the session lives on");
    session.close().await;
}
