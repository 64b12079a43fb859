//! Conditions of a list, as data: the use case builds them from a filter expression, this file makes SQL of them.
//!
//! Invariant: column text comes from constants ([`Field`]) only; whatever a user wrote is bound.

use crate::db::Words;
use crate::sql::{Sql, Value};

/// A column that a list may be filtered or ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// As filters and `order_by` name it.
    pub name: &'static str,
    pub kind: FieldKind,
    sql: &'static str,
    /// Lower-cased text that `contains` looks at; empty: `sql` itself, which is lower-case anyway.
    search: &'static str,
    /// Around the condition, with `{}` in its place: for columns of other tables.
    within: &'static str,
}

/// What values a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    Text,
    Int,
    Bool,
    Time,
    /// A text of lines: equal when one of them is.
    Lines,
    /// Labels: only for [`Filter::Label`].
    Labels,
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Filter {
    #[default]
    All,
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
    Eq(Field, Value),
    In(Field, Vec<Value>),
    /// Case-insensitive.
    Contains(Field, String),
    Ge(Field, Value),
    Le(Field, Value),
    Gt(Field, Value),
    Lt(Field, Value),
    /// The label has one of the values.
    Label {
        owner: Field,
        key: String,
        values: Vec<String>,
    },
}

impl Field {
    pub const fn text(name: &'static str, sql: &'static str) -> Self {
        Self { name, kind: FieldKind::Text, sql, search: "", within: "" }
    }

    pub const fn int(name: &'static str, sql: &'static str) -> Self {
        Self { kind: FieldKind::Int, ..Self::text(name, sql) }
    }

    pub const fn bool(name: &'static str, sql: &'static str) -> Self {
        Self { kind: FieldKind::Bool, ..Self::text(name, sql) }
    }

    pub const fn time(name: &'static str, sql: &'static str) -> Self {
        Self { kind: FieldKind::Time, ..Self::text(name, sql) }
    }

    pub const fn lines(name: &'static str, sql: &'static str) -> Self {
        Self { kind: FieldKind::Lines, ..Self::text(name, sql) }
    }

    /// `sql` gives the owner's resource name.
    pub const fn labels(sql: &'static str) -> Self {
        Self { kind: FieldKind::Labels, ..Self::text("labels", sql) }
    }

    /// `contains` looks at this lower-cased column instead.
    #[must_use]
    pub const fn searched(self, search: &'static str) -> Self {
        Self { search, ..self }
    }

    /// The condition stands within this text, in the place of `{}`.
    #[must_use]
    pub const fn within(self, within: &'static str) -> Self {
        Self { within, ..self }
    }

    pub(crate) const fn sql(&self) -> &'static str {
        self.sql
    }

    pub(crate) const fn is_text(&self) -> bool {
        matches!(self.kind, FieldKind::Text)
    }
}

/// The field of that name.
pub fn field(fields: &[Field], name: &str) -> Option<Field> {
    fields.iter().copied().find(|f| f.name == name)
}

impl Filter {
    pub fn eq(field: Field, value: impl Into<Value>) -> Self {
        Self::Eq(field, value.into())
    }

    /// No value at all matches nothing.
    pub fn is_in<V: Into<Value>>(field: Field, values: impl IntoIterator<Item = V>) -> Self {
        Self::In(field, values.into_iter().map(Into::into).collect())
    }

    /// Both conditions.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::All, one) | (one, Self::All) => one,
            (Self::And(mut list), one) => {
                list.push(one);
                Self::And(list)
            }
            (a, b) => Self::And(vec![a, b]),
        }
    }

    /// Whether every row that matches has the same value in this column.
    pub(crate) fn fixes(&self, field: &Field) -> bool {
        match self {
            Self::Eq(f, _) => f.sql == field.sql && f.kind != FieldKind::Lines,
            Self::And(list) => list.iter().any(|one| one.fixes(field)),
            _ => false,
        }
    }

    pub(crate) fn write(&self, out: &mut Sql, words: &Words) {
        match self {
            Self::All => {
                out.push("1 = 1");
            }
            Self::And(list) => join(list, " AND ", "1 = 1", out, words),
            Self::Or(list) => join(list, " OR ", "1 = 0", out, words),
            Self::Not(inner) => {
                out.push("NOT (");
                inner.write(out, words);
                out.push(")");
            }
            Self::Eq(f, value) => within(f, out, |out| equal(f, value, out)),
            Self::In(_, values) if values.is_empty() => {
                out.push("1 = 0");
            }
            Self::In(f, values) => within(f, out, |out| {
                if f.kind == FieldKind::Lines {
                    let each: Vec<_> = values.iter().map(|v| Self::Eq(*f, v.clone())).collect();
                    join(&each, " OR ", "1 = 0", out, words);
                } else {
                    out.push(f.sql).push(" IN ").push_list(values.iter().cloned());
                }
            }),
            Self::Contains(f, text) => within(f, out, |out| {
                let column = if f.search.is_empty() { f.sql } else { f.search };
                like(column, &format!("%{}%", escaped(&text.to_lowercase())), out);
            }),
            Self::Ge(f, value) => compare(f, " >= ", value, out, words),
            Self::Le(f, value) => compare(f, " <= ", value, out, words),
            Self::Gt(f, value) => compare(f, " > ", value, out, words),
            Self::Lt(f, value) => compare(f, " < ", value, out, words),
            Self::Label { values, .. } if values.is_empty() => {
                out.push("1 = 0");
            }
            Self::Label { owner, key, values } => {
                out.push("EXISTS (SELECT 1 FROM label WHERE label.owner = ").push(owner.sql);
                out.push(" AND label.key = ").push_bind(key);
                out.push(" AND label.value IN ").push_list(values).push(")");
            }
        }
    }
}

fn equal(f: &Field, value: &Value, out: &mut Sql) {
    match (f.kind, value) {
        (FieldKind::Lines, Value::Text(Some(line))) => {
            like(f.sql, &format!("%\n{}\n%", escaped(line)), out);
        }
        _ => {
            out.push(f.sql).push(" = ").push_bind(value.clone());
        }
    }
}

fn compare(f: &Field, operator: &str, value: &Value, out: &mut Sql, words: &Words) {
    within(f, out, |out| {
        out.push(f.sql);
        if f.is_text() {
            out.push(words.by_bytes);
        }
        out.push(operator).push_bind(value.clone());
    });
}

fn within(f: &Field, out: &mut Sql, condition: impl FnOnce(&mut Sql)) {
    let (before, after) = f.within.split_once("{}").unwrap_or_default();
    out.push(before);
    condition(out);
    out.push(after);
}

fn join(list: &[Filter], word: &str, empty: &str, out: &mut Sql, words: &Words) {
    if list.is_empty() {
        out.push(empty);
        return;
    }
    for (i, one) in list.iter().enumerate() {
        out.push(if i > 0 { word } else { "" }).push("(");
        one.write(out, words);
        out.push(")");
    }
}

fn like(column: &str, pattern: &str, out: &mut Sql) {
    out.push(column).push(" LIKE ").push_bind(pattern).push(" ESCAPE '\\'");
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '%' | '_') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Lines for a [`FieldKind::Lines`] column: each between line breaks, none for no lines.
pub(crate) fn lines<'a>(values: impl IntoIterator<Item = &'a str>) -> String {
    let mut out = String::new();
    for value in values {
        if out.is_empty() {
            out.push('\n');
        }
        out.push_str(value);
        out.push('\n');
    }
    out
}
