//! Conditions of bindings. One kind is known: an end, `request.time < timestamp("2026-12-31T00:00:00Z")`.

use base::{Error, Result, Time};

use crate::filter::{Expr, Is, Op, Value, Var, filter};

const VARIABLES: &[Var] = &[Var { name: "request", is: Is::Field("time") }];

/// When a binding with this condition ends; `None` for the empty condition, which never does.
///
/// Errors: `INVALID_FIELD` under `field` for every other condition. It is not kept and then ignored.
pub fn expiry(field: &str, condition: &str) -> Result<Option<Time>> {
    let refused = || {
        Error::field(
            field,
            "the only condition known here is an end, like request.time < timestamp(\"2026-12-31T00:00:00Z\")",
        )
    };
    match filter(condition, VARIABLES).map_err(|_| refused())? {
        None => Ok(None),
        Some(Expr::Test(test)) if test.op == Op::Below => match test.values.as_slice() {
            [Value::Time(end)] => Ok(Some(*end)),
            _ => Err(refused()),
        },
        Some(_) => Err(refused()),
    }
}

/// The condition that says this end.
pub fn text(end: Time) -> String {
    format!("request.time < timestamp(\"{end}\")")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_go_both_ways_and_all_else_is_refused() {
        let end = Time::parse("2026-12-31T00:00:00Z").unwrap();
        assert_eq!(expiry("c", &text(end)).unwrap(), Some(end));
        assert_eq!(expiry("c", "").unwrap(), None);
        for bad in [
            "true",
            "request.time > timestamp(\"2026-12-31T00:00:00Z\")",
            "request.time < timestamp(\"soon\")",
            "request.time",
            "request < \"2026-12-31T00:00:00Z\"",
            "resource.database == \"instances/a/databases/b\"",
            "request.time < timestamp(\"2026-12-31T00:00:00Z\") || true",
            "!(request.time < timestamp(\"2026-12-31T00:00:00Z\"))",
        ] {
            assert_eq!(expiry("c", bad).unwrap_err().field_violations()[0].field, "c", "{bad}");
        }
    }
}
