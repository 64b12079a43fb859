//! Which statements of Oracle only read.
//!
//! EXPLAIN PLAN writes into a table, and a WITH clause can hold functions: both are denied. A function of the database
//! without arguments may be called without parentheses, which a text cannot tell from a column; within a query it cannot
//! change rows but in a transaction of its own.

use sql::Purity;
use sql::purity::{PurityRules, judge};

use crate::RULES;

static PURITY: PurityRules = PurityRules {
    queries: &["SELECT", "WITH"],
    functions: &[
        "add_months",
        "bitand",
        "cast",
        "chr",
        "collect",
        "dump",
        "from_tz",
        "hextoraw",
        "json_dataguide",
        "json_mergepatch",
        "lnnvl",
        "nanvl",
        "new_time",
        "nlssort",
        "nls_lower",
        "nls_upper",
        "numtodsinterval",
        "numtoyminterval",
        "ora_hash",
        "rawtohex",
        "ratio_to_report",
        "regexp_count",
        "remainder",
        "sys_connect_by_path",
        "sys_context",
        "sys_extract_utc",
        "sys_guid",
        "to_binary_double",
        "to_clob",
        "to_dsinterval",
        "to_nchar",
        "to_yminterval",
        "trunc",
        "tz_offset",
        "userenv",
        "vsize",
        "wm_concat",
    ],
    ..PurityRules::NONE
};

pub(crate) fn purity(statement: &str) -> Purity {
    judge(statement, RULES, &PURITY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attacks() {
        for sql in [
            "explain plan for select 1 from dual",
            "select s.nextval from dual",
            "select * from t for update nowait",
            "with function f return int is begin delete from t; return 1; end; select f from dual",
            "select dbms_pipe.send_message('x') from dual",
            "select utl_http.request('http://x') from dual",
            "begin delete from t; end;",
            "select q'[';]' from dual; delete from t",
            "select 1 from dual\n/\ndelete from t",
            "call p()",
            "alter session set current_schema = x",
        ] {
            assert!(!purity(sql).is_certain(), "{sql}");
        }
        for sql in [
            "select a, nvl(b, 0), to_char(sysdate, 'x') from t where rownum < 5",
            "with x as (select q'[it's; delete]' a from dual) select a from x",
            "select level from dual connect by level < 3",
        ] {
            assert_eq!(purity(sql), Purity::Reads, "{sql}");
        }
    }
}
