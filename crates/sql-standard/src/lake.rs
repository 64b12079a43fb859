//! Engines over files and other servers: Trino, ClickHouse, Databricks, Hive.

use sql::blocks::BlockRules;
use sql::lex::Rules;
use sql::purity::PurityRules;
use sql::{Holds, Language, StatementKind as Kind};

/// Routines have blocks.
static ROUTINES: BlockRules = BlockRules {
    with_body: &["FUNCTION", "PROCEDURE"],
    without_body: &["TABLE", "VIEW", "SCHEMA", "CATALOG", "ROLE"],
    scripting: &[],
    declare: false,
    after_begin: &["NOT"],
};

/// Scripts may have them too; inside, more than BEGIN opens one.
static SCRIPTS: BlockRules = BlockRules { scripting: &["BEGIN"], after_begin: &[], ..ROUTINES };

pub(crate) static TRINO: Language = Language {
    holds: Holds::Blocks(&ROUTINES),
    purity: PurityRules {
        queries: &["SELECT", "WITH", "VALUES", "TABLE"],
        shows: &["SHOW", "DESCRIBE", "DESC"],
        explains: &["EXPLAIN"],
        functions: &[
            "approx_distinct",
            "approx_percentile",
            "arbitrary",
            "array_distinct",
            "array_join",
            "array_max",
            "array_min",
            "array_sort",
            "at_timezone",
            "checksum",
            "codepoint",
            "date_parse",
            "element_at",
            "filter",
            "flatten",
            "from_iso8601_date",
            "from_iso8601_timestamp",
            "histogram",
            "json_format",
            "json_parse",
            "map",
            "map_agg",
            "map_filter",
            "map_keys",
            "map_values",
            "max_by",
            "min_by",
            "reduce",
            "sequence",
            "to_unixtime",
            "transform",
            "try",
            "url_extract_host",
            "zip",
        ],
        ..PurityRules::NONE
    },
    ..Language::PLAIN
};

pub(crate) static CLICKHOUSE: Language = Language {
    rules: Rules {
        dollar_quotes: true,
        backtick: true,
        backslash: true,
        name_backslash: true,
        nested_comments: true,
        hash_comments: true,
        ..Rules::NONE
    },
    verbs: &[("EXISTS", Kind::Show), ("WATCH", Kind::Select), ("CHECK", Kind::Show)],
    purity: PurityRules {
        // What explains may also run, as EXPLAIN … with external tables does: only queries are explained.
        shows: &["SHOW", "DESCRIBE", "DESC", "EXISTS"],
        explains: &["EXPLAIN"],
        runs: &["ANALYZE", "AST", "SYNTAX", "PLAN", "PIPELINE", "ESTIMATE", "TABLE"],
        functions: &[
            "argmax",
            "argmin",
            "array",
            "arrayjoin",
            "arraymap",
            "avgif",
            "countdistinct",
            "formatdatetime",
            "grouparray",
            "groupuniqarray",
            "has",
            "intdiv",
            "multiif",
            "numbers",
            "quantile",
            "sumif",
            "todate",
            "todatetime",
            "toint64",
            "tostartofday",
            "tostartofhour",
            "tostartofmonth",
            "tostring",
            "touint64",
            "toyyyymm",
            "tuple",
            "uniq",
            "uniqexact",
        ],
        writers: &[
            "sleep",
            "sleepeachrow",
            "url",
            "file",
            "s3",
            "remote",
            "remotesecure",
            "executable",
            "mysql",
            "postgresql",
        ],
        ..PurityRules::NONE
    },
    ..Language::PLAIN
};

/// What Spark's and Hive's functions share.
const HIVE_FUNCTIONS: &[&str] = &[
    "array",
    "array_contains",
    "collect_list",
    "collect_set",
    "explode",
    "from_utc_timestamp",
    "inline",
    "json_tuple",
    "map",
    "map_keys",
    "map_values",
    "named_struct",
    "percentile",
    "percentile_approx",
    "posexplode",
    "size",
    "sort_array",
    "stack",
    "str_to_map",
    "struct",
    "to_utc_timestamp",
];
/// They run programs or code.
const HIVE_WRITERS: &[&str] =
    &["transform", "map_reduce", "reflect", "reflect2", "java_method", "ai_query", "http_request"];

