//! How many rows of a set pass, by engine, and which do not.

use std::collections::BTreeMap;
use std::fmt;

/// Rows of one engine.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub passed: usize,
    pub total: usize,
}

#[derive(Debug)]
pub struct Report {
    pub set: String,
    pub rates: BTreeMap<String, Rate>,
    failed: Vec<String>,
    notes: Vec<String>,
}

impl Report {
    pub fn new(set: &str) -> Self {
        Self { set: set.to_owned(), rates: BTreeMap::new(), failed: Vec::new(), notes: Vec::new() }
    }

    pub fn add(&mut self, engine: &str, id: &str, passed: bool) {
        let rate = self.rates.entry(engine.to_owned()).or_default();
        rate.total += 1;
        if passed {
            rate.passed += 1;
        } else {
            self.failed.push(id.to_owned());
        }
    }

    /// Something for a person, before the figures.
    pub fn note(&mut self, text: String) {
        self.notes.push(text);
    }

    pub fn total(&self) -> Rate {
        self.rates.values().fold(Rate::default(), |sum, rate| Rate {
            passed: sum.passed + rate.passed,
            total: sum.total + rate.total,
        })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.passed, self.total)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for note in &self.notes {
            writeln!(f, "{note}")?;
        }
        for (engine, rate) in &self.rates {
            writeln!(f, "{} {engine} {rate}", self.set)?;
        }
        write!(f, "{} total {}", self.set, self.total())?;
        for id in &self.failed {
            write!(f, "\nfailed {id}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_the_task_wants_it() {
        let mut report = Report::new("split");
        report.add("TIDB", "a#1", true);
        report.add("MYSQL", "b#1", false);
        report.add("MYSQL", "b#2", true);
        let text = "split MYSQL 1/2\nsplit TIDB 1/1\nsplit total 2/3\nfailed b#1";
        assert_eq!(report.to_string(), text);
    }
}
