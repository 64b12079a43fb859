//! What BigQuery and Spanner speak: where statements end, also those of BigQuery's scripts, what each does, which of them
//! read only.
//!
//! There is no parser yet: see `sql::Reader` for what text alone can tell.

use base::EngineKind;
use sql::blocks::BlockRules;
use sql::lex::Rules;
use sql::purity::PurityRules;
use sql::{Holds, Language, Reader, StatementKind as Kind};

/// What the text of both may hold.
pub const RULES: Rules = Rules {
    backtick: true,
    double_quoted_strings: true,
    backslash: true,
    name_backslash: true,
    triple_quotes: true,
    hash_comments: true,
    ..Rules::NONE
};

static BLOCKS: BlockRules = BlockRules {
    with_body: &["PROCEDURE", "FUNCTION"],
    without_body: &["TABLE", "VIEW", "SCHEMA", "MODEL", "INDEX", "CHANGE"],
    scripting: &["BEGIN", "IF", "LOOP", "WHILE", "FOR", "REPEAT", "CASE"],
    declare: false,
    after_begin: &[],
};

/// Verbs that other engines have not, or mean otherwise.
const VERBS: &[(&str, Kind)] = &[
    ("IF", Kind::Call),
    ("LOOP", Kind::Call),
    ("WHILE", Kind::Call),
    ("FOR", Kind::Call),
    ("REPEAT", Kind::Call),
    ("CASE", Kind::Call),
    ("RAISE", Kind::Call),
    ("ASSERT", Kind::Select),
    ("GRAPH", Kind::Select),
    ("EXPORT", Kind::OtherDml),
];

const PURITY: PurityRules = PurityRules {
    queries: &["SELECT", "WITH", "FROM"],
    functions: &[
        "approx_quantiles",
        "approx_top_count",
        "array",
        "array_reverse",
        "byte_length",
        "datetime_add",
        "datetime_diff",
        "datetime_sub",
        "datetime_trunc",
        "farm_fingerprint",
        "format_datetime",
        "generate_array",
        "generate_date_array",
        "generate_uuid",
        "ieee_divide",
        "int64",
        "json_extract_array",
        "json_query_array",
        "json_value_array",
        "logical_and",
        "logical_or",
        "parse_datetime",
        "parse_timestamp",
        "safe_divide",
        "safe_offset",
        "string",
        "timestamp_add",
        "timestamp_micros",
        "timestamp_millis",
        "timestamp_seconds",
        "timestamp_sub",
        "to_json_string",
        "unix_date",
        "unix_micros",
        "unix_millis",
        "unix_seconds",
    ],
    writers: &["external_query"],
    schemas: &["safe", "net"],
    ..PurityRules::NONE
};

static READER: Language = Language {
    rules: RULES,
    holds: Holds::Blocks(&BLOCKS),
    bare: false,
    verbs: VERBS,
    purity: PURITY,
};

pub fn reader(kind: EngineKind) -> Option<&'static dyn Reader> {
    matches!(kind, EngineKind::Bigquery | EngineKind::Spanner).then_some(&READER)
}

#[cfg(test)]
mod tests {
    use sql::Purity;

    use super::*;

    #[test]
    fn quotes_and_scripts_hold_their_semicolons() {
        for one in [
            "select '''it's; \"''', r\"a\\\";\", `a;b` # ;\n",
            "if a then select if(b, 1, 2); else select 3; end if",
            "begin select 1; exception when error then select 2; end",
            "create procedure p() begin declare a int64; set a = 1; end",
            "create function f(a int64) as (if(a = 1, 2, 3))",
            "l: loop leave l; end loop",
            "for r in (select 1) do select r; end for",
        ] {
            let script = format!("{one};select 9");
            assert_eq!(READER.split(&script).len(), 2, "{one}");
        }
        assert_eq!(
            READER.split("declare a int64; begin transaction; select if(a, 1, 2); commit").len(),
            4
        );
    }

    #[test]
    fn attacks() {
        for sql in [
            "select 1; delete from t where true",
            "select * from external_query('c', 'delete from t')",
            "with x as (select 1) insert into t select * from x",
            "export data options (uri = 'x') as select 1",
            "execute immediate 'delete from t where true'",
            "begin delete from t where true; end",
            "select d.evil(1)",
            "from t |> call evil()",
            "select 'a\\'; drop table t; --'; drop table t",
        ] {
            assert!(!READER.purity(sql).is_certain(), "{sql}");
        }
        for sql in [
            "select a, safe.substr(b, 1) from `p.d.t` where c = \"delete; x\" # drop",
            "from t |> where a = 1 |> select b",
        ] {
            assert_eq!(READER.purity(sql), Purity::Reads, "{sql}");
        }
    }
}
