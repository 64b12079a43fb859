//! What SQL Server speaks: where batches and statements end, what each does, and which of them read only.
//!
//! There is no parser yet: see `sql::Reader` for what text alone can tell.

mod batch;
mod purity;
mod split;

use base::EngineKind;
use sql::lex::Rules;
use sql::{Facts, Purity, Reader, Segment, StatementKind as Kind};

pub use batch::{Batch, batches};

/// What T-SQL's text may hold, with QUOTED_IDENTIFIER on.
pub const RULES: Rules =
    Rules { brackets: true, nested_comments: true, sigils: true, ..Rules::NONE };

/// Verbs that other engines have not, or mean otherwise.
const VERBS: &[(&str, Kind)] = &[
    ("DBCC", Kind::Maintenance),
    ("BACKUP", Kind::Maintenance),
    ("RESTORE", Kind::Maintenance),
    ("CHECKPOINT", Kind::Maintenance),
    ("RECONFIGURE", Kind::Maintenance),
    ("SHUTDOWN", Kind::Maintenance),
    ("ENABLE", Kind::OtherDdl),
    ("DISABLE", Kind::OtherDdl),
    ("OPEN", Kind::Set),
    ("CLOSE", Kind::Set),
    ("FETCH", Kind::Set),
    ("DEALLOCATE", Kind::Set),
    ("PRINT", Kind::Set),
    ("RAISERROR", Kind::Call),
    ("THROW", Kind::Call),
    ("WAITFOR", Kind::Call),
    ("IF", Kind::Call),
    ("WHILE", Kind::Call),
    ("RETURN", Kind::Call),
    ("GOTO", Kind::Call),
];

#[derive(Debug, Clone, Copy)]
pub struct Mssql;

static READER: Mssql = Mssql;

pub fn reader(kind: EngineKind) -> Option<&'static dyn Reader> {
    (kind == EngineKind::Mssql).then_some(&READER)
}

impl Reader for Mssql {
    fn rules(&self) -> Rules {
        RULES
    }

    fn segments<'a>(&self, script: &'a str) -> Box<dyn Iterator<Item = Segment> + 'a> {
        Box::new(split::segments(script))
    }

    fn classify(&self, statement: &str) -> Facts {
        let facts = sql::heads::classify(statement, RULES, VERBS);
        match facts.kind {
            Kind::Begin if begins_block(statement) => Facts::of(Kind::Call),
            Kind::Call if calls(statement, "sp_rename") => Facts::of(Kind::Rename),
            _ => facts,
        }
    }

    fn purity(&self, statement: &str) -> Purity {
        purity::purity(statement)
    }
}

/// BEGIN opens a transaction only where it says so.
fn begins_block(statement: &str) -> bool {
    let mut words = sql::words::Words::new(statement, RULES);
    words.eat("BEGIN")
        && !words.eat_any(&["TRAN", "TRANSACTION", "DISTRIBUTED", "DIALOG", "CONVERSATION"])
}

fn calls(statement: &str, procedure: &str) -> bool {
    let mut words = sql::words::Words::new(statement, RULES);
    words.eat_any(&["EXEC", "EXECUTE"])
        && words.qualified().is_some_and(|(_, name)| name.eq_ignore_ascii_case(procedure))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        for (statement, expect) in [
            ("begin tran", "BEGIN"),
            ("begin select 1 end", "CALL"),
            ("exec sys.sp_rename 'a', 'b'", "RENAME"),
            ("exec sp_help", "CALL"),
            ("create or alter procedure p as select 1", "CREATE_PROCEDURE"),
            ("select * into t from u", "CREATE_TABLE"),
            ("drop index i on t", "DROP_INDEX"),
            ("truncate table t", "TRUNCATE"),
            ("alter table t alter column a int", "ALTER_TABLE"),
            ("dbcc checkdb", "MAINTENANCE"),
        ] {
            assert_eq!(READER.classify(statement).kind.as_str(), expect, "{statement}");
        }
    }
}
