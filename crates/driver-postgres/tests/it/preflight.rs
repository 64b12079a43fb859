//! What is found before a change.

use std::time::Duration;

use base::Secret;
use driver_postgres::PostgresEngine;
use engine::{Engine as _, Finding, FindingLevel, Outbound, Preflight, Session};
use sql::Dialect as _;

use crate::proof::prepared;
use crate::target::{connect, target};

pub async fn findings(session: &mut dyn Session, script: &str) -> Vec<Finding> {
    let split = sql_postgres::DIALECT.split(script);
    let texts: Vec<&str> = split.iter().map(|s| s.text(script)).collect();
    let facts: Vec<_> = texts.iter().map(|t| sql_postgres::DIALECT.classify(t)).collect();
    let statements: Vec<_> = texts.into_iter().zip(&facts).collect();
    let ask =
        Preflight { statements: &statements, blockers_older_than: Duration::from_millis(200) };
    session.preflight(&ask).await.expect("preflight")
}

pub fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|f| f.code.as_str()).collect()
}

#[tokio::test]
async fn a_change_that_may_run_has_no_findings() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let database = server.database().await;
    database.execute("CREATE TABLE t (a int)").await;
    let mut session = connect(&server, &database.name).await;
    let script =
        "ALTER TABLE t ALTER a TYPE bigint; CREATE TABLE u (a int); ALTER TABLE u ADD b int;
        INSERT INTO nowhere.x VALUES (1); CREATE SCHEMA s; CREATE TABLE s.v (a int); SELECT 1";
    assert_eq!(findings(session.as_mut(), script).await, []);
    assert_eq!(findings(session.as_mut(), "").await, []);
    session.close().await;
}

#[tokio::test]
async fn missing_rights_stop_it() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let database = server.database().await;
    let role = format!("r_{}", database.name);
    database
        .execute(&format!(
            "CREATE ROLE {role} LOGIN PASSWORD 'p'; CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a);
             CREATE TABLE own (a int); ALTER TABLE own OWNER TO {role}; GRANT INSERT (a) ON t TO {role}"
        ))
        .await;
    let mut target = target(&server, Some(&database.name));
    target.username.clone_from(&role);
    target.password = Secret::from("p");
    let mut session =
        PostgresEngine::new(Outbound::default()).connect(&target).await.expect("a session");
    for (script, what) in [
        ("ALTER TABLE t ADD c int", "belongs to postgres"),
        ("DROP INDEX i", "may not be dropped"),
        ("CREATE INDEX j ON t (a)", "may not be altered"),
        ("DELETE FROM t", "may not DELETE"),
        ("TRUNCATE t", "may not TRUNCATE"),
        ("CREATE TABLE u (a int)", "GRANT CREATE ON SCHEMA public"),
        ("CREATE DATABASE d", "may not create databases"),
        ("CREATE SCHEMA s", "may not create schemas"),
    ] {
        let found = findings(session.as_mut(), script).await;
        let hit = found
            .iter()
            .find(|f| f.text.contains(what))
            .unwrap_or_else(|| panic!("{script}: {found:?}"));
        assert_eq!((hit.code.as_str(), hit.level), ("MISSING_PRIVILEGE", FindingLevel::Stop));
        session.statement(script).await.expect_err(script);
    }
    for script in
        ["INSERT INTO t (a) VALUES (1)", "ALTER TABLE own ADD c int", "CREATE TEMP TABLE u (a int)"]
    {
        assert_eq!(findings(session.as_mut(), script).await, [], "{script}");
        session.statement(script).await.expect(script);
    }
    let found = findings(session.as_mut(), "SET ROLE postgres; DELETE FROM t").await;
    assert_eq!(found[0].level, FindingLevel::Warning, "{found:?}");
    session.close().await;
    database.execute(&format!("DROP TABLE own; DROP OWNED BY {role}; DROP ROLE {role}")).await;
}

#[tokio::test]
async fn old_transactions_in_the_way_are_told_without_their_queries() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let database = server.database().await;
    database.execute("CREATE TABLE t (a int); CREATE INDEX i ON t (a); CREATE TABLE u (a int); INSERT INTO u VALUES (1)").await;
    let mut holder = connect(&server, &database.name).await;
    let mut session = connect(&server, &database.name).await;
    prepared(holder.as_mut(), &["INSERT INTO t VALUES (4711)"]).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    for script in ["ALTER TABLE t ADD b int", "DROP INDEX i", "CREATE INDEX CONCURRENTLY ON u (a)"]
    {
        let found = findings(session.as_mut(), script).await;
        assert_eq!(codes(&found), ["BLOCKER"], "{script}: {found:?}");
        let text = &found[0].text;
        for part in [
            &format!("session {} (postgres, application \"basalt test\"", holder.backend()),
            "idle in transaction",
            "open for 0 s",
            "pg_terminate_backend",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("4711"), "no text of a query: {text}");
    }
    // Who changes rows waits for nobody who does the same, nor for a lock elsewhere.
    for script in ["UPDATE t SET a = 1", "ALTER TABLE u ADD b int"] {
        assert_eq!(findings(session.as_mut(), script).await, [], "{script}");
    }
    holder.rollback().await.expect("rollback");
    assert_eq!(findings(session.as_mut(), "ALTER TABLE t ADD b int").await, []);
    // Preflight itself waits for no lock.
    prepared(holder.as_mut(), &["LOCK TABLE t IN ACCESS EXCLUSIVE MODE"]).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let found = findings(session.as_mut(), "UPDATE t SET a = 1").await;
    assert_eq!(codes(&found), ["BLOCKER"], "{found:?}");
    for session in [holder, session] {
        session.close().await;
    }
}

#[tokio::test]
async fn invalid_indexes_and_rewrites_are_told() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let database = server.database().await;
    database
        .execute(
            "CREATE TABLE t AS SELECT n AS a, repeat('x', 900) AS b FROM generate_series(1, 20000) n;
             INSERT INTO t VALUES (1, ''); ANALYZE t",
        )
        .await;
    let mut session = connect(&server, &database.name).await;
    session
        .statement("CREATE UNIQUE INDEX CONCURRENTLY bad ON t (a)")
        .await
        .expect_err("not unique");
    let found = findings(session.as_mut(), "ALTER TABLE t ALTER COLUMN a TYPE bigint").await;
    assert_eq!(codes(&found), ["REWRITE", "INVALID_INDEX"], "{found:?}");
    assert!(found[1].text.contains("DROP INDEX CONCURRENTLY public.bad"), "{found:?}");
    let found = findings(session.as_mut(), "ALTER TABLE t ADD COLUMN c int").await;
    assert_eq!(codes(&found), ["INVALID_INDEX"], "adding a column rewrites nothing");
    session.statement("SET default_transaction_read_only = on").await.expect("set");
    let found = findings(session.as_mut(), "DELETE FROM t").await;
    assert_eq!((found[0].code.as_str(), found[0].level), ("READ_ONLY", FindingLevel::Stop));
    session.close().await;
}
