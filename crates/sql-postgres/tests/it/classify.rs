//! The facts that decide how a statement is run. statement_type.jsonl: crates/conformance.

use sql::{Dialect as _, Facts, StatementKind as Kind};
use sql_postgres::DIALECT;

fn facts(sql: &str) -> Facts {
    DIALECT.classify(sql)
}

/// `kind schema.name` of each object.
fn objects(sql: &str) -> Vec<String> {
    facts(sql).objects.iter().map(|o| format!("{} {}.{}", o.kind, o.schema, o.name)).collect()
}

#[test]
fn kinds() {
    for (sql, kind) in [
        ("CREATE UNLOGGED TABLE t ()", Kind::CreateTable),
        ("create or replace recursive view v(a) as select 1", Kind::CreateView),
        ("CREATE MATERIALIZED VIEW v AS SELECT 1", Kind::CreateView),
        ("SELECT 1 AS a INTO TEMP x", Kind::CreateTable),
        ("INSERT INTO t SELECT 1", Kind::Insert),
        ("(SELECT 1) UNION (SELECT 2)", Kind::Select),
        ("WITH a AS (SELECT 1), b(x) AS MATERIALIZED (SELECT 2) UPDATE t SET a = 1", Kind::Update),
        ("WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d", Kind::Delete),
        (
            "WITH RECURSIVE r AS (SELECT 1) SEARCH DEPTH FIRST BY a, b SET o CYCLE a SET c USING p, z AS (SELECT 2) DELETE FROM t",
            Kind::Delete,
        ),
        ("EXPLAIN DELETE FROM t", Kind::Explain),
        ("EXPLAIN (COSTS off, ANALYZE) DELETE FROM t", Kind::Delete),
        ("EXPLAIN (ANALYZE false) DELETE FROM t", Kind::Explain),
        ("EXPLAIN ANALYZE VERBOSE SELECT 1", Kind::Select),
        ("COPY t (a) FROM '/tmp/x'", Kind::OtherDml),
        ("COPY (SELECT 1) TO '/tmp/x'", Kind::Select),
        ("ROLLBACK TO SAVEPOINT a", Kind::Savepoint),
        ("END", Kind::Commit),
        ("ALTER SEQUENCE s RENAME TO t", Kind::RenameSequence),
        ("ALTER INDEX i RENAME TO j", Kind::RenameIndex),
        ("ALTER INDEX i SET (fillfactor = 70)", Kind::AlterIndex),
        ("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO a", Kind::Grant),
        ("COMMENT ON TABLE t IS 'x'", Kind::Comment),
        ("ALTER POLICY p ON t USING (true)", Kind::OtherDdl),
        ("nonsense", Kind::Unknown),
        ("", Kind::Unknown),
        ("'", Kind::Unknown),
    ] {
        assert_eq!(facts(sql).kind, kind, "{sql}");
    }
}

#[test]
fn changed_objects() {
    for (sql, expect) in [
        ("DROP TABLE IF EXISTS a, S.\"B\" CASCADE", vec!["table .a", "table s.B"]),
        (
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY s.t (a)",
            vec!["index s.i", "table s.t"],
        ),
        ("CREATE INDEX ON t (a)", vec!["table .t"]),
        ("ALTER TABLE IF EXISTS ONLY s.t ADD a int", vec!["table s.t"]),
        ("COMMENT ON COLUMN s.t.c IS 'x'", vec!["table s.t"]),
        ("COMMENT ON CONSTRAINT c ON s.t IS 'x'", vec!["table s.t"]),
        (
            "CREATE TRIGGER g BEFORE UPDATE OF a, b ON s.t EXECUTE FUNCTION f()",
            vec!["trigger s.g", "table s.t"],
        ),
        ("CREATE RULE r AS ON INSERT TO s.t DO NOTHING", vec!["rule s.r", "table s.t"]),
        ("DROP RULE r ON t", vec!["rule .r", "table .t"]),
        ("DROP FUNCTION f(int, text), g()", vec!["function .f", "function .g"]),
        ("TRUNCATE TABLE ONLY a, b *", vec!["table .a", "table .b"]),
        ("CREATE SCHEMA IF NOT EXISTS AUTHORIZATION joe", vec!["schema .joe"]),
        ("INSERT INTO s.t VALUES (1)", vec!["table s.t"]),
        ("SELECT 1", vec![]),
    ] {
        assert_eq!(objects(sql), expect, "{sql}");
    }
}

