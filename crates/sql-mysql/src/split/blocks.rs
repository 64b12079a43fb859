//! Follows the blocks of routine bodies, so that a semicolon inside one does not end the statement.
//!
//! `IF` and `REPEAT` are also functions and `CASE` is also an expression: a word opens a block only where a statement
//! may start. The server's grammar is larger than this; whoever writes DELIMITER does not depend on it.

use sql::lex::{Token, TokenKind};

#[derive(Debug, Default)]
pub(super) struct Blocks {
    head: Head,
    stack: Vec<Block>,
    /// A statement of a body may start at this token.
    at_start: bool,
    /// The token before was END: a keyword after it belongs to it.
    after_end: bool,
    /// IF came just after the kind of object: `CREATE PROCEDURE IF NOT EXISTS`.
    after_kind: bool,
    /// In the head: the last word, where it makes an expression of what follows.
    in_expression: bool,
}

#[derive(Debug, Default, PartialEq, Eq, Clone, Copy)]
enum Head {
    #[default]
    Start,
    /// After CREATE or ALTER: what it makes is not yet known.
    Create,
    /// After BEGIN, which is a body when NOT ATOMIC follows.
    Begin,
    /// A routine, trigger or event.
    Routine,
    Plain,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Block {
    /// Ended by END and, all but BEGIN, by the word that opened it.
    Statement,
    /// `CASE … END` within an expression.
    Expression,
}

/// What CREATE makes that has a body.
const WITH_BODY: [&str; 5] = ["PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "PACKAGE"];
/// What CREATE makes that has none, so that a column called `event` misleads nobody.
const WITHOUT_BODY: [&str; 17] = [
    "TABLE",
    "VIEW",
    "INDEX",
    "DATABASE",
    "SCHEMA",
    "USER",
    "ROLE",
    "UNIQUE",
    "FULLTEXT",
    "SPATIAL",
    "TEMPORARY",
    "SEQUENCE",
    "SERVER",
    "LOGFILE",
    "TABLESPACE",
    "UNDO",
    "RESOURCE",
];
const OPENERS: [&str; 6] = ["CASE", "IF", "LOOP", "WHILE", "REPEAT", "FOR"];
/// After these words of a head comes an expression, in which IF and REPEAT are functions.
const BEFORE_EXPRESSION: [&str; 26] = [
    "RETURN", "SELECT", "AND", "OR", "XOR", "NOT", "WHERE", "HAVING", "ON", "BY", "THEN", "ELSE",
    "WHEN", "IN", "LIKE", "IS", "BETWEEN", "DIV", "MOD", "VALUES", "INTERVAL", "SET", "DISTINCT",
    "AT", "EVERY", "LIMIT",
];

impl Blocks {
    pub(super) fn is_open(&self) -> bool {
        !self.stack.is_empty()
    }

    /// Takes the next token that is not blank or comment.
    pub(super) fn see(&mut self, script: &str, token: &Token) {
        match self.head {
            Head::Plain => {}
            Head::Routine => self.body(script, token),
            _ if token.kind == TokenKind::Word => self.head_word(token.text(script)),
            _ => {}
        }
    }

    fn head_word(&mut self, word: &str) {
        let is = |w: &&str| word.eq_ignore_ascii_case(w);
        self.head = match self.head {
            Head::Start if is(&"CREATE") || is(&"ALTER") => Head::Create,
            Head::Start if is(&"BEGIN") => Head::Begin,
            Head::Create if WITH_BODY.iter().any(is) => {
                self.after_kind = true;
                Head::Routine
            }
            Head::Create if !WITHOUT_BODY.iter().any(is) => Head::Create,
            Head::Begin if is(&"NOT") => {
                self.stack.push(Block::Statement);
                Head::Routine
            }
            _ => Head::Plain,
        };
    }

    fn body(&mut self, script: &str, token: &Token) {
        let after_end = std::mem::take(&mut self.after_end);
        let after_kind = std::mem::take(&mut self.after_kind);
        let at_start = std::mem::take(&mut self.at_start);
        if token.kind != TokenKind::Word {
            // A label ends with a colon, and what it marks is a statement.
            self.at_start = token.is(script, b';') || token.is(script, b':');
            self.in_expression = token.kind == TokenKind::Punct && !token.is(script, b')');
            return;
        }
        let text = token.text(script);
        let word = |w: &str| text.eq_ignore_ascii_case(w);
        let in_expression =
            std::mem::replace(&mut self.in_expression, BEFORE_EXPRESSION.iter().any(|w| word(w)));
        if after_end && OPENERS.iter().any(|w| word(w)) {
            return;
        }
        let may_start = at_start || (self.stack.is_empty() && !in_expression && !after_kind);
        let mut opened = true;
        if word("BEGIN") && (may_start || !self.stack.is_empty()) {
            self.stack.push(Block::Statement);
        } else if word("CASE") && !at_start && (!may_start || in_expression) {
            self.stack.push(Block::Expression);
        } else if may_start && OPENERS.iter().any(|w| word(w)) && (at_start || !word("FOR")) {
            self.stack.push(Block::Statement);
            opened = word("LOOP") || word("REPEAT");
        } else if word("END") && self.stack.pop().is_some() {
            self.after_end = true;
            opened = false;
        } else {
            opened = word("DO")
                || ((word("THEN") || word("ELSE"))
                    && self.stack.last() != Some(&Block::Expression));
        }
        self.at_start = opened;
    }
}

#[cfg(test)]
mod tests {
    use crate::split::split;

    fn count(script: &str) -> usize {
        split(script).len()
    }

    #[test]
    fn bodies_hold_their_semicolons() {
        for body in [
            "create procedure p() begin if a then select if(1, 2, 3); end if; select 1; end",
            "create procedure if not exists p() begin select 1; end",
            "create definer=`a`@`b` procedure p(a int) begin declare exit handler for not found begin end; \
             case a when 1 then select 1; else begin end; end case; end",
            "create function f() returns int deterministic begin \
             return case when 1 then if(1, 2, 3) else repeat('a', 2) end; end",
            "create trigger t before insert on x for each row if new.a is null then set new.a = 1; end if",
            "create trigger t before insert on x for each row begin set new.a = if(new.b, 1, 2); end",
            "create procedure p() begin l1: while a do set a = 1; end while l1; repeat set b = 2; until b end repeat; \
             l2: loop leave l2; end loop; if a then drop table if exists t; elseif b then select 1; else select 2; end if; end",
            "create event e on schedule every 1 day do begin select 1; end",
            "alter event e do begin select 1; select 2; end",
            "begin not atomic select 1; select 2; end",
            "create procedure p() begin for i in 1..3 do select i; end for; end",
            "create procedure p() begin declare c cursor for select case a when 1 then 2 end from t; open c; end",
        ] {
            let script = format!("{body} ; select 9;");
            let found = split(&script);
            assert_eq!(
                found.len(),
                2,
                "{:#?}",
                found.iter().map(|s| s.text(&script)).collect::<Vec<_>>()
            );
            assert_eq!(found[0].text(&script), body);
        }
    }

    #[test]
    fn other_statements_do_not() {
        assert_eq!(count("begin; select 1; end; commit"), 4);
        assert_eq!(count("create table event (begin int, `if` int); select 1"), 2);
        assert_eq!(count("create function f() returns int return if(1, 2, 3); select 1"), 2);
        assert_eq!(
            count("create function f() returns int return case 1 when 1 then 2 end; select 1"),
            2
        );
        assert_eq!(count("create function f returns string soname 'x.so'; select 1"), 2);
        assert_eq!(
            count(
                "create event e on schedule every if(1, 2, 3) day do select repeat('a', 2); select 1"
            ),
            2
        );
        assert_eq!(count("drop procedure if exists p; drop trigger t; select 1"), 3);
        assert_eq!(
            count("create trigger t before insert on x for each row set new.a = 1; select 1"),
            2
        );
    }
}
