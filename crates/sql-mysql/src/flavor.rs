//! The engines of the family, as readers of scripts: MySQL, MariaDB, TiDB, OceanBase, StarRocks, Doris. They differ in
//! comments and functions, not in grammar as far as text alone tells.

use base::{EngineKind, Span};
use sql::lex::Rules;
use sql::purity::{PurityRules, judge};
use sql::{Facts, Purity, Reader, Segment};

use crate::{RULES, classify, split};

/// One engine of the family.
#[derive(Debug)]
pub struct Flavor {
    rules: Rules,
    /// Pieces of blanks and comments are shown too.
    shows_empty: bool,
    purity: PurityRules,
}

const MYSQL_PURITY: PurityRules = PurityRules {
    queries: &["SELECT", "WITH", "VALUES", "TABLE"],
    shows: &["SHOW", "HELP"],
    explains: &["EXPLAIN", "DESCRIBE", "DESC", "ANALYZE"],
    functions: &[
        "addtime",
        "any_value",
        "bin",
        "bin_to_uuid",
        "binary",
        "char",
        "charset",
        "coercibility",
        "collation",
        "compress",
        "connection_id",
        "convert_tz",
        "database",
        "default",
        "export_set",
        "field",
        "found_rows",
        "from_base64",
        "get_format",
        "inet6_aton",
        "inet6_ntoa",
        "interval",
        "is_ipv4",
        "is_uuid",
        "json_array_append",
        "json_depth",
        "json_insert",
        "json_merge_patch",
        "json_overlaps",
        "json_remove",
        "json_replace",
        "json_schema_valid",
        "json_storage_size",
        "make_set",
        "match",
        "oct",
        "row_count",
        "schema",
        "session_user",
        "sha",
        "st_astext",
        "st_distance",
        "st_geomfromtext",
        "st_x",
        "st_y",
        "subdate",
        "adddate",
        "subtime",
        "to_seconds",
        "uncompress",
        "user",
        "uuid_short",
        "uuid_to_bin",
        "values",
        "weight_string",
        "group_replication_get_write_concurrency",
    ],
    writers: &[
        "benchmark",
        "get_lock",
        "is_free_lock",
        "last_insert_id",
        "load_file",
        "master_pos_wait",
        "release_all_locks",
        "release_lock",
        "setval",
        "sleep",
        "source_pos_wait",
        "sys_eval",
        "sys_exec",
        "wait_for_executed_gtid_set",
    ],
    marks: &[":="],
    comments_run: true,
    // NO_BACKSLASH_ESCAPES and ANSI_QUOTES.
    readings: &[
        Rules { backslash: false, ..RULES },
        Rules { double_quoted_strings: false, ..RULES },
        Rules { double_quoted_strings: false, backslash: false, ..RULES },
    ],
    ..PurityRules::NONE
};

static MYSQL: Flavor = Flavor { rules: RULES, shows_empty: false, purity: MYSQL_PURITY };

static TIDB: Flavor = Flavor {
    rules: Rules { tidb_comments: true, ..RULES },
    shows_empty: true,
    purity: PurityRules {
        readings: &[
            Rules { backslash: false, tidb_comments: true, ..RULES },
            Rules { double_quoted_strings: false, tidb_comments: true, ..RULES },
        ],
        ..MYSQL_PURITY
    },
};

/// StarRocks and Doris: `--` needs no blank behind it.
static COLUMNAR: Flavor = Flavor {
    rules: Rules { dash_needs_blank: false, ..RULES },
    shows_empty: true,
    purity: PurityRules {
        // EXPLAIN ANALYZE runs an INSERT, and `EXPLAIN … ANALYZE PROFILE` reads one.
        explains: &["EXPLAIN", "DESCRIBE", "DESC"],
        ..MYSQL_PURITY
    },
};

pub fn reader(kind: EngineKind) -> Option<&'static dyn Reader> {
    Some(match kind {
        EngineKind::Mysql | EngineKind::Mariadb | EngineKind::Oceanbase => &MYSQL,
        EngineKind::Tidb => &TIDB,
        EngineKind::Starrocks | EngineKind::Doris => &COLUMNAR,
        _ => return None,
    })
}

impl Reader for Flavor {
    fn rules(&self) -> Rules {
        self.rules
    }

    fn segments<'a>(&self, script: &'a str) -> Box<dyn Iterator<Item = Segment> + 'a> {
        Box::new(split::segments(script, self.rules))
    }

    fn shown(&self, segment: &Segment) -> Option<Span> {
        (self.shows_empty || segment.statement.is_some()).then_some(segment.whole)
    }

    fn classify(&self, statement: &str) -> Facts {
        classify::classify(statement)
    }

    fn purity(&self, statement: &str) -> Purity {
        if crate::parse::Words::new(statement).eat_all(&["ANALYZE", "TABLE"]) {
            return Purity::Writes { because: "ANALYZE TABLE keeps what it finds".to_owned() };
        }
        judge(statement, self.rules, &self.purity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tidb_runs_its_own_comments() {
        let script = "select 1 /*T! ; */; /*T![auto_rand] ; */ select 2";
        let count = |reader: &Flavor| reader.split(script).len();
        assert_eq!((count(&MYSQL), count(&TIDB)), (2, 2));
        let marked = |reader: &Flavor| {
            reader.segments(script).last().and_then(|s| s.statement).map_or("", |s| s.of(script))
        };
        assert_eq!(marked(&MYSQL), "select 2");
        assert_eq!(marked(&TIDB), "/*T![auto_rand] ; */ select 2");
        assert_eq!(COLUMNAR.split("select 5 --1;\n; select 2").len(), 2);
    }

    #[test]
    fn attacks() {
        for sql in [
            "select 1 /*! into outfile 'x' */",
            "/*!50000 delete from t */",
            "select 1 /*T! for update */",
            "select 1 into @a",
            "select * from t into outfile '/tmp/x'",
            "table t into outfile '/tmp/x'",
            "select * from t for update",
            "select * from t lock in share mode",
            "with x as (select 1) delete from t",
            "with x as (select 1) update t set a = 1",
            "select @a := 1",
            "select sleep(10)",
            "select get_lock('a', 1)",
            "select evil()",
            "select db.evil()",
            "select `evil` (1)",
            "select next value for s",
            "select nextval(s)",
            "select s.nextval",
            "explain analyze delete from t",
            "desc analyze update t set a = 1",
            "analyze delete from t",
            "analyze table t",
            "analyze format=json update t set a = 1",
            "explain format=json into @a select 1",
            "show tables where evil()",
            "select 1; drop table t",
            "select \"\\\"; delete from t; -- \"",
            "select '\\'; delete from t; -- '",
            "select 1 from t procedure analyse()",
            "handler t open",
            "do sleep(1)",
            "set @a = 1",
            "call p()",
            "begin not atomic delete from t; end",
            "select \"evil\"(1)",
        ] {
            for reader in [&MYSQL, &TIDB, &COLUMNAR] {
                assert!(!reader.purity(sql).is_certain(), "{sql}");
            }
        }
        for sql in [
            "select replace(a, 'x', 'y'), insert(a, 1, 2, 'b'), t.delete from t where b = 'delete; x' -- drop",
            "show create table t",
            "show tables like 'x'",
            "explain delete from t",
            "desc t",
            "explain analyze select 1",
            "with recursive x (a) as (select 1 union all select a + 1 from x) select * from x",
            "select /*+ max_execution_time(1000) */ 1",
            "(select 1) union (select 2) order by 1;",
        ] {
            assert_eq!(MYSQL.purity(sql), Purity::Reads, "{sql}");
        }
    }
}
