//! The tokens of a statement, one after the other, and the names among them.

use base::Span;
use sql::lex::{Lexer, Token, TokenKind};
use sql::tree::{Ident, Name};

use crate::keywords::is_keyword;
use crate::split::RULES;

/// Deeper nesting is the grammar's, which counts what the stack can bear.
const MAX_DEPTH: usize = 30;

/// Unreserved words that mean something where a name may stand.
const SPECIAL: &[&str] =
    &["cascade", "cube", "current", "exclude", "operator", "restrict", "rollup", "uescape"];

pub struct Cursor<'s> {
    pub text: &'s str,
    base: usize,
    lexer: Lexer<'s>,
    next: Option<Token>,
    /// Where the token that was read last ends.
    pub end: usize,
    depth: usize,
    /// There was a token that no plain statement has.
    spoiled: bool,
}

impl<'s> Cursor<'s> {
    pub fn new(text: &'s str, base: usize) -> Self {
        let lexer = Lexer::new(text, RULES);
        let mut cursor = Self { text, base, lexer, next: None, end: 0, depth: 0, spoiled: false };
        cursor.fetch();
        cursor
    }

    fn fetch(&mut self) {
        self.lexer.skip_blanks();
        self.next = self.lexer.next();
        // Where a comment belongs is for the grammar to say, and so is what is not closed.
        let spoils = |t: &Token| t.is_trivia() || t.open;
        if self.next.as_ref().is_some_and(spoils) {
            self.next = None;
            self.spoiled = true;
        }
    }

    /// Whether the whole statement was read.
    pub const fn ends(&self) -> bool {
        self.next.is_none() && !self.spoiled
    }

    pub const fn peek(&self) -> Option<Token> {
        self.next
    }

    /// The token behind the next one.
    pub fn peek_second(&self) -> Option<Token> {
        let mut lexer = self.lexer.clone();
        lexer.skip_blanks();
        lexer.next()
    }

    pub fn advance(&mut self) -> Option<Token> {
        let token = self.next?;
        self.end = token.span.end;
        self.fetch();
        Some(token)
    }

    /// Where the next token begins.
    pub fn start(&self) -> usize {
        self.next.map_or(self.text.len(), |t| t.span.start)
    }

    /// From `start` to the end of what was read, as bytes of the script.
    pub const fn span_from(&self, start: usize) -> Span {
        Span { start: self.base + start, end: self.base + self.end }
    }

    /// What stands from `start` to the end of what was read.
    pub fn text_from(&self, start: usize) -> String {
        self.text[start..self.end].to_owned()
    }

    pub fn is(&self, word: &str) -> bool {
        self.next.is_some_and(|t| t.is_word(self.text, word))
    }

    pub fn eat(&mut self, word: &str) -> bool {
        let found = self.is(word);
        if found {
            self.advance();
        }
        found
    }

    pub fn expect(&mut self, word: &str) -> Option<()> {
        self.eat(word).then_some(())
    }

    pub fn is_punct(&self, punct: u8) -> bool {
        self.next.is_some_and(|t| t.is(self.text, punct))
    }

    pub fn eat_punct(&mut self, punct: u8) -> bool {
        let found = self.is_punct(punct);
        if found {
            self.advance();
        }
        found
    }

    pub fn expect_punct(&mut self, punct: u8) -> Option<()> {
        self.eat_punct(punct).then_some(())
    }

    /// IF NOT EXISTS, or nothing.
    pub fn if_not_exists(&mut self) -> Option<bool> {
        let found = self.eat("if");
        if found {
            self.expect("not")?;
            self.expect("exists")?;
        }
        Some(found)
    }

    /// IF EXISTS, or nothing.
    pub fn if_exists(&mut self) -> Option<bool> {
        let found = self.eat("if");
        if found {
            self.expect("exists")?;
        }
        Some(found)
    }

    /// CASCADE, RESTRICT, or nothing.
    pub fn cascade(&mut self) -> bool {
        let cascade = self.eat("cascade");
        if !cascade {
            self.eat("restrict");
        }
        cascade
    }

    /// One level down.
    pub fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    /// What `one` reads, once or more with commas between.
    pub fn list<T>(&mut self, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut found = vec![one(self)?];
        while self.eat_punct(b',') {
            found.push(one(self)?);
        }
        // A long script has many, and they stay until its review ends.
        found.shrink_to_fit();
        Some(found)
    }

    /// The same in parentheses.
    pub fn parens<T>(&mut self, one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        self.expect_punct(b'(')?;
        let found = self.list(one)?;
        self.expect_punct(b')')?;
        Some(found)
    }

    /// A name that is no keyword but an unreserved one, as the server stores it.
    pub fn word(&mut self) -> Option<String> {
        let token = self.next?;
        let text = token.text(self.text);
        let name = match token.kind {
            TokenKind::Word if text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') => {
                let name = text.to_ascii_lowercase();
                if is_keyword(&name) || SPECIAL.contains(&name.as_str()) {
                    return None;
                }
                name
            }
            TokenKind::Name if text.len() > 2 => {
                let inside = &text[1..text.len() - 1];
                if inside.contains('"') {
                    return None;
                }
                inside.to_owned()
            }
            _ => return None,
        };
        self.advance();
        Some(name)
    }

    pub fn ident(&mut self) -> Option<Ident> {
        let start = self.start();
        let name = self.word()?;
        Some(Ident { name, span: self.span_from(start) })
    }

    /// A name of one part to three.
    pub fn name(&mut self) -> Option<Name> {
        let start = self.start();
        let mut name = Name { name: self.word()?, ..Name::default() };
        while self.eat_punct(b'.') {
            if !name.database.is_empty() {
                return None;
            }
            name.database = std::mem::take(&mut name.schema);
            name.schema = std::mem::replace(&mut name.name, self.word()?);
        }
        name.span = self.span_from(start);
        Some(name)
    }

    /// A string in plain quotes.
    pub fn string(&mut self) -> Option<String> {
        let token = self.next.filter(|t| t.kind == TokenKind::String)?;
        let inside = token.text(self.text).strip_prefix('\'')?.strip_suffix('\'')?;
        self.advance();
        // Strings that follow one another are one, or wrong.
        if self.next.is_some_and(|t| t.kind == TokenKind::String) {
            return None;
        }
        Some(if inside.contains('\'') { inside.replace("''", "'") } else { inside.to_owned() })
    }

    /// `1`, `1.5`.
    pub fn number(&mut self) -> Option<()> {
        let token = self.next.filter(|t| t.kind == TokenKind::Number)?;
        let (whole, part) = match token.text(self.text).split_once('.') {
            Some((whole, part)) => (whole, part),
            None => (token.text(self.text), "0"),
        };
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(part) {
            return None;
        }
        self.advance();
        Some(())
    }
}
