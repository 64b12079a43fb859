//! PostgreSQL, CockroachDB and Redshift as readers of scripts: they differ in quotes and in what the API shows, not in
//! grammar as far as text alone tells.

mod purity;

use base::{EngineKind, Span};
use sql::lex::Rules;
use sql::purity::{PurityRules, judge};
use sql::{Facts, Purity, Reader, Segment};

use crate::{classify, split};

/// One engine of the family.
#[derive(Debug)]
pub struct Flavor {
    rules: Rules,
    /// The API shows a statement without what stands before it.
    trimmed: bool,
    purity: PurityRules,
}

static POSTGRES: Flavor = Flavor { rules: split::RULES, trimmed: false, purity: purity::POSTGRES };
static COCKROACHDB: Flavor =
    Flavor { rules: split::RULES, trimmed: true, purity: purity::POSTGRES };
/// Redshift stems from PostgreSQL 8.0: a backslash escapes in every string.
static REDSHIFT: Flavor = Flavor {
    rules: Rules { backslash: true, ..split::RULES },
    trimmed: false,
    purity: PurityRules { readings: &[split::RULES], ..purity::POSTGRES },
};

pub fn reader(kind: EngineKind) -> Option<&'static dyn Reader> {
    Some(match kind {
        EngineKind::Postgres => &POSTGRES,
        EngineKind::Cockroachdb => &COCKROACHDB,
        EngineKind::Redshift => &REDSHIFT,
        _ => return None,
    })
}

impl Reader for Flavor {
    fn rules(&self) -> Rules {
        self.rules
    }

    fn segments<'a>(&self, script: &'a str) -> Box<dyn Iterator<Item = Segment> + 'a> {
        Box::new(split::segments_of(script, self.rules))
    }

    fn shown(&self, segment: &Segment) -> Option<Span> {
        if !self.trimmed {
            return Some(segment.whole);
        }
        segment.statement.map(|statement| Span::new(statement.start, segment.whole.end))
    }

    fn classify(&self, statement: &str) -> Facts {
        classify::classify(statement)
    }

    fn purity(&self, statement: &str) -> Purity {
        judge(statement, self.rules, &self.purity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attacks() {
        for sql in [
            "with d as (delete from t returning *) select * from d",
            "select 1 into t",
            "select * from t for update",
            "select * from t for no key update skip locked",
            "select setval('s', 1)",
            "select nextval('s')",
            "select pg_catalog . nextval /* x */ ('s')",
            "select pg_terminate_backend(1)",
            "select lo_import('/etc/passwd')",
            "select dblink_exec('x', 'delete from t')",
            "select pg_catalog.pg_advisory_lock(1)",
            "select query_to_xml('delete from t returning 1', true, true, '')",
            "select set_config('a', 'b', false)",
            "select evil()",
            "select * from evil() as (a int)",
            "select \"evil\"()",
            "select public.upper('x')",
            "explain analyze delete from t",
            "explain (analyze, costs off) insert into t values (1)",
            "explain (analyze) execute p",
            "copy t from '/x'",
            "copy (select 1) to program 'rm'",
            "select 1; delete from t",
            "select 'a'; -- '\n delete from t",
            "select E'\\'; delete from t; --'; drop table t",
            "select $a$ ; $a$; delete from t",
            "do $$ begin delete from t; end $$",
            "call p()",
            "prepare p as delete from t",
            "execute p",
            "set role x",
            "values (nextval('s'))",
            "table t; drop table t",
            "create table t as select 1",
            "begin; select 1",
            "declare c cursor for select 1",
            "select /* /* */ ; delete from t; */ 1; delete from t",
            "notify x",
            "listen x",
            "analyze t",
            "vacuum",
            "lock t",
            "refresh materialized view v",
            "select U&\"nextv\\0061l\"('s')",
            "select 'open",
            "select 1 \\; drop table t",
        ] {
            for reader in [&POSTGRES, &COCKROACHDB, &REDSHIFT] {
                assert!(!reader.purity(sql).is_certain(), "{sql}");
            }
        }
        assert!(!REDSHIFT.purity("select '\\'; delete from t; --'").is_certain());
        assert!(!COCKROACHDB.purity("select * from [delete from t returning a]").is_certain());
        assert!(!REDSHIFT.purity("unload ('select 1') to 's3://x'").is_certain());
    }

    #[test]
    fn queries() {
        for sql in [
            "select a, count(*) filter (where b) from t group by rollup (a) having max(c) > 1 order by 1 limit 5",
            "with recursive x (a) as not materialized (select 1), y as (values (1)) select * from x, lateral (select 2) z",
            "select pg_catalog.upper(t.delete), 'delete from t; --', $$; drop$$ from t",
            "select a::numeric(9, 2), cast(b as varchar(3)), array(select 1), coalesce(c, now()) from t",
            "explain (costs off) delete from t",
            "explain analyze select 1",
            "show search_path",
            "table t",
            "(select 1) union (select 2);",
            "-- first\nselect 1 /* last */",
        ] {
            assert_eq!(POSTGRES.purity(sql), Purity::Reads, "{sql}");
        }
    }

    #[test]
    fn redshift_escapes_with_backslashes() {
        assert_eq!(REDSHIFT.split("select '\\';'; select 2").len(), 2);
        assert_eq!(POSTGRES.split("select '\\'; select 2").len(), 2);
        let script = " -- a\nselect 1 ; -- b\n;";
        let shown: Vec<_> = COCKROACHDB.pieces(script).iter().map(|p| p.span.of(script)).collect();
        assert_eq!(shown, ["select 1 ;"]);
    }
}
