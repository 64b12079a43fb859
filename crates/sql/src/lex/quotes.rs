//! Where quotes and comments end.

use memchr::{memchr, memchr2};

use super::{Lexer, TokenKind};

impl Lexer<'_> {
    /// End of a quoted run that opened just before `from`; a doubled quote stands for itself.
    fn quoted(&self, from: usize, quote: u8, backslash: bool) -> (usize, bool) {
        let mut i = from;
        while let Some(rest) = self.bytes.get(i..) {
            let found = if backslash { memchr2(quote, b'\\', rest) } else { memchr(quote, rest) };
            let Some(n) = found else { break };
            i += n;
            let escape = self.bytes[i] != quote || self.bytes.get(i + 1) == Some(&quote);
            if !escape {
                return (i + 1, false);
            }
            i += 2;
        }
        (self.bytes.len(), true)
    }

    /// A name in quotes, of which only the closing one is asked for.
    pub(super) fn name(&self, quote: u8) -> (TokenKind, usize, bool) {
        let (end, open) = self.quoted(self.at + 1, quote, self.rules.name_backslash);
        (TokenKind::Name, end, open)
    }

    /// A string whose first quote stands at `from`.
    pub(super) fn string(&self, from: usize, backslash: bool) -> (TokenKind, usize, bool) {
        let quote = self.bytes[from];
        let triple = self.rules.triple_quotes && self.bytes[from..].starts_with(&[quote; 3]);
        let (end, open) = if triple {
            self.triple(from + 3, quote, backslash)
        } else {
            self.quoted(from + 1, quote, backslash)
        };
        (TokenKind::String, end, open)
    }

    fn triple(&self, from: usize, quote: u8, backslash: bool) -> (usize, bool) {
        let mut i = from;
        while let Some(n) = self.bytes.get(i..).and_then(|rest| memchr2(quote, b'\\', rest)) {
            i += n;
            if self.bytes[i..].starts_with(&[quote; 3]) {
                return (i + 3, false);
            }
            i += if backslash && self.bytes[i] == b'\\' { 2 } else { 1 };
        }
        (self.bytes.len(), true)
    }

    /// A string that begins with a letter: `E'…'`, `r'…'`, `q'[…]'`, `nq'[…]'`.
    pub(super) fn prefixed_string(&self, first: u8) -> Option<(TokenKind, usize, bool)> {
        let r = self.rules;
        let (next, first) = (self.peek(1), first.to_ascii_lowercase());
        if next == b'\'' {
            return match first {
                b'e' if r.escape_strings => Some(self.string(self.at + 1, true)),
                b'r' if r.raw_strings => Some(self.string(self.at + 1, false)),
                b'q' if r.q_quotes => self.q_quote(self.at + 2),
                _ => None,
            };
        }
        if next == b'"' && first == b'r' && r.raw_strings && r.double_quoted_strings {
            return Some(self.string(self.at + 1, false));
        }
        let national = r.q_quotes && first == b'n' && next.eq_ignore_ascii_case(&b'q');
        (national && self.peek(2) == b'\'').then(|| self.q_quote(self.at + 3)).flatten()
    }

    /// `[…]'` at `from`: any character may stand for the bracket.
    fn q_quote(&self, from: usize) -> Option<(TokenKind, usize, bool)> {
        let open = self.text.get(from..)?.chars().next().filter(|c| !c.is_whitespace())?;
        let close = match open {
            '[' => ']',
            '(' => ')',
            '{' => '}',
            '<' => '>',
            other => other,
        };
        let body = from + open.len_utf8();
        let end = self.text[body..].find(&format!("{close}'"));
        Some(match end {
            Some(n) => (TokenKind::String, body + n + close.len_utf8() + 1, false),
            None => (TokenKind::String, self.bytes.len(), true),
        })
    }

    pub(super) fn block_comment(&self) -> (usize, bool) {
        let (mut i, mut depth) = (self.at + 2, 1);
        let nested = self.rules.nested_comments;
        while let Some(rest) = self.bytes.get(i..) {
            let found = if nested { memchr2(b'*', b'/', rest) } else { memchr(b'*', rest) };
            let Some(n) = found else { break };
            i += n;
            match (self.bytes[i], self.bytes.get(i + 1)) {
                (b'*', Some(b'/')) => {
                    depth -= 1;
                    i += 2;
                    if depth == 0 {
                        return (i, false);
                    }
                }
                (b'/', Some(b'*')) if nested => {
                    depth += 1;
                    i += 2;
                }
                _ => i += 1,
            }
        }
        (self.bytes.len(), true)
    }

    /// `$tag$ … $tag$` at the cursor, if it is one.
    pub(super) fn dollar_quote(&self) -> Option<(usize, bool)> {
        let tag_end = self.run(self.at + 1, super::is_word_byte);
        let tag = self.text.get(self.at..=tag_end).filter(|tag| tag.ends_with('$'))?;
        if self.bytes[self.at + 1].is_ascii_digit() || (!self.rules.dollar_quotes && tag != "$$") {
            return None;
        }
        let body = tag_end + 1;
        Some(match self.text[body..].find(tag) {
            Some(n) => (body + n + tag.len(), false),
            None => (self.bytes.len(), true),
        })
    }

    /// Behind `/*!` or `/*M!` and the version from which the text counts; behind `/*T!` and its features.
    pub(super) fn executable_open(&self) -> Option<usize> {
        let (r, c) = (self.rules, self.peek(2));
        let mark = match c {
            b'!' if r.executable_comments => 3,
            b'M' if r.executable_comments && self.peek(3) == b'!' => 4,
            b'T' if r.tidb_comments && self.peek(3) == b'!' => 4,
            _ => return None,
        };
        let end = self.run(self.at + mark, |b| b.is_ascii_digit());
        if c != b'T' || self.bytes.get(end) != Some(&b'[') {
            return Some(end);
        }
        let features = self.run(end + 1, |b| super::is_word_byte(b) || b == b',' || b == b'-');
        Some(if self.bytes.get(features) == Some(&b']') { features + 1 } else { end })
    }
}
