//! Cuts a script into statements where SQLite's own shell would.
//!
//! A semicolon ends a statement unless it stands in quotes or a comment, or in a trigger: that ends with `; END ;` as
//! in sqlite3_complete(), so a CASE … END inside it misleads nobody.

use sql::lex::Token;
use sql::segment::{self, Hold, Segment};

use crate::parse::RULES;

/// The script in pieces that follow one another without gap. Blanks at the end of the script are no piece.
pub fn segments(script: &str) -> impl Iterator<Item = Segment> {
    segment::segments(script, RULES, Trigger::default)
}

/// Where in `[EXPLAIN] CREATE [TEMP] TRIGGER … ; END` a statement is.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Trigger {
    #[default]
    Start,
    Explain,
    Create,
    /// Any other statement.
    Plain,
    Body,
    /// In the body, just after a semicolon.
    AfterSemicolon,
    /// After `; END`: the next semicolon is the last.
    AfterEnd,
}

impl Hold for Trigger {
    fn holds(&self) -> bool {
        matches!(self, Self::Body | Self::AfterSemicolon)
    }

    fn is_settled(&self) -> bool {
        *self == Self::Plain
    }

    fn see(&mut self, script: &str, token: &Token) {
        let word = |w| token.is_word(script, w);
        *self = match *self {
            Self::Start if word("EXPLAIN") => Self::Explain,
            Self::Start | Self::Explain if word("CREATE") => Self::Create,
            Self::Create if word("TEMP") || word("TEMPORARY") => Self::Create,
            Self::Create if word("TRIGGER") => Self::Body,
            Self::Body | Self::AfterSemicolon if token.is(script, b';') => Self::AfterSemicolon,
            Self::AfterSemicolon if word("END") => Self::AfterEnd,
            Self::Body | Self::AfterSemicolon | Self::AfterEnd => Self::Body,
            _ => Self::Plain,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sql::{Dialect as _, Statement};

    fn split(script: &str) -> Vec<Statement> {
        crate::DIALECT.split(script)
    }

    fn texts(script: &str) -> Vec<&str> {
        split(script).iter().map(|s| s.text(script)).collect()
    }

    #[test]
    fn quotes_and_comments_hide_semicolons() {
        let script = "-- a;\nselect ';', \"a;\", `b;`, [c;] /* ; */ ;; select '\\'; select 3 -- ;";
        assert_eq!(texts(script), ["select ';', \"a;\", `b;`, [c;]", "select '\\'", "select 3"]);
    }

    #[test]
    fn triggers_hold_their_semicolons() {
        let trigger = "create temp trigger t after insert on x begin \
                       select case when 1 then 2 end; update x set a = 1; /* c */ end";
        let script = format!("{trigger};\nselect 1; begin; end; create table trigger_x (a);");
        assert_eq!(
            texts(&script),
            [trigger, "select 1", "begin", "end", "create table trigger_x (a)"]
        );
        assert_eq!(texts("create trigger t begin select 1; end").len(), 1);
    }

    #[test]
    fn a_long_line_is_linear() {
        let script = "select 'é';".repeat(200_000);
        let started = std::time::Instant::now();
        assert_eq!(split(&script).len(), 200_000);
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
        let whole: usize = segments(&script).map(|s| s.whole.len()).sum();
        assert_eq!(whole, script.len());
    }
}
