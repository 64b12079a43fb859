//! One lexer for all dialects: rules say which quotes and comments a dialect has.
//!
//! Invariants: it never fails; the tokens' spans follow one another without gap and cover the text; linear time.
//! An unclosed quote or comment runs to the end of the text and is marked. A byte order mark at the beginning is a blank.

mod quotes;

use base::Span;
use memchr::memchr;

/// What a dialect's text may hold.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rules {
    /// `$tag$ … $tag$`
    pub dollar_quotes: bool,
    /// `$$ … $$` without tags, where `dollar_quotes` does not hold.
    pub plain_dollars: bool,
    /// `` `name` ``
    pub backtick: bool,
    /// `[name]`
    pub brackets: bool,
    /// `"…"` is a string, not a name.
    pub double_quoted_strings: bool,
    /// `\'` inside every string.
    pub backslash: bool,
    /// `` \` `` inside quoted names.
    pub name_backslash: bool,
    /// `E'…'` strings take backslashes.
    pub escape_strings: bool,
    /// `r'…'` strings take none.
    pub raw_strings: bool,
    /// `'''…'''` and `"""…"""`
    pub triple_quotes: bool,
    /// `q'[…]'`
    pub q_quotes: bool,
    /// `/* /* */ */`
    pub nested_comments: bool,
    /// `# …`
    pub hash_comments: bool,
    /// `// …`
    pub slash_comments: bool,
    /// `--` opens a comment only before a blank or the end of the line.
    pub dash_needs_blank: bool,
    /// `/*! … */` and `/*M! … */` hold text that is run.
    pub executable_comments: bool,
    /// `/*T! … */` and `/*T![feature] … */` do so too.
    pub tidb_comments: bool,
    /// `@` and `#` begin words and stand in them: `@variable`, `#table`.
    pub sigils: bool,
    /// `#` stands in words, but begins none.
    pub hash_in_words: bool,
}