pub(crate) static DATABRICKS: Language = Language {
    rules: Rules {
        plain_dollars: true,
        backtick: true,
        double_quoted_strings: true,
        backslash: true,
        raw_strings: true,
        nested_comments: true,
        ..Rules::NONE
    },
    holds: Holds::Blocks(&SCRIPTS),
    verbs: &[("CACHE", Kind::Maintenance), ("UNCACHE", Kind::Maintenance)],
    purity: PurityRules {
        shows: &["SHOW", "DESCRIBE", "DESC", "LIST"],
        explains: &["EXPLAIN"],
        functions: HIVE_FUNCTIONS,
        writers: HIVE_WRITERS,
        ..PurityRules::NONE
    },
    ..Language::PLAIN
};

pub(crate) static HIVE: Language = Language {
    rules: Rules { backtick: true, double_quoted_strings: true, backslash: true, ..Rules::NONE },
    // `FROM t INSERT …` changes rows, `FROM t SELECT …` does not.
    verbs: &[("FROM", Kind::OtherDml), ("EXPORT", Kind::OtherDml), ("IMPORT", Kind::OtherDml)],
    purity: PurityRules {
        shows: &["SHOW", "DESCRIBE", "DESC"],
        explains: &["EXPLAIN"],
        functions: HIVE_FUNCTIONS,
        writers: HIVE_WRITERS,
        ..PurityRules::NONE
    },
    ..Language::PLAIN
};

#[cfg(test)]
mod tests {
    use sql::{Purity, Reader as _};

    use super::*;

    #[test]
    fn each_has_its_quotes_and_blocks() {
        for (language, one) in [
            (
                &TRINO,
                "create function f(a bigint) returns bigint begin if a = 1 then return 2; end if; return 3; end",
            ),
            (
                &TRINO,
                "create function f(a bigint) returns bigint return if(a = 1, case a when 1 then 2 end, 3)",
            ),
            (&CLICKHOUSE, "select 'it\\'s;', $a$;$a$, `b\\`;` /* ; /* ; */ ; */ # ;\n"),
            (&DATABRICKS, "begin declare a int; if a = 1 then select 1; end if; end"),
            (&DATABRICKS, "create function f() returns int language python as $$ a; b $$"),
            (&DATABRICKS, "select r'\\', \"\\\";\""),
            (&HIVE, "select \"a;\", 'b\\';', `c;` -- ;\n"),
        ] {
            let script = format!("{one}; select 9");
            assert_eq!(language.split(&script).len(), 2, "{one}");
        }
    }

    #[test]
    fn attacks() {
        for (language, sql) in [
            (&TRINO, "explain analyze delete from t"),
            (&TRINO, "select * from table(mysql.system.query(query => 'delete from t'))"),
            (&TRINO, "with function f() returns bigint return evil() select f()"),
            (&CLICKHOUSE, "select * from url('http://x')"),
            (&CLICKHOUSE, "select 1 into outfile 'x'"),
            (&CLICKHOUSE, "explain ast insert into t values (1)"),
            (&CLICKHOUSE, "select sleep(3)"),
            (&DATABRICKS, "select reflect('java.lang.Runtime', 'exec')"),
            (&DATABRICKS, "with a as (select 1) insert overwrite t select * from a"),
            (&HIVE, "from t insert overwrite table u select *"),
            (&HIVE, "select transform (a) using 'sh' from t"),
            (&HIVE, "explain analyze insert into t values (1)"),
            (&HIVE, "set hive.exec.post.hooks = x"),
        ] {
            assert!(!language.purity(sql).is_certain(), "{sql}");
        }
        for (language, sql) in [
            (&TRINO, "show create table t"),
            (&TRINO, "explain delete from t"),
            (&CLICKHOUSE, "select count() from t prewhere (a = 1) settings max_threads = 1"),
            (&DATABRICKS, "describe table extended t"),
            (&HIVE, "select a, explode(b) from t lateral view explode(c) d as e"),
        ] {
            assert_eq!(language.purity(sql), Purity::Reads, "{sql}");
        }
    }
}
