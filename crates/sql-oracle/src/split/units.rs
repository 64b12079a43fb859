//! Follows a PL/SQL unit to its last END.

use sql::lex::{Token, TokenKind};

#[derive(Debug, Default)]
pub(super) struct Unit {
    head: Head,
    stack: Vec<Frame>,
    parens: usize,
    /// PROCEDURE or FUNCTION: IS or AS begins its declarations, a semicolon says it was only announced.
    routine: bool,
    /// The word before.
    before: Word,
    /// END was read: what it ends shows in the next token.
    ending: bool,
    done: bool,
}

#[derive(Debug, Default, PartialEq, Eq, Clone, Copy)]
enum Head {
    #[default]
    Start,
    /// After CREATE: what it makes is not yet known.
    Create,
    /// A specification without END: ends with its semicolon.
    Specification,
    /// Its blocks are followed.
    Unit,
    /// A statement of SQL.
    Plain,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Frame {
    /// Declarations, which go on to a BEGIN.
    Declare,
    /// A package or a body of a type: END may come without BEGIN.
    Package,
    Body,
    Case,
}

/// Words of a head or declaration that decide what the next one is.
#[derive(Debug, Default, PartialEq, Eq, Clone, Copy)]
enum Word {
    #[default]
    Other,
    /// STATEMENT or ROW, before the IS of a compound trigger's part.
    Timing,
    /// IS or AS of a routine.
    Is,
    Type,
}

/// What stands between CREATE and the object that it makes.
const MODIFIERS: [&str; 9] =
    ["OR", "REPLACE", "EDITIONABLE", "NONEDITIONABLE", "IF", "NOT", "EXISTS", "AND", "RESOLVE"];

impl Unit {
    /// Whether a semicolon does not end the statement.
    pub(super) fn holds(&self) -> bool {
        self.head == Head::Unit || self.head == Head::Specification
    }

    /// Nothing that may still come makes a unit of it.
    pub(super) fn is_plain(&self) -> bool {
        self.head == Head::Plain
    }

    /// The unit ended with the token last seen.
    pub(super) const fn is_done(&self) -> bool {
        self.done
    }

    pub(super) fn see(&mut self, script: &str, token: &Token) {
        match self.head {
            Head::Plain => {}
            Head::Specification => self.done = token.is(script, b';'),
            Head::Start | Head::Create => self.head(script, token),
            Head::Unit => self.unit(script, token),
        }
    }

    fn head(&mut self, script: &str, token: &Token) {
        let is = |w: &str| token.is_word(script, w);
        if self.head == Head::Start {
            if is("CREATE") {
                self.head = Head::Create;
            } else if is("BEGIN") {
                self.open(Frame::Body);
            } else if is("DECLARE") {
                self.open(Frame::Declare);
            } else if !token.is(script, b'<') && !self.in_label(script, token) {
                self.head = Head::Plain;
            }
            return;
        }
        let after_type = self.before == Word::Type;
        if is("PROCEDURE") || is("FUNCTION") {
            self.routine = true;
            self.head = Head::Unit;
        } else if is("TRIGGER") {
            self.open(Frame::Declare);
        } else if is("PACKAGE") {
            self.open(Frame::Package);
        } else if is("TYPE") {
            self.before = Word::Type;
        } else if after_type && is("BODY") {
            self.open(Frame::Package);
        } else if after_type {
            self.head = Head::Specification;
        } else if !MODIFIERS.iter().any(|w| is(w)) {
            self.head = Head::Plain;
        }
    }

    /// `<<label>>` before a block: its words leave the head where it is.
    fn in_label(&self, script: &str, token: &Token) -> bool {
        let open = script[..token.span.start].trim_end().ends_with("<<");
        let close = token.is(script, b'>');
        (token.kind == TokenKind::Word && open) || close
    }

    fn open(&mut self, frame: Frame) {
        self.head = Head::Unit;
        self.stack.push(frame);
    }

    fn unit(&mut self, script: &str, token: &Token) {
        let word = token.kind == TokenKind::Word;
        let is = |w: &str| word && token.is_word(script, w);
        if std::mem::take(&mut self.ending) && !is("IF") && !is("LOOP") {
            self.stack.pop();
            if is("CASE") {
                return;
            }
        }
        let before = std::mem::take(&mut self.before);
        if token.is(script, b';') {
            self.parens = 0;
            self.routine = false;
            self.done = self.stack.is_empty();
        } else if token.is(script, b'(') {
            self.parens += 1;
        } else if token.is(script, b')') {
            self.parens = self.parens.saturating_sub(1);
        } else if word {
            self.word(script, token, before);
        }
    }

    fn word(&mut self, script: &str, token: &Token, before: Word) {
        let is = |w: &str| token.is_word(script, w);
        let top = self.stack.last().copied();
        if is("CASE") {
            self.stack.push(Frame::Case);
        } else if is("END") {
            self.ending = true;
        } else if is("BEGIN") {
            match self.stack.last_mut() {
                Some(top @ (Frame::Declare | Frame::Package)) => *top = Frame::Body,
                _ => self.stack.push(Frame::Body),
            }
        } else if is("DECLARE") {
            // A trigger's or a block's own declarations; those of the trigger have their frame already.
            if top != Some(Frame::Declare) {
                self.stack.push(Frame::Declare);
            }
        } else if is("COMPOUND") && top == Some(Frame::Declare) {
            self.stack.pop();
            self.stack.push(Frame::Package);
        } else if (is("IS") || is("AS")) && self.parens == 0 {
            if self.routine || before == Word::Timing {
                self.routine = false;
                self.stack.push(Frame::Declare);
                self.before = Word::Is;
            }
        } else if before == Word::Is && (is("LANGUAGE") || is("EXTERNAL")) {
            // The body is somewhere else: there is no BEGIN.
            self.stack.pop();
        } else if matches!(top, Some(Frame::Declare | Frame::Package)) && self.parens == 0 {
            self.routine |= is("PROCEDURE") || is("FUNCTION");
            if is("STATEMENT") || is("ROW") {
                self.before = Word::Timing;
            }
        }
    }
}
