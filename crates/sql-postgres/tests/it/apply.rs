//! The walk-through against a real server: after the same script both have the same tables, columns, keys and indexes,
//! and where one refuses a statement, so does the other.

use std::collections::BTreeSet;

use schema::Catalog;
use sql::Dialect as _;
use sql_postgres::DIALECT;

/// Scripts that a server takes.
const GOOD: &[&str] = &[
    "CREATE TABLE t (id serial PRIMARY KEY, n text UNIQUE, \"B\" int, CHECK (id > 0), UNIQUE (n, \"B\"));
     CREATE INDEX ON t (n); CREATE INDEX ON t (n); CREATE INDEX ON t (lower(n), \"B\");
     CREATE INDEX ON t (\"B\", \"B\"); CREATE INDEX ON t ((\"B\" + 1)); CREATE INDEX ON t ((n::varchar));
     CREATE UNIQUE INDEX ON t (\"B\");",
    "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a_id int REFERENCES a, x int CHECK (x > 0) CHECK (x < 9));
     ALTER TABLE b ADD FOREIGN KEY (x) REFERENCES a (id); ALTER TABLE b ADD CHECK (a_id > x);
     ALTER TABLE b RENAME COLUMN x TO y; ALTER TABLE b DROP COLUMN a_id;",
    "CREATE TABLE t (a int, b int); ALTER TABLE t ADD PRIMARY KEY (a); ALTER TABLE t DROP CONSTRAINT t_pkey;
     ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (a, b); ALTER TABLE t RENAME CONSTRAINT k TO kk;
     ALTER TABLE t RENAME TO u; CREATE INDEX ON u (b); ALTER INDEX u_b_idx RENAME TO i; ALTER TABLE u DROP COLUMN b;",
    "CREATE SCHEMA s CREATE TABLE t (id int) CREATE VIEW v AS SELECT id FROM t; ALTER TABLE s.t SET SCHEMA public;
     ALTER SCHEMA s RENAME TO r; CREATE TABLE r.x AS SELECT id, id::bigint AS big, 'x'::varchar(3) AS v FROM t;",
    "CREATE TABLE t (id int, n text); CREATE TABLE l (LIKE t, x int); CREATE TABLE c (y int) INHERITS (t);
     SELECT n INTO z FROM t; ALTER TABLE t ALTER COLUMN id TYPE bigint, ALTER COLUMN n SET NOT NULL;",
    "CREATE TABLE t (id int); CREATE UNIQUE INDEX u ON t (id); ALTER TABLE t ADD CONSTRAINT pk PRIMARY KEY USING INDEX u;",
    "CREATE TABLE a_table_with_a_name_that_is_long (a_column_with_a_name_that_is_long_too int UNIQUE, b int);
     CREATE INDEX ON a_table_with_a_name_that_is_long (a_column_with_a_name_that_is_long_too, b);",
    "CREATE VIEW v AS SELECT 1 AS a; CREATE OR REPLACE VIEW v AS SELECT 2 AS a; DROP VIEW v; CREATE TABLE v (a int);
     DROP TABLE IF EXISTS v, w; CREATE SEQUENCE q; ALTER SEQUENCE q RENAME TO r; CREATE TYPE e AS ENUM ('x');
     ALTER TYPE e ADD VALUE 'y';",
    "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v; DROP TABLE t CASCADE;",
    "CREATE TABLE t (a char(3), b varchar(5), c numeric(8,2), d timestamptz(3), e int[], f double precision, g bool);",
];

/// What a server refuses at the last statement.
const BAD: &[&str] = &[
    "CREATE TABLE t (a int); CREATE TABLE t (a int)",
    "CREATE TABLE t (a int, a int)",
    "CREATE TABLE t (a int DEFAULT \"b\")",
    "CREATE TABLE t (a int PRIMARY KEY, b int PRIMARY KEY)",
    "CREATE TABLE t (a int, PRIMARY KEY (b))",
    "CREATE TABLE nowhere.t (a int)",
    "ALTER TABLE missing ADD COLUMN a int",
    "CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN a int",
    "CREATE TABLE t (a int); ALTER TABLE t DROP COLUMN b",
    "CREATE TABLE t (a int); ALTER TABLE t ALTER COLUMN b SET NOT NULL",
    "CREATE TABLE t (a int); ALTER TABLE t DROP CONSTRAINT c",
    "CREATE TABLE t (a int PRIMARY KEY); ALTER TABLE t ADD PRIMARY KEY (a)",
    "CREATE TABLE t (a int); CREATE INDEX i ON t (a); CREATE INDEX i ON t (a)",
    "CREATE TABLE t (a int); CREATE INDEX i ON t (b)",
    "CREATE INDEX i ON missing (a)",
    "DROP TABLE missing",
    "DROP INDEX missing",
    "CREATE TABLE t (a int); DROP VIEW t",
    "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; DROP TABLE t",
    "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (a int REFERENCES t); DROP TABLE t",
    "CREATE SCHEMA s; CREATE SCHEMA s",
    "CREATE SCHEMA s; CREATE TABLE s.t (a int); DROP SCHEMA s",
    "CREATE TYPE e AS ENUM ('x'); CREATE TYPE e AS ENUM ('x')",
    "CREATE TABLE t (a int); CREATE TABLE u (a int); ALTER TABLE t RENAME TO u",
    "CREATE TABLE t (a int, b int); ALTER TABLE t RENAME COLUMN a TO b",
    "CREATE SEQUENCE s; CREATE TABLE s (a int)",
];

fn walk(sql: &str) -> (Catalog, Vec<String>) {
    let mut catalog = Catalog::default();
    let script = DIALECT.parse(sql);
    assert_eq!(script.errors().next(), None, "{sql}");
    let apply = |s| DIALECT.apply(&mut catalog, s).err().map(|e| e.message);
    let errors = script.statements.iter().filter_map(apply).collect();
    (catalog, errors)
}

/// `table t`, `column t.a integer null`, `index t t_pkey primary unique a`…
fn shown(catalog: &Catalog) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for s in &catalog.schemas {
        for t in &s.tables {
            let name = format!("{}.{}", s.name, t.name);
            found.insert(format!("table {name}"));
            for c in &t.columns {
                let null = if c.nullable { "null" } else { "not null" };
                found.insert(format!("column {name}.{} {} {null}", c.name, c.r#type));
            }
            for i in &t.indexes {
                found.insert(format!("index {name} {} {} {}", i.name, i.primary, i.unique));
            }
            for c in t.checks.iter().map(|c| &c.name).chain(t.foreign_keys.iter().map(|f| &f.name))
            {
                found.insert(format!("constraint {name} {c}"));
            }
        }
        let views = s.views.iter().map(|v| ("view", &v.name));
        let sequences = s.sequences.iter().map(|q| ("sequence", &q.name));
        found.extend(views.chain(sequences).map(|(kind, n)| format!("{kind} {}.{n}", s.name)));
    }
    found
}

const OF_SERVER: &str = "
WITH n AS (SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')
SELECT CASE relkind WHEN 'r' THEN 'table ' WHEN 'v' THEN 'view ' ELSE 'sequence ' END || nspname || '.' || relname
    FROM pg_class c JOIN n ON n.oid = relnamespace WHERE relkind IN ('r', 'v', 'S')
UNION ALL SELECT 'column ' || nspname || '.' || relname || '.' || attname || ' ' || format_type(atttypid, atttypmod)
    || CASE WHEN attnotnull THEN ' not null' ELSE ' null' END
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid JOIN n ON n.oid = relnamespace
    WHERE relkind = 'r' AND attnum > 0 AND NOT attisdropped
UNION ALL SELECT 'index ' || nspname || '.' || t.relname || ' ' || i.relname || ' ' || indisprimary || ' ' || indisunique
    FROM pg_index x JOIN pg_class t ON t.oid = indrelid JOIN pg_class i ON i.oid = indexrelid
    JOIN n ON n.oid = t.relnamespace
UNION ALL SELECT 'constraint ' || nspname || '.' || relname || ' ' || conname
    FROM pg_constraint x JOIN pg_class c ON c.oid = conrelid JOIN n ON n.oid = c.relnamespace
    WHERE contype IN ('c', 'f')";

#[tokio::test]
async fn both_make_the_same() {
    let Some(server) = testkit::servers::postgres().await else { return };
    for sql in GOOD {
        let (catalog, errors) = walk(sql);
        assert_eq!(errors, Vec::<String>::new(), "{sql}");
        let database = server.database().await;
        database.execute(sql).await;
        let rows = database.rows(OF_SERVER).await;
        let real: BTreeSet<String> = rows.into_iter().map(|r| r[0].clone().unwrap()).collect();
        let ours = shown(&catalog);
        let missing: Vec<_> = real.difference(&ours).collect();
        let invented: Vec<_> = ours.difference(&real).collect();
        assert!(
            missing.is_empty() && invented.is_empty(),
            "{sql}\nmissing {missing:#?}\ninvented {invented:#?}"
        );
    }
}

#[tokio::test]
async fn both_refuse_the_same() {
    let Some(server) = testkit::servers::postgres().await else { return };
    for sql in BAD {
        let (_, errors) = walk(sql);
        assert_eq!(errors.len(), 1, "{sql}: {errors:#?}");
        let (before, last) = sql.rsplit_once(';').unwrap_or(("", sql));
        let database = server.database().await;
        database.execute(before).await;
        // The block swallows the error and says so.
        let quoted = last.replace('\'', "''");
        let tried = format!(
            "DO $do$ BEGIN EXECUTE '{quoted}'; PERFORM set_config('t.e', 'taken', false);
             EXCEPTION WHEN OTHERS THEN PERFORM set_config('t.e', SQLERRM, false); END $do$; SELECT current_setting('t.e')"
        );
        let rows = database.rows(&tried).await;
        let message = rows[0][0].clone().unwrap();
        assert_ne!(message, "taken", "the server takes {sql}; we say {errors:?}");
    }
}
