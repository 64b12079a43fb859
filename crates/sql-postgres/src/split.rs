//! Cuts a script into statements where PostgreSQL's own client would.
//!
//! A semicolon ends a statement unless it stands in quotes or a comment (the lexer's work), in the body of a
//! `BEGIN ATOMIC … END` routine, or in the parenthesised actions of CREATE RULE. Parentheses elsewhere do not hold a
//! semicolon back: a forgotten `)` then spoils one statement, not the rest of the script.

use sql::Statement;
use sql::lex::{Rules, Token};
use sql::segment::{self, Hold, Segment};

/// What PostgreSQL's text may hold, with `standard_conforming_strings` on.
pub const RULES: Rules =
    Rules { dollar_quotes: true, escape_strings: true, nested_comments: true, ..Rules::NONE };

pub fn split(script: &str) -> Vec<Statement> {
    segment::statements(script, segments(script))
}

/// The script in pieces that follow one another without gap. Blanks at the end of the script are no piece.
pub fn segments(script: &str) -> impl Iterator<Item = Segment> {
    segments_of(script, RULES)
}

/// The same for a compatible engine.
pub fn segments_of(script: &str, rules: Rules) -> impl Iterator<Item = Segment> {
    segment::segments(script, rules, Body::default)
}

/// Follows the two constructs whose semicolons do not end the statement.
#[derive(Debug, Default)]
struct Body {
    /// Number of tokens seen so far, as far as the head matters.
    seen: usize,
    kind: Kind,
    /// The last token was BEGIN, so that ATOMIC opens a body.
    after_begin: bool,
    depth: usize,
}

#[derive(Debug, Default, PartialEq, Eq, Clone, Copy)]
enum Kind {
    /// The head may still turn out to be one of the two: CREATE [OR REPLACE] …
    #[default]
    Undecided,
    Plain,
    Routine,
    Rule,
}

impl Hold for Body {
    fn holds(&self) -> bool {
        self.depth > 0
    }

    fn is_settled(&self) -> bool {
        self.kind == Kind::Plain
    }

    fn see(&mut self, script: &str, token: &Token) {
        if self.kind == Kind::Plain {
            return;
        }
        let word = |w| token.is_word(script, w);
        self.seen += 1;
        match self.kind {
            Kind::Undecided if self.seen == 1 && word("create") => {}
            Kind::Undecided if self.seen > 1 && (word("or") || word("replace")) => {}
            Kind::Undecided if self.seen > 1 && (word("function") || word("procedure")) => {
                self.kind = Kind::Routine;
            }
            Kind::Undecided if self.seen > 1 && word("rule") => self.kind = Kind::Rule,
            Kind::Undecided => self.kind = Kind::Plain,
            Kind::Plain => {}
            Kind::Rule if token.is(script, b'(') => self.depth += 1,
            Kind::Rule if token.is(script, b')') => self.depth = self.depth.saturating_sub(1),
            Kind::Rule => {}
            Kind::Routine if self.depth == 0 => {
                if self.after_begin && word("atomic") {
                    self.depth = 1;
                }
                self.after_begin = word("begin");
            }
            Kind::Routine if word("case") => self.depth += 1,
            Kind::Routine if word("end") => self.depth -= 1,
            Kind::Routine => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(script: &str) -> Vec<&str> {
        split(script).iter().map(|s| s.text(script)).collect()
    }

    #[test]
    fn leading_comments_and_terminators_belong_to_none() {
        let script = "-- one\nselect 1 /* in */ ; ;\n/* two */ select 2 -- end\n;-- last";
        assert_eq!(texts(script), ["select 1", "select 2"]);
        let two = &split(script)[1];
        assert_eq!((two.start.line, two.start.column, two.end.column), (3, 11, 19));
    }

    #[test]
    fn atomic_bodies_and_rules_hold_their_semicolons() {
        let script = "create or replace function f() returns int begin atomic
                select case when true then 1 else 2 end; select 2; end;
            create rule r as on insert to t do also (insert into a values (1); delete from b);
            create procedure p() as $$ begin; end; $$ language sql;
            begin; select (1; end";
        let found = texts(script);
        assert_eq!(found.len(), 6, "{found:#?}");
        assert!(found[0].ends_with("end") && found[1].ends_with("delete from b)"));
    }

    #[test]
    fn a_long_line_is_linear() {
        let script = "select 'é';".repeat(200_000);
        let started = std::time::Instant::now();
        assert_eq!(split(&script).len(), 200_000);
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    }
}
