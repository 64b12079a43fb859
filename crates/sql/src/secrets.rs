//! Finds passwords and keys in SQL, so that what shows a statement can leave them out.
//!
//! A false alarm hides a literal; a miss shows a password. So in a statement that is known to carry a secret every literal counts,
//! and elsewhere one that stands behind a word like PASSWORD, or that holds such a clause itself: a connection string, a
//! statement to be run later, a program's body.

use std::ops::Range;

use base::Span;

use crate::lex::{Lexer, Rules, Token, TokenKind};

/// Stands for a secret.
pub const MARK: &str = "'***'";

/// Names behind which a secret stands, also as a part of a longer one: `sslpassword`, `my_password`.
const NAMES: [&str; 4] = ["password", "passwd", "pwd", "identified by"];
/// Shortest part of a secret that is looked for in a message, unless the secret is shorter.
const PART: usize = 4;

/// Places of secrets in a statement, in order. `sensitive`: it is of a kind that carries one.
pub fn secrets(statement: &str, rules: Rules, sensitive: bool) -> Vec<Span> {
    let mut found = Vec::new();
    let mut before: [Option<Token>; 2] = [None, None];
    for token in Lexer::new(statement, rules) {
        if token.is_trivia() {
            continue;
        }
        let text = token.text(statement);
        let literal = token.kind == TokenKind::String || is_hex(text);
        if literal && (sensitive || names_one(statement, before)) {
            found.push(token.span);
        } else if token.kind == TokenKind::String {
            inside(&token, statement, rules, &mut found);
        }
        before = [before[1], Some(token)];
    }
    found
}

/// The text with [`MARK`] in place of each secret. Spans are in order.
pub fn mask(text: &str, secrets: &[Span]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for span in secrets {
        out.push_str(&text[at..span.start]);
        out.push_str(MARK);
        at = span.end;
    }
    out.push_str(&text[at..]);
    out
}

/// What somebody says about a statement, without the secrets of the statement; servers quote text, and cut it.
pub fn hide(message: &str, statement: &str, secrets: &[Span]) -> String {
    let mut values: Vec<&str> =
        secrets.iter().map(|s| content(s.of(statement))).filter(|v| !v.is_empty()).collect();
    values.sort_by_key(|v| std::cmp::Reverse(v.len()));
    if values.is_empty() {
        return message.to_owned();
    }
    let mut out = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(first) = rest.chars().next() {
        let length = values.iter().map(|v| shared(rest, v)).max().unwrap_or(0);
        if length == 0 {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            out.push_str("***");
            rest = &rest[length..];
        }
    }
    out
}

/// Bytes at the beginning of `text` that are a beginning of the secret, if enough of them are.
fn shared(text: &str, secret: &str) -> usize {
    let mut length = 0;
    for (a, b) in text.chars().zip(secret.chars()) {
        if a != b {
            break;
        }
        length += a.len_utf8();
    }
    if length >= secret.len().min(PART) { length } else { 0 }
}

/// `password 'x'`, `password = 'x'`, `identified by 'x'`.
fn names_one(statement: &str, before: [Option<Token>; 2]) -> bool {
    let named = |token: Option<Token>| {
        token.is_some_and(|t| {
            let text = t.text(statement).to_ascii_lowercase();
            matches!(t.kind, TokenKind::Word | TokenKind::Name)
                && NAMES.iter().any(|name| text.contains(name))
        })
    };
    let last = |punct: u8| before[1].is_some_and(|t| t.is(statement, punct));
    let word = |n: usize, word| before[n].is_some_and(|t| t.is_word(statement, word));
    named(before[1])
        || ((last(b'=') || last(b'(')) && named(before[0]))
        || (word(0, "IDENTIFIED") && (word(1, "BY") || word(1, "AS")))
}

/// A literal that holds a secret, or a program's body, of which only the secrets are hidden.
fn inside(token: &Token, statement: &str, rules: Rules, found: &mut Vec<Span>) {
    let text = token.text(statement);
    if text.starts_with('$') {
        let body = dollar(text);
        let start = token.span.start + body.start;
        let spans = secrets(&text[body], rules, false);
        found.extend(spans.iter().map(|s| Span { start: start + s.start, end: start + s.end }));
    } else if tells(content(text)) || (token.open && text.contains("://")) {
        found.push(token.span);
    }
}

