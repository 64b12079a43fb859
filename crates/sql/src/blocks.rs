//! Follows the blocks of procedural code, so that a semicolon inside one does not end the statement.
//!
//! `IF` and `REPEAT` are also functions and `CASE` is also an expression: a word opens a block only where a statement
//! may start. The servers' grammars are larger than this; whoever writes DELIMITER or quotes a body does not depend on it.

use crate::lex::{Token, TokenKind};
use crate::segment::Hold;

/// Where a language has blocks.
#[derive(Debug)]
pub struct BlockRules {
    /// What CREATE and ALTER make that has a body.
    pub with_body: &'static [&'static str],
    /// What they make that has none, so that a column called `event` misleads nobody.
    pub without_body: &'static [&'static str],
    /// Words that open a block at the beginning of a script's own statement.
    pub scripting: &'static [&'static str],
    /// `DECLARE … BEGIN … END` is one statement.
    pub declare: bool,
    /// What must follow BEGIN as a statement of its own for a block; none of [`TRANSACTION`] when empty.
    pub after_begin: &'static [&'static str],
}

#[derive(Debug)]
pub struct Blocks {
    rules: &'static BlockRules,
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
    /// After a word that may be a label.
    Label,
    /// After CREATE or ALTER: what it makes is not yet known.
    Create,
    /// After BEGIN, which opens a transaction or a block.
    Begin,
    /// Blocks are followed.
    Body,
    Plain,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Block {
    /// Declarations, which end with the BEGIN that they belong to.
    Declare,
    /// Ended by END and, all but BEGIN, by the word that opened it.
    Statement,
    /// `CASE … END` within an expression.
    Expression,
}

const OPENERS: [&str; 6] = ["CASE", "IF", "LOOP", "WHILE", "REPEAT", "FOR"];
/// What after BEGIN says that it opens a transaction.
const TRANSACTION: [&str; 12] = [
    "TRANSACTION",
    "TRAN",
    "WORK",
    "NAME",
    "ISOLATION",
    "READ",
    "DEFERRED",
    "IMMEDIATE",
    "EXCLUSIVE",
    "CONCURRENT",
    "PESSIMISTIC",
    "OPTIMISTIC",
];
/// After these words of a head comes an expression, in which IF and REPEAT are functions.
const BEFORE_EXPRESSION: [&str; 26] = [
    "RETURN", "SELECT", "AND", "OR", "XOR", "NOT", "WHERE", "HAVING", "ON", "BY", "THEN", "ELSE",
    "WHEN", "IN", "LIKE", "IS", "BETWEEN", "DIV", "MOD", "VALUES", "INTERVAL", "SET", "DISTINCT",
    "AT", "EVERY", "LIMIT",
];

fn among(words: &[&str], token: &Token, script: &str) -> bool {
    words.iter().any(|w| token.is_word(script, w))
}

impl Hold for Blocks {
    fn holds(&self) -> bool {
        !self.stack.is_empty()
    }

    fn is_settled(&self) -> bool {
        self.head == Head::Plain
    }

    fn see(&mut self, script: &str, token: &Token) {
        match self.head {
            Head::Plain => {}
            Head::Body => self.body(script, token),
            _ => self.head(script, token),
        }
    }
}

impl Blocks {
    pub fn new(rules: &'static BlockRules) -> Self {
        Self {
            rules,
            head: Head::Start,
            stack: Vec::new(),
            at_start: false,
            after_end: false,
            after_kind: false,
            in_expression: false,
        }
    }

    fn head(&mut self, script: &str, token: &Token) {
        if token.kind != TokenKind::Word {
            let label = self.head == Head::Label && token.is(script, b':');
            self.head = match self.head {
                _ if label => Head::Start,
                Head::Label | Head::Begin => Head::Plain,
                head => head,
            };
            return;
        }
        let is = |w: &str| token.is_word(script, w);
        self.head = match self.head {
            Head::Start if is("CREATE") || is("ALTER") => Head::Create,
            Head::Start if is("BEGIN") => Head::Begin,
            Head::Start if is("DECLARE") && self.rules.declare => {
                self.stack.push(Block::Declare);
                self.at_start = true;
                Head::Body
            }
            Head::Start if among(self.rules.scripting, token, script) => {
                self.at_start = true;
                self.body(script, token);
                Head::Body
            }
            Head::Start if self.rules.scripting.is_empty() => Head::Plain,
            Head::Start => Head::Label,
            Head::Create if among(self.rules.with_body, token, script) => {
                self.after_kind = true;
                Head::Body
            }
            Head::Create if !among(self.rules.without_body, token, script) => Head::Create,
            Head::Begin if self.begins_block(script, token) => {
                self.stack.push(Block::Statement);
                self.at_start = true;
                self.body(script, token);
                Head::Body
            }
            _ => Head::Plain,
        };
    }

    fn begins_block(&self, script: &str, token: &Token) -> bool {
        match self.rules.after_begin {
            [] => self.rules.scripting.contains(&"BEGIN") && !among(&TRANSACTION, token, script),
            words => among(words, token, script),
        }
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
        let word = |w: &str| token.is_word(script, w);
        let in_expression =
            std::mem::replace(&mut self.in_expression, among(&BEFORE_EXPRESSION, token, script));
        let opener = among(&OPENERS, token, script);
        if after_end && opener {
            return;
        }
        let may_start = at_start || (self.stack.is_empty() && !in_expression && !after_kind);
        let mut opened = true;
        if word("BEGIN") && self.stack.last() == Some(&Block::Declare) {
            self.stack.pop();
            self.stack.push(Block::Statement);
        } else if word("BEGIN") && (may_start || !self.stack.is_empty()) {
            self.stack.push(Block::Statement);
        } else if word("CASE") && !at_start && (!may_start || in_expression) {
            self.stack.push(Block::Expression);
        } else if may_start && opener && (at_start || !word("FOR")) {
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
    use super::*;
    use crate::lex::Rules;
    use crate::segment::segments;

    static SCRIPTING: BlockRules = BlockRules {
        with_body: &["PROCEDURE", "FUNCTION", "TASK"],
        without_body: &["TABLE", "VIEW"],
        scripting: &["BEGIN", "IF", "LOOP", "WHILE", "FOR", "REPEAT", "CASE"],
        declare: true,
        after_begin: &[],
    };

    fn count(script: &str) -> usize {
        segments(script, Rules::default(), || Blocks::new(&SCRIPTING)).count()
    }

    #[test]
    fn scripts_have_blocks_of_their_own() {
        for block in [
            "begin select 1; begin select 2; end; exception when other then select case when 1 then 2 end; end",
            "declare x int; y int default 1; begin return x; end",
            "if (a) then select if(1, 2, 3); else select 2; end if",
            "l: loop leave l; end loop l",
            "for r in (select 1) do select r; end for",
            "while (a) do set b = 1; end while",
            "case when a then select 1; end case",
            "create or replace procedure p() as begin let x := case a when 1 then 2 end; return x; end",
            "create task t schedule = '1 minute' as begin insert into a select 1; end",
        ] {
            assert_eq!(count(&format!("{block}; select 9;")), 2, "{block}");
        }
    }

    #[test]
    fn transactions_are_no_blocks() {
        for script in
            ["begin; select 1; commit", "begin transaction; select 1; commit", "begin work; a; b"]
        {
            assert_eq!(count(script), 3, "{script}");
        }
        assert_eq!(
            count("create table procedure_x (begin int); select 1; end; select if(1, 2, 3)"),
            4
        );
    }
}
