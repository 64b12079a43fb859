//! From a checked filter to the store's conditions.

use base::Error;
use store::{Field, FieldKind, Filter};

use super::{Expr, Op, Test, Value, Var, bad, filter};

/// Reads a filter whose every variable is the field of the same name.
pub fn conditions(text: &str, variables: &[Var], fields: &[Field]) -> Result<Filter, Error> {
    let Some(expr) = filter(text, variables)? else { return Ok(Filter::All) };
    where_(&expr, &mut |test| {
        let field = store::filter::field(fields, test.variable());
        let field = field.ok_or_else(|| bad(test.column, "this variable cannot be searched"))?;
        by_field(field, test)
    })
}

/// The conditions of a filter, each comparison made by `condition`.
pub fn where_(
    expr: &Expr,
    condition: &mut dyn FnMut(&Test) -> Result<Filter, Error>,
) -> Result<Filter, Error> {
    let mut all =
        |parts: &[Expr]| parts.iter().map(|p| where_(p, condition)).collect::<Result<Vec<_>, _>>();
    Ok(match expr {
        Expr::And(parts) => Filter::And(all(parts)?),
        Expr::Or(parts) => Filter::Or(all(parts)?),
        Expr::Not(part) => Filter::Not(Box::new(where_(part, condition)?)),
        Expr::Test(test) => condition(test)?,
    })
}

/// A comparison of one field, as it stands.
pub fn by_field(field: Field, test: &Test) -> Result<Filter, Error> {
    if field.kind == FieldKind::Labels {
        let values = test.texts();
        let label = Filter::Label { owner: field, key: test.key().to_owned(), values };
        return Ok(if test.op == Op::NotEqual { Filter::Not(Box::new(label)) } else { label });
    }
    let mut values = test.values.iter().map(|v| match v {
        Value::Text(text) => store::Value::from(text.as_str()),
        Value::Number(n) => store::Value::from(*n),
        Value::Flag(flag) => store::Value::from(*flag),
        Value::Time(time) => store::Value::from(*time),
    });
    if test.op == Op::In {
        return Ok(Filter::In(field, values.collect()));
    }
    let value = values.next().ok_or_else(|| bad(test.column, "a value is missing"))?;
    Ok(match test.op {
        Op::Equal | Op::In => Filter::Eq(field, value),
        Op::NotEqual => Filter::Not(Box::new(Filter::Eq(field, value))),
        Op::Contains => Filter::Contains(field, test.text().to_owned()),
        Op::AtLeast => Filter::Ge(field, value),
        Op::AtMost => Filter::Le(field, value),
        Op::Above => Filter::Gt(field, value),
        Op::Below => Filter::Lt(field, value),
    })
}
