//! Rewrites that block less, against a real server: they run, one statement after another, and leave the same schema and
//! rows as the statement they stand for.

use schema::Catalog;
use sql::{Dialect as _, Safety, fix};
use sql_postgres::DIALECT;
use testkit::servers::Server;

const SETUP: &str = "
CREATE TABLE b (id int PRIMARY KEY, n text);
CREATE TABLE a (id int PRIMARY KEY, n text, m text, b_id int, CONSTRAINT a_id_check CHECK (id > 0));
CREATE TABLE u (id int NOT NULL, n text);
CREATE INDEX a_n ON a (n);
CREATE INDEX a_m ON a (m);
CREATE MATERIALIZED VIEW v AS SELECT id, n FROM b;
CREATE UNIQUE INDEX v_id ON v (id);
CREATE TABLE p (id int, x int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
";
const DATA: &str = "
INSERT INTO b SELECT i, 'n' || i FROM generate_series(1, 100) i;
INSERT INTO a SELECT i, 'n' || i, 'm' || i, i FROM generate_series(1, 100) i;
INSERT INTO u SELECT i, 'n' || i FROM generate_series(1, 100) i;
";

/// The statement, and words that the rewrite has.
const REWRITTEN: &[(&str, &str)] = &[
    ("CREATE INDEX i ON a (n)", "CREATE INDEX CONCURRENTLY i ON a (n)"),
    ("CREATE UNIQUE INDEX IF NOT EXISTS i ON a (n, id)", "INDEX CONCURRENTLY IF NOT EXISTS i"),
    ("DROP INDEX a_n", "DROP INDEX CONCURRENTLY a_n"),
    ("DROP INDEX IF EXISTS a_n, public.a_m", "a_n;\nDROP INDEX CONCURRENTLY IF EXISTS public.a_m"),
    ("REINDEX TABLE a", "REINDEX TABLE CONCURRENTLY a"),
    ("REINDEX INDEX a_n", "REINDEX INDEX CONCURRENTLY a_n"),
    ("REFRESH MATERIALIZED VIEW v", "REFRESH MATERIALIZED VIEW CONCURRENTLY v"),
    (
        "ALTER TABLE a ADD CONSTRAINT k CHECK (id > 0)",
        "NOT VALID;\nALTER TABLE a VALIDATE CONSTRAINT k",
    ),
    ("ALTER TABLE a ADD CHECK (id > -1)", "CONSTRAINT a_id_check1 CHECK (id > -1) NOT VALID"),
    ("ALTER TABLE a ADD CHECK (id > b_id - 1)", "VALIDATE CONSTRAINT a_check"),
    ("ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b (id) ON DELETE CASCADE", "a_b_id_fkey"),
    (
        "ALTER TABLE ONLY public.a ADD COLUMN x int, ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES b (id) DEFERRABLE, ADD CHECK (n <> '')",
        "ALTER TABLE ONLY public.a VALIDATE CONSTRAINT a_n_check",
    ),
    ("ALTER TABLE u ADD PRIMARY KEY (id)", "ADD CONSTRAINT u_pkey PRIMARY KEY USING INDEX u_pkey"),
    (
        "ALTER TABLE u ADD CONSTRAINT k UNIQUE (id, n)",
        "CREATE UNIQUE INDEX CONCURRENTLY k ON u (id, n)",
    ),
    ("ALTER TABLE u ADD UNIQUE (n)", "u_n_key"),
    ("ALTER TABLE a ALTER COLUMN n SET NOT NULL", "VALIDATE CONSTRAINT a_n_not_null_check"),
    ("ALTER TABLE a ALTER n SET NOT NULL, ALTER m SET NOT NULL", "ALTER COLUMN m SET NOT NULL"),
    ("ALTER TABLE p DETACH PARTITION p1", "DETACH PARTITION p1 CONCURRENTLY"),
    (
        "ALTER TABLE a ADD COLUMN x timestamptz NOT NULL DEFAULT clock_timestamp()",
        "-- batch = {\"key\": \"id\"",
    ),
    (
        "UPDATE a SET n = 'x' WHERE n <> 'x'",
        "-- batch = {\"key\": \"id\", \"rows\": 5000, \"pause_ms\": 100}\nUPDATE",
    ),
    ("DELETE FROM a WHERE id > 3", "-- batch"),
];

/// What has no rewrite, or needs none.
const LEFT_ALONE: &[&str] = &[
    "CREATE INDEX CONCURRENTLY i ON a (n)",
    "CREATE INDEX i ON p (id)",
    "DROP INDEX a_n CASCADE",
    "ALTER TABLE a ADD COLUMN x int",
    "ALTER TABLE a ADD COLUMN x int DEFAULT 1",
    "ALTER TABLE a ADD CONSTRAINT k CHECK (id > 0) NOT VALID",
    "ALTER TABLE u ADD CONSTRAINT k UNIQUE (id) INCLUDE (n)",
    "ALTER TABLE u ADD CONSTRAINT k UNIQUE (id) DEFERRABLE",
    "ALTER TABLE a ADD COLUMN x int, ALTER n SET NOT NULL",
    "REFRESH MATERIALIZED VIEW v WITH NO DATA",
    "UPDATE a SET id = id + 1",
    "UPDATE u SET n = 'x'",
    "UPDATE b SET n = 'x'",
    "BEGIN; CREATE INDEX i ON a (n); COMMIT",
    "-- txn-mode = on\nCREATE INDEX i ON a (n)",
    "CREATE TABLE fresh (id int); CREATE INDEX i ON fresh (id)",
    "-- batch = {\"key\": \"id\"}\nDELETE FROM a",
];

fn catalog() -> Catalog {
    let mut catalog = Catalog::default();
    for statement in DIALECT.parse(SETUP).statements {
        DIALECT.apply(&mut catalog, &statement).expect("a right statement");
    }
    for table in catalog.schemas.iter_mut().flat_map(|s| &mut s.tables) {
        table.stats.rows = if table.name == "a" { 1_000_000 } else { 100 };
    }
    catalog
}

fn rewritten(script: &str, catalog: &Catalog) -> Option<String> {
    let fixes = DIALECT.safer(&DIALECT.parse(script), script, Some(catalog), Some((15, 0)));
    (!fixes.is_empty()).then(|| fix::apply(script, fixes.values()).text)
}

#[test]
fn what_cannot_be_better_is_left_alone() {
    for script in LEFT_ALONE {
        assert_eq!(rewritten(script, &catalog()), None, "{script}");
    }
}

#[test]
fn what_is_rewritten_stays_as_it_is_then() {
    for (script, _) in REWRITTEN {
        let known = catalog();
        let once = rewritten(script, &known).expect(script);
        assert_eq!(DIALECT.parse(&once).errors().next(), None, "{once}");
        // The steps of a rewrite are steps that block less.
        assert_eq!(rewritten(&once, &known), None, "{once}");
    }
}

/// A rewrite is safe where nothing else is in the script, or each statement is run on its own anyway.
#[test]
fn what_was_all_or_nothing_asks_for_a_look() {
    let safety = |script: &str| {
        let fixes = DIALECT.safer(&DIALECT.parse(script), script, None, None);
        fixes.values().map(|f| f.safety).collect::<Vec<_>>()
    };
    let (safe, look) = (Safety::Safe, Safety::Look);
    assert_eq!(safety("CREATE INDEX i ON a (n)"), [safe]);
    assert_eq!(safety("SET lock_timeout = '1s'; CREATE INDEX i ON a (n)"), [safe]);
    assert_eq!(safety("UPDATE a SET n = 1; CREATE INDEX i ON a (n)"), [look]);
    assert_eq!(safety("-- txn-mode = off\nUPDATE a SET n = 1; CREATE INDEX i ON a (n)"), [safe]);
    assert_eq!(safety("VACUUM a; CREATE INDEX i ON a (n)"), [safe]);
    assert_eq!(safety("ALTER TABLE a ADD CONSTRAINT c CHECK (n > 0)"), [safe]);
    // Without a catalog the name that the server would give is a guess.
    assert_eq!(safety("ALTER TABLE a ADD CHECK (n > 0)"), [look]);
}

#[tokio::test]
async fn rewrites_come_to_the_same_on_a_server() {
    let Some(server) = testkit::servers::postgres().await else { return };
    come_to_the_same(server).await;
}

#[tokio::test]
async fn rewrites_come_to_the_same_on_version_18() {
    let Some(server) = testkit::servers::postgres18().await else { return };
    come_to_the_same(server).await;
}

async fn come_to_the_same(server: Server) {
    let known = catalog();
    for (script, words) in REWRITTEN {
        let rewrite = rewritten(script, &known).expect(script);
        assert!(rewrite.contains(words), "{script}\n{rewrite}");
        let mut shown = Vec::new();
        for text in [*script, &rewrite] {
            let database = server.database().await;
            database.execute(SETUP).await;
            database.execute(DATA).await;
            for statement in DIALECT.split(text) {
                database.execute(statement.text(text)).await;
            }
            shown.push(database.rows(SHOWN).await);
        }
        assert_eq!(shown[0], shown[1], "{script}\n{rewrite}");
    }
}

/// The schema, and how many rows there are.
const SHOWN: &str = "
SELECT 'column', c.relname, a.attname, a.attnotnull::text, format_type(a.atttypid, a.atttypmod)
    || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, convalidated::text, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    -- DETACH … CONCURRENTLY leaves the bounds of the partition as a check.
    AND conname <> 'p1_id_check'
UNION ALL SELECT 'index', indrelid::regclass::text, indexrelid::regclass::text, indisvalid::text, pg_get_indexdef(indexrelid)
FROM pg_index WHERE indexrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
UNION ALL SELECT 'rows', 'a', count(*)::text, count(n)::text, coalesce(max(n), '') FROM a
UNION ALL SELECT 'children', 'p', count(*)::text, '', '' FROM pg_inherits WHERE inhparent = 'p'::regclass
ORDER BY 1, 2, 3, 4, 5";
