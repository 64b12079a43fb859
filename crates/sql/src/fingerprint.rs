//! A statement without what differs from run to run: blanks, comments, the case of words, values and how many there are.
//! Two statements of one form have one fingerprint, whatever rows they are about.
//!
//! Quoted names stay as they are, because their case counts; so do bodies in dollar quotes, because they are code.

use base::id::sha256_hex;

use crate::lex::{Lexer, Rules, TokenKind};

/// Stands for a value, or a list of them.
const VALUE: &str = "?";
/// Bytes of the hash that are kept, as hexadecimal digits.
const DIGITS: usize = 32;

/// Alike for statements of one form.
pub fn fingerprint(statement: &str, rules: Rules) -> String {
    let mut hash = sha256_hex(normalised(statement, rules).as_bytes());
    hash.truncate(DIGITS);
    hash
}

/// The form of a statement: `select a from t where b in ( ? )`.
pub fn normalised(statement: &str, rules: Rules) -> String {
    let mut parts: Vec<String> = Vec::new();
    for token in Lexer::new(statement, rules).filter(|t| !t.is_trivia()) {
        let text = token.text(statement);
        match token.kind {
            TokenKind::Word => parts.push(text.to_lowercase()),
            TokenKind::String if text.starts_with('$') => {
                parts.push(text.split_whitespace().collect::<Vec<_>>().join(" "));
            }
            TokenKind::String | TokenKind::Number => parts.push(VALUE.to_owned()),
            _ => parts.push(text.to_owned()),
        }
        fold(&mut parts);
    }
    while parts.last().is_some_and(|p| p == ";") {
        parts.pop();
    }
    parts.join(" ")
}

/// Whether two texts differ in blanks and comments only. Words keep their case, because that of names may count.
pub fn same_tokens(one: &str, other: &str, rules: Rules) -> bool {
    fn tokens(text: &str, rules: Rules) -> Vec<(TokenKind, &str)> {
        let tokens = Lexer::new(text, rules).filter(|t| !t.is_trivia());
        let mut tokens: Vec<_> = tokens.map(|t| (t.kind, t.text(text))).collect();
        // A semicolon more or less at the end changes nothing.
        while tokens.last().is_some_and(|(_, text)| *text == ";") {
            tokens.pop();
        }
        tokens
    }
    tokens(one, rules) == tokens(other, rules)
}

/// `?, ?` is a list of values like `?`; so are rows of them.
fn fold(parts: &mut Vec<String>) {
    const ROW: [&str; 3] = ["(", VALUE, ")"];
    let ends = |parts: &[String], words: &[&str]| {
        parts.len() >= words.len()
            && parts.iter().rev().zip(words.iter().rev()).all(|(p, w)| p == w)
    };
    if ends(parts, &[VALUE, ",", VALUE]) {
        parts.truncate(parts.len() - 2);
    } else if ends(parts, &ROW) && ends(&parts[..parts.len() - 3], &["(", VALUE, ")", ","]) {
        parts.truncate(parts.len() - 4);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Rules =
        Rules { dollar_quotes: true, escape_strings: true, nested_comments: true, ..Rules::NONE };

    fn form(statement: &str) -> String {
        normalised(statement, RULES)
    }

    #[test]
    fn one_form_has_one_fingerprint() {
        for alike in [
            &[
                "SELECT a FROM t WHERE b = 1",
                "select  A\nfrom T -- all\nwhere b=2;",
                "select a from t where b = 'it''s'",
            ][..],
            &[
                "SELECT 1 WHERE a IN (1)",
                "select 2 where a in (1, 2, 3)",
                "select 'x' where a in ('a', 'b')",
            ],
            &[
                "INSERT INTO t (a, b) VALUES (1, 'x')",
                "insert into t (a, b) values (1, 'x'), (2, 'y'), (3, 'z')",
            ],
            &["DELETE FROM t WHERE a = 1.5e3", "delete /* old */ from t where a = 7"],
        ] {
            let prints: Vec<String> = alike.iter().map(|s| fingerprint(s, RULES)).collect();
            assert!(prints.iter().all(|p| *p == prints[0] && p.len() == DIGITS), "{alike:?}");
        }
    }

    #[test]
    fn what_is_another_statement_has_another() {
        let mut prints = Vec::new();
        for other in [
            "SELECT a FROM t WHERE b = 1",
            "SELECT a FROM t WHERE b > 1",
            "SELECT a FROM t WHERE b = c",
            "SELECT a FROM u WHERE b = 1",
            "SELECT a FROM \"T\" WHERE b = 1",
            "SELECT a, a FROM t WHERE b = 1",
            "SELECT f($$ a $$)",
            "SELECT f($$ b $$)",
            "INSERT INTO t VALUES (1, a), (2, b)",
            "INSERT INTO t VALUES (1, a)",
            "",
        ] {
            let print = fingerprint(other, RULES);
            assert!(!prints.contains(&print), "{other}");
            prints.push(print);
        }
    }

    #[test]
    fn the_form_is_for_people_too() {
        assert_eq!(form("SELECT a FROM t WHERE b IN (1, 2)"), "select a from t where b in ( ? )");
        assert_eq!(form("VALUES (1, 2), (3, 4), (a, 5)"), "values ( ? ) , ( a , ? )");
        assert_eq!(form("-- nothing\n ;;"), "");
    }

    #[test]
    fn formatting_is_told_apart_from_statements() {
        let same = |one, other| same_tokens(one, other, RULES);
        let text = "CREATE TABLE t (a int); INSERT INTO t VALUES (1, 'a  b');";
        assert!(same(text, text));
        assert!(same(
            text,
            "CREATE TABLE t(\n  a int -- key\n);\nINSERT INTO t VALUES (1,'a  b') ; -- end"
        ));
        assert!(same("-- nothing", ""));
        for other in [
            "CREATE TABLE t (a int); INSERT INTO t VALUES (2, 'a  b');",
            "CREATE TABLE t (a int); INSERT INTO t VALUES (1, 'a b');",
            "CREATE TABLE T (a int); INSERT INTO t VALUES (1, 'a  b');",
            "CREATE TABLE t (a int)  INSERT INTO t VALUES (1, 'a  b');",
            "CREATE TABLE t (a int);",
            "",
        ] {
            assert!(!same(text, other) && !same(other, text), "{other}");
        }
    }

    #[test]
    fn many_rows_are_no_harder() {
        let rows = "(1, 'x', null),".repeat(200_000);
        let started = std::time::Instant::now();
        assert!(form(&format!("insert into t values {rows} (1, 'x', null)")).len() > 100);
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    }
}
