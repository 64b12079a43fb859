//! Which statements of SQL Server only read.
//!
//! There is no EXPLAIN, and a batch may begin with the name of a procedure without EXEC: only queries are known to read.

use sql::Purity;
use sql::lex::Rules;
use sql::purity::{PurityRules, judge};

use crate::RULES;

static PURITY: PurityRules = PurityRules {
    queries: &["SELECT", "WITH"],
    functions: &[
        "charindex",
        "choose",
        "col_name",
        "columnproperty",
        "count_big",
        "databasepropertyex",
        "db_id",
        "db_name",
        "eomonth",
        "error_message",
        "host_name",
        "indexproperty",
        "object_definition",
        "object_id",
        "object_name",
        "object_schema_name",
        "objectproperty",
        "openjson",
        "original_login",
        "patindex",
        "schema_id",
        "schema_name",
        "scope_identity",
        "serverproperty",
        "sysdatetimeoffset",
        "sysutcdatetime",
        "suser_name",
        "suser_sname",
        "type_name",
        "user_name",
    ],
    writers: &["openquery", "openrowset", "opendatasource", "waitfor", "readtext"],
    // QUOTED_IDENTIFIER off: "…" is a string.
    readings: &[Rules { double_quoted_strings: true, ..RULES }],
    ..PurityRules::NONE
};

pub(crate) fn purity(statement: &str) -> Purity {
    // Statements need no semicolon between them.
    if crate::split::segments(statement).filter(|s| s.statement.is_some()).count() > 1 {
        return Purity::Writes { because: "it is more than one statement".to_owned() };
    }
    judge(statement, RULES, &PURITY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attacks() {
        for sql in [
            "select 1 delete from t",
            "select 1 exec p",
            "sp_rename 'a', 'b'",
            "select * into t from u",
            "select * from openquery(s, 'delete from t')",
            "select next value for dbo.s",
            "with x as (select 1 a) delete from x",
            "select * from (delete from t output deleted.*) x",
            "select 1\ngo\ndrop table t",
            "select dbo.evil(1)",
            "select [evil](1)",
            "waitfor delay '1:00'",
            "set showplan_all on",
            "select \"; delete from t --\"; drop table u",
        ] {
            assert!(!purity(sql).is_certain(), "{sql}");
        }
        for sql in [
            "select top (5) a, [b c] from dbo.t with (nolock) where a in (select 1) option (recompile)",
            "with x as (select 1 a) select a, count(*) from x group by a",
        ] {
            assert_eq!(purity(sql), Purity::Reads, "{sql}");
        }
    }
}
