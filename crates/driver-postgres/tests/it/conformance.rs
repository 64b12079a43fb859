//! The suite of all drivers, on PostgreSQL.

use driver_postgres::PostgresEngine;
use engine::conformance::{self, Failing, Fixture, InForce, Lock};
use engine::{Cell, Moment, Outbound, Tls};

use crate::target::target;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conformance() {
    let Some(server) = testkit::servers::postgres().await else { return };
    let databases = [server.database().await, server.database().await, server.database().await];
    let new_database = format!("{}_made", databases[0].name);
    let ca = std::fs::read_to_string(&server.ca_file).expect("the servers' own authority");
    let version: u32 =
        server.version.split(['.', ' ']).next().and_then(|n| n.parse().ok()).expect("a version");
    let _dropped = Dropped { server: server.clone(), name: new_database.clone(), version };
    let rich = for_version(include_str!("rich.sql"), version);
    let fixture = Fixture {
        target: target(&server, None),
        tls: Some(Tls { ca_pem: Some(ca), ..Tls::default() }),
        databases: databases.each_ref().map(|d| d.name.clone()),
        rich: &rich,
        // The lines are those of the obligatory server; an older one has not all of them.
        outline: if version >= 15 { OUTLINE } else { &[] },
        work: "CREATE TABLE work (id int PRIMARY KEY, name text);
            INSERT INTO work SELECT n, 'name ' || n FROM generate_series(1, 1000) n;
            ANALYZE work",
        failing: Failing {
            sql: "CREATE TABLE half (a int);\nINSERT INTO half VALUES (1);\n-- é\nINSERT INTO half\n  SELECT 'é', nothing;",
            position: (5, 15),
            applied: 0,
        },
        sleep: "SELECT pg_sleep(30)",
        lock: Some(Lock {
            holder: "LOCK TABLE work IN ACCESS EXCLUSIVE MODE",
            waiter: "ALTER TABLE work ADD COLUMN IF NOT EXISTS more int",
        }),
        in_force: Some(InForce {
            name: "search_path",
            value: "app, 'x",
            probe: "SELECT 1 / (current_setting('search_path') = 'app, ''x')::int",
        }),
        estimate: Some(("DELETE FROM work WHERE id BETWEEN 101 AND 300", 200)),
        alone: Some("CREATE INDEX CONCURRENTLY work_name ON work (name);\nVACUUM (ANALYZE) work;"),
        values: &[
            ("SELECT 9007199254740993::bigint", "bigint", Cell::Int64(9_007_199_254_740_993)),
            ("SELECT (-7)::smallint", "smallint", Cell::Int32(-7)),
            ("SELECT 0.1::double precision + 0.2", "double precision", Cell::Double(0.1 + 0.2)),
            ("SELECT 4294967295::oid", "oid", Cell::Uint32(u32::MAX)),
            (
                "SELECT 1.10000000000000000001::numeric(30,20)",
                "numeric(30,20)",
                Cell::Text("1.10000000000000000001".to_owned()),
            ),
            ("SELECT true", "boolean", Cell::Bool(true)),
            ("SELECT NULL::text", "text", Cell::Null),
            ("SELECT '\\x00ff'::bytea", "bytea", Cell::Bytes(vec![0, 255])),
            ("SELECT ARRAY[1,NULL,3]", "integer[]", Cell::Text("{1,NULL,3}".to_owned())),
            ("SELECT ROW(1, 'a')", "record", Cell::Text("(1,a)".to_owned())),
            ("SELECT date '2024-02-29'", "date", Cell::Text("2024-02-29".to_owned())),
            (
                "SELECT timestamp '2024-02-29 12:00:00.000001'",
                "timestamp without time zone",
                Cell::Timestamp(Moment { seconds: 1_709_208_000, nanos: 1_000, digits: 6 }),
            ),
            ("SHOW bytea_output", "text", Cell::Text("hex".to_owned())),
        ],
        new_database: Some(new_database),
    };
    conformance::run(&PostgresEngine::new(Outbound::default()), &fixture).await;
}

/// Leaves out the statements that stand behind a comment `since N` with a later version.
fn for_version(script: &str, version: u32) -> String {
    let fits = |piece: &str| {
        let since = piece.split_once("-- since ").map(|(_, rest)| rest);
        let number = since.and_then(|rest| rest.split_whitespace().next());
        number.is_none_or(|n| n.parse::<u32>().expect("a number behind `since`") <= version)
    };
    let pieces = sql_postgres::split::segments(script).map(|s| s.whole.of(script));
    pieces.filter(|piece| fits(piece)).collect()
}

/// The database that the suite makes.
struct Dropped {
    server: testkit::servers::Server,
    name: String,
    version: u32,
}

impl Drop for Dropped {
    fn drop(&mut self) {
        let force = if self.version >= 13 { "WITH (FORCE)" } else { "" };
        let sql = format!("DROP DATABASE IF EXISTS {} {force}", self.name);
        let server = &self.server;
        tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(server.execute(&sql));
        });
    }
}

const OUTLINE: &[&str] = &[
    "extension citext",
    r"schema app -- the shop's own \ schema",
    "table app.customer -- people who pay",
    "column app.customer.id bigint not null identity",
    "column app.customer.serial integer not null default nextval('app.customer_serial_seq'::regclass)",
    "column app.customer.email public.citext not null",
    "column app.customer.name character varying(40) default 'no;body'::character varying",
    "column app.customer.Löwe; \"x\" text -- a wild 'name'",
    "column app.customer.short text generated app.shorten((name)::text, 2) stored",
    "column app.customer.state app.state not null default 'new'::app.state",
    "column app.customer.added smallint",
    "index app.customer.customer_pk (id) primary unique",
    "index app.customer.customer_email_uq (email) unique",
    "index app.customer.customer_name (lower((name)::text), amount desc) -- for search",
    "index app.customer.customer_added (added desc, email) unique",
    "check app.customer.amount is fine (((amount >= (0)::numeric) AND (app.shorten((name)::text) <> 'xxx'::text)))",
    "check app.customer.later ((added <> 7)) NOT VALID",
    "foreign key app.orders.orders_customer (customer_id) -> app.customer (id) on delete CASCADE on update SET NULL",
    "foreign key app.orders.orders_replaces (replaces) -> app.orders (id)",
    "index app.orders.orders_during (customer_id, during)",
    "trigger app.customer.touch BEFORE INSERT OR UPDATE -- keeps the time",
    "trigger app.customer.never AFTER TRUNCATE disable",
    "trigger app.a_names.instead INSTEAD OF INSERT",
    "trigger app.log.on_log AFTER INSERT",
    "table Odd \"Names\".select",
    "partitioned app.log by RANGE (at)",
    "partition app.log.log_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
    "partition app.log.log_2026.log_2026_a FOR VALUES IN ('7', '9')",
    "partition app.log.log_2026.log_2026_rest DEFAULT",
    "index app.log.log_2025.log_2025_own (at)",
    "rule app.base.no_delete",
    "policy app.orders.own",
    "view app.a_names -- again",
    "view app.z_names",
    "materialized view app.sums -- kept",
    "index app.sums.sums_state (state) unique",
    "function app.shorten(t text, n integer) -- the beginning; of a text",
    "function app.shorten(t public.citext)",
    "function app.total()",
    "procedure app.clean(IN days integer, INOUT gone integer)",
    "sequence app.numbers",
    "sequence app.customer_serial_seq owned by customer.serial",
    "enum app.state new|paid|it's sent",
    "type app.a_box",
    "type app.z_positive",
    "type app.floats",
];
