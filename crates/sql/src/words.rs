//! A cursor over the tokens of a statement that mean something, for any dialect. The marks of executable comments are
//! stepped over: what they hold is run.

use base::Span;

use crate::lex::{Lexer, Rules, Token, TokenKind};

#[derive(Clone)]
pub struct Words<'a> {
    text: &'a str,
    lexer: Lexer<'a>,
    next: Option<Token>,
}

impl<'a> Words<'a> {
    pub fn new(text: &'a str, rules: Rules) -> Self {
        let mut words = Self { text, lexer: Lexer::new(text, rules), next: None };
        words.advance();
        words
    }

    pub const fn text(&self) -> &'a str {
        self.text
    }

    fn advance(&mut self) {
        let text = self.text;
        self.next = self.lexer.by_ref().find(|t| !t.is_trivia() && !t.is_executable_mark(text));
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
            // Keywords are short: a long word is a name, and need not be copied to be told from them.
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

    pub fn is(&self, word: &str) -> bool {
        self.next.is_some_and(|t| t.is_word(self.text, word))
    }

    /// Steps over `word` if it comes next.
    pub fn eat(&mut self, word: &str) -> bool {
        let found = self.is(word);
        if found {
            self.advance();
        }
        found
    }

    pub fn eat_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|w| self.eat(w))
    }

    pub fn eat_punct(&mut self, punct: u8) -> bool {
        let found = self.is_punct(punct);
        if found {
            self.advance();
        }
        found
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

    /// One name without its quotes.
    pub fn name(&mut self) -> Option<String> {
        let token = self.next?;
        let text = token.text(self.text);
        let name = match token.kind {
            TokenKind::Word => text.to_owned(),
            TokenKind::Name => unquoted(text),
            _ => return None,
        };
        self.advance();
        Some(name)
    }

    /// The last two parts of a dotted name: what holds the object, maybe empty, and the object.
    pub fn qualified(&mut self) -> Option<(String, String)> {
        let (mut schema, mut name) = (String::new(), self.name()?);
        while self.eat_punct(b'.') {
            // `server..table`: the part between is left out.
            schema = std::mem::take(&mut name);
            name = self.name().unwrap_or_default();
        }
        Some((schema, name))
    }

    /// Steps forward to behind one of `words` at this level of parentheses, and tells which.
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

/// A quoted name without its quotes; a doubled closing quote stands for one.
pub fn unquoted(text: &str) -> String {
    let close = match text.chars().next() {
        Some('[') => ']',
        Some(quote @ ('"' | '`')) => quote,
        _ => return text.to_owned(),
    };
    let inner = &text[1..];
    inner
        .strip_suffix(close)
        .unwrap_or(inner)
        .replace(&format!("{close}{close}"), &close.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_every_dress() {
        let rules = Rules { brackets: true, backtick: true, ..Rules::NONE };
        let mut words = Words::new("a.[b]]c] /* x */ , `d`..\"e\" (select x) set", rules);
        assert_eq!(words.qualified(), Some(("a".to_owned(), "b]c".to_owned())));
        assert!(words.eat_punct(b','));
        assert_eq!(words.qualified(), Some((String::new(), "e".to_owned())));
        assert_eq!(words.skip_to(&["SELECT", "SET"]).as_deref(), Some("SET"));
    }
}
