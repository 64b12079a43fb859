//! Labels of projects, instances and databases.

use std::collections::BTreeMap;

use base::FieldViolation;

const MOST: usize = 64;

/// Everything wrong with `labels`, under `field`: at most 64; keys of lower-case letters, digits, `_` and `-` from a
/// letter on; values of letters, digits, `_` and `-`, which may be empty; both at most 63 characters.
pub fn violations(field: &str, labels: &BTreeMap<String, String>) -> Vec<FieldViolation> {
    let mut found = Vec::new();
    let mut say = |description: String| {
        found.push(FieldViolation { field: field.to_owned(), description });
    };
    if labels.len() > MOST {
        say(format!("use at most {MOST} labels"));
    }
    for (key, value) in labels.iter().take(MOST) {
        let short: String = key.chars().take(80).collect();
        if !is_key(key) {
            say(format!(
                "label key {short:?}: use 1 to 63 lower-case letters, digits, _ and -, starting with a letter"
            ));
        } else if value.len() > 63
            || !value.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
        {
            say(format!("value of label {short:?}: use at most 63 letters, digits, _ and -"));
        }
    }
    found
}

fn is_key(key: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-".contains(&b);
    key.len() <= 63
        && key.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
        && key.bytes().all(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(key: &str, value: &str) -> bool {
        !violations("labels", &BTreeMap::from([(key.to_owned(), value.to_owned())])).is_empty()
    }

    #[test]
    fn keys_and_values() {
        for (key, value) in [
            ("team", "A_1-b"),
            ("t", ""),
            ("cost_centre-2", "x"),
            (&"k".repeat(63), &"v".repeat(63)),
        ] {
            assert!(!wrong(key, value), "{key}={value}");
        }
        for (key, value) in [
            ("", "x"),
            ("Team", "x"),
            ("1a", "x"),
            ("a b", "x"),
            ("a", "x y"),
            ("a", "é"),
            (&"k".repeat(64), ""),
            ("a", &"v".repeat(64)),
        ] {
            assert!(wrong(key, value), "{key}={value}");
        }
        let many = (0..65).map(|i| (format!("k{i}"), String::new())).collect();
        assert_eq!(violations("labels", &many).len(), 1);
    }
}
