//! Positions of many offsets in one pass.
//!
//! [`base::LineIndex`] counts the characters of a line at each look-up: a script of one very long line would make a
//! splitter quadratic. A walk remembers where it is; its offsets must not go back.

use base::{LineIndex, Position, Span};

use crate::statement::Statement;

#[derive(Debug, Clone)]
pub struct PositionWalk<'a> {
    text: &'a str,
    at: usize,
    position: Position,
}

impl<'a> PositionWalk<'a> {
    pub const fn new(text: &'a str) -> Self {
        Self { text, at: 0, position: Position { line: 1, column: 1 } }
    }

    /// A walk that begins at `offset`.
    pub fn starting(text: &'a str, lines: &LineIndex, offset: usize) -> Self {
        Self { text, at: offset, position: lines.position(text, offset) }
    }

    /// The position of `offset`, a character boundary that is not before the last one asked for.
    pub fn to(&mut self, offset: usize) -> Position {
        let passed = &self.text[self.at..offset];
        match passed.rfind('\n') {
            Some(last) => {
                let lines = passed.bytes().filter(|b| *b == b'\n').count();
                self.position.line = add(self.position.line, lines);
                self.position.column = add(1, passed[last + 1..].chars().count());
            }
            None => self.position.column = add(self.position.column, passed.chars().count()),
        }
        self.at = offset;
        self.position
    }

    /// The statement at a span that lies behind everything asked for so far.
    pub fn statement(&mut self, span: Span) -> Statement {
        Statement { span, start: self.to(span.start), end: self.to(span.end) }
    }
}

fn add(n: u32, more: usize) -> u32 {
    n.saturating_add(u32::try_from(more).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_index() {
        let text = "select 'é',\n\n  x;\r\n-- ü\nselect 2";
        let lines = base::LineIndex::new(text);
        let mut walk = PositionWalk::new(text);
        for (offset, _) in text.char_indices() {
            assert_eq!(walk.to(offset), lines.position(text, offset), "at {offset}");
        }
    }
}
