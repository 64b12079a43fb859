//! One lexer for all dialects: rules say which quotes and comments a dialect has.
//!
//! Invariants: it never fails; the tokens' spans follow one another without gap and cover the text; linear time.
//! An unclosed quote or comment runs to the end of the text and is marked.

use base::Span;

/// What a dialect's text may hold.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rules {
    /// `$tag$ … $tag$`
    pub dollar_quotes: bool,
    /// `` `name` ``
    pub backtick: bool,
    /// `[name]`
    pub brackets: bool,
    /// `"…"` is a string, not a name.
    pub double_quoted_strings: bool,
    /// `\'` inside every string.
    pub backslash: bool,
    /// `E'…'` strings take backslashes.
    pub escape_strings: bool,
    /// `/* /* */ */`
    pub nested_comments: bool,
    /// `# …`
    pub hash_comments: bool,
    /// `--` opens a comment only before a blank or the end of the line.
    pub dash_needs_blank: bool,
    /// `/*! … */` and `/*M! … */` hold text that is run.
    pub executable_comments: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    Blank,
    /// A comment that means nothing to the server.
    Comment,
    /// Unquoted name or keyword.
    Word,
    /// Quoted name, quotes included.
    Name,
    /// String literal, quotes included.
    String,
    Number,
    /// One punctuation character, or an executable comment's opening or closing mark.
    Punct,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub span: Span,
    /// The quote or comment was not closed.
    pub open: bool,
}

/// Iterates over the tokens of a text.
#[derive(Clone)]
pub struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    rules: Rules,
    at: usize,
    /// Inside `/*! …`: its `*/` is punctuation.
    in_executable: bool,
}

impl Token {
    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        self.span.of(text)
    }

    pub fn is(&self, text: &str, punct: u8) -> bool {
        self.kind == TokenKind::Punct
            && text.as_bytes()[self.span.start] == punct
            && self.span.len() == 1
    }

    /// Case-insensitive comparison of an unquoted word.
    pub fn is_word(&self, text: &str, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text(text).eq_ignore_ascii_case(word)
    }

    /// Blanks and comments.
    pub const fn is_trivia(&self) -> bool {
        matches!(self.kind, TokenKind::Blank | TokenKind::Comment)
    }
}

impl<'a> Lexer<'a> {
    pub fn new(text: &'a str, rules: Rules) -> Self {
        Self { text, bytes: text.as_bytes(), rules, at: 0, in_executable: false }
    }

