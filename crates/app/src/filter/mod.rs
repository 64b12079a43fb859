//! What a caller may ask of a list or an update: filters, orders, masks and etags, each against a whitelist.
//!
//! Filters are the part of CEL that lists need (`name.contains("x") && state == "ACTIVE"`). The text is parsed here and not
//! by a CEL library: filters come from anybody who can sign in, and the parser of the `cel` crate overflows its stack
//! on a few thousand dots or parentheses, which ends the process. This one is bounded in bytes, terms and depth.
//!
//! Invariant: what leaves this module names only variables of the list's table, with values of the variable's kind. It is
//! data; text of a caller never becomes SQL.

mod ask;
mod lex;
mod mask;
mod order;
mod parse;
mod rows;
#[cfg(test)]
mod tests;
mod whitelist;

use base::{Error, Reason, Time};

pub use ask::Ask;
pub use mask::{Mask, check_etag, etag};
pub use order::order_by;
pub use rows::{by_field, conditions, where_};
pub use whitelist::{Is, Var};

/// Longest filter.
const MAX_BYTES: usize = 32 * 1024;
/// Comparisons in one filter. SQLite counts a chain of ORs as depth, of which it allows 1000.
const MAX_TESTS: usize = 200;
/// Values in one filter.
const MAX_TERMS: usize = 500;
/// Nested parentheses and negations.
const MAX_DEPTH: usize = 32;

/// A filter as a tree.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Test(Test),
}

/// One comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// The variable; of a label also its key: `["labels", "team"]`.
    pub path: Vec<String>,
    pub op: Op,
    /// One value, or with [`Op::In`] any number of them.
    pub values: Vec<Value>,
    /// Where it stands in the filter; 1 is the first character.
    pub column: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    Equal,
    NotEqual,
    In,
    Contains,
    AtLeast,
    AtMost,
    Above,
    Below,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Text(String),
    Number(i64),
    Flag(bool),
    Time(Time),
}

/// Reads a filter for a list with these variables; `None` for an empty one, which lets everything through.
///
/// Errors: `INVALID_FILTER` with the column, in the message and as metadata.
pub fn filter(text: &str, variables: &[Var]) -> Result<Option<Expr>, Error> {
    let tree = parse::parse(text)?;
    tree.map(|tree| whitelist::check(tree, variables)).transpose()
}

impl Expr {
    /// All comparisons, from left to right.
    pub fn tests(&self) -> Vec<&Test> {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().flat_map(Self::tests).collect(),
            Self::Not(part) => part.tests(),
            Self::Test(test) => vec![test],
        }
    }
}

impl Test {
    /// Name of the variable.
    pub fn variable(&self) -> &str {
        self.path.first().map_or("", String::as_str)
    }

    /// Key of a label.
    pub fn key(&self) -> &str {
        self.path.get(1).map_or("", String::as_str)
    }

    /// The values that are text: all, when the variable is text, a word, a name or a label.
    pub fn texts(&self) -> Vec<String> {
        let texts = self.values.iter().filter_map(|v| match v {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        });
        texts.collect()
    }

    /// The value, when there is one and it is text.
    pub fn text(&self) -> &str {
        match self.values.first() {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// The value of a flag: `x`, `x == true` and `x != false` say true.
    pub fn flag(&self) -> bool {
        (self.values.first() == Some(&Value::Flag(true))) != (self.op == Op::NotEqual)
    }
}

/// A filter error at a column.
pub(crate) fn bad(column: usize, what: impl std::fmt::Display) -> Error {
    Error::new(Reason::InvalidFilter, format!("filter, column {column}: {what}"))
        .with_metadata("column", column.to_string())
}
