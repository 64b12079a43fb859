//! Reads a statement from its first token on: words, names, parenthesised parts. Never reads further than asked, so that
//! the kind of a 100 MB INSERT is known from its first line.

use std::collections::VecDeque;

use sql::lex::{Lexer, Token, TokenKind};

use crate::split::RULES;

/// A cursor over the tokens that mean something.
pub struct Head<'a> {
    text: &'a str,
    lexer: Lexer<'a>,
    ahead: VecDeque<Token>,
}

impl<'a> Head<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, lexer: Lexer::new(text, RULES), ahead: VecDeque::new() }
    }

    pub fn peek(&mut self, n: usize) -> Option<Token> {
        while self.ahead.len() <= n {
            self.ahead.push_back(self.lexer.by_ref().find(|t| !t.is_trivia())?);
        }
        self.ahead.get(n).copied()
    }

    pub fn next(&mut self) -> Option<Token> {
        self.peek(0)?;
        self.ahead.pop_front()
    }

    pub fn text_of(&self, token: Token) -> &'a str {
        token.text(self.text)
    }

    /// The next word in upper case; empty when the next token is not a word.
    pub fn word(&mut self) -> String {
        match self.peek(0) {
            Some(t) if t.kind == TokenKind::Word => t.text(self.text).to_ascii_uppercase(),
            _ => String::new(),
        }
    }

    pub fn is(&mut self, word: &str) -> bool {
        let text = self.text;
        self.peek(0).is_some_and(|t| t.is_word(text, word))
    }

    /// Consumes the next token if it is this word.
    pub fn eat(&mut self, word: &str) -> bool {
        let found = self.is(word);
        if found {
            self.next();
        }
        found
    }

    /// Consumes these words if they all come next.
    pub fn eat_all(&mut self, words: &[&str]) -> bool {
        let text = self.text;
        let all =
            words.iter().enumerate().all(|(n, w)| self.peek(n).is_some_and(|t| t.is_word(text, w)));
        if all {
            self.ahead.drain(..words.len());
        }
        all
    }

    pub fn eat_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|w| self.eat(w))
    }

    pub fn is_punct(&mut self, punct: u8) -> bool {
        let text = self.text;
        self.peek(0).is_some_and(|t| t.is(text, punct))
    }

    pub fn eat_punct(&mut self, punct: u8) -> bool {
        let found = self.is_punct(punct);
        if found {
            self.next();
        }
        found
    }

    /// IF EXISTS or IF NOT EXISTS.
    pub fn eat_if_exists(&mut self) {
        let _ = self.eat_all(&["IF", "NOT", "EXISTS"]) || self.eat_all(&["IF", "EXISTS"]);
    }

    /// A name as the server stores it: quotes taken off, unquoted text in lower case.
    pub fn name(&mut self) -> Option<String> {
        let token = self.peek(0)?;
        let name = match token.kind {
            TokenKind::Word => token.text(self.text).to_lowercase(),
            TokenKind::Name => unquote(token.text(self.text)),
            _ => return None,
        };
        self.next();
        Some(name)
    }

    /// The parts of a dotted name.
    pub fn parts(&mut self) -> Vec<String> {
        let mut parts: Vec<String> = self.name().into_iter().collect();
        while !parts.is_empty() && self.eat_punct(b'.') {
            let Some(part) = self.name() else { break };
            parts.push(part);
        }
        parts
    }

    /// `name`, `schema.name` or `database.schema.name`: schema (maybe empty) and name.
    pub fn qualified(&mut self) -> Option<(String, String)> {
        let mut parts = self.parts();
        let name = parts.pop()?;
        Some((parts.pop().unwrap_or_default(), name))
    }

    /// Skips a parenthesised part, if one comes next, and gives the tokens within.
    pub fn parens(&mut self) -> Vec<Token> {
        let mut inside = Vec::new();
        if !self.eat_punct(b'(') {
            return inside;
        }
        let mut depth = 1;
        while let Some(t) = self.next() {
            if t.is(self.text, b'(') {
                depth += 1;
            } else if t.is(self.text, b')') {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            inside.push(t);
        }
        inside
    }

    /// The text from one token to another.
    pub fn between(&self, first: Token, last: Token) -> &'a str {
        &self.text[first.span.start..last.span.end]
    }

    /// Reads on, behind a CTE's SEARCH and CYCLE clauses, to the next CTE's comma or to the statement proper.
    pub fn skip_to_main(&mut self) {
        const VERBS: [&str; 7] =
            ["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "TABLE", "VALUES"];
        let text = self.text;
        while self.peek(0).is_some() && !VERBS.iter().any(|v| self.is(v)) {
            let opens = |t: Token| t.is_word(text, "AS") || t.is(text, b'(');
            if self.is_punct(b',') && self.peek(2).is_some_and(opens) {
                return;
            }
            self.next();
        }
    }

    /// Reads on until one of the words at this level of parentheses; false when none comes.
    pub fn skip_to(&mut self, words: &[&str]) -> bool {
        while self.peek(0).is_some() {
            if words.iter().any(|w| self.is(w)) {
                return true;
            }
            if self.is_punct(b'(') {
                self.parens();
            } else {
                self.next();
            }
        }
        false
    }
}

fn unquote(text: &str) -> String {
    let inside = text.strip_prefix('"').unwrap_or(text);
    inside.strip_suffix('"').unwrap_or(inside).replace("\"\"", "\"")
}

/// What stands between the quotes of a string token: `$tag$ … $tag$` or `'…'`. Doubled quotes stay doubled.
pub fn string_body(token: &str) -> &str {
    let quote = match token.strip_prefix('$') {
        Some(rest) => rest.find('$').map_or(1, |n| n + 2),
        None => 1,
    };
    token.get(quote..token.len().saturating_sub(quote)).unwrap_or("")
}
