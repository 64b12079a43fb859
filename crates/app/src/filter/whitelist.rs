//! Which variables a list has and what may be asked of each. Gives every value its kind.

use base::{Error, Time};

use super::{Expr, Op, Test, Value, bad};

/// A variable of a list.
#[derive(Debug, Clone, Copy)]
pub struct Var {
    pub name: &'static str,
    pub is: Is,
}

/// What a variable holds; decides which operators it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Is {
    /// Free text: `==` and `!=` compare, `contains` looks inside, both without regard to case where the list says so.
    Text,
    /// An exact id or word from outside: `==`, `!=`, `in`, and `contains`.
    Id,
    /// One of these words: `==`, `!=`, `in`.
    Word(&'static [&'static str]),
    /// A resource name that starts with this, for example `projects/`: `==`, `!=`, `in`. The value arrives as the rest.
    Name(&'static str),
    Flag,
    /// `==` and comparisons with a whole number.
    Number,
    /// RFC 3339: `==` and comparisons.
    Time,
    /// A moment in this field of the variable: `request.time`.
    Field(&'static str),
    /// `labels.team == "x"`, `labels["team"] in ["x"]`; the older `label == "team:x"` arrives in the same shape.
    Labels,
}

use Op::{Above, AtLeast, AtMost, Below, Contains, Equal, In, NotEqual};

/// Walks the tree and checks each comparison.
pub(super) fn check(tree: Expr, variables: &[Var]) -> Result<Expr, Error> {
    let all =
        |parts: Vec<Expr>| parts.into_iter().map(|p| check(p, variables)).collect::<Result<_, _>>();
    Ok(match tree {
        Expr::And(parts) => Expr::And(all(parts)?),
        Expr::Or(parts) => Expr::Or(all(parts)?),
        Expr::Not(part) => Expr::Not(Box::new(check(*part, variables)?)),
        Expr::Test(test) => Expr::Test(check_test(test, variables)?),
    })
}

fn check_test(mut test: Test, variables: &[Var]) -> Result<Test, Error> {
    let column = test.column;
    let labels = variables.iter().any(|v| v.is == Is::Labels);
    if labels && test.path == ["label"] {
        return label_pairs(&test);
    }
    let found = variables.iter().find(|v| v.name == test.variable());
    let var = found.ok_or_else(|| {
        let names: Vec<_> = variables.iter().map(|v| v.name).collect();
        bad(
            column,
            format!(
                "{} is not known here; this list has {}",
                test.path.join("."),
                names.join(", ")
            ),
        )
    })?;
    let fits = match var.is {
        Is::Labels => test.path.len() == 2,
        Is::Field(field) => test.path.len() == 2 && test.key() == field,
        _ => test.path.len() == 1,
    };
    if !fits {
        return Err(bad(
            column,
            match var.is {
                Is::Field(field) => format!("{} has the field {field} only", var.name),
                Is::Labels => "write a label as labels.key or labels[\"key\"]".to_owned(),
                _ => format!("{} has no fields", var.name),
            },
        ));
    }
    if !operators(var.is).contains(&test.op) {
        return Err(bad(column, format!("{} does not take this operator", var.name)));
    }
    for value in &mut test.values {
        *value = convert(value, var.is)
            .ok_or_else(|| bad(column, format!("{} takes {}", var.name, expectation(var.is))))?;
    }
    Ok(test)
}

/// `label == "team:x"` or `label in ["team:x", "team:y"]` as `labels.team == …`; all pairs of a list have one key.
fn label_pairs(test: &Test) -> Result<Test, Error> {
    let wrong = || bad(test.column, "label takes == or in with \"key:value\" texts of one key");
    if !matches!(test.op, Equal | In | NotEqual) {
        return Err(wrong());
    }
    let mut key = None;
    let mut values = Vec::new();
    for value in &test.values {
        let Value::Text(text) = value else { return Err(wrong()) };
        let (k, v) = text.split_once(':').ok_or_else(wrong)?;
        if key.replace(k.to_owned()).is_some_and(|other| other != k) {
            return Err(wrong());
        }
        values.push(Value::Text(v.to_owned()));
    }
    let key = key.ok_or_else(wrong)?;
    Ok(Test { path: vec!["labels".to_owned(), key], op: test.op, values, column: test.column })
}

const fn operators(is: Is) -> &'static [Op] {
    match is {
        Is::Text | Is::Id => &[Equal, NotEqual, In, Contains],
        Is::Word(_) | Is::Name(_) | Is::Labels => &[Equal, NotEqual, In],
        Is::Flag => &[Equal, NotEqual],
        Is::Number | Is::Time | Is::Field(_) => &[Equal, NotEqual, AtLeast, AtMost, Above, Below],
    }
}

fn convert(value: &Value, is: Is) -> Option<Value> {
    match (is, value) {
        (Is::Text | Is::Id | Is::Labels, Value::Text(_))
        | (Is::Flag, Value::Flag(_))
        | (Is::Number, Value::Number(_)) => Some(value.clone()),
        (Is::Word(words), Value::Text(text)) => {
            words.contains(&text.as_str()).then(|| value.clone())
        }
        (Is::Name(prefix), Value::Text(text)) => {
            let rest = text.strip_prefix(prefix)?;
            let ok = !rest.is_empty() && !rest.chars().any(char::is_control);
            ok.then(|| Value::Text(rest.to_owned()))
        }
        (Is::Time | Is::Field(_), Value::Text(text)) => Time::parse(text).map(Value::Time),
        _ => None,
    }
}

fn expectation(is: Is) -> String {
    match is {
        Is::Text | Is::Id | Is::Labels => "a string in quotes".to_owned(),
        Is::Word(words) => format!("one of {}", words.join(", ")),
        Is::Name(prefix) => format!("a name like \"{prefix}…\""),
        Is::Flag => "true or false".to_owned(),
        Is::Number => "a whole number".to_owned(),
        Is::Time | Is::Field(_) => "a time like \"2026-01-31T10:00:00Z\"".to_owned(),
    }
}
