//! What no engine may take for a statement that reads, and what each must.

use crate::readers;

const NEVER: &[&str] = &[
    "",
    ";",
    "-- nothing",
    "insert into t values (1)",
    "update t set a = 1",
    "delete from t",
    "merge into t using u on (a = b) when matched then delete",
    "truncate table t",
    "drop table t",
    "create table t as select 1",
    "alter table t add a int",
    "grant select on t to u",
    "call p()",
    "execute p",
    "begin",
    "commit",
    "set a = 1",
    "use d",
    "frobnicate t",
    "select 1; delete from t",
    "select 1;;drop table t;",
    "select 1 /* */ ; /* */ update t set a = 1",
    "select ';' ; delete from t",
    "with a as (select 1) delete from t",
    "with a as (delete from t returning b) select * from a",
    "explain analyze delete from t",
    "select * into t from u",
    "select * from t for update",
    "select nextval('s') from t",
    "select no_such_function_of_theirs(a) from t",
    "select a.b.c.evil(1) from t",
    "select 'open from t",
    "select 1 /* open",
    "(delete from t)",
];
const ALWAYS: &[&str] = &[
    "select a, b from t where c = 'delete from t; --'",
    "  -- update t\n select count(a) from t /* drop table t */ ;",
    "select \"insert\" from t",
];

#[test]
fn no_engine_takes_these_for_reading() {
    for (name, reader) in readers::all() {
        for sql in NEVER {
            assert!(!reader.purity(sql).is_certain(), "{name}: {sql}");
        }
        for sql in ALWAYS {
            assert!(reader.purity(sql).is_certain(), "{name}: {sql}: {:?}", reader.purity(sql));
        }
    }
}

/// Every word that a statement begins with and that is not known to read.
#[test]
fn verbs_that_change_are_denied_with_a_reason() {
    for (name, reader) in readers::all() {
        let sql::Purity::Writes { because } = reader.purity("vacuum t") else {
            panic!("{name} lets vacuum pass");
        };
        assert!(because.contains("VACUUM"), "{name}: {because}");
    }
}
