//! Identifiers and strings as SQL text.

use std::borrow::Cow;

use crate::keywords::needs_quotes;

/// The identifier, quoted where the server would otherwise read another one.
pub fn identifier(name: &str) -> String {
    if needs_quotes(name) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name.to_owned() }
}

pub fn qualified(schema: &str, name: &str) -> String {
    if schema.is_empty() {
        identifier(name)
    } else {
        format!("{}.{}", identifier(schema), identifier(name))
    }
}

/// A string literal that means the same whatever `standard_conforming_strings` is.
pub fn literal(text: &str) -> String {
    let doubled: Cow<'_, str> =
        if text.contains('\'') { text.replace('\'', "''").into() } else { text.into() };
    if doubled.contains('\\') {
        format!("E'{}'", doubled.replace('\\', "\\\\"))
    } else {
        format!("'{doubled}'")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_only_where_needed() {
        for plain in ["a", "customer_2", "_x", "name", "a$b"] {
            assert_eq!(identifier(plain), plain);
        }
        for odd in ["", "A", "2a", "select", "user", "a b", "é", "a-b", "json_table"] {
            assert_eq!(identifier(odd), format!("\"{odd}\""));
        }
        assert_eq!(identifier("a\"b"), "\"a\"\"b\"");
        assert_eq!(literal(r"it's \n"), r"E'it''s \\n'");
    }
}
