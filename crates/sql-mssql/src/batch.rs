//! Batches: what stands between the lines `GO [n]`, a command of the clients, which the server never sees.

use base::Span;
use sql::lex::{Lexer, Token, TokenKind};

use crate::RULES;

/// What is sent to the server at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Batch {
    /// Without the GO and the line break before it.
    pub span: Span,
    /// How often it runs; None for the last one, which no GO ends.
    pub count: Option<u32>,
}

/// A line `GO [n]`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Go {
    /// From the G to the last thing that is no comment.
    pub span: Span,
    pub count: u32,
}

/// Batches of nothing but blanks are left out.
pub fn batches(script: &str) -> impl Iterator<Item = Batch> {
    let mut lexer = Lexer::new(script, RULES);
    let mut start = 0;
    let mut done = false;
    std::iter::from_fn(move || {
        while !done {
            let go = lexer.by_ref().find_map(|token| go_at(script, &token));
            let (end, next, count) = match go {
                Some(go) => {
                    let line = script[..go.span.start].trim_end_matches([' ', '\t']).len();
                    let before = &script[start..line.max(start)];
                    let before = before.strip_suffix('\n').unwrap_or(before);
                    let before = before.strip_suffix('\r').unwrap_or(before);
                    let rest = &script[go.span.end..];
                    let next = rest.find('\n').map_or(script.len(), |n| go.span.end + n + 1);
                    (start + before.len(), next, Some(go.count))
                }
                None => (script.len(), script.len(), None),
            };
            done = count.is_none();
            let span = Span::new(start, end);
            start = next;
            lexer.seek(next);
            if !span.of(script).trim().is_empty() {
                return Some(Batch { span, count });
            }
        }
        None
    })
}

/// The GO that begins with `token`, if it stands alone on its line but for a count and comments.
pub(crate) fn go_at(script: &str, token: &Token) -> Option<Go> {
    if !token.is_word(script, "GO") {
        return None;
    }
    let before = script[..token.span.start].trim_end_matches([' ', '\t', '\u{feff}']);
    if !(before.is_empty() || before.ends_with('\n')) {
        return None;
    }
    let rest = &script[token.span.end..];
    let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
    let mut go = Go { span: token.span, count: 1 };
    let mut counted = false;
    for t in Lexer::new(line, RULES) {
        match t.kind {
            TokenKind::Blank | TokenKind::Comment => {}
            TokenKind::Number if !counted => {
                go.count = t.text(line).parse().ok()?;
                go.span.end = token.span.end + t.span.end;
                counted = true;
            }
            _ if t.is(line, b';') => {}
            _ => return None,
        }
    }
    Some(go)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(script: &str) -> Vec<(&str, Option<u32>)> {
        batches(script).map(|b| (b.span.of(script), b.count)).collect()
    }

    #[test]
    fn go_stands_on_a_line_of_its_own() {
        assert_eq!(
            told("select 1\r\nGO 3 -- thrice\r\nselect go\n go\ngo\n'\ngo\n' /*\ngo\n*/\nselect 2"),
            [
                ("select 1", Some(3)),
                ("select go", Some(1)),
                ("'\ngo\n' /*\ngo\n*/\nselect 2", None)
            ]
        );
        assert_eq!(told("go\n"), []);
        assert_eq!(told("select 1 go\ngo x\ngoto y"), [("select 1 go\ngo x\ngoto y", None)]);
    }
}
