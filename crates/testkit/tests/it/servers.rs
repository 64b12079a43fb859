//! Each kind of server does what the other tests rely on.

use testkit::servers::{self, Product, Server};

#[tokio::test]
async fn postgres_serves() {
    let Some(server) = servers::postgres().await else { return };
    assert!(server.version.starts_with("15."), "{}", server.version);
    serves(&server, "current_database()").await;
    let database = server.database().await;
    assert_eq!(database.rows("SHOW wal_level").await, [[Some("logical".to_owned())]]);
    assert_eq!(database.rows("SHOW ssl").await, [[Some("on".to_owned())]]);
}

#[tokio::test]
async fn mariadb_serves() {
    let Some(server) = servers::mariadb().await else { return };
    assert!(server.version.contains("MariaDB"), "{}", server.version);
    serves(&server, "database()").await;
    let database = server.database().await;
    let flags = database.rows("SELECT @@log_bin, @@binlog_format, @@have_ssl").await;
    assert_eq!(flags, [["1", "ROW", "YES"].map(|flag| Some(flag.to_owned()))]);
}

#[tokio::test]
async fn mysql_or_its_stand_in_serves() {
    let Some(server) = servers::mysql97().await else { return };
    assert_eq!(
        server.version.starts_with("9."),
        server.product == Product::MySql,
        "{}",
        server.version
    );
    serves(&server, "database()").await;
}

#[tokio::test]
async fn a_failing_statement_panics_with_the_words_of_the_server() {
    for server in [servers::postgres().await, servers::mariadb().await].into_iter().flatten() {
        let said = tokio::spawn(async move {
            server.execute("SELECT 1; SELECT 'x' FROM no_such_table_here").await;
        })
        .await
        .expect_err("the second statement cannot succeed")
        .into_panic();
        let said = said.downcast_ref::<String>().expect("a message");
        assert!(said.contains("no_such_table_here"), "{said}");
    }
}

/// Databases are separate, several statements run, NULL is told from text, and the end removes the database.
async fn serves(server: &Server, current: &str) {
    let (one, two) = (server.database().await, server.database().await);
    one.execute("CREATE TABLE t (a int, b varchar(9)); INSERT INTO t VALUES (1, 'é'), (2, NULL)")
        .await;
    two.execute("CREATE TABLE t (a int)").await;
    let rows = one.rows("SELECT a, b FROM t ORDER BY a").await;
    let text = |s: &str| Some(s.to_owned());
    assert_eq!(rows, [[text("1"), text("é")], [text("2"), None]]);
    assert!(two.rows("SELECT a FROM t").await.is_empty());
    assert_eq!(one.rows(&format!("SELECT {current}")).await, [[text(&one.name)]]);

    let (name, watcher) = (one.name.clone(), two);
    drop(one);
    let catalog = if server.product == Product::Postgres {
        "pg_database WHERE datname"
    } else {
        "information_schema.schemata WHERE schema_name"
    };
    let left = watcher.rows(&format!("SELECT count(*) FROM {catalog} = '{name}'")).await;
    assert_eq!(left, [[text("0")]], "the database is gone");
}
