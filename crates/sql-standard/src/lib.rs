//! Engines whose language needs few words of its own: standard SQL, Trino, ClickHouse, Databricks, Hive, Cassandra,
//! Cosmos DB, DynamoDB. Each is a [`Language`]: data, and no code that the others do not run.
//!
//! There is no parser yet: see `sql::Reader` for what text alone can tell.

mod batch;
mod document;
mod lake;

use base::{EngineKind, Span};
use sql::blocks::{BlockRules, Blocks};
use sql::lex::Rules;
use sql::purity::{PurityRules, judge};
use sql::segment::NoHold;
use sql::{Facts, Purity, Reader, Segment, StatementKind, segment};

use batch::Batch;

/// One engine's way of writing.
#[derive(Debug)]
pub struct Language {
    rules: Rules,
    holds: Holds,
    /// The API shows a statement alone, without what stands around it.
    bare: bool,
    verbs: &'static [(&'static str, StatementKind)],
    purity: PurityRules,
}

/// What holds a semicolon back.
#[derive(Debug)]
enum Holds {
    Nothing,
    Blocks(&'static BlockRules),
    /// `BEGIN BATCH … APPLY BATCH`.
    Batch,
}

impl Language {
    const PLAIN: Self = Self {
        rules: Rules::NONE,
        holds: Holds::Nothing,
        bare: false,
        verbs: &[],
        purity: PurityRules::NONE,
    };
}

static PLAIN: Language = Language::PLAIN;

/// SQL as it is written, for engines of which nothing is known. It takes the quotes and comments of the standard.
pub static STANDARD: &'static dyn Reader = &PLAIN;

pub fn reader(kind: EngineKind) -> Option<&'static dyn Reader> {
    Some(match kind {
        EngineKind::Trino => &lake::TRINO,
        EngineKind::Clickhouse => &lake::CLICKHOUSE,
        EngineKind::Databricks => &lake::DATABRICKS,
        EngineKind::Hive => &lake::HIVE,
        EngineKind::Cassandra => &document::CASSANDRA,
        EngineKind::Cosmosdb => &document::COSMOSDB,
        EngineKind::Dynamodb => &document::DYNAMODB,
        _ => return None,
    })
}

impl Reader for Language {
    fn rules(&self) -> Rules {
        self.rules
    }

    fn segments<'a>(&self, script: &'a str) -> Box<dyn Iterator<Item = Segment> + 'a> {
        match self.holds {
            Holds::Nothing => Box::new(segment::segments(script, self.rules, || NoHold)),
            Holds::Blocks(blocks) => {
                Box::new(segment::segments(script, self.rules, move || Blocks::new(blocks)))
            }
            Holds::Batch => Box::new(segment::segments(script, self.rules, Batch::default)),
        }
    }

    fn shown(&self, segment: &Segment) -> Option<Span> {
        if self.bare { segment.statement } else { Some(segment.whole) }
    }

    fn classify(&self, statement: &str) -> Facts {
        sql::heads::classify(statement, self.rules, self.verbs)
    }

    fn purity(&self, statement: &str) -> Purity {
        judge(statement, self.rules, &self.purity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_has_its_quotes_only() {
        let script = "select 'a\\'; select \"b;\" /* ; */ -- ;\n; select [c;]";
        assert_eq!(STANDARD.split(script).len(), 4);
        assert!(!STANDARD.purity("explain select 1").is_certain());
        assert_eq!(STANDARD.purity("select a from t"), Purity::Reads);
    }
}
