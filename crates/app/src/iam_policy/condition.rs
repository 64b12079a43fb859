//! Conditions of bindings, as requests give them.

use base::{Error, Result};
use policy::cel::{self, IAM_BINDING, Program};

/// Reads a condition; `None` for the empty one, which always holds.
///
/// Errors: `INVALID_FIELD` under `field`, with the place in the text, for one that is not good.
pub fn condition(field: &str, text: &str) -> Result<Option<Program>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    cel::compile(text, &IAM_BINDING).map(Some).map_err(|e| wrong(field, &e))
}

/// What is wrong with a condition, as an error of its field. Line, column and length are metadata too, for editors.
pub fn wrong(field: &str, error: &cel::CelError) -> Error {
    Error::field(field, error.to_string())
        .with_metadata("line", error.line.to_string())
        .with_metadata("column", error.column.to_string())
        .with_metadata("length", error.len.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_condition_tells_its_place() {
        assert!(condition("c", " ").unwrap().is_none());
        let good = "resource.environment_id == \"prod\" && request.time < timestamp(\"2026-12-31T00:00:00Z\")";
        assert!(condition("c", good).unwrap().is_some());
        let error = condition("c", "true && resource.databse == \"x\"").unwrap_err();
        let said = &error.field_violations()[0];
        assert_eq!(said.field, "c");
        let what =
            "column 9: there is no variable resource.databse; did you mean resource.database?";
        assert_eq!(said.description, what);
        assert!(error.metadata().contains(&("length".to_owned(), "16".to_owned())));
    }
}
