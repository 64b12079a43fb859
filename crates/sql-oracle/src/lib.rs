//! What Oracle speaks, and the line commands of its client: where statements end, what each does, which of them read only.
//!
//! There is no parser yet: see `sql::Reader` for what text alone can tell.

mod purity;
mod split;

use base::{EngineKind, Span};
use sql::lex::Rules;
use sql::{Facts, Purity, Reader, Segment, StatementKind as Kind};

/// What Oracle's text may hold.
pub const RULES: Rules = Rules { q_quotes: true, hash_in_words: true, ..Rules::NONE };

/// Verbs that other engines have not, or mean otherwise.
const VERBS: &[(&str, Kind)] = &[
    ("BEGIN", Kind::Call),
    ("DECLARE", Kind::Call),
    ("EXPLAIN", Kind::OtherDml),
    ("FLASHBACK", Kind::OtherDdl),
    ("ASSOCIATE", Kind::OtherDdl),
    ("DISASSOCIATE", Kind::OtherDdl),
    ("ADMINISTER", Kind::Maintenance),
    ("AUDIT", Kind::Maintenance),
    ("NOAUDIT", Kind::Maintenance),
];

#[derive(Debug, Clone, Copy)]
pub struct Oracle;

static READER: Oracle = Oracle;

pub fn reader(kind: EngineKind) -> Option<&'static dyn Reader> {
    (kind == EngineKind::Oracle).then_some(&READER)
}

impl Reader for Oracle {
    fn rules(&self) -> Rules {
        RULES
    }

    fn segments<'a>(&self, script: &'a str) -> Box<dyn Iterator<Item = Segment> + 'a> {
        Box::new(split::segments(script))
    }

    /// A statement with what stands before it, but without the semicolon that is the client's.
    fn shown(&self, segment: &Segment) -> Option<Span> {
        segment.statement.map(|statement| Span::new(segment.whole.start, statement.end))
    }

    fn classify(&self, statement: &str) -> Facts {
        let label = statement.trim_start().starts_with("<<");
        let kind = |verbs| sql::heads::classify(statement, RULES, verbs);
        if label { Facts::of(Kind::Call) } else { kind(VERBS) }
    }

    fn purity(&self, statement: &str) -> Purity {
        purity::purity(statement)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        for (statement, expect) in [
            ("begin null; end;", "CALL"),
            ("<<a>> declare b int; begin null; end;", "CALL"),
            ("create or replace package body p as end;", "OTHER_DDL"),
            ("create or replace type body t as end;", "CREATE_TYPE"),
            ("create or replace force view v as select 1 from dual", "CREATE_VIEW"),
            ("create global temporary table t (a int)", "CREATE_TABLE"),
            ("create bitmap index i on t (a)", "CREATE_INDEX"),
            ("alter session set nls_language = 'x'", "SET"),
            ("rename a to b", "RENAME"),
            ("comment on table t is 'x'", "COMMENT"),
            ("insert all into t values (1) select 1 from dual", "INSERT"),
            ("explain plan for select 1 from dual", "OTHER_DML"),
            ("purge recyclebin", "MAINTENANCE"),
        ] {
            assert_eq!(READER.classify(statement).kind.as_str(), expect, "{statement}");
        }
    }
}
