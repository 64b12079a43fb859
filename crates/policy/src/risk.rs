//! How much harm a script can do, by the kinds of its statements.

use serde::{Deserialize, Serialize};

/// The least comes first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Risk {
    #[default]
    Low,
    Moderate,
    High,
}

impl Risk {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "LOW",
            Self::Moderate => "MODERATE",
            Self::High => "HIGH",
        }
    }
}

/// The greatest of all statements, whose kinds are named as in StatementType.
pub fn of<'a>(kinds: impl IntoIterator<Item = &'a str>) -> Risk {
    kinds.into_iter().map(of_kind).max().unwrap_or(Risk::Low)
}

fn of_kind(kind: &str) -> Risk {
    match kind {
        // What is gone.
        "DROP_DATABASE" | "DROP_TABLE" | "DROP_SCHEMA" | "TRUNCATE" => Risk::High,
        // What is not as it was.
        "DELETE" | "UPDATE" | "ALTER_TABLE" | "DROP_INDEX" => Risk::Moderate,
        _ => Risk::Low,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_counts() {
        assert_eq!(of([]), Risk::Low);
        assert_eq!(of(["CREATE_TABLE", "INSERT"]), Risk::Low);
        assert_eq!(of(["INSERT", "UPDATE", "CREATE_TABLE"]), Risk::Moderate);
        assert_eq!(of(["UPDATE", "TRUNCATE"]), Risk::High);
    }
}
