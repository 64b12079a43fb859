//! Names of columns that only the text has: column definitions behind a function, COLUMNS of JSON_TABLE.

use sql::lex::{Lexer, Token, TokenKind};

use crate::split::RULES;

fn tokens(text: &str) -> Vec<Token> {
    Lexer::new(text, RULES).filter(|t| !t.is_trivia()).collect()
}

/// A name as the server stores it.
pub fn stored(text: &str) -> String {
    match text.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"').unwrap_or(rest).replace("\"\"", "\""),
        None => text.to_lowercase(),
    }
}

/// `f(…) AS (a int, b text)`, maybe with an alias: a, b.
pub fn defined(text: &str) -> Vec<String> {
    let tokens = tokens(text);
    let mut depth = 0;
    for (n, token) in tokens.iter().enumerate() {
        if token.is(text, b'(') {
            depth += 1;
        } else if token.is(text, b')') {
            depth -= 1;
        } else if depth == 0 && token.is_word(text, "as") {
            let is = |at: usize, punct| tokens.get(at).is_some_and(|t| t.is(text, punct));
            if is(n + 1, b'(') {
                return heads(text, &tokens[n + 1..]);
            }
            // An alias with names alone defines nothing.
            if is(n + 2, b'(') && !is(n + 4, b',') && !is(n + 4, b')') {
                return heads(text, &tokens[n + 2..]);
            }
        }
    }
    Vec::new()
}

/// The names in COLUMNS, those of NESTED PATH among them.
pub fn table_columns(text: &str) -> Vec<String> {
    let tokens = tokens(text);
    let mut names = Vec::new();
    for (n, token) in tokens.iter().enumerate() {
        if !token.is_word(text, "columns") {
            continue;
        }
        match tokens.get(n + 1) {
            Some(next) if next.is(text, b'(') => names.extend(heads(text, &tokens[n + 1..])),
            // XMLTABLE has none of its own parentheses here.
            Some(_) => names.extend(heads(text, &tokens[n..])),
            None => {}
        }
    }
    names.retain(|n| n != "nested");
    names
}

/// The first name of each part between commas, from behind the first token to the parenthesis that closes.
fn heads(text: &str, tokens: &[Token]) -> Vec<String> {
    let mut names = Vec::new();
    let (mut depth, mut fresh) = (0_usize, true);
    for token in tokens.iter().skip(1) {
        if token.is(text, b'(') {
            depth += 1;
        } else if token.is(text, b')') {
            let Some(outer) = depth.checked_sub(1) else { break };
            depth = outer;
        } else if depth == 0 && token.is(text, b',') {
            fresh = true;
        } else if depth == 0 && fresh {
            fresh = false;
            if matches!(token.kind, TokenKind::Word | TokenKind::Name) {
                names.push(stored(token.text(text)));
            }
        }
    }
    names
}

pub fn has_ordinality(text: &str) -> bool {
    let tokens = tokens(text);
    let mut depth = 0;
    tokens.windows(2).any(|pair| {
        if pair[0].is(text, b'(') {
            depth += 1;
        } else if pair[0].is(text, b')') {
            depth -= 1;
        }
        depth == 0 && pair[0].is_word(text, "with") && pair[1].is_word(text, "ordinality")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found() {
        assert_eq!(defined("json_to_record(x) as (a int, \"B\" numeric(3, 2))"), ["a", "B"]);
        assert_eq!(defined("json_to_record(x) as r (a int, b text)"), ["a", "b"]);
        assert_eq!(defined("f(cast(x as int)) as t (a, b)"), [""; 0]);
        let json =
            "json_table(a, '$' columns (x int path '$.x', nested path '$.y' columns (z int)))";
        assert_eq!(table_columns(json), ["x", "z"]);
        assert_eq!(
            table_columns("xmltable('/r' passing a columns x int path 'x', y int)"),
            ["x", "y"]
        );
        assert!(has_ordinality("unnest(a) with ordinality as t"));
        assert!(!has_ordinality("f((select 1 with ordinality))"));
    }
}
