//! Expressions of names, literals, calls, casts and the common operators.

use sql::lex::TokenKind;
use sql::tree::{Expr, ExprKind};

use super::cursor::Cursor;

/// How strongly operators bind, as in the grammar.
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const IS: u8 = 4;
const COMPARISON: u8 = 5;
const MATCH: u8 = 6;
pub const OTHER: u8 = 7;
const SUM: u8 = 8;
const PRODUCT: u8 = 9;
const CAST: u8 = 15;

/// Words for values of the session.
const SESSION: &[&str] =
    &["current_date", "current_time", "current_timestamp", "current_user", "session_user"];

/// An operator between two operands.
struct Operator {
    power: u8,
    name: &'static str,
    tokens: usize,
}

impl Operator {
    const fn new(power: u8, name: &'static str, tokens: usize) -> Option<Self> {
        Some(Self { power, name, tokens })
    }
}

impl Cursor<'_> {
    pub fn expr(&mut self) -> Option<Expr> {
        self.expr_above(OR)
    }

    /// An expression whose operators bind at least as strongly as `power`.
    pub fn expr_above(&mut self, power: u8) -> Option<Expr> {
        self.deeper(|c| c.chain(power))
    }

    fn chain(&mut self, power: u8) -> Option<Expr> {
        let start = self.start();
        let mut left = self.operand()?;
        // The operator of `left`, if it was put together here: a chain of one operator comes out flat.
        let mut last: Option<Operator> = None;
        while let Some(operator) = self.operator()?.filter(|o| o.power >= power) {
            if operator.power == CAST {
                left = self.cast(start, left)?;
                last = None;
                continue;
            }
            // `a = b = c` is for the grammar.
            let repeats = last.as_ref().is_some_and(|l| l.power == operator.power);
            if repeats && matches!(operator.power, IS..=MATCH) {
                return None;
            }
            for _ in 0..operator.tokens {
                self.advance()?;
            }
            let right = match operator.name {
                "IS" | "IS NOT" => self.truth()?,
                "IN" | "NOT IN" => self.set_of_values()?,
                "||" => self.expr_above(operator.power)?,
                _ => self.expr_above(operator.power + 1)?,
            };
            // What stands behind IS and IN is no operand of another operator.
            if self.operator()?.is_some_and(|next| next.power > operator.power) {
                return None;
            }
            let span = self.span_from(start);
            left = match (left.kind, last) {
                (ExprKind::Operator { op, mut operands }, Some(l)) if l.name == operator.name => {
                    operands.push(right);
                    Expr { span, kind: ExprKind::Operator { op, operands } }
                }
                (kind, _) => {
                    let left = Expr { span: left.span, kind };
                    let op = operator.name.to_owned();
                    Expr { span, kind: ExprKind::Operator { op, operands: vec![left, right] } }
                }
            };
            last = Some(operator);
        }
        Some(left)
    }

    /// The operator that comes next; Some(None) for none, None for one that is not plain.
    fn operator(&self) -> Option<Option<Operator>> {
        let Some(token) = self.peek() else { return Some(None) };
        let text = token.text(self.text);
        if token.kind == TokenKind::Word {
            let second =
                |word: &str| self.peek_second().is_some_and(|t| t.is_word(self.text, word));
            return Some(match text.len() {
                2 if self.is("or") => Operator::new(OR, "OR", 1),
                2 if self.is("in") => Operator::new(MATCH, "IN", 1),
                2 if self.is("is") && second("not") => Operator::new(IS, "IS NOT", 2),
                2 if self.is("is") => Operator::new(IS, "IS", 1),
                3 if self.is("and") => Operator::new(AND, "AND", 1),
                3 if self.is("not") && second("in") => Operator::new(MATCH, "NOT IN", 2),
                3 if self.is("not") && second("like") => Operator::new(MATCH, "NOT LIKE", 2),
                4 if self.is("like") => Operator::new(MATCH, "LIKE", 1),
                5 if self.is("ilike") => Operator::new(MATCH, "ILIKE", 1),
                _ => None,
            });
        }
        if token.kind != TokenKind::Punct {
            return Some(None);
        }
        let bytes = self.text.as_bytes();
        let at = token.span.start;
        let joined =
            |n: usize| bytes.get(at + n).is_some_and(|b| b"+-*/<>=~!@#%^&|`?:".contains(b));
        let found = match (bytes[at], bytes.get(at + 1)) {
            (b'<', Some(b'=')) => Operator::new(COMPARISON, "<=", 2),
            (b'<', Some(b'>')) => Operator::new(COMPARISON, "<>", 2),
            (b'>', Some(b'=')) => Operator::new(COMPARISON, ">=", 2),
            (b'!', Some(b'=')) => Operator::new(COMPARISON, "!=", 2),
            (b'|', Some(b'|')) => Operator::new(OTHER, "||", 2),
            (b':', Some(b':')) => Operator::new(CAST, "::", 2),
            (b'=', _) => Operator::new(COMPARISON, "=", 1),
            (b'<', _) => Operator::new(COMPARISON, "<", 1),
            (b'>', _) => Operator::new(COMPARISON, ">", 1),
            (b'+', _) => Operator::new(SUM, "+", 1),
            (b'-', _) => Operator::new(SUM, "-", 1),
            (b'*', _) => Operator::new(PRODUCT, "*", 1),
            (b'/', _) => Operator::new(PRODUCT, "/", 1),
            (b'%', _) => Operator::new(PRODUCT, "%", 1),
            (b',' | b')' | b'(' | b'.' | b'[' | b']', _) => return Some(None),
            _ => return None,
        }?;
        // Longer operators are others.
        (!joined(found.tokens)).then_some(Some(found))
    }

    fn cast(&mut self, start: usize, operand: Expr) -> Option<Expr> {
        self.advance()?;
        self.advance()?;
        let ty = Box::new(self.type_name()?);
        let kind = ExprKind::Cast { operand: Box::new(operand), ty };
        Some(Expr { span: self.span_from(start), kind })
    }

    /// What stands behind IS.
    fn truth(&mut self) -> Option<Expr> {
        let start = self.start();
        let kind = match () {
            () if self.eat("null") => ExprKind::Null,
            () if self.eat("true") || self.eat("false") => ExprKind::Literal,
            () => return None,
        };
        Some(Expr { span: self.span_from(start), kind })
    }

    /// What stands behind IN: values, not a query.
    fn set_of_values(&mut self) -> Option<Expr> {
        if self.is_punct(b'(') { self.parenthesised() } else { None }
    }

    fn operand(&mut self) -> Option<Expr> {
        let start = self.start();
        let token = self.peek()?;
        let kind = match token.kind {
            TokenKind::Number => {
                self.number()?;
                ExprKind::Literal
            }
            TokenKind::String => ExprKind::String(self.string()?),
            TokenKind::Punct if self.is_punct(b'(') => return self.parenthesised(),
            TokenKind::Punct if self.eat_punct(b'-') => {
                let at = self.start();
                self.number()?;
                // A cast would bind to the number alone.
                if self.is_punct(b':') {
                    return None;
                }
                let operand = Expr { span: self.span_from(at), kind: ExprKind::Literal };
                ExprKind::Operator { op: "-".to_owned(), operands: vec![operand] }
            }
            TokenKind::Word if self.eat("null") => ExprKind::Null,
            TokenKind::Word if self.eat("true") || self.eat("false") => ExprKind::Literal,
            TokenKind::Word if self.eat("not") => {
                let operand = self.expr_above(NOT)?;
                ExprKind::Operator { op: "NOT".to_owned(), operands: vec![operand] }
            }
            TokenKind::Word if SESSION.iter().any(|w| self.is(w)) => {
                self.advance()?;
                if self.is_punct(b'(') {
                    return None;
                }
                ExprKind::Keyword(token.text(self.text).to_ascii_uppercase())
            }
            TokenKind::Word if self.is("coalesce") => {
                self.advance()?;
                self.call("coalesce".to_owned())?
            }
            _ => self.column_or_call()?,
        };
        Some(Expr { span: self.span_from(start), kind })
    }

    fn column_or_call(&mut self) -> Option<ExprKind> {
        let mut parts = vec![self.word()?];
        while self.eat_punct(b'.') {
            if self.eat_punct(b'*') {
                return Some(ExprKind::Star(parts));
            }
            parts.push(self.word()?);
        }
        if self.is_punct(b'(') {
            return self.call(parts.pop()?);
        }
        // A type before its literal, an index into an array.
        let follows =
            self.peek().is_some_and(|t| t.kind == TokenKind::String) || self.is_punct(b'[');
        (!follows).then_some(ExprKind::Column(parts))
    }

    fn call(&mut self, name: String) -> Option<ExprKind> {
        self.expect_punct(b'(')?;
        if self.eat_punct(b'*') || self.is_punct(b')') {
            self.expect_punct(b')')?;
            return (name != "coalesce").then_some(ExprKind::Call { name, args: Vec::new() });
        }
        let args = self.list(Self::expr)?;
        self.expect_punct(b')')?;
        Some(ExprKind::Call { name, args })
    }

    /// One expression in parentheses, which mean nothing, or several.
    fn parenthesised(&mut self) -> Option<Expr> {
        let start = self.start();
        let mut exprs = self.parens(Self::expr)?;
        if exprs.len() == 1 {
            return exprs.pop();
        }
        Some(Expr { span: self.span_from(start), kind: ExprKind::Other(exprs) })
    }
}
