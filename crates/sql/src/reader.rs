//! What can be told of every engine's scripts from their text alone, also of those that have no dialect of their own.

use base::Span;

use crate::fingerprint::fingerprint;
use crate::lex::Rules;
use crate::segment::{self, Piece, Segment};
use crate::statement::{Facts, Statement, StatementKind};

/// Reads the scripts of one engine. Pure, never fails, linear in the text.
pub trait Reader: Send + Sync {
    fn rules(&self) -> Rules;

    /// The script in segments that follow one another without gap. Blanks at its end are no segment.
    fn segments<'a>(&self, script: &'a str) -> Box<dyn Iterator<Item = Segment> + 'a>;

    /// The part of a segment that the API shows; None for one that it does not.
    fn shown(&self, segment: &Segment) -> Option<Span> {
        Some(segment.whole)
    }

    /// Says what one statement does; what it does not know is `Unknown`.
    fn classify(&self, statement: &str) -> Facts;

    /// Alike for statements of one form, whatever values they hold; see [`crate::fingerprint`].
    fn fingerprint(&self, statement: &str) -> String {
        fingerprint(statement, self.rules())
    }

    /// Whether a text is one statement that is certain to change nothing.
    fn purity(&self, statement: &str) -> Purity;

    /// The statements of a script, for running them.
    fn split(&self, script: &str) -> Vec<Statement> {
        segment::statements(script, self.segments(script))
    }

    /// The script as the API shows it.
    fn pieces(&self, script: &str) -> Vec<Piece> {
        segment::pieces(script, self.segments(script), |s| self.shown(s))
    }

    /// The kinds of a script's statements that the wire has a word for, each once, in the order of their first.
    fn statement_kinds(&self, script: &str) -> Vec<StatementKind> {
        let mut kinds = Vec::new();
        for statement in self.segments(script).filter_map(|s| s.statement) {
            let kind = self.classify(statement.of(script)).kind;
            if kind.wire_number().is_some() && !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        kinds
    }
}

/// What a text can tell about whether it changes anything. Rights, views and operators of a database are beyond it: an
/// operator or a view may call a function that writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purity {
    /// One statement, all of it known, that reads.
    Reads,
    /// Nothing in it is known to write, but it is not all known.
    Doubtful { because: String },
    /// It changes data, schema, session or server, or may do so.
    Writes { because: String },
}

impl Purity {
    pub const fn is_certain(&self) -> bool {
        matches!(self, Self::Reads)
    }
}
