//! What is said before a change runs, and how far one is that does.

use std::time::Duration;

use engine::{Engine as _, Finding, FindingLevel, Preflight, Session, Transaction};
use sql::Dialect as _;

use crate::support::{Limited, engine, is_mysql, run, servers, session, target};

async fn findings(s: &mut dyn Session, script: &str) -> Vec<Finding> {
    let statements = sql_mysql::DIALECT.split(script);
    let facts: Vec<_> =
        statements.iter().map(|s| sql_mysql::DIALECT.classify(s.text(script))).collect();
    let pairs: Vec<_> = statements.iter().map(|s| s.text(script)).zip(&facts).collect();
    let ask = Preflight { statements: &pairs, blockers_older_than: Duration::from_secs(1) };
    s.preflight(&ask).await.expect("is never an error")
}

/// Those that other tests on the same server have no part in.
fn codes(found: &[Finding]) -> Vec<(&str, FindingLevel)> {
    let own = found.iter().filter(|f| !f.text.contains("prepared transactions have no session"));
    own.map(|f| (f.code.as_str(), f.level)).collect()
}

#[tokio::test]
async fn nothing_is_said_of_what_is_well() {
    for server in servers().await {
        let database = server.database().await;
        database.execute("create table t (a int primary key)").await;
        let limited = Limited::of(&database).await;
        for mut s in [session(&database).await, limited.session().await] {
            let script = "alter table t add b int; create table u (a int); insert into u values (1); update t set b = 2; \
                          create view v as select 1; rename table u to w; create procedure p() select 1; drop procedure p; \
                          truncate t; create index i on t (b); drop table t; set @a = 1";
            let found = findings(&mut *s, script).await;
            assert_eq!(codes(&found), [], "{found:?} on {:?}", server.product);
            assert_eq!(s.replica_lag().await.expect("None where it is not told"), None);
        }
        limited.drop_user().await;
    }
}

#[tokio::test]
async fn missing_privileges_stop_the_change() {
    for server in servers().await {
        let database = server.database().await;
        database.execute("create table t (a int primary key)").await;
        let limited = Limited::granted(&database, "SELECT, INSERT").await;
        let mut s = limited.session().await;
        let found = findings(&mut *s, "insert into t values (1); alter table t add b int").await;
        assert_eq!(codes(&found), [("MISSING_PRIVILEGE", FindingLevel::Stop)]);
        assert!(found[0].text.contains(&format!("ALTER on {}.t", database.name)), "{found:?}");
        let trigger = "create trigger x before insert on t for each row set @a = 1";
        let found = findings(&mut *s, trigger).await;
        assert_eq!(found.len(), 2, "TRIGGER, and SUPER for the sake of the binary log: {found:?}");
        assert_eq!(s.statement("alter table t add b int").await.unwrap_err().code, "1142");
        // A role may hold it.
        let role = format!("r_{}", &database.name[2..]);
        let user = &limited.target.username;
        server.execute(&format!("CREATE ROLE {role}; GRANT {role} TO '{user}'@'%'")).await;
        run(&mut *s, &format!("set role {role}")).await;
        let found = findings(&mut *s, "alter table t add b int").await;
        assert_eq!(codes(&found), [("MISSING_PRIVILEGE", FindingLevel::Warning)]);
        server.execute(&format!("DROP ROLE {role}")).await;
        limited.drop_user().await;
    }
}

#[tokio::test]
async fn what_stands_in_the_way_is_told() {
    for server in servers().await {
        let database = server.database().await;
        database
            .execute("create table t (a int primary key); create table m (a int) engine = myisam")
            .await;
        let (mut holder, mut s) = (session(&database).await, session(&database).await);
        holder.begin(&Transaction::default()).await.unwrap();
        run(&mut *holder, "insert into t values (1)").await;
        tokio::time::sleep(Duration::from_millis(2_100)).await;
        let mut found = Vec::new();
        for _ in 0..30 {
            found = findings(&mut *s, "alter table t add b int").await;
            if !found.is_empty() {
                break;
            }
            // MariaDB reads its transactions anew only when nobody has asked for a tenth of a second.
            tokio::time::sleep(Duration::from_millis(230)).await;
        }
        assert_eq!(codes(&found), [("BLOCKER", FindingLevel::Warning)], "{found:?}");
        assert!(found[0].text.contains(&format!("Session {} of", holder.backend())), "{found:?}");
        if is_mysql(&server) {
            assert!(found[0].text.contains("holds table t"), "{found:?}");
        }
        holder.rollback().await.unwrap();
        // The server does not look again at its transactions for a tenth of a second.
        tokio::time::sleep(Duration::from_millis(300)).await;
        let found = findings(&mut *s, "insert into m values (1)").await;
        assert_eq!(codes(&found), [("NOT_TRANSACTIONAL", FindingLevel::Warning)], "{found:?}");
    }
}

#[tokio::test]
async fn copies_of_large_tables_are_told() {
    for server in servers().await {
        let database = server.database().await;
        let mut s = session(&database).await;
        run(&mut *s, "create table t (id int primary key auto_increment, b text)").await;
        run(&mut *s, "insert into t (b) values (repeat('x', 4000)), (repeat('y', 4000)), (repeat('z', 4000))").await;
        for _ in 0..11 {
            run(&mut *s, "insert into t (b) select b from t").await;
        }
        run(&mut *s, "analyze table t").await;
        s.sync_database().await.expect("fresh sizes");
        let found = findings(&mut *s, "alter table t modify b mediumtext").await;
        assert_eq!(codes(&found), [("TABLE_REBUILD", FindingLevel::Warning)], "{found:?}");
        assert!(found[0].text.contains(" MiB"), "{found:?}");
        assert_eq!(codes(&findings(&mut *s, "alter table t add c int").await), []);

        // The same table, seen from outside while it is copied.
        if is_mysql(&server) {
            server.execute("UPDATE performance_schema.setup_consumers SET enabled = 'YES' WHERE name = 'events_stages_current'").await;
        }
        let backend = s.backend();
        let mut viewer = session(&database).await;
        let mut seen = None;
        for kind in ["text", "mediumtext", "text", "mediumtext", "text", "mediumtext"] {
            let sql = format!("alter table t modify b {kind}, algorithm = copy");
            let altering = s.statement(&sql);
            tokio::pin!(altering);
            loop {
                tokio::select! {
                    done = &mut altering => { done.expect("alters"); break; }
                    () = tokio::time::sleep(Duration::from_millis(5)) => {
                        let around = viewer.activity(&backend).await.expect("is shown");
                        seen = seen.or(around.and_then(|a| a.progress));
                    }
                }
            }
            if seen.is_some() {
                break;
            }
        }
        let progress = seen.expect("the server tells how far it is");
        assert!(
            progress.total > 0 && progress.done <= progress.total && !progress.phase.is_empty(),
            "{progress:?}"
        );
    }
}

#[tokio::test]
async fn a_session_behind_a_port_of_its_own_is_no_pooler() {
    for server in servers().await {
        let mut s = engine().connect(&target(&server, None)).await.expect("connects");
        let found = findings(&mut *s, "create database if not exists nowhere_at_all").await;
        assert_eq!(codes(&found), [], "also without a database");
        assert_eq!(
            s.backend(),
            s.fetch("select connection_id()", 1).await.unwrap()[0][0].clone().unwrap()
        );
    }
}
