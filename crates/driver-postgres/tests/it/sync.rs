//! Reading catalogs: what is found, how fast, with how much memory.

use std::fmt::Write as _;
use std::time::Instant;

use crate::target::connect;

/// `count` tables of eight columns with keys, indexes, checks, comments, and a foreign key each third; a view for ten and
/// a function for fifty of them.
fn many_tables(count: usize) -> String {
    let mut sql = String::new();
    for n in 1..=count {
        let key = if n % 3 == 0 {
            format!(", FOREIGN KEY (parent_id) REFERENCES t{} (id)", n - 1)
        } else {
            String::new()
        };
        let _ = write!(
            sql,
            "CREATE TABLE t{n} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code varchar(32) NOT NULL,
               name text, amount numeric(12,2) NOT NULL DEFAULT 0, flags jsonb, parent_id bigint,
               created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz,
               CONSTRAINT t{n}_amount_ck CHECK (amount >= 0){key});
             CREATE UNIQUE INDEX t{n}_code ON t{n} (code);
             CREATE INDEX t{n}_name ON t{n} (name, created_at);
             COMMENT ON TABLE t{n} IS 'table {n}';"
        );
        if n % 10 == 0 {
            let _ = write!(sql, "CREATE VIEW v{n} AS SELECT id, code FROM t{n} WHERE amount > 0;");
        }
        if n % 50 == 0 {
            let _ = write!(
                sql,
                "CREATE FUNCTION f{n}(p bigint) RETURNS numeric LANGUAGE sql STABLE
                   AS $$ SELECT amount FROM t{n} WHERE id = p $$;"
            );
        }
    }
    sql
}

#[tokio::test]
async fn five_thousand_tables() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let database = server.database().await;
    let all = many_tables(5_000);
    // In pieces: the server locks every table of a transaction.
    let statements: Vec<&str> = all.split_inclusive(";\n").collect();
    for piece in statements.chunks(500) {
        database.execute(&piece.concat()).await;
    }
    let mut session = connect(&server, &database.name).await;
    let before = resident();
    let mut fastest = f64::MAX;
    for _ in 0..3 {
        let started = Instant::now();
        let catalog = session.sync_database().await.unwrap();
        let seconds = started.elapsed().as_secs_f64();
        fastest = fastest.min(seconds);
        assert_eq!(catalog.table_count(), 5_000);
        println!(
            "sync of 5,000 tables: {seconds:.2} s (goal 1.5), {} MiB over idle (goal 64), {} views, {} routines",
            (resident() - before) >> 20,
            catalog.schemas[0].views.len(),
            catalog.schemas[0].routines.len()
        );
        let table = catalog.schemas[0].tables.iter().find(|t| t.name == "t3").unwrap();
        assert_eq!(table.columns.len(), 8);
        assert_eq!(table.indexes.len(), 3);
        assert_eq!(table.foreign_keys[0].columns, ["parent_id"]);
        assert_eq!(table.checks[0].expression, "((amount >= (0)::numeric))");
        assert!(table.columns[0].identity.as_ref().is_some_and(|i| i.always));
    }
    session.close().await;
}

/// Bytes of this process in memory.
fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").expect("Linux");
    let pages = statm.split(' ').nth(1).and_then(|n| n.parse::<u64>().ok());
    pages.expect("its second number") * 4096
}