/// Whether a text holds a password clause or an address with a password.
fn tells(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let clause = |name: &str| {
        text.match_indices(name)
            .any(|(at, _)| text[at + name.len()..].trim_start().starts_with(['=', '\'', '"', '\\']))
    };
    let address = |(at, _): (usize, &str)| {
        let rest = &text[at + 3..];
        let host = rest.split(['/', ' ', '?']).next().unwrap_or(rest);
        host.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'))
    };
    NAMES.iter().any(|name| clause(name)) || text.match_indices("://").any(address)
}

/// Where the body of `$tag$ … $tag$` is.
fn dollar(text: &str) -> Range<usize> {
    let tag = text[1..].find('$').map_or(text.len(), |n| n + 2);
    let end = text.len().saturating_sub(tag).max(tag);
    if text.len() >= 2 * tag && text[end..] == text[..tag] { tag..end } else { tag..text.len() }
}

/// A literal without its quotes and prefix.
fn content(literal: &str) -> &str {
    if literal.starts_with('$') {
        return &literal[dollar(literal)];
    }
    let Some(open) = literal.find(['\'', '"']) else { return literal };
    let quote = &literal[open..=open];
    let inner = &literal[open + 1..];
    inner.strip_suffix(quote).unwrap_or(inner)
}

fn is_hex(text: &str) -> bool {
    text.len() > 2 && text.is_char_boundary(2) && text[..2].eq_ignore_ascii_case("0x")
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Rules =
        Rules { dollar_quotes: true, escape_strings: true, nested_comments: true, ..Rules::NONE };

    fn shown(sql: &str) -> String {
        mask(sql, &secrets(sql, RULES, false))
    }

    #[test]
    fn what_stands_behind_a_password_word_is_hidden() {
        for (sql, wanted) in [
            ("x PASSWORD 'a''b' y", "x PASSWORD '***' y"),
            (
                "options (user 'u', sslpassword 'x', port '1')",
                "options (user 'u', sslpassword '***', port '1')",
            ),
            ("set app.db_password = 'x'", "set app.db_password = '***'"),
            ("identified by 'x'", "identified by '***'"),
            ("select dblink('host=h password=x', 'select 1')", "select dblink('***', 'select 1')"),
            ("select f('postgres://u:x@h/d')", "select f('***')"),
            (
                "do $b$ begin create role a password 'x'; end $b$",
                "do $b$ begin create role a password '***'; end $b$",
            ),
            ("execute 'create role a password ''x'''", "execute '***'"),
        ] {
            assert_eq!(shown(sql), wanted);
        }
    }

    #[test]
    fn other_literals_stay() {
        for sql in [
            "insert into t values ('password', 'http://h/a:b', 'identified by')",
            "create table t (password text default '')",
            "comment on column t.password is 'kept as a hash'",
            "select format('password %s', a)",
        ] {
            assert_eq!(shown(sql), sql);
        }
    }

    #[test]
    fn every_literal_of_a_sensitive_statement_is_hidden() {
        let sql = "x 'a' 0xAB $$b$$ 12";
        assert_eq!(mask(sql, &secrets(sql, RULES, true)), "x '***' '***' '***' 12");
        let open = "create role a password 'hunt";
        assert_eq!(shown(open), "create role a password '***'");
    }

    #[test]
    fn messages_are_cleaned_also_of_parts() {
        let sql = "create role a password 'hunter2' bogus";
        let spans = secrets(sql, RULES, false);
        let clean = |message: &str| hide(message, sql, &spans);
        assert_eq!(clean("near ''hunter2' bogus'"), "near ''***' bogus'");
        assert_eq!(clean("near ''hunte'"), "near ''***'");
        assert_eq!(clean("a hunt for hum"), "a *** for hum");
        assert_eq!(clean("syntax error at \"bogus\""), "syntax error at \"bogus\"");
        assert_eq!(hide("é hunter2", "select 1", &[]), "é hunter2");
    }
}
