//! Cuts a script into segments at its terminators: one loop for all dialects, each of which says what holds a
//! semicolon back.
//!
//! Invariants: segments are in order, follow one another without gap and end on character boundaries; blanks at the
//! end of the script belong to none; linear time.

use base::{Position, Span};

use crate::lex::{Lexer, Rules, Token, TokenKind};
use crate::statement::Statement;
use crate::walk::PositionWalk;

/// A part of a script from the end of the one before to behind its own terminator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    pub whole: Span,
    /// From the first to the last token that means something, without the terminator; None when there is none.
    pub statement: Option<Span>,
}

/// A part of a script as the API shows it: mostly a whole segment, with the comments before the statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    pub span: Span,
    pub start: Position,
    pub end: Position,
    /// None for a piece of blanks and comments.
    pub statement: Option<Span>,
}

/// Follows the tokens of one statement as far as they can hold its semicolon back.
pub trait Hold {
    /// Takes the next token that is neither blank nor comment.
    fn see(&mut self, script: &str, token: &Token);

    /// Whether a semicolon at this place does not end the statement.
    fn holds(&self) -> bool;

    /// Whether nothing that may still come can hold a semicolon back.
    fn is_settled(&self) -> bool;
}

/// Nothing holds a semicolon back but quotes and comments.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoHold;

impl Hold for NoHold {
    fn see(&mut self, _script: &str, _token: &Token) {}

    fn holds(&self) -> bool {
        false
    }

    fn is_settled(&self) -> bool {
        true
    }
}

/// The segments of a script whose statements end with semicolons; `hold` makes what follows one statement.
pub fn segments<'a, H: Hold>(
    script: &'a str,
    rules: Rules,
    hold: impl Fn() -> H + 'a,
) -> impl Iterator<Item = Segment> + 'a {
    stepping(script, rules, move |lexer, start| next(script, lexer, start, hold()))
}

/// The segments of a script, each read by `read` from the byte at which it starts. It may read further than the segment
/// goes.
pub fn stepping<'a>(
    script: &'a str,
    rules: Rules,
    mut read: impl FnMut(&mut Lexer<'a>, usize) -> Option<Segment> + 'a,
) -> impl Iterator<Item = Segment> + 'a {
    let mut lexer = Lexer::new(script, rules);
    let mut start = 0;
    std::iter::from_fn(move || {
        let segment = read(&mut lexer, start)?;
        start = segment.whole.end;
        lexer.seek(start);
        Some(segment)
    })
}

fn next(script: &str, lexer: &mut Lexer<'_>, start: usize, mut hold: impl Hold) -> Option<Segment> {
    let mut statement: Option<Span> = None;
    let (mut end, mut only_blanks) = (start, true);
    let mut settled = false;
    loop {
        // A statement has begun: until its end only quotes and comments matter.
        if settled
            && let Some(begun) = &mut statement
            && let Some(passed) = lexer.skip_plain()
        {
            begun.end = passed;
        }
        let Some(token) = lexer.next() else { break };
        end = token.span.end;
        if token.kind == TokenKind::Blank {
            continue;
        }
        only_blanks = false;
        if token.kind == TokenKind::Comment {
            continue;
        }
        if token.is(script, b';') && !hold.holds() {
            return Some(Segment { whole: Span::new(start, end), statement });
        }
        if !settled {
            hold.see(script, &token);
            settled = hold.is_settled();
        }
        statement = Some(Span::new(statement.map_or(token.span.start, |s| s.start), end));
    }
    let end = if only_blanks { end } else { script.len() };
    (!only_blanks).then_some(Segment { whole: Span::new(start, end), statement })
}

/// The statements of segments, with their positions.
pub fn statements(script: &str, segments: impl Iterator<Item = Segment>) -> Vec<Statement> {
    let mut walk = PositionWalk::new(script);
    segments.filter_map(|s| s.statement).map(|span| walk.statement(span)).collect()
}

/// Segments as pieces; `shown` says which part of one the API shows, if any.
pub fn pieces(
    script: &str,
    segments: impl Iterator<Item = Segment>,
    shown: impl Fn(&Segment) -> Option<Span>,
) -> Vec<Piece> {
    let mut walk = PositionWalk::new(script);
    segments
        .filter_map(|segment| {
            let span = shown(&segment)?;
            let (start, end) = (walk.to(span.start), walk.to(span.end));
            Some(Piece { span, start, end, statement: segment.statement })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_follow_one_another() {
        let script = "-- a\nselect 1;;\n/* b */ ; select ';'\n-- c";
        let found: Vec<_> = segments(script, Rules::default(), || NoHold).collect();
        let texts: Vec<_> = found.iter().map(|s| s.whole.of(script)).collect();
        assert_eq!(texts, ["-- a\nselect 1;", ";", "\n/* b */ ;", " select ';'\n-- c"]);
        let statements: Vec<_> =
            found.iter().map(|s| s.statement.map_or("", |s| s.of(script))).collect();
        assert_eq!(statements, ["select 1", "", "", "select ';'"]);
        assert_eq!(segments("  \n", Rules::default(), || NoHold).count(), 0);
    }

    #[test]
    fn a_number_with_a_point_is_one_token() {
        let rules = Rules { dollar_quotes: true, ..Rules::default() };
        for (script, count) in [("$1.CASE$$;;", 1), ("x 1.CASE$$;;", 1), ("x a.CASE$$;;", 2)] {
            assert_eq!(segments(script, rules, || NoHold).count(), count, "{script}");
        }
    }

    #[test]
    fn pieces_know_their_places() {
        let script = "select 'é';\n select 2";
        let found = pieces(script, segments(script, Rules::default(), || NoHold), |s| s.statement);
        let places: Vec<_> =
            found.iter().map(|p| (p.start.line, p.start.column, p.end.column)).collect();
        assert_eq!(places, [(1, 1, 11), (2, 2, 10)]);
    }
}