#[test]
fn what_no_transaction_may_hold() {
    for sql in [
        "CREATE INDEX CONCURRENTLY i ON t (a)",
        "DROP INDEX CONCURRENTLY i",
        "REINDEX TABLE CONCURRENTLY t",
        "REINDEX (VERBOSE, CONCURRENTLY) INDEX i",
        "REINDEX DATABASE d",
        "VACUUM FULL t",
        "CREATE DATABASE d",
        "DROP DATABASE d",
        "ALTER DATABASE d SET TABLESPACE x",
        "ALTER SYSTEM SET work_mem = '1MB'",
        "CREATE TABLESPACE x LOCATION '/x'",
        "DROP TABLESPACE x",
        "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p",
        "ALTER SUBSCRIPTION s REFRESH PUBLICATION",
        "DROP SUBSCRIPTION s",
        "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
        "CLUSTER",
        "DISCARD ALL",
        "COMMIT PREPARED 'x'",
        "DO $$ BEGIN INSERT INTO t VALUES (1); COMMIT; END $$",
    ] {
        assert!(facts(sql).outside_transaction, "{sql}");
    }
    for sql in [
        "CREATE INDEX i ON t (a)",
        "CREATE INDEX concurrently_built ON t (a)",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
        "REINDEX INDEX i",
        "ALTER DATABASE d SET work_mem = '1MB'",
        "ALTER TABLE t DETACH PARTITION p",
        "CLUSTER t USING i",
        "ANALYZE t",
        "DO $$ BEGIN RAISE NOTICE 'commit;'; END $$",
    ] {
        assert!(!facts(sql).outside_transaction, "{sql}");
    }
}

#[test]
fn secrets_are_found() {
    use sql::Dialect as _;
    let shown = |sql: &str| sql::secrets::mask(sql, &sql_postgres::DIALECT.secrets(sql));
    for sql in [
        "CREATE ROLE a LOGIN PASSWORD 'hunter2'",
        "CREATE ROLE a PASSWORD 'hunter2' bogus",
        "CREATE ROLE a PASSWORD E'hunter2\\'' VALID UNTIL 'infinity'",
        "alter user a with encrypted password $$hunter2$$",
        "ALTER ROLE a SET app.password = 'hunter2'",
        "CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'u', password 'hunter2')",
        "ALTER USER MAPPING FOR a SERVER s OPTIONS (SET password 'hunter2')",
        "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'h', password 'hunter2')",
        "ALTER SERVER s OPTIONS (ADD sslpassword 'hunter2')",
        "CREATE FOREIGN TABLE t (a int) SERVER s OPTIONS (password 'hunter2')",
        "CREATE SUBSCRIPTION s CONNECTION 'host=h password=hunter2' PUBLICATION p",
        "ALTER SUBSCRIPTION s CONNECTION 'postgres://u:hunter2@h/d'",
        "ALTER SYSTEM SET primary_conninfo = 'user=u password=hunter2'",
        "SELECT * FROM dblink('dbname=d password=hunter2', 'select 1') AS t(a int)",
        "SELECT dblink_connect('postgresql://u:hunter2@h/d')",
        "SET app.password = 'hunter2'",
        "DO $do$ BEGIN EXECUTE 'CREATE ROLE a PASSWORD ''hunter2'''; END $do$",
        "CREATE FUNCTION f() RETURNS void AS $f$ ALTER ROLE a PASSWORD 'hunter2' $f$ LANGUAGE sql",
        "COPY t FROM PROGRAM 'curl https://u:hunter2@h/t.csv'",
    ] {
        assert!(!shown(sql).contains("hunter2"), "{}", shown(sql));
        assert!(shown(sql).contains("'***'"), "{}", shown(sql));
    }
    assert_eq!(
        shown("CREATE ROLE \"a\" LOGIN PASSWORD 'x' -- y"),
        "CREATE ROLE \"a\" LOGIN PASSWORD '***' -- y"
    );
}

#[test]
fn secrets_are_marked() {
    for sql in [
        "CREATE ROLE a LOGIN PASSWORD 'x'",
        "alter user a with encrypted password 'x'",
        "CREATE USER MAPPING FOR a SERVER s OPTIONS (password 'x')",
        "ALTER USER MAPPING FOR a SERVER s OPTIONS (SET password 'x')",
        "CREATE SUBSCRIPTION s CONNECTION 'password=x' PUBLICATION p",
        "ALTER SUBSCRIPTION s CONNECTION 'password=x'",
        "ALTER SYSTEM SET primary_conninfo = 'password=x'",
    ] {
        assert!(facts(sql).sensitive, "{sql}");
    }
    for sql in ["CREATE ROLE a", "ALTER SUBSCRIPTION s DISABLE", "CREATE TABLE password (a int)"] {
        assert!(!facts(sql).sensitive, "{sql}");
    }
}
