//! A cursor over the tokens that mean something. There is no grammar of the whole language: classifying and reading what
//! the server wrote need only the heads of statements.

use std::iter::Peekable;

use base::Span;
use sql::lex::{Lexer, Rules, Token, TokenKind};

/// What the text may hold in the server's default modes: neither ANSI_QUOTES nor NO_BACKSLASH_ESCAPES.
pub const RULES: Rules = Rules {
    backtick: true,
    double_quoted_strings: true,
    backslash: true,
    hash_comments: true,
    dash_needs_blank: true,
    executable_comments: true,
    ..Rules::NONE
};

/// Reads a statement word by word. The marks of executable comments are stepped over: what they hold is run.
#[derive(Clone)]
pub struct Words<'a> {
    text: &'a str,
    tokens: Peekable<Significant<'a>>,
}

/// A name with what stands before its dot.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Qualified {
    pub schema: String,
    pub name: String,
}

impl<'a> Words<'a> {
    pub fn new(text: &'a str) -> Self {
        let significant = Significant { text, lexer: Lexer::new(text, RULES) };
        Self { text, tokens: significant.peekable() }
    }

    /// The next word in capitals; empty for anything that is not an unquoted word.
    pub fn peek(&mut self) -> String {
        let text = self.text;
        self.tokens.peek().filter(|t| t.kind == TokenKind::Word).map_or_else(String::new, |t| {
            let word = t.text(text);
            // Keywords are short: a long word is a name, and need not be copied to be told from them.
            if word.len() > 40 { String::new() } else { word.to_ascii_uppercase() }
        })
    }

    pub fn peek_token(&mut self) -> Option<Token> {
        self.tokens.peek().copied()
    }

    pub fn next_token(&mut self) -> Option<Token> {
        self.tokens.next()
    }

    pub fn next_word(&mut self) -> String {
        let word = self.peek();
        self.tokens.next();
        word
    }

    /// Steps over `word` if it comes next.
    pub fn eat(&mut self, word: &str) -> bool {
        let text = self.text;
        self.tokens.next_if(|t| t.is_word(text, word)).is_some()
    }

    pub fn eat_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|w| self.eat(w))
    }

    pub fn eat_punct(&mut self, punct: u8) -> bool {
        let text = self.text;
        self.tokens.next_if(|t| t.is(text, punct)).is_some()
    }

    /// Steps over all of `words` if they come next in this order; else over none.
    pub fn eat_all(&mut self, words: &[&str]) -> bool {
        let mut ahead = self.clone();
        let all = words.iter().all(|w| ahead.eat(w));
        if all {
            *self = ahead;
        }
        all
    }

    /// `IF EXISTS` and `IF NOT EXISTS`.
    pub fn eat_if_exists(&mut self) {
        if self.eat("IF") {
            self.eat("NOT");
            self.eat("EXISTS");
        }
    }

    /// `name`, `schema.name` or `.name`, quoted or not; None when none stands here.
    pub fn qualified(&mut self) -> Option<Qualified> {
        let first = self.name()?;
        if self.eat_punct(b'.') {
            let name = self.name().unwrap_or_default();
            return Some(Qualified { schema: first, name });
        }
        Some(Qualified { schema: String::new(), name: first })
    }

    /// One name without its quotes.
    pub fn name(&mut self) -> Option<String> {
        let token = self.tokens.peek().copied()?;
        let text = token.text(self.text);
        let name = match token.kind {
            TokenKind::Word => text.to_owned(),
            TokenKind::Name => unquote(text, '`'),
            // ANSI_QUOTES makes a name of it, and where a name must stand there can be no string.
            TokenKind::String if text.starts_with('"') => unquote(text, '"'),
            // `1st` is a name too.
            TokenKind::Number if text.bytes().any(|b| b.is_ascii_alphabetic() || b == b'_') => {
                text.to_owned()
            }
            _ => return None,
        };
        self.tokens.next();
        Some(name)
    }

    /// Steps forward to behind `word` at this level of parentheses. False when it does not come.
    pub fn skip_to(&mut self, words: &[&str]) -> Option<String> {
        let mut depth = 0usize;
        while let Some(token) = self.tokens.peek().copied() {
            if token.is(self.text, b'(') {
                depth += 1;
            } else if token.is(self.text, b')') {
                depth = depth.saturating_sub(1);
            } else if depth == 0 && words.iter().any(|w| token.is_word(self.text, w)) {
                return Some(self.next_word());
            }
            self.tokens.next();
        }
        None
    }

    /// The rest of the text, from the next token on.
    pub fn rest(&mut self) -> &'a str {
        let start = self.tokens.peek().map_or(self.text.len(), |t| t.span.start);
        Span::new(start, self.text.len()).of(self.text)
    }
}

/// The lexer without blanks, comments and the marks of executable comments.
#[derive(Clone)]
struct Significant<'a> {
    text: &'a str,
    lexer: Lexer<'a>,
}

impl Iterator for Significant<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let text = self.text;
        self.lexer.by_ref().find(|t| !t.is_trivia() && !t.is_executable_mark(text))
    }
}

fn unquote(text: &str, quote: char) -> String {
    let inner = text.strip_prefix(quote).unwrap_or(text);
    let inner = inner.strip_suffix(quote).unwrap_or(inner);
    inner.replace(&format!("{quote}{quote}"), &quote.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_in_every_dress() {
        let mut words = Words::new("/*!40000 `a``b` */ . \"c\", 1st ./* x */d");
        let first = words.qualified().unwrap();
        assert_eq!((first.schema.as_str(), first.name.as_str()), ("a`b", "c"));
        assert!(words.eat_punct(b','));
        let second = words.qualified();
        assert_eq!(second.unwrap().schema, "1st");
        assert_eq!(words.rest(), "");
    }

    #[test]
    fn skips_by_level() {
        let mut words = Words::new("(select 1 from x) set a = 1");
        assert_eq!(words.skip_to(&["FROM", "SET"]).as_deref(), Some("SET"));
        assert_eq!(words.rest(), "a = 1");
    }
}
