//! Forecasts of locks against a real server: what `pg_locks` shows after a statement, and whether the table was written
//! anew. Nothing may be forecast weaker than it is, and few things stronger.

use std::collections::BTreeMap;

use schema::Catalog;
use sql::{Dialect as _, LockWork};
use sql_postgres::DIALECT;

const SETUP: &str = "
CREATE TABLE b (id int PRIMARY KEY, n text);
CREATE TABLE a (id int PRIMARY KEY, n text, v varchar(10), d numeric(10,2), b_id int, nn text NOT NULL DEFAULT 'x',
    CONSTRAINT a_b FOREIGN KEY (b_id) REFERENCES b (id), CONSTRAINT pos CHECK (id > 0));
CREATE INDEX a_n ON a (n);
CREATE UNIQUE INDEX a_v ON a (v);
CREATE UNIQUE INDEX a_nn ON a (nn);
CREATE VIEW w AS SELECT id FROM b;
CREATE MATERIALIZED VIEW m AS SELECT id, n FROM b;
CREATE UNIQUE INDEX m_id ON m (id);
CREATE SEQUENCE s;
CREATE TABLE p (id int, x int) PARTITION BY RANGE (id);
CREATE TABLE p1 (id int, x int);
";
const DATA: &str = "
INSERT INTO b SELECT i, 'n' || i FROM generate_series(1, 100) i;
INSERT INTO a SELECT i, 'n' || i, 'v' || i, i, i, 'nn' || i FROM generate_series(1, 100) i;
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION tf();
ALTER TABLE a ADD CONSTRAINT later CHECK (id < 1000000) NOT VALID;
";

const STATEMENTS: &[&str] = &[
    "SELECT * FROM a JOIN b ON a.b_id = b.id",
    "INSERT INTO b VALUES (1000, 'x')",
    "UPDATE a SET n = 'x' WHERE id = 1",
    "DELETE FROM a WHERE id = 1",
    "TRUNCATE a",
    "DROP TABLE a",
    "DROP VIEW w",
    "DROP MATERIALIZED VIEW m",
    "DROP SEQUENCE s",
    "DROP INDEX a_n",
    "ALTER INDEX a_n RENAME TO a_m",
    "CREATE INDEX i ON a (n)",
    "CREATE UNIQUE INDEX i ON a (id, n)",
    "CREATE TRIGGER t2 BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION tf()",
    "DROP TRIGGER tr ON a",
    "COMMENT ON TABLE a IS 'x'",
    "COMMENT ON COLUMN a.n IS 'x'",
    "CREATE TABLE c (b_id int REFERENCES b (id))",
    "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (1) TO (10)",
    "CREATE OR REPLACE VIEW w AS SELECT id FROM b WHERE id > 0",
    "CREATE POLICY po ON a USING (id > 0)",
    "CREATE STATISTICS st ON id, n FROM a",
    "ANALYZE a",
    "CLUSTER a USING a_pkey",
    "REINDEX TABLE a",
    "REFRESH MATERIALIZED VIEW m",
    "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
    "LOCK TABLE a IN SHARE MODE",
    "ALTER TABLE a ADD COLUMN x int",
    "ALTER TABLE a ADD COLUMN x int DEFAULT 1",
    "ALTER TABLE a ADD COLUMN x int NOT NULL DEFAULT 1",
    "ALTER TABLE a ADD COLUMN x timestamptz DEFAULT now()",
    "ALTER TABLE a ADD COLUMN x timestamptz DEFAULT clock_timestamp()",
    "ALTER TABLE a ADD COLUMN x uuid DEFAULT gen_random_uuid()",
    "ALTER TABLE a ADD COLUMN x serial",
    "ALTER TABLE a ADD COLUMN x int GENERATED ALWAYS AS IDENTITY",
    "ALTER TABLE a ADD COLUMN x int GENERATED ALWAYS AS (id * 2) STORED",
    "ALTER TABLE a ADD COLUMN x int REFERENCES b (id)",
    "ALTER TABLE a ADD COLUMN x int UNIQUE",
    "ALTER TABLE a DROP COLUMN n",
    "ALTER TABLE a ALTER COLUMN n SET DEFAULT 'x'",
    "ALTER TABLE a ALTER COLUMN nn DROP DEFAULT",
    "ALTER TABLE a ALTER COLUMN n SET NOT NULL",
    "ALTER TABLE a ALTER COLUMN nn DROP NOT NULL",
    "ALTER TABLE a ALTER COLUMN n SET STATISTICS 100",
    "ALTER TABLE a ALTER COLUMN id TYPE bigint",
    "ALTER TABLE a ALTER COLUMN n TYPE varchar",
    "ALTER TABLE a ALTER COLUMN n TYPE varchar(20)",
    "ALTER TABLE a ALTER COLUMN v TYPE varchar(20)",
    "ALTER TABLE a ALTER COLUMN v TYPE varchar(5)",
    "ALTER TABLE a ALTER COLUMN v TYPE text",
    "ALTER TABLE a ALTER COLUMN d TYPE numeric(12,2)",
    "ALTER TABLE a ALTER COLUMN d TYPE numeric(12,3)",
    "ALTER TABLE a ALTER COLUMN d TYPE numeric",
    "ALTER TABLE a ADD CONSTRAINT k CHECK (id > 0)",
    "ALTER TABLE a ADD CONSTRAINT k CHECK (id > 0) NOT VALID",
    "ALTER TABLE a ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES b (id)",
    "ALTER TABLE a ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES b (id) NOT VALID",
    "ALTER TABLE a ADD CONSTRAINT k UNIQUE (n)",
    "ALTER TABLE a ADD CONSTRAINT k UNIQUE USING INDEX a_v",
    "ALTER TABLE a VALIDATE CONSTRAINT later",
    "ALTER TABLE a DROP CONSTRAINT pos",
    "ALTER TABLE a DROP CONSTRAINT a_b",
    "ALTER TABLE a RENAME TO z",
    "ALTER TABLE a RENAME COLUMN n TO z",
    "ALTER TABLE a RENAME CONSTRAINT pos TO z",
    "ALTER TABLE a ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE a DISABLE TRIGGER ALL",
    "ALTER TABLE a SET (fillfactor = 70)",
    "ALTER TABLE a RESET (fillfactor)",
    "ALTER TABLE a CLUSTER ON a_pkey",
    "ALTER TABLE a SET UNLOGGED",
    "ALTER TABLE a OWNER TO current_user",
    "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (1) TO (10)",
    "ALTER TABLE a ADD COLUMN x int, ALTER COLUMN n SET STATISTICS 100",
];

