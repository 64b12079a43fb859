//! Keeps passwords out of logs: a statement that may carry one is shown by its kind only.

use sql::Facts;

/// Longest statement text kept in a log entry, in bytes. The sheet has the whole.
const SHOWN: usize = 2_000;

/// What a log may show of a statement.
pub fn shown(statement: &str, facts: &Facts) -> String {
    if facts.sensitive {
        return format!(
            "{} … (not shown: it may hold a secret)",
            facts.kind.as_str().replace('_', " ")
        );
    }
    if statement.len() <= SHOWN {
        return statement.to_owned();
    }
    let mut end = SHOWN;
    while !statement.is_char_boundary(end) {
        end -= 1;
    }
    format!("{} … ({} bytes in all)", &statement[..end], statement.len())
}

#[cfg(test)]
mod tests {
    use sql::StatementKind;

    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        let facts = Facts { sensitive: true, ..Facts::of(StatementKind::Grant) };
        assert!(!shown("CREATE ROLE app PASSWORD 'hunter2'", &facts).contains("hunter2"));
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        let text = "é".repeat(2_000);
        let cut = shown(&text, &Facts::of(StatementKind::Insert));
        assert!(cut.len() < 2_100 && cut.ends_with("(4000 bytes in all)"));
    }
}
