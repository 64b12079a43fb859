//! Reads the statements that the server writes for SHOW CREATE, and takes out what is not schema: counters, definers.
//!
//! The texts are the server's own, so they are regular; one that is not as expected is kept as it is.

use base::Span;
use schema::Sequence;
use sql::lex::{Lexer, Token, TokenKind};

use crate::parse::{RULES, Words};

/// What SHOW CREATE VIEW says beside name and columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShownView {
    /// `ALGORITHM=MERGE SQL SECURITY INVOKER`, without what is the default.
    pub options: String,
    /// From SELECT to the end, with the check option.
    pub query: String,
}

/// SHOW CREATE TABLE without `AUTO_INCREMENT=n`, which counts rows.
pub fn table(text: &str) -> String {
    let Some(options) = after_columns(text) else { return text.to_owned() };
    let mut tokens = Lexer::new(&text[options..], RULES).filter(|t| !t.is_trivia());
    while let Some(token) = tokens.next() {
        if !token.is_word(&text[options..], "AUTO_INCREMENT") {
            continue;
        }
        let count = tokens.nth(1);
        let Some(count) = count.filter(|t| t.kind == TokenKind::Number) else { break };
        let rest = text[options + count.span.end..].trim_start_matches(' ');
        return format!("{}{rest}", &text[..options + token.span.start]);
    }
    text.to_owned()
}

/// The PARTITION BY clause of SHOW CREATE TABLE; empty when there is none.
pub fn partition_by(text: &str) -> &str {
    let Some(options) = after_columns(text) else { return "" };
    let rest = &text[options..];
    let mut tokens = Lexer::new(rest, RULES).filter(|t| !t.is_trivia()).peekable();
    while let Some(token) = tokens.next() {
        let by = tokens.peek().is_some_and(|t| t.is_word(rest, "BY"));
        if token.is_word(rest, "PARTITION") && by {
            // MySQL wraps the clause in an executable comment.
            return rest[token.span.start..].trim_end().trim_end_matches("*/").trim_end();
        }
    }
    ""
}

/// The text without the name of its own database, which the server writes before functions and sequences: a copy under
/// another name must not reach back. Elsewhere the same name may be that of a table, and stays.
pub fn without_database(text: &str, database: &str) -> String {
    let quoted = crate::quote_identifier(database);
    if !text.contains(&format!("{quoted}.")) {
        return text.to_owned();
    }
    let tokens: Vec<Token> = Lexer::new(text, RULES).filter(|t| !t.is_trivia()).collect();
    let is = |at: usize, punct| tokens.get(at).is_some_and(|t: &Token| t.is(text, punct));
    let word = |at: usize, words: &[&str]| {
        tokens.get(at).is_some_and(|t| words.iter().any(|w| t.is_word(text, w)))
    };
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for (at, token) in tokens.iter().enumerate() {
        let named = token.kind == TokenKind::Name && token.text(text) == quoted && is(at + 1, b'.');
        let function = is(at + 3, b'(');
        let sequence = at >= 2
            && (is(at - 1, b'(') && word(at - 2, &["nextval", "lastval", "setval"])
                || word(at - 1, &["for"]) && word(at - 2, &["value"]));
        if named && (function || sequence) {
            out += &text[copied..token.span.start];
            copied = tokens[at + 1].span.end;
        }
    }
    out + &text[copied..]
}

/// A routine or event without `DEFINER=user@host`.
pub fn without_definer(text: &str) -> String {
    let mut words = Words::new(text);
    if !words.eat("CREATE") {
        return text.to_owned();
    }
    let start = words.peek_token().map_or(0, |t| t.span.start);
    if !definer(&mut words) {
        return text.to_owned();
    }
    format!("{}{}", &text[..start], words.rest())
}

pub fn view(text: &str) -> Option<ShownView> {
    let mut words = Words::new(text);
    let mut options = Vec::new();
    words.eat("CREATE");
    loop {
        if words.eat("ALGORITHM") {
            words.eat_punct(b'=');
            let algorithm = words.next_word();
            if algorithm != "UNDEFINED" {
                options.push(format!("ALGORITHM={algorithm}"));
            }
        } else if words.eat_all(&["SQL", "SECURITY"]) {
            let security = words.next_word();
            if security != "DEFINER" {
                options.push(format!("SQL SECURITY {security}"));
            }
        } else if !definer(&mut words) {
            break;
        }
    }
    if !words.eat("VIEW") {
        return None;
    }
    words.qualified()?;
    words.skip_to(&["AS"])?;
    Some(ShownView { options: options.join(" "), query: words.rest().trim_end().to_owned() })
}

/// SHOW CREATE SEQUENCE, as MariaDB writes it.
pub fn sequence(name: &str, text: &str) -> Sequence {
    let mut s = Sequence { name: name.to_owned(), ..Sequence::default() };
    let mut words = Words::new(text);
    words.eat_all(&["CREATE", "SEQUENCE"]);
    words.qualified();
    while words.peek_token().is_some() {
        match words.next_word().as_str() {
            "AS" => s.data_type = words.name().unwrap_or_default(),
            "START" => s.start = number(&mut words, text, "WITH"),
            "MINVALUE" => s.min_value = number(&mut words, text, ""),
            "MAXVALUE" => s.max_value = number(&mut words, text, ""),
            "INCREMENT" => s.increment = number(&mut words, text, "BY"),
            "CACHE" => s.cache_size = number(&mut words, text, ""),
            "NOCACHE" => "0".clone_into(&mut s.cache_size),
            "CYCLE" => s.cycle = true,
            _ => {}
        }
    }
    s
}

