//! A cursor over the tokens that mean something.

use std::ops::{Deref, DerefMut};

use sql::lex::{Rules, TokenKind};
use sql::words;

/// What SQLite's text may hold.
pub(crate) const RULES: Rules = Rules { backtick: true, brackets: true, ..Rules::NONE };

/// The kit's cursor, with SQLite's names.
#[derive(Clone)]
pub(crate) struct Words<'a>(words::Words<'a>);

impl<'a> Deref for Words<'a> {
    type Target = words::Words<'a>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Words<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<'a> Words<'a> {
    pub fn new(text: &'a str) -> Self {
        Self(words::Words::new(text, RULES))
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
        let token = self.peek_token()?;
        let text = token.text(self.text());
        let name = match token.kind {
            TokenKind::Word => text.to_owned(),
            TokenKind::Name | TokenKind::String => unquote(text),
            _ => return None,
        };
        self.next_token();
        Some(name)
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
