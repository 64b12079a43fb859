//! Exceptions: where a rule does not hold, by table, schema, or label of the database, as a person configured it.
//!
//! What an exception takes away stays visible, with its reason, like what a comment in the script does.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sql::tree::Script;

use crate::advice::Advice;
use crate::cx::TableKey;
use crate::suppress::{By, Suppressed};

/// Holds where everything it names fits; what is empty fits anything. At least one of `schema`, `table` and `label` is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// `app`; `tmp_*` is every schema whose name begins so.
    #[serde(default)]
    pub schema: String,
    /// Likewise.
    #[serde(default)]
    pub table: String,
    /// `tier:cold`: databases with this label and value; `tier` alone: with this label.
    #[serde(default)]
    pub label: String,
    pub reason: String,
}

impl Exception {
    /// Whether it is about databases with these labels.
    pub(crate) fn is_of(&self, labels: &BTreeMap<String, String>) -> bool {
        match self.label.split_once(':') {
            _ if self.label.is_empty() => true,
            Some((key, value)) => labels.get(key).is_some_and(|v| v == value),
            None => labels.contains_key(&self.label),
        }
    }

    fn names_objects(&self) -> bool {
        !self.schema.is_empty() || !self.table.is_empty()
    }

    fn fits(&self, (schema, table): &TableKey) -> bool {
        fits(&self.schema, schema) && fits(&self.table, table)
    }
}

fn fits(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => pattern.is_empty() || pattern == name,
    }
}

/// Moves the advices of a rule for which an exception holds. `tables` gives the tables that a statement is about.
pub(crate) fn apply(
    advices: &mut Vec<Advice>,
    exceptions: &[&Exception],
    script: &Script,
    tables: impl Fn(usize) -> Vec<TableKey>,
) -> Vec<Suppressed> {
    let mut taken = Vec::new();
    for exception in exceptions {
        let holds = |advice: &mut Advice| {
            if !exception.names_objects() {
                return true;
            }
            let Some(span) = advice.span else { return false };
            let behind = script.statements.partition_point(|s| s.span().start <= span.start);
            let Some(number) = behind.checked_sub(1) else { return false };
            let tables = tables(number);
            // Of a statement about several tables it takes the finding away only if it is about all of them.
            !tables.is_empty() && tables.iter().all(|t| exception.fits(t))
        };
        let gone = advices.extract_if(.., holds);
        let reason = &exception.reason;
        taken.extend(gone.map(|advice| Suppressed {
            advice,
            by: By::Exception,
            reason: reason.clone(),
            until: None,
        }));
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_and_labels() {
        assert!(
            fits("", "a")
                && fits("a", "a")
                && fits("a*", "ab")
                && !fits("a", "ab")
                && !fits("b*", "a")
        );
        let labels = BTreeMap::from([("tier".to_owned(), "cold".to_owned())]);
        let of =
            |label: &str| Exception { label: label.into(), ..Exception::default() }.is_of(&labels);
        assert!(of("") && of("tier") && of("tier:cold") && !of("tier:hot") && !of("region"));
    }
}
