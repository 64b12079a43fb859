//! What the catalog shows of statements that commit by themselves.

use std::time::Duration;

use engine::{Outcome, Session, Verdict, Witness};

use crate::proof::prepared;
use crate::target::connect;

async fn seen(session: &mut dyn Session, sql: &str) -> Witness {
    session.witness(sql).await.unwrap_or_else(|e| panic!("{e}: {sql}"))
}

/// What is told before and after the statement.
async fn around(session: &mut dyn Session, sql: &str) -> Verdict {
    let before = seen(session, sql).await;
    assert_eq!(before.broken, None, "{sql}");
    session.statement(sql).await.unwrap_or_else(|e| panic!("{e}: {sql}"));
    let after = seen(session, sql).await;
    Verdict::of_witnesses(&before, &after)
}

#[tokio::test]
async fn what_takes_effect_shows() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let database = server.database().await;
    database
        .execute(
            "CREATE SCHEMA app; CREATE TABLE app.\"My t\" (a int, b int); CREATE TYPE mood AS ENUM ('sad');
             CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; CREATE UNIQUE INDEX mi ON m (a);
             CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
        )
        .await;
    let mut session = connect(&server, &database.name).await;
    let made = format!("{}_made", database.name);
    for sql in [
        "CREATE INDEX CONCURRENTLY named ON app.\"My t\" (a)",
        "CREATE UNIQUE INDEX CONCURRENTLY ON app.\"My t\" (a, b)",
        "REINDEX INDEX CONCURRENTLY app.named",
        "REINDEX TABLE CONCURRENTLY app.\"My t\"",
        "REINDEX TABLE app.\"My t\"",
        "DROP INDEX CONCURRENTLY app.named",
        "ALTER TYPE mood ADD VALUE 'ok'",
        "ALTER TYPE mood RENAME VALUE 'ok' TO 'it''s ok'",
        "REFRESH MATERIALIZED VIEW m",
        "CREATE TABLE t AS SELECT 1 AS a",
        "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY",
        &format!("CREATE DATABASE {made}"),
        &format!("DROP DATABASE {made}"),
        "CREATE TYPE pair AS (a int, b int)",
        "DROP TABLE t",
    ] {
        let verdict = around(session.as_mut(), sql).await;
        assert_eq!(verdict.outcome, Outcome::Applied, "{sql}: {verdict:?}");
    }
    for sql in ["REFRESH MATERIALIZED VIEW CONCURRENTLY m", "VACUUM app.\"My t\"", "CHECKPOINT"] {
        let verdict = around(session.as_mut(), sql).await;
        assert_eq!(verdict.outcome, Outcome::Unknown, "{sql}: {verdict:?}");
    }
    // What changes nothing can be run again.
    for sql in [
        "CREATE INDEX IF NOT EXISTS mi ON m (a)",
        "DROP TABLE IF EXISTS nothing",
        "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'sad'",
    ] {
        assert_eq!(around(session.as_mut(), sql).await.outcome, Outcome::NotApplied, "{sql}");
    }
    session.close().await;
}

#[tokio::test]
async fn an_index_that_was_left_invalid_is_for_a_person() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let database = server.database().await;
    database.execute("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1)").await;
    let mut session = connect(&server, &database.name).await;
    for sql in [
        "CREATE UNIQUE INDEX CONCURRENTLY twice ON t (a)",
        "CREATE UNIQUE INDEX CONCURRENTLY ON t (a)",
    ] {
        let before = seen(session.as_mut(), sql).await;
        session.statement(sql).await.expect_err("not unique");
        let after = seen(session.as_mut(), sql).await;
        let verdict = Verdict::of_witnesses(&before, &after);
        assert_eq!(verdict.outcome, Outcome::Unknown, "{verdict:?}");
        let name = if sql.contains("twice") { "public.twice" } else { "public.t_a_idx" };
        let advice = format!("run DROP INDEX CONCURRENTLY {name}, then the statement again");
        assert!(verdict.evidence[0].contains(&advice), "{verdict:?}");
        let drop = format!("DROP INDEX CONCURRENTLY {name}");
        assert_eq!(around(session.as_mut(), &drop).await.outcome, Outcome::Applied);
    }
    session.close().await;
}

#[tokio::test]
async fn what_a_broken_reindex_leaves_is_told() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let database = server.database().await;
    database
        .execute("CREATE TABLE t (a int); CREATE INDEX i ON t (a); INSERT INTO t VALUES (1)")
        .await;
    let mut holder = connect(&server, &database.name).await;
    let mut session = connect(&server, &database.name).await;
    let mut other = connect(&server, &database.name).await;
    let sql = "REINDEX INDEX CONCURRENTLY i";
    let before = seen(other.as_mut(), sql).await;
    prepared(holder.as_mut(), &["INSERT INTO t VALUES (2)"]).await;
    let canceller = session.canceller();
    let running = tokio::spawn(async move { session.statement(sql).await });
    let ask = "SELECT 1 FROM pg_class WHERE relname LIKE 'i\\_cc%'";
    while other.fetch(ask, 1).await.expect("a query").is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(seen(other.as_mut(), sql).await.broken, None, "it is being built");
    canceller.cancel().await.expect("cancel");
    running.await.expect("no panic").expect_err("cancelled");
    holder.rollback().await.expect("rollback");
    let verdict = Verdict::of_witnesses(&before, &seen(other.as_mut(), sql).await);
    assert_eq!(verdict.outcome, Outcome::Unknown);
    assert!(verdict.evidence[0].contains("DROP INDEX CONCURRENTLY public.i_ccnew"), "{verdict:?}");
    for session in [holder, other] {
        session.close().await;
    }
}
