//! `--database`: the schema and the answers of a live server.

use super::*;

const SCHEMA: &str = "CREATE TABLE book (id int PRIMARY KEY, name text);
INSERT INTO book (id, name) SELECT i, 'n' || i FROM generate_series(1, 5000) i;
ANALYZE book;";

#[tokio::test(flavor = "multi_thread")]
async fn a_live_database_tells_what_a_file_does_not() {
    let Some(server) = testkit::servers::postgres().await else { return };
    reviewed_against(server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_does_version_18() {
    let Some(server) = testkit::servers::postgres18().await else { return };
    reviewed_against(server).await;
}

/// The server refuses it as it is; what `--fix=all` makes of it runs.
#[tokio::test(flavor = "multi_thread")]
async fn views_in_the_way_are_made_again() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let database = server.database().await;
    database.execute("CREATE TABLE book (id int PRIMARY KEY, pages int); CREATE VIEW long AS SELECT id FROM book WHERE pages > 500;").await;
    let folder = tempfile::tempdir().expect("a folder");
    write(&folder, "1.sql", "ALTER TABLE book ALTER COLUMN pages TYPE bigint;\n");
    let url = format!("{}?sslmode=disable", database.url());
    let report = json(&review(&folder, &[".", "--format", "json", "--database", &url]));
    let finding = &report["files"][0]["findings"][0];
    assert_eq!(finding["rule"], "BUILTIN_WALK_THROUGH_CHECK");
    assert_eq!(
        finding["fix"]["title"],
        "Drop public.long first, and create again after the change"
    );
    review(&folder, &[".", "--fix=all", "--database", &url]);
    let mended = std::fs::read_to_string(folder.path().join("1.sql")).expect("the file");
    assert!(mended.contains("DROP VIEW public.long;\nALTER TABLE book"), "{mended}");
    database.execute(&mended).await;
    let views = database.rows("SELECT count(*) FROM pg_views WHERE viewname = 'long'").await;
    assert_eq!(views, [[Some("1".to_owned())]]);
}

async fn reviewed_against(server: testkit::servers::Server) {
    let database = server.database().await;
    database.execute(SCHEMA).await;
    let url = database.url();
    let folder = tempfile::tempdir().expect("a folder");
    write(
        &folder,
        "1.sql",
        "DELETE FROM book WHERE id > 10;\nUPDATE book SET name = 'x' WHERE id = 1;\n",
    );
    write(
        &folder,
        "2.sql",
        "UPDATE book SET nme = 'x' WHERE id = 1;\nDELETE FROM gone WHERE id = 1;\n",
    );
    write(&folder, "3.sql", "ALTER TABLE book DROP COLUMN gone;\n");
    write(&folder, "4.sql", "INSERT INTO book VALUES (1, 'x');\n");
    let said = |tls: &str| {
        let url = format!("{url}?{tls}");
        let said = review(&folder, &[".", "--format", "json", "--database", &url]);
        assert_eq!(said.status, 1, "{}", said.err);
        json(&said)
    };
    let report = said("sslmode=disable");
    let of = |file: usize, rule: &str, line: u64| {
        let found = found(&report, file);
        assert!(found.contains(&(rule.to_owned(), line)), "{rule} in {found:?}");
    };
    of(0, "STATEMENT_AFFECTED_ROW_LIMIT", 1);
    of(1, "STATEMENT_DML_DRY_RUN", 1);
    of(1, "STATEMENT_DML_DRY_RUN", 2);
    of(2, "BUILTIN_WALK_THROUGH_CHECK", 1);
    assert!(!found(&report, 0).contains(&("STATEMENT_AFFECTED_ROW_LIMIT".to_owned(), 2)));
    let fix = &report["files"][3]["findings"][0]["fix"]["edits"][0]["text"];
    assert_eq!(fix, " (id, name)");
    // The server of version 18 was built without TLS.
    if !server.version.starts_with("18") {
        let verified = format!("sslmode=verify-full&sslrootcert={}", server.ca_file.display());
        assert_eq!(said(&verified)["summary"], report["summary"]);
    }
    // Nothing was run.
    assert_eq!(database.rows("SELECT count(*) FROM book").await, [[Some("5000".to_owned())]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_not_there_is_said_without_the_password() {
    let folder = tempfile::tempdir().expect("a folder");
    write(&folder, "1.sql", "SELECT 1;\n");
    let url = "postgres://ada:geheim@127.0.0.1:1/shop?sslmode=disable";
    let said = review(&folder, &["1.sql", "--database", url]);
    assert_eq!(said.status, 2);
    assert!(said.err.contains("--database") && !said.err.contains("geheim"), "{}", said.err);
}