    /// Goes on at a byte offset, which must be a character boundary outside quotes (MySQL's DELIMITER lines need it).
    pub fn seek(&mut self, at: usize) {
        self.at = at;
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn line_end(&self, from: usize) -> usize {
        self.bytes[from..].iter().position(|b| *b == b'\n').map_or(self.bytes.len(), |n| from + n)
    }

    /// End of a quoted run that opened just before `from`; a doubled quote stands for itself.
    fn quoted(&self, from: usize, quote: u8, backslash: bool) -> (usize, bool) {
        let mut i = from;
        while i < self.bytes.len() {
            match self.bytes[i] {
                b'\\' if backslash => i += 2,
                b if b == quote && self.bytes.get(i + 1) == Some(&quote) => i += 2,
                b if b == quote => return (i + 1, false),
                _ => i += 1,
            }
        }
        (self.bytes.len(), true)
    }

    fn block_comment(&self) -> (usize, bool) {
        let (mut i, mut depth) = (self.at + 2, 1);
        while i < self.bytes.len() {
            match (self.bytes[i], self.bytes.get(i + 1)) {
                (b'*', Some(b'/')) => {
                    depth -= 1;
                    i += 2;
                    if depth == 0 {
                        return (i, false);
                    }
                }
                (b'/', Some(b'*')) if self.rules.nested_comments => {
                    depth += 1;
                    i += 2;
                }
                _ => i += 1,
            }
        }
        (self.bytes.len(), true)
    }

    /// `$tag$ … $tag$` at the cursor, if it is one.
    fn dollar_quote(&self) -> Option<(usize, bool)> {
        let tag_len = self.bytes[self.at + 1..].iter().position(|b| !is_word_byte(*b))?;
        let tag_end = self.at + 1 + tag_len;
        if self.bytes[tag_end] != b'$' || self.bytes[self.at + 1].is_ascii_digit() {
            return None;
        }
        let tag = &self.text[self.at..=tag_end];
        let body = tag_end + 1;
        Some(match self.text[body..].find(tag) {
            Some(n) => (body + n + tag.len(), false),
            None => (self.bytes.len(), true),
        })
    }

    fn word_end(&self) -> usize {
        let dollar = |b: u8| b == b'$';
        let n = self.bytes[self.at..].iter().position(|b| !is_word_byte(*b) && !dollar(*b));
        n.map_or(self.bytes.len(), |n| self.at + n)
    }

    fn number_end(&self) -> usize {
        let mut i = self.at;
        while i < self.bytes.len() {
            let b = self.bytes[i];
            let exponent_sign = (b == b'+' || b == b'-')
                && matches!(self.bytes[i - 1], b'e' | b'E')
                && !self.text[self.at..i].starts_with("0x");
            if !(is_word_byte(b) || b == b'.' || (i > self.at && exponent_sign)) {
                break;
            }
            i += 1;
        }
        i
    }

    /// Digits after `/*!` or `/*M!`: the version from which the text counts.
    fn executable_open(&self) -> Option<usize> {
        let mark = if self.peek(2) == b'!' {
            3
        } else if self.peek(2) == b'M' && self.peek(3) == b'!' {
            4
        } else {
            return None;
        };
        let digits = self.bytes[self.at + mark..].iter().take_while(|b| b.is_ascii_digit()).count();
        Some(self.at + mark + digits)
    }

    fn scan(&mut self) -> (TokenKind, usize, bool) {
        let r = self.rules;
        let b = self.bytes[self.at];
        let closed = |kind, end| (kind, end, false);
        match b {
            _ if b.is_ascii_whitespace() || b == 0x0b => {
                let n = self.bytes[self.at..]
                    .iter()
                    .position(|b| !b.is_ascii_whitespace() && *b != 0x0b);
                closed(TokenKind::Blank, n.map_or(self.bytes.len(), |n| self.at + n))
            }
            b'-' if self.peek(1) == b'-' && (!r.dash_needs_blank || self.peek(2) <= b' ') => {
                closed(TokenKind::Comment, self.line_end(self.at))
            }
            b'#' if r.hash_comments => closed(TokenKind::Comment, self.line_end(self.at)),
            b'/' if self.peek(1) == b'*' => {
                match r.executable_comments.then(|| self.executable_open()).flatten() {
                    Some(end) => {
                        self.in_executable = true;
                        closed(TokenKind::Punct, end)
                    }
                    None => {
                        let (end, open) = self.block_comment();
                        (TokenKind::Comment, end, open)
                    }
                }
            }
            b'*' if self.in_executable && self.peek(1) == b'/' => {
                self.in_executable = false;
                closed(TokenKind::Punct, self.at + 2)
            }
            b'\'' => {
                let (end, open) = self.quoted(self.at + 1, b'\'', r.backslash);
                (TokenKind::String, end, open)
            }
            b'e' | b'E' if r.escape_strings && self.peek(1) == b'\'' => {
                let (end, open) = self.quoted(self.at + 2, b'\'', true);
                (TokenKind::String, end, open)
            }
            b'"' => {
                let string = r.double_quoted_strings;
                let (end, open) = self.quoted(self.at + 1, b'"', string && r.backslash);
                (if string { TokenKind::String } else { TokenKind::Name }, end, open)
            }
            b'`' if r.backtick => {
                let (end, open) = self.quoted(self.at + 1, b'`', false);
                (TokenKind::Name, end, open)
            }
            b'[' if r.brackets => {
                let (end, open) = self.quoted(self.at + 1, b']', false);
                (TokenKind::Name, end, open)
            }
            b'$' if r.dollar_quotes => match self.dollar_quote() {
                Some((end, open)) => (TokenKind::String, end, open),
                None => closed(TokenKind::Punct, self.at + 1),
            },
            b'0'..=b'9' => closed(TokenKind::Number, self.number_end()),
            _ if is_word_byte(b) => closed(TokenKind::Word, self.word_end()),
            _ => closed(TokenKind::Punct, self.at + 1),
        }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        if self.at >= self.bytes.len() {
            return None;
        }
        let start = self.at;
        let (kind, end, open) = self.scan();
        // A backslash before the last byte may step over the end.
        let mut end = end.min(self.bytes.len());
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        self.at = end;
        Some(Token { kind, span: Span::new(start, end), open })
    }
}

/// Letters, digits, underscore and everything beyond ASCII.
const fn is_word_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lex(text: &str, rules: Rules) -> Vec<(TokenKind, &str)> {
        let tokens: Vec<_> = Lexer::new(text, rules).collect();
        assert_eq!(
            tokens.iter().map(|t| t.text(text)).collect::<String>(),
            text,
            "tokens cover the text"
        );
        tokens.iter().filter(|t| !t.is_trivia()).map(|t| (t.kind, t.text(text))).collect()
    }

    #[test]
    fn postgres_quotes() {
        let rules = Rules {
            dollar_quotes: true,
            escape_strings: true,
            nested_comments: true,
            ..Rules::default()
        };
        let text = r#"select $a$;$$;$a$, E'\';', 'it''s;' /* ; /* ; */ ; */ , "a;""b" -- ;
            ;"#;
        let semicolons = lex(text, rules).iter().filter(|t| t.1 == ";").count();
        assert_eq!(semicolons, 1);
        assert_eq!(lex("$1 $a", rules)[0], (TokenKind::Punct, "$"));
    }

    #[test]
    fn mysql_quotes() {
        let rules = Rules {
            backtick: true,
            double_quoted_strings: true,
            backslash: true,
            hash_comments: true,
            dash_needs_blank: true,
            executable_comments: true,
            ..Rules::default()
        };
        assert_eq!(lex(r"select '\';' # ;", rules).len(), 2);
        assert_eq!(lex("select 5--1", rules).len(), 5);
        let words: Vec<_> =
            lex("/*!50000 DROP TABLE t */;", rules).into_iter().map(|t| t.1).collect();
        assert_eq!(words, ["/*!50000", "DROP", "TABLE", "t", "*/", ";"]);
    }

    #[test]
    fn the_unclosed_ends_with_the_text() {
        for text in ["'abc", "/* abc", "\"abc", "'abc\\", "$$ abc", "é'"] {
            let rules = Rules { dollar_quotes: true, backslash: true, ..Rules::default() };
            let last = Lexer::new(text, rules).last().unwrap();
            assert!(last.open, "{text}");
            assert_eq!(last.span.end, text.len());
        }
    }

    #[test]
    fn numbers() {
        let kinds: Vec<_> =
            lex("1.5e-3+2 0x1F-1", Rules::default()).into_iter().map(|t| t.1).collect();
        assert_eq!(kinds, ["1.5e-3", "+", "2", "0x1F", "-", "1"]);
    }
}
