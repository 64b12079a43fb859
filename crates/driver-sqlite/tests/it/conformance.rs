//! The suite of all drivers, on SQLite.

use engine::Cell;
use engine::conformance::{self, Failing, Fixture, InForce, Lock};

use crate::support::{Folder, engine};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conformance() {
    let folder = Folder::new();
    let databases = ["rich", "copy.sqlite", "work"].map(str::to_owned);
    for name in &databases {
        folder.database(name).await.close().await;
    }
    let fixture = Fixture {
        target: folder.target(None),
        tls: None,
        databases,
        rich: include_str!("rich.sql"),
        outline: OUTLINE,
        work: "CREATE TABLE work (id INTEGER PRIMARY KEY, name text);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
              INSERT INTO work SELECT i, 'name ' || i FROM n;
            ANALYZE",
        failing: Failing {
            sql: "CREATE TABLE half (a int);\nINSERT INTO half VALUES (1);\n-- é\nINSERT INTO half\n  SELECT 'é' || nothing;",
            position: (5, 17),
            applied: 0,
        },
        sleep: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        lock: Some(Lock {
            holder: "UPDATE work SET name = 'x' WHERE id = 1",
            waiter: "UPDATE work SET name = 'y' WHERE id = 2",
        }),
        in_force: Some(InForce {
            name: "case_sensitive_like",
            value: "ON",
            // The absolute value of the least integer is an error.
            probe: "SELECT abs(CASE WHEN 'a' LIKE 'A' THEN -9223372036854775808 ELSE 1 END)",
        }),
        estimate: None,
        alone: Some("PRAGMA foreign_keys = OFF; VACUUM"),
        values: &[
            ("SELECT 9007199254740993", "", Cell::Int64(9_007_199_254_740_993)),
            ("SELECT id FROM work WHERE id = 7", "integer", Cell::Int64(7)),
            ("SELECT 0.1", "", Cell::Double(0.1)),
            ("SELECT 'é'", "", Cell::Text("é".to_owned())),
            ("SELECT x'00ff'", "", Cell::Bytes(vec![0, 255])),
            ("SELECT NULL", "", Cell::Null),
        ],
        new_database: Some("made by the suite".to_owned()),
    };
    conformance::run(&engine(), &fixture).await;
}

const OUTLINE: &[&str] = &[
    "table customer",
    "column customer.id INTEGER not null identity",
    "column customer.name TEXT not null default 'it''s;'",
    "column customer.twice INT generated score * 2 virtual",
    "column customer.kept INT generated score + (1) stored",
    "index customer.PRIMARY (id) primary unique",
    "index customer.by_score (score desc, (lower(name)))",
    "index customer.big (score) unique",
    "index customer.sqlite_autoindex_customer_1 (email) unique",
    "check customer.positive score >= 0",
    "check customer. length(name) > 0",
    "trigger customer.after_customer AFTER UPDATE OF name, score",
    "foreign key orders. (customer_id) -> customer (id) on delete CASCADE",
    "foreign key orders. (a, b) -> pair (a, b) on update SET NULL",
    "table odd \"name\"; it",
    "table words",
    "view a_view",
    "column a_view.n TEXT",
    "trigger a_view.instead INSTEAD OF INSERT",
    "view z_view",
];