/// Strength of a mode, by either name.
fn strength(mode: &str) -> usize {
    const MODES: [&str; 8] = [
        "accessshare",
        "rowshare",
        "rowexclusive",
        "shareupdateexclusive",
        "share",
        "sharerowexclusive",
        "exclusive",
        "accessexclusive",
    ];
    let mode = mode.to_lowercase().replace(' ', "");
    let mode = mode.strip_suffix("lock").unwrap_or(&mode);
    1 + MODES.iter().position(|m| *m == mode).unwrap_or_else(|| panic!("no mode {mode}"))
}

#[tokio::test]
async fn forecasts_are_what_servers_do() {
    let servers = [testkit::servers::postgres().await, testkit::servers::postgres18().await];
    for server in servers.into_iter().flatten() {
        let database = server.database().await;
        database.execute(SETUP).await;
        database.execute(DATA).await;
        let mut catalog = Catalog::default();
        for statement in DIALECT.parse(SETUP).statements {
            DIALECT.apply(&mut catalog, &statement).unwrap();
        }
        let relations = database
            .rows(
                "SELECT oid::text, relname, pg_relation_filenode(oid)::text FROM pg_class
                 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S', 'i')",
            )
            .await;
        let names: BTreeMap<String, (String, Option<String>)> = relations
            .into_iter()
            .map(|r| (r[0].clone().unwrap(), (r[1].clone().unwrap(), r[2].clone())))
            .collect();
        let (mut weaker, mut stronger, mut total) = (Vec::new(), Vec::new(), 0);
        for statement in STATEMENTS {
            let taken = database
                .rows(&format!(
                    "BEGIN; {statement};
                     SELECT relation::text, mode, pg_relation_filenode(relation)::text FROM pg_locks
                     WHERE pid = pg_backend_pid() AND relation IS NOT NULL; ROLLBACK"
                ))
                .await;
            let mut real: BTreeMap<&str, (usize, bool)> = BTreeMap::new();
            for row in &taken {
                let Some((name, filenode)) = row[0].as_ref().and_then(|oid| names.get(oid)) else {
                    continue;
                };
                let entry = real.entry(name).or_default();
                entry.0 = entry.0.max(strength(row[1].as_ref().unwrap()));
                // TRUNCATE makes an empty file, which takes no time.
                entry.1 |=
                    row[2].is_some() && row[2] != *filenode && !statement.starts_with("TRUNCATE");
            }
            let parsed = DIALECT.parse(statement);
            let version =
                server.version.split('.').next().and_then(|v| v.parse().ok()).map(|v: u32| (v, 0));
            let forecast =
                DIALECT.forecast(&parsed.statements[0], statement, Some(&catalog), version);
            let indexes = ["a_pkey", "b_pkey", "a_n", "a_v", "a_nn", "m_id"];
            for (name, (real_mode, real_rewrite)) in &real {
                // What is read is named; what the server locks of a table's own indexes follows the table.
                let found = forecast.iter().find(|f| f.relation == *name);
                if found.is_none()
                    && (indexes.contains(name) || *real_mode < strength("SHARE UPDATE EXCLUSIVE"))
                {
                    continue;
                }
                total += 1;
                let mode = found.map_or(0, |f| strength(f.mode));
                let rewrite = found.is_some_and(|f| f.work == LockWork::Rewrite);
                let shown = format!(
                    "{statement}: {name} real {real_mode} {real_rewrite}, forecast {mode} {rewrite}"
                );
                if *real_mode > mode || (*real_rewrite && !rewrite) {
                    weaker.push(shown);
                } else if *real_mode < mode || (!real_rewrite && rewrite) {
                    stronger.push(shown);
                }
            }
            for extra in forecast.iter().filter(|f| !real.contains_key(f.relation.as_str())) {
                stronger.push(format!("{statement}: {} is not locked at all", extra.relation));
            }
        }
        println!(
            "{} statements, {total} locks, {} weaker, {} stronger",
            STATEMENTS.len(),
            weaker.len(),
            stronger.len()
        );
        println!("stronger: {stronger:#?}");
        assert!(weaker.is_empty(), "weaker than it is: {weaker:#?}");
        assert!(stronger.len() * 20 <= total, "stronger than it is: {stronger:#?}");
    }
}