impl Rules {
    /// `'strings'`, `"names"`, `-- comments` and `/* comments */` only; a constant, unlike the default.
    pub const NONE: Self = Self {
        dollar_quotes: false,
        plain_dollars: false,
        backtick: false,
        brackets: false,
        double_quoted_strings: false,
        backslash: false,
        name_backslash: false,
        escape_strings: false,
        raw_strings: false,
        triple_quotes: false,
        q_quotes: false,
        nested_comments: false,
        hash_comments: false,
        slash_comments: false,
        dash_needs_blank: false,
        executable_comments: false,
        tidb_comments: false,
        sigils: false,
        hash_in_words: false,
    };
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

const BOM: &str = "\u{feff}";

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
        self.kind == TokenKind::Word
            && self.span.len() == word.len()
            && self.text(text).eq_ignore_ascii_case(word)
    }

    /// Blanks and comments.
    pub const fn is_trivia(&self) -> bool {
        matches!(self.kind, TokenKind::Blank | TokenKind::Comment)
    }

    /// The opening or closing mark of an executable comment: `/*!50000` or its `*/`.
    pub fn is_executable_mark(&self, text: &str) -> bool {
        self.kind == TokenKind::Punct && self.span.len() > 1 && {
            let mark = self.text(text);
            mark.starts_with("/*") || mark == "*/"
        }
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

    /// Steps over blanks, but for a byte order mark.
    pub fn skip_blanks(&mut self) {
        self.at = self.run(self.at, is_blank);
    }

    /// Steps over blanks, words and punctuation that open no quote and no comment and end no statement; for who asks for
    /// nothing else. Gives the end of the last thing that is no blank.
    pub fn skip_plain(&mut self) -> Option<usize> {
        let from = self.at;
        let (mut at, mut word) = (from, from);
        // The word before a quote may be its prefix, and the one before `-` a number: they are left for the next token.
        let mut in_number = false;
        while let Some(class) = self.bytes.get(at).map(|b| CLASS[usize::from(*b)]) {
            if class == MARK {
                break;
            }
            let byte = self.bytes[at];
            if class == WORD {
                in_number = if at == word { byte.is_ascii_digit() } else { in_number };
            } else if !(in_number && byte == b'.' && self.bytes.get(at + 1) != Some(&b'.')) {
                // What is not the point of a number ends the word.
                word = at + 1;
                in_number = false;
            }
            at += 1;
        }
        self.at = word;
        let passed = &self.bytes[from..word];
        passed.iter().rposition(|b| !is_blank(*b)).map(|last| from + last + 1)
    }

    /// Steps over blanks, punctuation that means nothing to a splitter, and words that `matters` does not want to see; not
    /// over parentheses, dots and whatever [`Lexer::skip_plain`] stops at. Gives the end of the last thing passed that is no blank.
    pub fn skip_words(&mut self, matters: impl Fn(&[u8]) -> bool) -> Option<usize> {
        let (mut at, mut passed) = (self.at, None);
        while let Some(class) = self.bytes.get(at).map(|b| CLASS[usize::from(*b)]) {
            match class {
                BLANK => at += 1,
                WORD => {
                    let end = self.run(at, is_word_byte);
                    // What follows may belong to it: a quote to its prefix, a sign to the number.
                    let is_number = self.bytes[at].is_ascii_digit();
                    let is_whole = self.bytes.get(end).is_none_or(|b| {
                        CLASS[usize::from(*b)] != MARK && !(is_number && *b == b'.')
                    });
                    let is_first = at == 0 && self.bytes[0] >= 0x80;
                    if !is_whole || is_first || matters(&self.bytes[at..end]) {
                        break;
                    }
                    at = end;
                    passed = Some(end);
                }
                MARK => break,
                _ if matches!(self.bytes[at], b'(' | b')' | b'.') => break,
                _ => {
                    at += 1;
                    passed = Some(at);
                }
            }
        }
        self.at = at;
        passed
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn line_end(&self) -> usize {
        memchr(b'\n', &self.bytes[self.at..]).map_or(self.bytes.len(), |n| self.at + n)
    }

    /// Where the run of bytes that `belongs` accepts ends.
    fn run(&self, from: usize, belongs: impl Fn(u8) -> bool) -> usize {
        let n = self.bytes[from..].iter().position(|b| !belongs(*b));
        n.map_or(self.bytes.len(), |n| from + n)
    }

    fn word_end(&self) -> usize {
        let (hash, at) = (self.rules.sigils || self.rules.hash_in_words, self.rules.sigils);
        self.run(self.at, |b| {
            is_word_byte(b) || b == b'$' || (b == b'#' && hash) || (b == b'@' && at)
        })
    }

    fn number_end(&self) -> usize {
        let mut i = self.at;
        while i < self.bytes.len() {
            let b = self.bytes[i];
            let exponent_sign = (b == b'+' || b == b'-')
                && i > self.at
                && matches!(self.bytes[i - 1], b'e' | b'E')
                && !self.bytes[self.at..].starts_with(b"0x");
            // `1..10` is a range.
            let point = b == b'.' && self.bytes.get(i + 1) != Some(&b'.') && {
                i == self.at || self.bytes[i - 1] != b'.'
            };
            if !(is_word_byte(b) || point || exponent_sign) {
                break;
            }
            i += 1;
        }
        i
    }

    fn scan(&mut self) -> (TokenKind, usize, bool) {
        let r = self.rules;
        let b = self.bytes[self.at];
        let closed = |kind, end| (kind, end, false);
        if is_blank(b) {
            return closed(TokenKind::Blank, self.run(self.at, is_blank));
        }
        if is_word_byte(b) && !b.is_ascii_digit() {
            if b >= 0x80 && self.at == 0 && self.text.starts_with(BOM) {
                return closed(TokenKind::Blank, BOM.len());
            }
            return self
                .prefixed_string(b)
                .unwrap_or_else(|| closed(TokenKind::Word, self.word_end()));
        }
        match b {
            b'0'..=b'9' => closed(TokenKind::Number, self.number_end()),
            b'-' if self.peek(1) == b'-' && (!r.dash_needs_blank || self.peek(2) <= b' ') => {
                closed(TokenKind::Comment, self.line_end())
            }
            b'#' if r.hash_comments => closed(TokenKind::Comment, self.line_end()),
            b'/' if r.slash_comments && self.peek(1) == b'/' => {
                closed(TokenKind::Comment, self.line_end())
            }
            b'/' if self.peek(1) == b'*' => match self.executable_open() {
                Some(end) => {
                    self.in_executable = true;
                    closed(TokenKind::Punct, end)
                }
                None => {
                    let (end, open) = self.block_comment();
                    (TokenKind::Comment, end, open)
                }
            },
            b'*' if self.in_executable && self.peek(1) == b'/' => {
                self.in_executable = false;
                closed(TokenKind::Punct, self.at + 2)
            }
            b'\'' => self.string(self.at, r.backslash),
            b'"' if r.double_quoted_strings => self.string(self.at, r.backslash),
            b'"' => self.name(b'"'),
            b'`' if r.backtick => self.name(b'`'),
            b'[' if r.brackets => self.name(b']'),
            b'$' if r.dollar_quotes || r.plain_dollars => match self.dollar_quote() {
                Some((end, open)) => (TokenKind::String, end, open),
                None => closed(TokenKind::Punct, self.at + 1),
            },
            b'@' | b'#' if r.sigils => closed(TokenKind::Word, self.word_end()),
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

/// What a byte can be part of.
const CLASS: [u8; 256] = {
    let mut table = [0; 256];
    let mut b = 0;
    while b < 256 {
        let byte = b as u8;
        if byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80 {
            table[b] = WORD;
        } else if byte.is_ascii_whitespace() || byte == 0x0b {
            table[b] = BLANK;
        } else if matches!(
            byte,
            b'\'' | b'"' | b'`' | b'[' | b'$' | b'#' | b'@' | b'-' | b'/' | b'*' | b';'
        ) {
            table[b] = MARK;
        }
        b += 1;
    }
    table
};
const WORD: u8 = 1;
const BLANK: u8 = 2;
/// Opens a quote or a comment in some dialect, closes an executable one, stands in words of some, or ends a statement.
const MARK: u8 = 3;

/// Letters, digits, underscore and everything beyond ASCII.
const fn is_word_byte(b: u8) -> bool {
    CLASS[b as usize] == WORD
}

const fn is_blank(b: u8) -> bool {
    CLASS[b as usize] == BLANK
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

    #[test]
    fn other_quotes() {
        let oracle = Rules { q_quotes: true, hash_in_words: true, ..Rules::default() };
        let words: Vec<_> =
            lex("q'[it's;]' nQ'!;!!' q'<'>' a#b q", oracle).into_iter().map(|t| t.1).collect();
        assert_eq!(words, ["q'[it's;]'", "nQ'!;!!'", "q'<'>'", "a#b", "q"]);
        let google = Rules {
            triple_quotes: true,
            double_quoted_strings: true,
            backslash: true,
            backtick: true,
            name_backslash: true,
            ..Rules::default()
        };
        let text = "r'''a'';\\''';''' '' `a\\`;`";
        let words: Vec<_> = lex(text, google).into_iter().map(|t| t.1).collect();
        assert_eq!(words, ["r", "'''a'';\\''';'''", "''", "`a\\`;`"]);
    }
}
