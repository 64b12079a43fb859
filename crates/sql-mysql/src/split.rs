//! Cuts a script into statements where MySQL's own client would, and where a person would who forgot DELIMITER.
//!
//! The delimiter ends a statement unless it stands in quotes, in a comment (also an executable one), or in the body of a
//! routine, trigger or event whose blocks are still open ([`sql::blocks`]). A DELIMITER line changes it and is no
//! statement.

mod blocks;

use base::Span;
use sql::blocks::Blocks;
use sql::lex::{Lexer, Rules, Token, TokenKind};
use sql::segment::{Hold as _, Segment};

use blocks::BLOCKS;

/// The client's own limit; it also keeps a hostile delimiter from making the search quadratic.
const MAX_DELIMITER: usize = 15;

/// The segments of a script. DELIMITER lines belong to the segment that follows.
pub fn segments(script: &str, rules: Rules) -> impl Iterator<Item = Segment> {
    let lexer = Lexer::new(script, rules);
    let mut splitter = Splitter { script, lexer, rest: None, delimiter: ";".to_owned() };
    let mut start = 0;
    std::iter::from_fn(move || {
        let segment = splitter.segment(start)?;
        start = segment.whole.end;
        Some(segment)
    })
}

struct Splitter<'a> {
    script: &'a str,
    lexer: Lexer<'a>,
    /// What of the last token lies behind a delimiter within it, as in `END$$SELECT`.
    rest: Option<Token>,
    delimiter: String,
}

impl Splitter<'_> {
    fn segment(&mut self, start: usize) -> Option<Segment> {
        let mut statement: Option<Span> = None;
        let mut blocks = Blocks::new(&BLOCKS);
        let mut only_blanks = true;
        let mut in_executable = false;
        let mut settled = false;
        loop {
            let rest = self.rest.take();
            // A statement has begun: until its end only quotes and comments matter.
            if rest.is_none()
                && settled
                && let Some(begun) = &mut statement
                && let Some(passed) = self.lexer.skip_plain()
            {
                begun.end = passed;
            }
            let Some(token) = rest.or_else(|| self.lexer.next()) else { break };
            only_blanks &= token.kind == TokenKind::Blank;
            if token.is_trivia() {
                continue;
            }
            if statement.is_none() && token.is_word(self.script, "DELIMITER") {
                self.change_delimiter(token.span.end);
                continue;
            }
            if token.is_executable_mark(self.script) {
                in_executable = token.span.len() > 2;
            } else if !in_executable && let Some(at) = self.delimiter_in(&token) {
                let head = Span::new(token.span.start, at);
                if !head.is_empty() {
                    statement = Some(join(statement, head));
                }
                if !blocks.holds() || self.delimiter != ";" {
                    let end = at + self.delimiter.len();
                    if end < token.span.end {
                        self.rest = Some(Token { span: Span::new(end, token.span.end), ..token });
                    } else {
                        self.lexer.seek(end);
                    }
                    return Some(Segment { whole: Span::new(start, end), statement });
                }
            }
            if !settled {
                blocks.see(self.script, &token);
                settled = blocks.is_settled() && self.delimiter == ";";
            }
            statement = Some(join(statement, token.span));
        }
        let whole = Span::new(start, self.script.len());
        (!only_blanks).then_some(Segment { whole, statement })
    }

    /// Where the delimiter starts within a token, or at its end as in `END$$`. Quotes hide it.
    fn delimiter_in(&self, token: &Token) -> Option<usize> {
        if matches!(token.kind, TokenKind::String | TokenKind::Name) {
            return None;
        }
        if self.delimiter == ";" {
            return token.is(self.script, b';').then_some(token.span.start);
        }
        let delimiter = self.delimiter.as_bytes();
        let bytes = self.script.as_bytes();
        (token.span.start..token.span.end)
            .find(|at| bytes[*at] == delimiter[0] && bytes[*at..].starts_with(delimiter))
    }

    /// Reads the rest of a DELIMITER line. An empty one changes nothing, as in the client.
    fn change_delimiter(&mut self, from: usize) {
        let rest = &self.script[from..];
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        if let Some(word) = line.split_whitespace().next() {
            let end = (0..=MAX_DELIMITER.min(word.len()))
                .rev()
                .find(|n| word.is_char_boundary(*n))
                .unwrap_or(0);
            self.delimiter = word[..end].to_owned();
        }
        self.lexer.seek(from + line.len());
    }
}

fn join(statement: Option<Span>, more: Span) -> Span {
    Span::new(statement.map_or(more.start, |s| s.start), more.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::parse::RULES;
    use sql::{Dialect as _, Statement};

    fn split(script: &str) -> Vec<Statement> {
        crate::DIALECT.split(script)
    }

    fn texts(script: &str) -> Vec<&str> {
        split(script).iter().map(|s| s.text(script)).collect()
    }

    #[test]
    fn delimiters_are_no_part_of_a_statement() {
        let script = "select 1;\nDELIMITER $$\ncreate procedure p() begin select 1; end$$\n\
            drop table a$$\ndelimiter ;\nselect '$$', \"\\\";\" # ;\n;; -- ;\nselect 5--1";
        assert_eq!(
            texts(script),
            [
                "select 1",
                "create procedure p() begin select 1; end",
                "drop table a",
                "select '$$', \"\\\";\"",
                "select 5--1"
            ]
        );
        assert_eq!(texts("DELIMITER //\nselect 1;//select 2"), ["select 1;", "select 2"]);
        assert_eq!(
            texts("delimiter ;;\nselect 1;;select 2;;\ndelimiter"),
            ["select 1", "select 2"]
        );
    }

    #[test]
    fn executable_comments_are_statements() {
        let script =
            "/*!40101 SET NAMES utf8mb4 */;\n/* x */ /*! select 1; */ ; select /*+ y; */ 2";
        assert_eq!(
            texts(script),
            ["/*!40101 SET NAMES utf8mb4 */", "/*! select 1; */", "select /*+ y; */ 2"]
        );
    }

    #[test]
    fn segments_cover_the_script() {
        let script = "-- a\nselect 1;\n\n delimiter $$\nselect 2$$ -- b\n";
        let ends: Vec<_> = segments(script, RULES).map(|s| s.whole.of(script)).collect();
        assert_eq!(ends, ["-- a\nselect 1;", "\n\n delimiter $$\nselect 2$$", " -- b\n"]);
    }

    #[test]
    fn hostile_scripts_take_linear_time() {
        let started = std::time::Instant::now();
        let one_line = "select 'é';".repeat(100_000);
        assert_eq!(split(&one_line).len(), 100_000);
        let delimiter = format!("delimiter {}\n{}", "a".repeat(50_000), "a".repeat(500_000));
        assert!(split(&delimiter).len() <= 1, "nothing but delimiters");
        let blocks = format!("create procedure p() {}", "begin if a then ".repeat(50_000));
        assert_eq!(split(&blocks).len(), 1);
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    }
}
