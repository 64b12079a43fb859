//! From tokens to a tree. The grammar is the part of CEL that lists use; see the module above for why it is our own.
//!
//! ```text
//! any        := all ("||" all)*
//! all        := one ("&&" one)*
//! one        := "!"* ( "(" any ")" | test )
//! test       := path                              a flag that is set
//!             | path sign literal                 == != >= <= > <
//!             | path "in" "[" literal, … "]"
//!             | path "." ("contains" | "matches") "(" literal ")"
//! path       := word ("." word)* | word "[" string "]"
//! literal    := string | number | "true" | "false" | "timestamp" "(" string ")"
//! ```

use base::Error;

use super::lex::{Kind, Token, lex};
use super::{Expr, MAX_DEPTH, MAX_TERMS, MAX_TESTS, Op, Test, Value, bad};

/// The tree of a filter; `None` when it is empty or blank.
pub(super) fn parse(text: &str) -> Result<Option<Expr>, Error> {
    let tokens = lex(text)?;
    if tokens.len() == 1 {
        return Ok(None);
    }
    let mut parser = Parser { tokens: &tokens, at: 0, tests: 0, terms: 0, depth: 0 };
    let tree = parser.any()?;
    match parser.peek() {
        Kind::End => Ok(Some(tree)),
        _ => Err(parser.bad("the filter should end here, or go on with && or ||")),
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    /// Comparisons so far.
    tests: usize,
    /// Literals so far.
    terms: usize,
    /// Open parentheses and negations.
    depth: usize,
}

impl<'a> Parser<'a> {
    fn any(&mut self) -> Result<Expr, Error> {
        let mut parts = vec![self.all()?];
        while self.take("||") {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expr::Or(parts) })
    }

    fn all(&mut self) -> Result<Expr, Error> {
        let mut parts = vec![self.one()?];
        while self.take("&&") {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expr::And(parts) })
    }

    fn one(&mut self) -> Result<Expr, Error> {
        if self.peek() == &Kind::Sign("!") || self.peek() == &Kind::Sign("(") {
            if self.depth == MAX_DEPTH {
                return Err(self.bad("too many nested parentheses and negations"));
            }
            self.depth += 1;
            let inner = if self.take("!") {
                Expr::Not(Box::new(self.one()?))
            } else {
                self.at += 1;
                let inner = self.any()?;
                self.expect(")")?;
                inner
            };
            self.depth -= 1;
            return Ok(inner);
        }
        self.test().map(Expr::Test)
    }

    fn test(&mut self) -> Result<Test, Error> {
        let column = self.column();
        self.tests += 1;
        if self.tests > MAX_TESTS {
            return Err(self.bad(&format!("a filter has at most {MAX_TESTS} comparisons")));
        }
        let mut path = vec![self.word("a field name should stand here")?];
        while self.take(".") {
            path.push(self.word("a field or function name should follow the dot")?);
        }
        if self.peek() == &Kind::Sign("(") {
            let op = match path.last().map(String::as_str) {
                // matches() is taken as contains(): names are short, and a pattern from outside is not run.
                Some("contains" | "matches") if path.len() > 1 => Op::Contains,
                _ => {
                    return Err(self.bad("functions here are contains() and matches() of a field"));
                }
            };
            path.pop();
            self.at += 1;
            let value = self.literal()?;
            self.expect(")")?;
            return Ok(Test { path, op, values: vec![value], column });
        }
        if self.take("[") {
            match self.literal()? {
                Value::Text(key) => path.push(key),
                _ => return Err(bad(column, "a key in brackets is a string: labels[\"team\"]")),
            }
            self.expect("]")?;
        }
        if self.peek() == &Kind::Word("in".to_owned()) {
            self.at += 1;
            let values = self.list()?;
            return Ok(Test { path, op: Op::In, values, column });
        }
        let op = match self.peek() {
            Kind::Sign("==") => Op::Equal,
            Kind::Sign("!=") => Op::NotEqual,
            Kind::Sign(">=") => Op::AtLeast,
            Kind::Sign("<=") => Op::AtMost,
            Kind::Sign(">") => Op::Above,
            Kind::Sign("<") => Op::Below,
            _ => return Ok(Test { path, op: Op::Equal, values: vec![Value::Flag(true)], column }),
        };
        self.at += 1;
        let value = self.literal()?;
        Ok(Test { path, op, values: vec![value], column })
    }

    fn list(&mut self) -> Result<Vec<Value>, Error> {
        self.expect("[")?;
        let mut values = Vec::new();
        while self.peek() != &Kind::Sign("]") {
            values.push(self.literal()?);
            if !self.take(",") {
                break;
            }
        }
        self.expect("]")?;
        Ok(values)
    }

    fn literal(&mut self) -> Result<Value, Error> {
        self.terms += 1;
        if self.terms > MAX_TERMS {
            return Err(self.bad(&format!("a filter compares with at most {MAX_TERMS} values")));
        }
        let value = match self.peek() {
            Kind::Text(text) => Value::Text(text.clone()),
            Kind::Number(n) => Value::Number(*n),
            Kind::Sign("-") => {
                self.at += 1;
                match self.peek() {
                    Kind::Number(n) => Value::Number(-n),
                    _ => return Err(self.bad("a number should follow the minus")),
                }
            }
            Kind::Word(word) if word == "true" => Value::Flag(true),
            Kind::Word(word) if word == "false" => Value::Flag(false),
            Kind::Word(word) if word == "timestamp" => {
                self.at += 1;
                self.expect("(")?;
                let Kind::Text(text) = self.peek() else {
                    return Err(self.bad("timestamp() takes a string"));
                };
                let value = Value::Text(text.clone());
                self.at += 1;
                self.expect(")")?;
                return Ok(value);
            }
            _ => {
                return Err(self.bad(
                    "a value should stand here: a string in quotes, a number, true or false",
                ));
            }
        };
        self.at += 1;
        Ok(value)
    }

    fn word(&mut self, otherwise: &str) -> Result<String, Error> {
        match self.peek() {
            Kind::Word(word) if !matches!(word.as_str(), "true" | "false" | "in" | "null") => {
                let word = word.clone();
                self.at += 1;
                Ok(word)
            }
            _ => Err(self.bad(otherwise)),
        }
    }

    fn take(&mut self, sign: &'static str) -> bool {
        let found = self.peek() == &Kind::Sign(sign);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), Error> {
        if self.take(sign) { Ok(()) } else { Err(self.bad(&format!("{sign} should stand here"))) }
    }

    /// The next token. The last one is `End`, and nothing steps over it.
    fn peek(&self) -> &'a Kind {
        &self.tokens[self.at.min(self.tokens.len() - 1)].kind
    }

    fn column(&self) -> usize {
        self.tokens[self.at.min(self.tokens.len() - 1)].column
    }

    fn bad(&self, what: &str) -> Error {
        bad(self.column(), what)
    }
}
