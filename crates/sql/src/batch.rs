//! An UPDATE or DELETE in parts, so that it can be run again and again with a range of keys added to its condition.

use crate::lex::{Lexer, Rules, Token, TokenKind};

/// `{head} WHERE {condition}` is the statement again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchParts {
    /// Up to the WHERE.
    pub head: String,
    /// The table as written, with its alias.
    pub table: String,
    pub condition: Option<String>,
}

/// Clauses that make the rows of a chunk other than those of its range.
const BEFORE_WHERE: [&str; 5] = ["FROM", "USING", "JOIN", "OUTPUT", "PARTITION"];
const ANYWHERE: [&str; 5] = ["ORDER", "LIMIT", "RETURNING", "OFFSET", "CURRENT"];

/// Cuts `statement` up, or says why it cannot be run in ranges of `key`.
pub fn parts(statement: &str, key: &str, rules: Rules) -> Result<BatchParts, String> {
    let top = top_level(statement, rules);
    let word = |n: usize, w: &str| top.get(n).is_some_and(|t| t.is_word(statement, w));
    let table_from = match () {
        () if word(0, "update") => 1,
        () if word(0, "delete") && word(1, "from") => 2,
        () => return Err("only a plain UPDATE or DELETE FROM can".to_owned()),
    };
    let is_update = table_from == 1;
    let where_at = top.iter().position(|t| t.is_word(statement, "where"));
    let set_at = top.iter().position(|t| t.is_word(statement, "set"));
    let before = &top[table_from..where_at.unwrap_or(top.len())];
    let among = |tokens: &[Token], words: &[&'static str]| {
        tokens.iter().find_map(|t| words.iter().find(|w| t.is_word(statement, w)).copied())
    };
    let refused = among(before, &BEFORE_WHERE).or_else(|| among(&top[table_from..], &ANYWHERE));
    if let Some(clause) = refused {
        return Err(format!("it has {clause}"));
    }
    let table_to = if is_update { set_at } else { where_at }.unwrap_or(top.len());
    if is_update && set_at.is_none() {
        return Err("it has no SET".to_owned());
    }
    let table = &top[table_from..table_to];
    let (Some(first), Some(last)) = (table.first(), table.last()) else {
        return Err("it names no table".to_owned());
    };
    if table.iter().any(|t| t.is(statement, b',')) {
        return Err("it names more than one table".to_owned());
    }
    if let Some(set) = set_at.filter(|_| is_update) {
        let to = where_at.unwrap_or(top.len());
        if assigned(statement, &top[set + 1..to]).any(|name| name.eq_ignore_ascii_case(key)) {
            return Err(format!("it changes {key}, by which it would be cut"));
        }
    }
    let end = statement.trim_end().len();
    let (head, condition) = match where_at {
        Some(n) => {
            let condition = statement[top[n].span.end..end].trim();
            (&statement[..top[n].span.start], Some(condition.to_owned()))
        }
        None => (&statement[..end], None),
    };
    if condition.as_ref().is_some_and(String::is_empty) {
        return Err("nothing follows WHERE".to_owned());
    }
    Ok(BatchParts {
        // A comment at the end would swallow what is put behind it.
        head: format!("{}\n", head.trim_end()),
        table: statement[first.span.start..last.span.end].to_owned(),
        condition: condition.map(|c| format!("{c}\n")),
    })
}

/// Tokens outside parentheses, without blanks and comments; a pair of parentheses is not there at all.
fn top_level(statement: &str, rules: Rules) -> Vec<Token> {
    let mut depth = 0usize;
    let mut top = Vec::new();
    for token in Lexer::new(statement, rules).filter(|t| !t.is_trivia()) {
        if token.is(statement, b'(') {
            depth += 1;
        } else if token.is(statement, b')') {
            depth = depth.saturating_sub(1);
        } else if depth == 0 {
            top.push(token);
        }
    }
    top
}

/// Names before the `=` of each assignment.
fn assigned<'a>(statement: &'a str, tokens: &'a [Token]) -> impl Iterator<Item = &'a str> {
    tokens.split(|t| t.is(statement, b',')).filter_map(move |assignment| {
        let equals = assignment.iter().position(|t| t.is(statement, b'='))?;
        let name = assignment[..equals].last()?;
        match name.kind {
            TokenKind::Name => Some(name.text(statement).trim_matches(['"', '`', '[', ']'])),
            TokenKind::Word => Some(name.text(statement)),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(statement: &str) -> Result<BatchParts, String> {
        parts(statement, "id", Rules::default())
    }

    #[test]
    fn plain_statements_come_apart() {
        let p = cut(
            "UPDATE shop.item AS i SET a = (SELECT 1 FROM x WHERE y), b = 2 WHERE a < 3 OR b = 'WHERE'",
        );
        let p = p.expect("parts");
        assert_eq!(p.table, "shop.item AS i");
        assert_eq!(p.condition.as_deref(), Some("a < 3 OR b = 'WHERE'\n"));
        assert!(p.head.ends_with("b = 2\n"), "{}", p.head);
        let p = cut("DELETE FROM item -- all").expect("parts");
        assert_eq!((p.table.as_str(), p.condition), ("item", None));
        assert!(p.head.ends_with("-- all\n"));
    }

    #[test]
    fn what_cannot_be_cut_is_refused_with_its_reason() {
        for (statement, why) in [
            ("INSERT INTO t VALUES (1)", "only a plain"),
            ("WITH x AS (SELECT 1) DELETE FROM t", "only a plain"),
            ("UPDATE t SET a = 1 FROM u WHERE t.id = u.id", "FROM"),
            ("DELETE FROM t USING u WHERE t.id = u.id", "USING"),
            ("UPDATE t SET a = 1 ORDER BY b LIMIT 3", "ORDER"),
            ("UPDATE t, u SET t.a = 1", "more than one"),
            ("UPDATE t SET a = 1, \"id\" = id + 1", "changes id"),
            ("UPDATE t SET a = 1 WHERE ", "nothing follows"),
        ] {
            let error = cut(statement).expect_err(statement);
            assert!(error.contains(why), "{statement}: {error}");
        }
    }
}
