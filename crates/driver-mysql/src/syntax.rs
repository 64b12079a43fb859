//! Asks the server whether it can read a statement, and finds the place that its message speaks of.

use base::{LineIndex, Position, Span};
use engine::Failure;
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Error};
use sql::SyntaxError;

use crate::classify_error::{code, failure};

/// As many bytes of the text as the server repeats in its message.
const NEAR: usize = 80;

/// Where in a statement an error is, as far as its message says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Place {
    pub offset: Option<usize>,
    pub line: Option<u32>,
}

/// Prepares the statement and throws it away: the server reads it all and runs nothing.
///
/// A statement that fails for another reason than its syntax (no such table; cannot be prepared) was read.
pub(crate) async fn check(conn: &mut Conn, statement: &str) -> Result<Vec<SyntaxError>, Failure> {
    match conn.prep(statement).await {
        Ok(prepared) => conn.close(prepared).await.map(|()| Vec::new()).map_err(failure),
        Err(Error::Server(e)) if matches!(e.code, code::SYNTAX | code::PARSE) => {
            Ok(vec![finding(e.code, &e.message, statement)])
        }
        Err(Error::Server(e)) => {
            tracing::debug!(
                code = e.code,
                not_preparable = e.code == code::NOT_PREPARABLE,
                "read, but not prepared"
            );
            Ok(Vec::new())
        }
        Err(e) => Err(failure(e)),
    }
}

fn finding(code: u16, message: &str, statement: &str) -> SyntaxError {
    let place = place(code, message, statement);
    let lines = LineIndex::new(statement);
    let start =
        place.offset.or_else(|| lines.offset(statement, Position { line: place.line?, column: 1 }));
    let start = start.unwrap_or(0);
    let word = statement[start..].split(char::is_whitespace).next().unwrap_or("");
    SyntaxError {
        span: Span::new(start, start + word.len()),
        position: lines.position(statement, start),
        message: brief(message).to_owned(),
    }
}

/// Without the advice to read the manual, which stands in the middle of every such message.
fn brief(message: &str) -> &str {
    message.find("near '").map_or(message, |at| &message[at..])
}

/// Reads `… near 'TEXT' at line N` and `Unknown column 'NAME' in …`.
pub(crate) fn place(code: u16, message: &str, statement: &str) -> Place {
    match code {
        code::SYNTAX | code::PARSE => near(message, statement).unwrap_or_default(),
        // Unknown column; no such table; ambiguous column; duplicate column; no such key; column does not exist; …
        1051 | 1052 | 1054 | 1060 | 1061 | 1064..=1072 | 1091 | 1146 => Place {
            offset: quoted(message).and_then(|name| only_place(name, statement)),
            line: None,
        },
        _ => Place::default(),
    }
}

fn near(message: &str, statement: &str) -> Option<Place> {
    let (_, rest) = message.split_once("near '")?;
    let (text, line) = rest.rsplit_once("' at line ")?;
    let line: u32 = line.trim().parse().ok()?;
    Some(Place { offset: offset_of(text, line, statement), line: Some(line) })
}

/// The message repeats the statement from the first thing it could not read, to its end or for 80 characters.
fn offset_of(text: &str, line: u32, statement: &str) -> Option<usize> {
    if statement.ends_with(text) {
        return Some(statement.len() - text.len());
    }
    // Cut off, perhaps within a character: that one arrives as a question mark or a replacement character.
    let text = text.trim_end_matches(['\u{fffd}', '?']);
    if text.len() < NEAR / 2 {
        return None;
    }
    let start = LineIndex::new(statement).offset(statement, Position { line, column: 1 })?;
    let found = statement[start..].find(text).map(|at| start + at);
    found.or_else(|| statement.find(text))
}

/// What stands in the message's first quotes, without what stands before its last dot.
fn quoted(message: &str) -> Option<&str> {
    let name = message.split('\'').nth(1)?;
    name.rsplit('.').next().filter(|n| !n.is_empty())
}

/// The place of a word that the statement holds once.
fn only_place(name: &str, statement: &str) -> Option<usize> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let mut places = statement.match_indices(name).map(|(at, _)| at).filter(|at| {
        !statement[..*at].ends_with(is_word) && !statement[at + name.len()..].starts_with(is_word)
    });
    let first = places.next()?;
    places.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAYS: &str = "You have an error in your SQL syntax; check the manual that corresponds to your MariaDB server \
                        version for the right syntax to use near ";

    fn at(near: &str, line: u32, statement: &str) -> Place {
        place(code::SYNTAX, &format!("{SAYS}'{near}' at line {line}"), statement)
    }

    #[test]
    fn finds_the_place_of_a_syntax_error() {
        let statement = "select 1\nfrom from t\nwhere it's";
        assert_eq!(at("from t\nwhere it's", 2, statement).offset, Some(14));
        assert_eq!(at("", 3, statement).offset, Some(statement.len()));
        let long = format!("select\n slect {}", "x, ".repeat(100));
        let shown = &long[8..88];
        assert_eq!(at(shown, 2, &long), Place { offset: Some(8), line: Some(2) });
        assert_eq!(at("nowhere", 2, statement), Place { offset: None, line: Some(2) });
        let finding =
            finding(code::SYNTAX, &format!("{SAYS}'from t' at line 1"), "select é from from t");
        assert_eq!(
            (finding.position.column, finding.message.as_str()),
            (15, "near 'from t' at line 1")
        );
    }

    #[test]
    fn finds_a_name_that_stands_there_once() {
        let message = "Unknown column 't.colour' in 'field list'";
        assert_eq!(place(1054, message, "select colours, colour from t").offset, Some(16));
        assert_eq!(place(1054, message, "select colour, colour from t").offset, None);
        assert_eq!(place(1205, "Lock wait timeout", "select 1"), Place::default());
    }
}
