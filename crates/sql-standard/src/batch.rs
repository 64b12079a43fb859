//! Cassandra's batches: `BEGIN [UNLOGGED|COUNTER] BATCH … ; … ; APPLY BATCH`.

use sql::lex::Token;
use sql::segment::Hold;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Batch {
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
