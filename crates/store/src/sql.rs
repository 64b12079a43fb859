//! A statement with its values, in words that both backends understand.
//!
//! Placeholders are `$1`, `$2`… in the order of the values. Values are bound, never written into the text. NULL keeps
//! its type, because PostgreSQL asks for it.

use std::borrow::Cow;
use std::fmt::Write as _;

use base::{Secret, Time};

/// A value to bind. Booleans are 0 and 1, times are microseconds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

/// A statement being written.
#[derive(Debug, Clone)]
pub struct Sql {
    pub(crate) text: Cow<'static, str>,
    pub(crate) values: Vec<Value>,
}

/// Begins with fixed text; its placeholders are filled by [`Sql::bind`] in order.
pub(crate) fn sql(text: &'static str) -> Sql {
    Sql { text: Cow::Borrowed(text), values: Vec::new() }
}

impl Sql {
    /// The next placeholder's value.
    #[must_use]
    pub(crate) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Adds text that is no value: never anything a user wrote.
    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.to_mut().push_str(text);
        self
    }

    /// Adds a placeholder and its value.
    pub(crate) fn push_bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        let n = self.values.len();
        // Writing to a String cannot fail.
        let _ = write!(self.text.to_mut(), "${n}");
        self
    }

    /// Adds `(…, …)` with one placeholder a value. `values` is not empty.
    pub(crate) fn push_list<V: Into<Value>>(
        &mut self,
        values: impl IntoIterator<Item = V>,
    ) -> &mut Self {
        self.push("(");
        for (i, value) in values.into_iter().enumerate() {
            if i > 0 {
                self.push(", ");
            }
            self.push_bind(value);
        }
        self.push(")")
    }

    /// Adds `(VALUES (…), (…))` of pairs, for `(a, b) IN`. `pairs` is not empty.
    pub(crate) fn push_pairs<A: Into<Value>, B: Into<Value>>(
        &mut self,
        pairs: impl IntoIterator<Item = (A, B)>,
    ) -> &mut Self {
        self.push("(VALUES ");
        for (i, (a, b)) in pairs.into_iter().enumerate() {
            self.push(if i > 0 { ", (" } else { "(" });
            self.push_bind(a).push(", ").push_bind(b).push(")");
        }
        self.push(")")
    }

    /// Text made of pieces has too many shapes to keep each prepared.
    pub(crate) const fn is_fixed(&self) -> bool {
        matches!(self.text, Cow::Borrowed(_))
    }
}

impl From<i64> for Value {
    fn from(v: i64) -> Self {
        Self::Int(Some(v))
    }
}

impl From<Option<i64>> for Value {
    fn from(v: Option<i64>) -> Self {
        Self::Int(v)
    }
}

impl From<bool> for Value {
    fn from(v: bool) -> Self {
        Self::Int(Some(i64::from(v)))
    }
}

impl From<Time> for Value {
    fn from(v: Time) -> Self {
        Self::Int(Some(v.micros()))
    }
}

impl From<Option<Time>> for Value {
    fn from(v: Option<Time>) -> Self {
        Self::Int(v.map(Time::micros))
    }
}

impl From<String> for Value {
    fn from(v: String) -> Self {
        Self::Text(Some(v))
    }
}

impl From<&String> for Value {
    fn from(v: &String) -> Self {
        Self::Text(Some(v.clone()))
    }
}

impl From<&str> for Value {
    fn from(v: &str) -> Self {
        Self::Text(Some(v.to_owned()))
    }
}

impl From<&Secret> for Value {
    fn from(v: &Secret) -> Self {
        Self::Text(Some(v.expose().clone()))
    }
}

impl From<Vec<u8>> for Value {
    fn from(v: Vec<u8>) -> Self {
        Self::Bytes(Some(v))
    }
}

/// An optional name in a NOT NULL column: None is the empty text.
pub(crate) fn or_empty(v: Option<&String>) -> Value {
    Value::Text(Some(v.cloned().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_follow_the_values() {
        let mut s = sql("SELECT 1 FROM t WHERE a = $1").bind(1);
        s.push(" AND b IN ").push_list(["x", "y"]).push(" LIMIT ").push_bind(3);
        assert_eq!(s.text, "SELECT 1 FROM t WHERE a = $1 AND b IN ($2, $3) LIMIT $4");
        assert_eq!(s.values, [1.into(), "x".into(), "y".into(), Value::from(3)]);
    }
}
