//! One line a case: statement → kind and changed objects.

use sql::Dialect as _;
use sql_mysql::DIALECT;

fn facts(statement: &str) -> String {
    let facts = DIALECT.classify(statement);
    let objects = facts.objects.iter().map(|o| {
        let dot = if o.schema.is_empty() { "" } else { "." };
        format!(" {}:{}{dot}{}", o.kind, o.schema, o.name)
    });
    facts.kind.as_str().to_owned() + &objects.collect::<String>()
}

#[test]
fn kinds_and_objects() {
    for (statement, expect) in [
        (
            "create or replace temporary table if not exists `a`.`b` (c int)",
            "CREATE_TABLE table:a.b",
        ),
        ("create table t like u", "CREATE_TABLE table:t"),
        (
            "create algorithm=merge definer=`x`@`%` sql security invoker view v as select 1",
            "CREATE_VIEW view:v",
        ),
        (
            "create unique index if not exists i using btree on d.t (a)",
            "CREATE_INDEX index:i table:d.t",
        ),
        ("alter ignore table t add index (a), drop column b", "ALTER_TABLE table:t"),
        ("alter online table if exists t rename to u", "ALTER_TABLE table:t table:u"),
        ("alter table t add a int, rename d.u", "ALTER_TABLE table:t table:d.u"),
        ("alter table t rename = `u`, comment 'x'", "ALTER_TABLE table:t table:u"),
        ("alter table t rename column a to b, rename index i to j", "ALTER_TABLE table:t"),
        (
            "alter table t exchange partition p with table u without validation",
            "ALTER_TABLE table:t table:u",
        ),
        ("drop index i on t", "DROP_INDEX index:i table:t"),
        ("drop table if exists a, b.c, `d``e`", "DROP_TABLE table:a table:b.c table:d`e"),
        ("drop temporary table a", "DROP_TABLE table:a"),
        ("rename table a to b, c.d to e", "RENAME table:a table:b table:c.d table:e"),
        ("truncate t", "TRUNCATE table:t"),
        (
            "create definer=current_user trigger tr after insert on t for each row set @a = 1",
            "CREATE_TRIGGER trigger:tr table:t",
        ),
        (
            "/*!50003 create*/ /*!50017 definer=`a`@`b`*/ /*!50003 trigger tr before update on t for each row begin end */",
            "CREATE_TRIGGER trigger:tr table:t",
        ),
        (
            "create procedure if not exists d.p(in a int) begin end",
            "CREATE_PROCEDURE procedure:d.p",
        ),
        ("create aggregate function f returns int soname 'x'", "CREATE_FUNCTION function:f"),
        ("alter procedure p comment 'x'", "OTHER_DDL procedure:p"),
        ("create sequence s start with 3", "CREATE_SEQUENCE sequence:s"),
        ("alter schema d character set utf8mb4", "ALTER_DATABASE database:d"),
        ("create schema if not exists d", "CREATE_DATABASE database:d"),
        ("insert ignore into d.t (a) select * from u", "INSERT table:d.t"),
        ("replace t values (1)", "INSERT table:t"),
        (
            "update low_priority a, b as x join (select * from hidden) h on h.i = x.i, `c` set a.x = 1",
            "UPDATE table:a table:b table:c",
        ),
        ("delete from t where a in (select b from u)", "DELETE table:t"),
        ("delete a, d.b from a join d.b on 1 = 1", "DELETE table:a table:d.b"),
        ("delete from a using a join b", "DELETE table:a"),
        ("with x as (select 1) update t set a = 1", "UPDATE table:t"),
        ("with x as (select 1) delete from t where 1", "DELETE table:t"),
        ("with recursive x as (select 1) select * from x", "SELECT"),
        ("(select 1) union (select 2)", "SELECT"),
        ("load data infile 'x' into table t", "OTHER_DML table:t"),
        ("explain update t set a = 1", "EXPLAIN"),
        ("analyze update t set a = 1", "UPDATE table:t"),
        ("analyze format=json delete from t", "DELETE table:t"),
        ("analyze table t", "MAINTENANCE"),
        ("begin", "BEGIN"),
        ("start transaction read only", "BEGIN"),
        ("start replica", "MAINTENANCE"),
        ("begin not atomic select 1; end", "CALL"),
        ("rollback to x", "SAVEPOINT"),
        ("rollback", "ROLLBACK"),
        ("set autocommit = 0", "BEGIN"),
        ("set session sql_mode = ''", "SET"),
        ("set global x = 1", "MAINTENANCE"),
        ("set @@global.x = 1", "MAINTENANCE"),
        ("set @x = 1", "SET"),
        ("lock tables t write", "MAINTENANCE"),
        ("grant all on *.* to a", "GRANT"),
        ("create user a", "GRANT"),
        ("create or replace", "UNKNOWN"),
        ("", "UNKNOWN"),
        ("'", "UNKNOWN"),
        ("frobnicate t", "UNKNOWN"),
    ] {
        assert_eq!(facts(statement), expect, "{statement}");
    }
}

#[test]
fn a_large_insert_is_not_read_to_its_end() {
    let large = format!("insert into t values {}", "(1, 'x'), ".repeat(2_000_000));
    let started = std::time::Instant::now();
    for _ in 0..1_000 {
        assert_eq!(facts(&large), "INSERT table:t");
    }
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}
