//! Views in the way of a new type of a column: PostgreSQL refuses the statement, and takes it with the edits around it;
//! the views are then as they were.

use schema::Catalog;
use sql::{ApplyErrorKind, Dialect as _, fix};
use sql_postgres::DIALECT;
use testkit::servers;
use tokio_postgres::{Client, NoTls};

const SETUP: &str = "
CREATE TABLE book (id int PRIMARY KEY, title text NOT NULL, pages int);
CREATE VIEW long AS SELECT id, pages FROM book WHERE pages > 500;
CREATE VIEW titles AS SELECT title FROM book;
CREATE VIEW longest AS SELECT l.id, b.title FROM long l JOIN book b USING (id) WHERE b.pages > 1000;
COMMENT ON VIEW longest IS 'for the shelf below';
CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS n, max(pages) AS most FROM long;
CREATE UNIQUE INDEX counted_n ON counted (n);
";
const CHANGE: &str = "-- more pages\nALTER TABLE book ALTER COLUMN pages TYPE bigint;\nSELECT 1;\n";
/// What a client sees of the views.
const VIEWS: &str = "SELECT string_agg(v, E'\\n' ORDER BY v) FROM (
    SELECT c.relkind::text || ' ' || c.relname || ' ' || pg_get_viewdef(c.oid) || coalesce(obj_description(c.oid), '') AS v
    FROM pg_class c WHERE c.relkind IN ('v', 'm') AND c.relnamespace = 'public'::regnamespace
    UNION ALL SELECT indexdef FROM pg_indexes WHERE tablename = 'counted') x";

/// Which columns views read, which only the server tells.
const READS: &str = "SELECT DISTINCT v.relname, n.nspname, t.relname, a.attname
    FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class v ON v.oid = r.ev_class
    JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace n ON n.oid = t.relnamespace
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
    WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND v.oid <> t.oid
      AND v.relnamespace = 'public'::regnamespace";

/// What the setup makes, with the columns that a view reads: (view, schema, relation, column).
fn known(reads: &[[String; 4]]) -> Catalog {
    let mut catalog = Catalog::default();
    for statement in DIALECT.parse(SETUP).statements {
        DIALECT.apply(&mut catalog, &statement).expect("a right statement");
    }
    let of = |view: &str| {
        let of_view = reads.iter().filter(|[v, ..]| v == view);
        of_view.map(|[_, s, t, c]| (s.clone(), t.clone(), c.clone())).collect()
    };
    for schema in &mut catalog.schemas {
        schema.views.iter_mut().for_each(|v| v.depends_on = of(&v.name));
        schema.materialized_views.iter_mut().for_each(|v| v.depends_on = of(&v.name));
    }
    catalog
}

/// The script with what stands in the way of its first failing statement moved aside; None where that does not help.
fn unblocked(catalog: &Catalog, script: &str) -> Option<String> {
    let mut catalog = catalog.clone();
    for statement in DIALECT.parse(script).statements {
        let Err(error) = DIALECT.apply(&mut catalog, &statement) else { continue };
        assert_eq!(error.kind, ApplyErrorKind::DependentObjects, "{}", error.message);
        let fix = DIALECT.unblock(&catalog, &statement, script)?;
        return Some(fix::apply(script, [&fix]).text);
    }
    panic!("{script} does not fail");
}

async fn text(client: &Client, sql: &str) -> String {
    client.query_one(sql, &[]).await.expect("an answer").get(0)
}

#[tokio::test]
async fn views_are_put_aside_and_made_again() {
    for server in [servers::postgres().await, servers::postgres18().await].into_iter().flatten() {
        let database = server.database().await;
        let (client, connection) =
            tokio_postgres::connect(&database.url(), NoTls).await.expect("a connection");
        let driver = tokio::spawn(connection);
        client.batch_execute(SETUP).await.expect("the setup");
        let before = text(&client, VIEWS).await;
        let refused = client.batch_execute(CHANGE).await.expect_err("views stand in the way");
        let said = refused.as_db_error().expect("an error of the server").message();
        assert_eq!(said, "cannot alter type of a column used by a view or rule");
        let reads = client.query(READS, &[]).await.expect("what views read");
        let reads: Vec<[String; 4]> =
            reads.iter().map(|row| [row.get(0), row.get(1), row.get(2), row.get(3)]).collect();
        let catalog = known(&reads);
        let mended = unblocked(&catalog, CHANGE).expect("a fix");
        assert!(!mended.contains("VIEW public.titles"), "{mended}");
        client.batch_execute(&mended).await.unwrap_or_else(|e| panic!("{mended}\n{e:?}"));
        assert_eq!(text(&client, VIEWS).await, before);
        let of = "SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = 'long'::regclass AND attname = 'pages'";
        assert_eq!(text(&client, of).await, "bigint");
        drop(client);
        driver.await.expect("ends").expect("a whole connection");
    }
}

#[test]
fn only_what_can_be_made_again_is_offered() {
    let reads = |column: &str| ["long", "public", "book", column].map(str::to_owned);
    let catalog = known(&[reads("id"), reads("pages")]);
    for script in ["ALTER TABLE book DROP COLUMN pages;", "DROP TABLE book;"] {
        assert_eq!(unblocked(&catalog, script), None, "{script}");
    }
    assert_eq!(
        unblocked(&catalog, "ALTER TABLE book ALTER pages TYPE bigint").as_deref(),
        Some(
            "-- What reads the column is made again below. Add what was granted on it, and its owner.\n\
             DROP VIEW public.long;\nALTER TABLE book ALTER pages TYPE bigint;\n\
             CREATE VIEW public.long AS\nSELECT id, pages FROM book WHERE pages > 500;"
        )
    );
    // No view reads the title.
    let title = DIALECT.parse("ALTER TABLE book ALTER COLUMN title TYPE varchar(80)").statements;
    let mut catalog = catalog;
    assert!(DIALECT.apply(&mut catalog, &title[0]).is_ok());
    assert_eq!(DIALECT.unblock(&catalog, &title[0], ""), None);
}
