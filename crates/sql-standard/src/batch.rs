//! Cassandra's batches: `BEGIN [UNLOGGED|COUNTER] BATCH … ; … ; APPLY BATCH`.

use sql::language::Segments;
use sql::lex::{Rules, Token};
use sql::segment::{self, Hold};

pub(crate) fn segments(script: &str, rules: Rules) -> Segments<'_> {
    Box::new(segment::segments(script, rules, Batch::default))
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Batch {
    #[default]
    Start,
    Begin,
    Inside,
    /// After APPLY: the next semicolon is the last.
    Applied,
    Plain,
}

impl Hold for Batch {
    fn holds(&self) -> bool {
        *self == Self::Inside
    }

    fn is_settled(&self) -> bool {
        *self == Self::Plain
    }

    fn see(&mut self, script: &str, token: &Token) {
        let word = |w| token.is_word(script, w);
        *self = match *self {
            Self::Start if word("BEGIN") => Self::Begin,
            Self::Begin if word("UNLOGGED") || word("COUNTER") => Self::Begin,
            Self::Begin if word("BATCH") => Self::Inside,
            Self::Inside if word("APPLY") => Self::Applied,
            Self::Inside => Self::Inside,
            Self::Applied => Self::Applied,
            _ => Self::Plain,
        };
    }
}