fn number(words: &mut Words<'_>, text: &str, before: &str) -> String {
    words.eat(before);
    let minus = if words.eat_punct(b'-') { "-" } else { "" };
    words.next_token().map_or_else(String::new, |t| format!("{minus}{}", t.text(text)))
}

/// Steps over `DEFINER = user[@host]`.
fn definer(words: &mut Words<'_>) -> bool {
    if !words.eat("DEFINER") {
        return false;
    }
    words.eat_punct(b'=');
    words.next_token();
    if words.eat_punct(b'@') {
        words.next_token();
    }
    true
}

/// Where the list of columns has closed.
fn after_columns(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    let close = Lexer::new(text, RULES).find(|t: &Token| {
        if t.is(text, b'(') {
            depth += 1;
        } else if t.is(text, b')') {
            depth = depth.saturating_sub(1);
            return depth == 0;
        }
        false
    });
    close.map(|t| Span::new(t.span.start, t.span.end).end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_no_schema() {
        let shown = "CREATE TABLE `t` (\n  `a` int NOT NULL AUTO_INCREMENT COMMENT 'AUTO_INCREMENT=3',\n  PRIMARY KEY (`a`)\n) \
                     ENGINE=InnoDB AUTO_INCREMENT=42 DEFAULT CHARSET=utf8mb4 COMMENT='AUTO_INCREMENT=5'";
        assert_eq!(table(shown), shown.replace("AUTO_INCREMENT=42 ", ""));
        assert_eq!(table("CREATE TABLE `t` (a int) AUTO_INCREMENT=7"), "CREATE TABLE `t` (a int) ");
        assert_eq!(table("CREATE TABLE t"), "CREATE TABLE t");
    }

    #[test]
    fn partitions_come_bare_or_in_a_comment() {
        let bare = "CREATE TABLE `t` (\n `a` int\n) ENGINE=InnoDB COMMENT='PARTITION BY'\n PARTITION BY HASH (`a`)\nPARTITIONS 4";
        assert_eq!(partition_by(bare), "PARTITION BY HASH (`a`)\nPARTITIONS 4");
        let wrapped = "CREATE TABLE `t` (\n `a` int\n) ENGINE=InnoDB\n/*!50100 PARTITION BY RANGE (`a`)\n(PARTITION p0 VALUES LESS THAN (1) ENGINE = InnoDB) */";
        assert_eq!(
            partition_by(wrapped),
            "PARTITION BY RANGE (`a`)\n(PARTITION p0 VALUES LESS THAN (1) ENGINE = InnoDB)"
        );
    }

    #[test]
    fn definers_are_left_out() {
        assert_eq!(
            without_definer("CREATE DEFINER=`a b`@`%` PROCEDURE `p`()\nselect 'DEFINER'"),
            "CREATE PROCEDURE `p`()\nselect 'DEFINER'"
        );
        assert_eq!(
            without_definer("CREATE FUNCTION f() RETURNS int RETURN 1"),
            "CREATE FUNCTION f() RETURNS int RETURN 1"
        );
        let shown = "CREATE ALGORITHM=UNDEFINED DEFINER=`a`@`%` SQL SECURITY DEFINER VIEW `v` (`x`) AS select 1 AS `x`";
        assert_eq!(
            view(shown),
            Some(ShownView { options: String::new(), query: "select 1 AS `x`".to_owned() })
        );
        let shown = "CREATE ALGORITHM=MERGE DEFINER=`r` SQL SECURITY INVOKER VIEW `d`.`v` AS select 1 WITH CASCADED CHECK OPTION";
        assert_eq!(view(shown).unwrap().options, "ALGORITHM=MERGE SQL SECURITY INVOKER");
        assert_eq!(view("CREATE TABLE t (a int)"), None);
    }

    #[test]
    fn the_own_database_is_not_named() {
        let text = "select `d`.`a`,`d`.`f`(1),nextval(`d`.`s`),'`d`.`f`(' from `d` where next value for `d`.`s` > `e`.`f`(2)";
        let bare = "select `d`.`a`,`f`(1),nextval(`s`),'`d`.`f`(' from `d` where next value for `s` > `e`.`f`(2)";
        assert_eq!(without_database(text, "d"), bare);
        assert_eq!(without_database(text, "x"), text);
    }

    #[test]
    fn sequences_are_read() {
        let s = sequence(
            "s",
            "CREATE SEQUENCE `s` start with 5 minvalue -9 maxvalue 9223372036854775806 increment by -2 nocache cycle ENGINE=InnoDB",
        );
        assert_eq!(
            (s.start.as_str(), s.min_value.as_str(), s.increment.as_str()),
            ("5", "-9", "-2")
        );
        assert_eq!((s.cache_size.as_str(), s.cycle), ("0", true));
        assert!(!sequence("s", "CREATE SEQUENCE s cache 1000 nocycle").cycle);
    }
}
