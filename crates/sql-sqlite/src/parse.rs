//! A cursor over the tokens that mean something.

use base::Span;
use sql::lex::{Lexer, Rules, Token, TokenKind};

/// What SQLite's text may hold.
pub(crate) const RULES: Rules = Rules { backtick: true, brackets: true, ..Rules::NONE };

/// Reads a statement word by word.
#[derive(Clone)]
pub(crate) struct Words<'a> {
    text: &'a str,
    lexer: Lexer<'a>,
    next: Option<Token>,
}

impl<'a> Words<'a> {
    pub fn new(text: &'a str) -> Self {
        let mut words = Self { text, lexer: Lexer::new(text, RULES), next: None };
        words.advance();
        words
    }

    fn advance(&mut self) {
        self.next = self.lexer.by_ref().find(|t| !t.is_trivia());
    }

    pub const fn peek_token(&self) -> Option<Token> {
        self.next
    }

    pub fn next_token(&mut self) -> Option<Token> {
        let token = self.next;
        self.advance();
        token
    }

    /// The next word in capitals; empty for anything that is not an unquoted word.
    pub fn peek(&self) -> String {
        match self.next {
            // Keywords are short: a long word is a name.
            Some(t) if t.kind == TokenKind::Word && t.span.len() <= 40 => {
                t.text(self.text).to_ascii_uppercase()
            }
            _ => String::new(),
        }
    }

    pub fn next_word(&mut self) -> String {
        let word = self.peek();
        self.advance();
        word
    }

    pub fn eat(&mut self, word: &str) -> bool {
        let is = self.next.is_some_and(|t| t.is_word(self.text, word));
        if is {
            self.advance();
        }
        is
    }

    pub fn eat_punct(&mut self, punct: u8) -> bool {
        let is = self.is_punct(punct);
        if is {
            self.advance();
        }
        is
    }

    pub fn is_punct(&self, punct: u8) -> bool {
        self.next.is_some_and(|t| t.is(self.text, punct))
    }

    /// `IF EXISTS` and `IF NOT EXISTS`.
    pub fn eat_if_exists(&mut self) {
        if self.eat("IF") {
            self.eat("NOT");
            self.eat("EXISTS");
        }
    }

    /// `name` or `schema.name`: (schema, name).
    pub fn qualified(&mut self) -> Option<(String, String)> {
        let first = self.name()?;
        if self.eat_punct(b'.') {
            return Some((first, self.name().unwrap_or_default()));
        }
        Some((String::new(), first))
    }

    /// One name without its quotes. SQLite takes a string where only a name can stand.
    pub fn name(&mut self) -> Option<String> {
        let token = self.next?;
        let text = token.text(self.text);
        let name = match token.kind {
            TokenKind::Word => text.to_owned(),
            TokenKind::Name | TokenKind::String => unquote(text),
            _ => return None,
        };
        self.advance();
        Some(name)
    }

    /// Steps forward to behind one of `words` at this level of parentheses, and says which.
    pub fn skip_to(&mut self, words: &[&str]) -> Option<String> {
        let mut depth = 0usize;
        while let Some(token) = self.next {
            if token.is(self.text, b'(') {
                depth += 1;
            } else if token.is(self.text, b')') {
                depth = depth.saturating_sub(1);
            } else if depth == 0 && words.iter().any(|w| token.is_word(self.text, w)) {
                return Some(self.next_word());
            }
            self.advance();
        }
        None
    }

    /// What stands in the parentheses that open here, and steps behind them.
    pub fn in_parentheses(&mut self) -> Option<&'a str> {
        let open = self.next.filter(|t| t.is(self.text, b'('))?;
        let mut depth = 0usize;
        while let Some(token) = self.next_token() {
            if token.is(self.text, b'(') {
                depth += 1;
            } else if token.is(self.text, b')') {
                depth -= 1;
                if depth == 0 {
                    return Some(Span::new(open.span.end, token.span.start).of(self.text));
                }
            }
        }
        Some(Span::new(open.span.end, self.text.len()).of(self.text))
    }

    /// The rest of the text, from the next token on.
    pub fn rest(&self) -> &'a str {
        let start = self.next.map_or(self.text.len(), |t| t.span.start);
        Span::new(start, self.text.len()).of(self.text)
    }
}

/// The name within its quotes, whichever of the four kinds.
pub(crate) fn unquote(text: &str) -> String {
    let (open, close) = match text.chars().next() {
        Some('[') => ('[', ']'),
        Some(quote @ ('"' | '`' | '\'')) => (quote, quote),
        _ => return text.to_owned(),
    };
    let inner = text.strip_prefix(open).unwrap_or(text);
    let inner = inner.strip_suffix(close).unwrap_or(inner);
    if open == '[' {
        return inner.to_owned();
    }
    inner.replace(&format!("{open}{open}"), &open.to_string())
}
