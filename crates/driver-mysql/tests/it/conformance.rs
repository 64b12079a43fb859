//! The suite of all drivers, on each server of the family.

use engine::conformance::{self, Failing, Fixture, InForce, Lock};
use engine::{Cell, Moment, Tls};

use crate::dump::{COMMON, MARIADB, MYSQL};
use crate::statements::LONG;
use crate::support::{engine, is_mysql, servers, target};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conformance() {
    for server in servers().await {
        let databases = [server.database().await, server.database().await, server.database().await];
        let new_database = format!("{}_made", databases[0].name);
        let _dropped = Dropped { server: server.clone(), name: new_database.clone() };
        let ca = std::fs::read_to_string(&server.ca_file).expect("the servers' own authority");
        let own =
            if is_mysql(&server) { (MYSQL, MYSQL_OUTLINE) } else { (MARIADB, MARIADB_OUTLINE) };
        let outline: Vec<_> = OUTLINE.iter().chain(own.1).copied().collect();
        let values: Vec<_> = (1..=1_000).map(|n| format!("({n}, 'name {n}')")).collect();
        let fixture = Fixture {
            target: target(&server, None),
            tls: Some(Tls { ca_pem: Some(ca), ..Tls::default() }),
            databases: databases.each_ref().map(|d| d.name.clone()),
            rich: &format!("{COMMON}{}", own.0),
            outline: &outline,
            work: &format!(
                "CREATE TABLE work (id int PRIMARY KEY, name varchar(40));
                 INSERT INTO work VALUES {};
                 ANALYZE TABLE work",
                values.join(",")
            ),
            failing: Failing {
                sql: "CREATE TABLE half (a int);\nINSERT INTO half VALUES (1);\n-- é\nINSERT INTO half\n  SELECT 'é', nothing;",
                position: (5, 15),
                applied: 2,
            },
            sleep: LONG,
            lock: Some(Lock {
                holder: "UPDATE work SET name = 'held' WHERE id = 1",
                waiter: "UPDATE work SET name = 'wanted' WHERE id = 1",
            }),
            in_force: Some(InForce {
                name: "time_zone",
                value: "+03:00",
                // A sub-query of two rows where one is allowed is an error.
                probe: "SELECT (SELECT 1 UNION SELECT 2 FROM DUAL WHERE @@SESSION.time_zone <> '+03:00')",
            }),
            estimate: Some(("DELETE FROM work WHERE id BETWEEN 101 AND 300", 200)),
            alone: Some(
                "CREATE INDEX work_name ON work (name);\nUPDATE work SET name = 'z' WHERE id = 5;",
            ),
            values: &[
                (
                    "SELECT CAST(9007199254740993 AS SIGNED)",
                    "bigint",
                    Cell::Int64(9_007_199_254_740_993),
                ),
                (
                    "SELECT CAST(18446744073709551615 AS UNSIGNED)",
                    "bigint unsigned",
                    Cell::Uint64(u64::MAX),
                ),
                ("SELECT id FROM work WHERE id = 7", "int", Cell::Int32(7)),
                ("SELECT 0.1e0", "double", Cell::Double(0.1)),
                (
                    "SELECT CAST('1.10000000000000000001' AS DECIMAL(30,20))",
                    "decimal(30,20)",
                    Cell::Text("1.10000000000000000001".to_owned()),
                ),
                ("SELECT 'é'", "varchar", Cell::Text("é".to_owned())),
                ("SELECT NULL", "", Cell::Null),
                ("SELECT CAST(x'00ff' AS BINARY)", "varbinary", Cell::Bytes(vec![0, 255])),
                ("SELECT DATE '2024-02-29'", "date", Cell::Text("2024-02-29".to_owned())),
                (
                    "SELECT CAST('2024-02-29 12:00:00.5' AS DATETIME(3))",
                    "datetime",
                    Cell::Timestamp(Moment {
                        seconds: 1_709_208_000,
                        nanos: 500_000_000,
                        digits: 3,
                    }),
                ),
            ],
            new_database: Some(new_database),
        };
        conformance::run(&engine(), &fixture).await;
    }
}

/// The database that the suite makes.
struct Dropped {
    server: testkit::servers::Server,
    name: String,
}

impl Drop for Dropped {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {}", self.name);
        tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(self.server.execute(&sql));
        });
    }
}

const OUTLINE: &[&str] = &[
    "table customer -- customers; all of them",
    "column customer.flags bit(3) not null default b'101'",
    "column customer.kind enum('a','b''c','d,e') not null default 'b''c'",
    "column customer.born date default '2000-01-01'",
    "column customer.tags set('x','y')",
    "index customer.PRIMARY (id) primary unique",
    "index customer.by score (score)",
    "index customer.words (name)",
    "foreign key a_child.fk_customer (customer_id) -> customer (id) on delete CASCADE on update SET NULL",
    "trigger customer.before_customer BEFORE INSERT",
    "trigger customer.second_customer BEFORE INSERT",
    "partition measure.p0 2020",
    "partition measure.p1 MAXVALUE",
    "partition shard.p2 ",
    "partition listed.a 1,2",
    "view a_view",
    "view b_view",
    "procedure p() PROCEDURE",
    "function p()",
    "event cleanup",
];

const MARIADB_OUTLINE: &[&str] = &[
    "column customer.id bigint(20) unsigned not null identity",
    r"column customer.name varchar(100) not null default 'it''s \\ ''new''' -- the 'name' of a customer",
    "column customer.token char(36) default uuid()",
    "column customer.total decimal(12,2) generated `score` * 2 stored",
    "column customer.initial char(1) generated left(`name`,1) virtual",
    r"check customer.positive `score` >= 0 and `kind` <> 'z\''",
    "function twice(int(11)) -- two; times",
    "procedure fill(int(11), OUT int(11))",
    "sequence numbers",
    "table versioned",
    "column numbered.id bigint(20) not null default nextval(`numbers`)",
];

const MYSQL_OUTLINE: &[&str] = &[
    "column customer.id bigint unsigned not null identity",
    r"column customer.name varchar(100) not null default 'it''s \\ ''new''' -- the 'name' of a customer",
    "column customer.token char(36) default (uuid())",
    "column customer.total decimal(12,2) generated (`score` * 2) stored",
    "index customer.email_name (email(10), name desc) unique",
    "check customer.positive ((`score` >= 0) and (`kind` <> _utf8mb4'z\\''))",
    "function twice(int) -- two; times",
    "procedure fill(int, OUT int)",
    "index mysql_only.computed (((`a` + 1)), (cast(json_unquote(json_extract(`b`,_utf8mb4'$.x')) as char(20) charset utf8mb4)))",
    "column mysql_only.v varchar(20) default (concat(_utf8mb4'a',_utf8mb4'it\\'s'))",
];
