//! What only PostgreSQL has: notices, places in nested code, sessions that are ended by others, roles.

use std::collections::BTreeMap;

use driver_postgres::PostgresEngine;
use engine::{Engine as _, FailureKind, Outbound, SettingsRequest};

use crate::target::{connect, target};

#[tokio::test]
async fn notices_come_in_order_and_are_bounded() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let mut session = connect(&server, "postgres").await;
    let two = "DO $$ BEGIN RAISE NOTICE 'one'; RAISE WARNING 'two'; END $$";
    assert_eq!(
        session.statement(two).await.expect("notices").notices,
        ["NOTICE: one", "WARNING: two"]
    );
    let many = "DO $$ BEGIN FOR i IN 1..5000 LOOP RAISE NOTICE '%', i; END LOOP; END $$";
    let notices = session.statement(many).await.expect("notices").notices;
    assert_eq!(notices.len(), 201);
    assert_eq!(notices[200], "4800 more notices were not kept");
    assert!(session.statement("SELECT 1").await.expect("a query").notices.is_empty());
    session.close().await;
}

#[tokio::test]
async fn errors_in_nested_code_are_placed_in_the_statement() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let mut session = connect(&server, "postgres").await;
    for (sql, marked) in [
        ("DO $$ BEGIN PERFORM 'é', nothing; END $$", Some("nothing")),
        ("DO $$ DECLARE x int; BEGIN x := (SELECT 'é' FROM nothing); END $$", Some("nothing")),
        ("SELECT 'é', nothing", Some("nothing")),
        // In the same words twice, so that the place cannot be told.
        ("DO $$ BEGIN PERFORM nothing; PERFORM nothing; END $$", None),
        ("DO $$ BEGIN RAISE EXCEPTION 'no'; END $$", None),
    ] {
        let failure = session.statement(sql).await.expect_err(sql);
        let found = failure.offset.map(|at| &sql[at..]);
        let right = match (found, marked) {
            (Some(found), Some(marked)) => found.starts_with(marked),
            (found, marked) => found.is_none() && marked.is_none(),
        };
        assert!(right, "{sql}: {found:?}: {failure}");
    }
    session.close().await;
}

#[tokio::test]
async fn a_session_that_others_end_is_lost() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let mut session = connect(&server, "postgres").await;
    let mut other = connect(&server, "postgres").await;
    let end = format!("SELECT pg_terminate_backend({})", session.backend());
    let running = tokio::spawn(async move {
        let first = session.statement("SELECT pg_sleep(30)").await;
        let second = session.statement("SELECT 1").await;
        (first, second)
    });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    other.statement(&end).await.expect("terminate");
    let (first, second) = running.await.expect("no panic");
    for failure in [first.expect_err("it was ended"), second.expect_err("it is gone")] {
        assert!(failure.connection_lost, "{failure:?}");
        assert_eq!(failure.kind, FailureKind::Network, "{failure:?}");
    }
    assert!(other.activity("999999999").await.expect("activity").is_none());
    other.close().await;
}

#[tokio::test]
async fn a_role_is_taken_on() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let database = server.database().await;
    let role = format!("r_{}", database.name);
    server.execute(&format!("CREATE ROLE {role} NOLOGIN VALID UNTIL '2030-01-01 00:00:00Z'")).await;
    let engine = PostgresEngine::new(Outbound::default());
    let mut session = connect(&server, &database.name).await;
    let request = SettingsRequest {
        overrides: BTreeMap::from([("role".to_owned(), role.clone())]),
        ..SettingsRequest::default()
    };
    session.apply_settings(&engine.settings(&request).expect("settings")).await.expect("set");
    let failure = session.statement("CREATE TABLE public.t (a int)").await;
    assert_eq!(failure.expect_err("the role may not").kind, FailureKind::Permission);
    session.close().await;

    let mut session = connect(&server, "postgres").await;
    let roles = session.sync_instance().await.expect("sync").roles;
    let found = roles.iter().find(|r| r.name == role).expect("the role");
    assert!(found.attributes.starts_with("NOLOGIN, VALID UNTIL '20"), "{}", found.attributes);
    let admin = roles.iter().find(|r| r.name == server.user).expect("the administrator");
    assert!(admin.attributes.contains("SUPERUSER"), "{}", admin.attributes);
    session.close().await;
    server.execute(&format!("DROP ROLE {role}")).await;
}

#[tokio::test]
async fn parameters_of_a_data_source_hold_from_the_start() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let mut target = target(&server, None);
    target.parameters.insert("search_path".to_owned(), "it's, mine".to_owned());
    target.application_name = "é".repeat(50);
    let engine = PostgresEngine::new(Outbound::default());
    let mut session = engine.connect(&target).await.expect("connect");
    session
        .statement("SELECT 1 / (current_setting('search_path') = 'it''s, mine')::int")
        .await
        .expect("in force");
    session.close().await;
}

#[tokio::test]
async fn one_message_holds_one_statement() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let database = server.database().await;
    database.execute("CREATE TABLE t (a int)").await;
    let mut session = connect(&server, &database.name).await;
    let two = "DELETE FROM t; DROP TABLE t";
    assert_eq!(session.estimate_rows(two).await.expect("no estimate"), None);
    let failure = session.statement(two).await.expect_err("two statements");
    assert!(failure.message.contains("one statement"), "{failure}");
    assert_eq!(session.sync_database().await.expect("sync").table_count(), 1);
    session.close().await;
}
