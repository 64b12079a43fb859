//! Where in a text: byte spans inside, lines and columns for people.

use serde::{Deserialize, Serialize};

/// A half-open byte range of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

/// Line and column, both from 1; the column counts characters, not bytes.
/// Line 0 means "not known".
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

/// Finds lines and columns of byte offsets: built once a text in linear time, each look-up is a binary search.
#[derive(Debug, Clone)]
pub struct LineIndex {
    /// Byte offset at which each line starts.
    starts: Vec<usize>,
}

impl Span {
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The part of `text` it names; empty when it lies outside or cuts a character.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

impl LineIndex {
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1));
        Self { starts }
    }

    /// The position of a byte offset in the same text; past its end, the position of the end.
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|s| *s <= offset) - 1;
        let column = text[self.starts[line]..offset].chars().count() + 1;
        Position { line: to_u32(line + 1), column: to_u32(column) }
    }

    /// The byte offset of a position, or None when the text has no such place.
    pub fn offset(&self, text: &str, position: Position) -> Option<usize> {
        let line = usize::try_from(position.line.checked_sub(1)?).ok()?;
        let start = *self.starts.get(line)?;
        let end = self.starts.get(line + 1).copied().unwrap_or(text.len());
        let skip = usize::try_from(position.column.checked_sub(1)?).ok()?;
        let rest = &text[start..end];
        rest.char_indices().map(|(i, _)| i).chain([rest.len()]).nth(skip).map(|i| start + i)
    }
}

fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_characters_not_bytes() {
        let text = "select 'é',\n  x;\n";
        let lines = LineIndex::new(text);
        let x = text.find('x').unwrap();
        let p = lines.position(text, x);
        assert_eq!(p, Position { line: 2, column: 3 });
        assert_eq!(lines.offset(text, p), Some(x));
        let comma = text.find(',').unwrap();
        assert_eq!(lines.position(text, comma), Position { line: 1, column: 11 });
        assert_eq!(lines.position(text, 9_999), Position { line: 3, column: 1 });
        assert_eq!(lines.offset(text, Position { line: 9, column: 1 }), None);
    }
}
