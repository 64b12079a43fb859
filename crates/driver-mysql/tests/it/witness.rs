//! What the catalog proves about statements that commit by themselves.

use engine::{Outcome, Session, Verdict, Witness};

use crate::support::{Limited, run, servers, session};

/// The verdict if the statement ran, and if it did not; each asked from another session.
async fn judged(s: &mut dyn Session, other: &mut dyn Session, sql: &str) -> (Outcome, Outcome) {
    let before = s.witness(sql).await.expect("reads");
    let not_run = Verdict::of_witnesses(&before, &other.witness(sql).await.expect("reads"));
    s.statement(sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
    let ran = Verdict::of_witnesses(&before, &other.witness(sql).await.expect("reads"));
    (ran.outcome, not_run.outcome)
}

const SURE: (Outcome, Outcome) = (Outcome::Applied, Outcome::NotApplied);
const UNSURE: (Outcome, Outcome) = (Outcome::Unknown, Outcome::Unknown);

#[tokio::test]
async fn the_catalog_shows_what_ran() {
    for server in servers().await {
        let (database, second) = (server.database().await, server.database().await);
        let (mut s, mut other) = (session(&database).await, session(&database).await);
        let away = &second.name;
        // Modes of the one session that the other has not.
        run(&mut *s, "set sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT', time_zone = '+05:00', character_set_results = latin1").await;
        for (sql, expect) in [
            (
                "create table t (id int primary key auto_increment, name varchar(9) comment 'größe')",
                SURE,
            ),
            ("create table like_t like t", SURE),
            ("create table filled as select 1 as a", SURE),
            ("alter table t add column b int, add index by_b (b)", SURE),
            ("alter table t engine = innodb", SURE),
            ("alter table t auto_increment = 100", UNSURE),
            ("create index by_name on t (name)", SURE),
            ("drop index by_name on t", SURE),
            ("create view v as select id from t", SURE),
            ("create or replace view v as select name from t", SURE),
            ("alter view v as select id, name from t", SURE),
            ("create procedure p() select 1", SURE),
            ("alter procedure p comment 'x'", SURE),
            ("create function f() returns int deterministic return 1", SURE),
            ("create trigger tr before insert on t for each row set @a = 1", SURE),
            ("create event e on schedule every 1 day do select 1", SURE),
            ("alter event e disable", SURE),
            ("truncate table t", UNSURE),
            ("drop trigger tr", SURE),
            ("drop event e", SURE),
            ("drop procedure p", SURE),
            ("drop function f", SURE),
            ("drop view v", SURE),
            (&format!("rename table t to u, filled to {away}.moved"), SURE),
            (&format!("alter table u rename to {away}.u"), SURE),
            (&format!("drop table like_t, {away}.u"), SURE),
            (&format!("alter database {away} character set latin1"), SURE),
            ("analyze table nothing", UNSURE),
            ("call sys_or_not_there()", UNSURE),
        ] {
            if expect == UNSURE && !sql.starts_with("alter") {
                assert_eq!(other.witness(sql).await.expect("reads"), Witness::default(), "{sql}");
                continue;
            }
            let got = judged(&mut *s, &mut *other, sql).await;
            assert_eq!(got, expect, "{sql} on {:?}", server.product);
        }
        let mode = s.fetch("select @@sql_mode, @@character_set_results", 1).await.unwrap();
        assert!(mode[0][0].as_deref().unwrap().contains("ANSI_QUOTES"), "as it was: {mode:?}");
        assert_eq!(mode[0][1].as_deref(), Some("latin1"));
    }
}

#[tokio::test]
async fn only_mariadb_has_these() {
    let Some(server) = testkit::servers::mariadb().await else { return };
    let database = server.database().await;
    let (mut s, mut other) = (session(&database).await, session(&database).await);
    for (sql, expect) in [
        ("create sequence n", SURE),
        ("alter sequence n maxvalue 77", SURE),
        ("alter sequence n restart 5", UNSURE),
        ("drop sequence n", SURE),
        ("create or replace table t (a int)", SURE),
        ("create or replace table t (a int)", SURE),
    ] {
        assert_eq!(judged(&mut *s, &mut *other, sql).await, expect, "{sql}");
    }
    // One after the other: it can stop in the middle, and does for the one that is missing.
    let drop = "drop table t, missing";
    let failed = s.statement(drop).await.unwrap_err();
    assert_eq!(failed.code, "1051");
    run(&mut *s, "create table missing (a int)").await;
    let now = s.witness(drop).await.unwrap();
    let broken = now.broken.expect("half of it is gone");
    assert!(broken.contains("`t` is not there") && broken.contains("`missing` is"), "{broken}");
}

#[tokio::test]
async fn rows_and_secrets_are_not_in_it() {
    for server in servers().await {
        let database = server.database().await;
        let mut s = session(&database).await;
        run(&mut *s, "create table t (id int primary key auto_increment); create procedure p() select 'hidden'").await;
        let before = s.witness("alter table t add a int").await.unwrap();
        assert!(before.decisive && before.text.contains("CREATE TABLE `t`"), "{before:?}");
        run(&mut *s, "insert into t values (), ()").await;
        assert_eq!(
            s.witness("alter table t add a int").await.unwrap(),
            before,
            "rows are no schema"
        );
        let program = s.witness("drop procedure p").await.unwrap();
        assert!(program.decisive && !program.text.contains("hidden"), "{program:?}");
        for sql in [
            "create user x identified by 'secret'",
            "set password = 'secret'",
            "grant all on *.* to x",
        ] {
            assert_eq!(s.witness(sql).await.unwrap(), Witness::default(), "{sql}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_seen_decides_nothing() {
    for server in servers().await {
        let (database, second) = (server.database().await, server.database().await);
        second.execute("create table t (a int)").await;
        let limited = Limited::of(&database).await;
        let mut s = limited.session().await;
        let own = s.witness("create table t (a int)").await.unwrap();
        assert!(own.decisive, "rights on one database are enough: {own:?}");
        let foreign = s.witness(&format!("drop table {}.t", second.name)).await.unwrap();
        assert!(!foreign.decisive, "{foreign:?}");
        s.close().await;
        // A name that another session would look up elsewhere.
        let mut s = session(&database).await;
        run(&mut *s, &format!("use {}", second.name)).await;
        assert!(!s.witness("drop table t").await.unwrap().decisive);
        let qualified = format!("drop table {}.t", second.name);
        assert!(s.witness(&qualified).await.unwrap().decisive);
        limited.drop_user().await;
    }
}
