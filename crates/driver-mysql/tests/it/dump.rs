//! Dump, restore, and compare: the catalogs are equal, and so are the dumps.

use schema::{Catalog, Object};
use sql::Dialect as _;
use sql_mysql::DIALECT;

use crate::support::{is_mysql, run, servers, session};

pub const COMMON: &str = r"
CREATE TABLE customer (
  id bigint unsigned NOT NULL AUTO_INCREMENT,
  name varchar(100) COLLATE utf8mb4_bin NOT NULL DEFAULT 'it''s \\ \'new\'' COMMENT 'the ''name'' of a customer',
  email varchar(255) CHARACTER SET latin1 DEFAULT NULL,
  score decimal(10,2) NOT NULL DEFAULT 0.00,
  flags bit(3) NOT NULL DEFAULT b'101',
  kind enum('a','b''c','d,e') NOT NULL DEFAULT 'b''c',
  tags set('x','y') DEFAULT NULL,
  born date DEFAULT '2000-01-01',
  seen timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  total decimal(12,2) GENERATED ALWAYS AS (score * 2) STORED,
  initial char(1) GENERATED ALWAYS AS (left(name, 1)) VIRTUAL,
  token char(36) DEFAULT (uuid()),
  doc json DEFAULT NULL,
  place point NOT NULL,
  `odd ``name` int DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY email_name (email(10), name DESC),
  KEY `by score` (score),
  FULLTEXT KEY words (name),
  SPATIAL KEY places (place),
  CONSTRAINT positive CHECK (score >= 0 and kind <> 'z''')
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC COMMENT='customers; all of them';
CREATE TABLE a_child (
  id int NOT NULL,
  customer_id bigint unsigned,
  PRIMARY KEY (id),
  CONSTRAINT fk_customer FOREIGN KEY (customer_id) REFERENCES customer (id) ON DELETE CASCADE ON UPDATE SET NULL
);
CREATE TABLE measure (
  at date NOT NULL, region int NOT NULL, value double, PRIMARY KEY (at, region)
) PARTITION BY RANGE (YEAR(at)) SUBPARTITION BY HASH (region) SUBPARTITIONS 2 (
  PARTITION p0 VALUES LESS THAN (2020),
  PARTITION p1 VALUES LESS THAN MAXVALUE
);
CREATE TABLE shard (id int PRIMARY KEY) PARTITION BY KEY () PARTITIONS 3;
CREATE TABLE listed (id int) PARTITION BY LIST COLUMNS (id) (PARTITION a VALUES IN (1,2), PARTITION b VALUES IN (3));
INSERT INTO customer (name, place) VALUES ('x', point(1,1)), ('y', point(1,1));
CREATE VIEW b_view AS SELECT id, name FROM customer WHERE score > 1;
CREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW a_view (i, n) AS SELECT id, name FROM b_view WHERE id > 1 WITH CASCADED CHECK OPTION;
DELIMITER //
CREATE TRIGGER before_customer BEFORE INSERT ON customer FOR EACH ROW
BEGIN
  IF NEW.score < 0 THEN SET NEW.score = 0; END IF;
  SET NEW.name = concat(NEW.name, ';');
END//
CREATE TRIGGER second_customer BEFORE INSERT ON customer FOR EACH ROW FOLLOWS before_customer SET NEW.email = 'a@b'//
CREATE FUNCTION twice(n int) RETURNS int DETERMINISTIC COMMENT 'two; times' RETURN n * 2//
CREATE FUNCTION p() RETURNS int DETERMINISTIC RETURN 1//
CREATE PROCEDURE p() SELECT 1//
CREATE PROCEDURE fill(IN howmany int, OUT done int)
BEGIN
  DECLARE i int DEFAULT 0;
  WHILE i < howmany DO INSERT INTO a_child VALUES (i, NULL); SET i = i + 1; END WHILE;
  SET done = i;
END//
CREATE VIEW c_view AS SELECT twice(id) AS t FROM customer//
CREATE EVENT cleanup ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' ON COMPLETION PRESERVE DISABLE COMMENT 'night'
DO BEGIN DELETE FROM a_child WHERE id < 0; DELETE FROM measure; END//
DELIMITER ;
SET sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT';
CREATE FUNCTION quoted() RETURNS varchar(10) DETERMINISTIC RETURN 'a' || 'b';
SET sql_mode = '';
CREATE TABLE zero_date (d datetime NOT NULL DEFAULT '0000-00-00 00:00:00', ts timestamp NULL);
";

pub const MARIADB: &str = r"
CREATE SEQUENCE numbers START WITH 5 INCREMENT BY 2 MINVALUE 1 MAXVALUE 1000 CACHE 10 CYCLE;
CREATE TABLE numbered (id bigint NOT NULL DEFAULT (next value for numbers), hidden int INVISIBLE DEFAULT 1, note text DEFAULT 'x',
  u uuid, ip inet6, KEY ignored_one (id) IGNORED, CONSTRAINT c CHECK (id > 0));
CREATE TABLE versioned (a int) WITH SYSTEM VERSIONING;
";

pub const MYSQL: &str = r"
CREATE TABLE mysql_only (a int NOT NULL, b json, hidden int INVISIBLE DEFAULT 1,
  place geometry NOT NULL SRID 4326, v varchar(20) DEFAULT (concat('a', 'it''s')),
  KEY backwards (a DESC), KEY unseen (a) INVISIBLE, KEY computed ((a + 1), (cast(b->>'$.x' as char(20)))),
  CONSTRAINT unenforced CHECK (a > 0) NOT ENFORCED);
";

fn without_name(mut catalog: Catalog) -> Vec<(String, String)> {
    catalog.name.clear();
    let placed = catalog.into_objects();
    placed
        .into_iter()
        .map(|p| {
            let text = match &p.object {
                Object::Table(t) => {
                    let mut t = t.clone();
                    t.stats = schema::TableStats::default();
                    format!("{t:#?}")
                }
                Object::Database(_) => String::new(),
                other => format!("{other:#?}"),
            };
            (format!("{} {}", p.object.kind().as_str(), p.name), text)
        })
        .collect()
}

#[tokio::test]
async fn a_restored_dump_is_the_same_schema() {
    for server in servers().await {
        let (from, to) = (server.database().await, server.database().await);
        let mut source = session(&from).await;
        run(&mut *source, COMMON).await;
        run(&mut *source, if is_mysql(&server) { MYSQL } else { MARIADB }).await;
        let before = source.sync_database().await.expect("reads the source");
        let dump = DIALECT.render(&before);

        let mut copy = session(&to).await;
        run(&mut *copy, &dump).await;
        let after = copy.sync_database().await.expect("reads the copy");
        let (mut want, mut got) = (without_name(before), without_name(after.clone()));
        want.sort();
        got.sort();
        let names =
            |list: &[(String, String)]| list.iter().map(|o| o.0.clone()).collect::<Vec<_>>();
        assert_eq!(names(&want), names(&got), "{:?}", server.product);
        for (want, got) in want.iter().zip(&got) {
            assert_eq!(want.1, got.1, "{} on {:?}\n{dump}", want.0, server.product);
        }
        assert_eq!(DIALECT.render(&after), dump, "{:?}", server.product);
        assert!(!dump.contains("AUTO_INCREMENT="), "counters are no schema");
        assert!(!dump.contains("DEFINER=`"), "definers are left out");
        assert!(!dump.contains(&from.name), "nothing names the database that it came from\n{dump}");
    }
}

/// People restore with what came with the server.
#[tokio::test]
async fn the_servers_own_client_restores_a_dump() {
    for server in servers().await {
        let (from, to) = (server.database().await, server.database().await);
        let mut source = session(&from).await;
        run(&mut *source, COMMON).await;
        run(&mut *source, if is_mysql(&server) { MYSQL } else { MARIADB }).await;
        let before = source.sync_database().await.expect("reads the source");
        let file = std::env::temp_dir().join(format!("{}.sql", to.name));
        std::fs::write(&file, DIALECT.render(&before)).expect("writes the dump");
        let restored = std::process::Command::new("mysql")
            .args(["--no-defaults", "--protocol=tcp", "--default-character-set=utf8mb4"])
            .arg(format!("--host={}", server.host))
            .arg(format!("--port={}", server.port))
            .arg(format!("--user={}", server.user))
            .arg(format!("--password={}", server.password))
            .arg(&to.name)
            .stdin(std::fs::File::open(&file).expect("reads the dump"))
            .output()
            .expect("the client is installed with MariaDB");
        std::fs::remove_file(&file).expect("removes the dump");
        assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
        let after = session(&to).await.sync_database().await.expect("reads the copy");
        assert_eq!(DIALECT.render(&after), DIALECT.render(&before), "{:?}", server.product);
    }
}

#[tokio::test]
async fn an_empty_database_is_an_empty_dump() {
    for server in servers().await {
        let database = server.database().await;
        let catalog = session(&database).await.sync_database().await.expect("reads");
        assert_eq!(DIALECT.render(&catalog), "");
    }
}
