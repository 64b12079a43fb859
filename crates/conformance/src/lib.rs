//! The harness of the conformance data: what our code makes of each row, beside what must come out.
//!
//! A set is one file of tests in `tests/it`: it says what we make of a row, [`run`] does the rest. It prints
//! `SET ENGINE PASSED/TOTAL` for each engine, `SET total PASSED/TOTAL` and the failing ids, and holds the result against
//! `ratchet.tsv`: a rate that was once reached may not fall. Without the data a set says `SKIPPED: …`; with `CI=true` it
//! fails (testkit).

mod ratchet;
mod report;

use serde_json::Value;

use ratchet::Ratchet;
use report::Report;

/// What became of one row.
pub enum Outcome {
    Passed,
    /// What came out and what must, for a person.
    Failed(String),
}

impl Outcome {
    /// Whether what came out is what must.
    pub fn of(found: &Value, expect: &Value) -> Self {
        if found == expect {
            Self::Passed
        } else {
            Self::Failed(format!("found  {found}\nexpect {expect}"))
        }
    }
}

/// Goes through the rows of `file` and prints the result of `set`. `BASALT_CONFORMANCE_ROW` shows what came out of the rows
/// whose id holds its text.
///
/// # Panics
/// When a rate is lower than in the ratchet file.
pub fn run(set: &str, file: &str, judge: impl Fn(&Value) -> Outcome) {
    let Some(rows) = testkit::conformance::rows(file, None) else { return };
    let wanted = testkit::environment::variable("BASALT_CONFORMANCE_ROW");
    let mut report = Report::new(set);
    for row in &rows {
        let text = |key: &str| row[key].as_str().unwrap_or_default();
        let outcome = judge(row);
        let passed = matches!(outcome, Outcome::Passed);
        if let (Outcome::Failed(why), Some(part)) = (&outcome, &wanted)
            && text("id").contains(part)
        {
            report.note(format!("{}\n{why}", text("id")));
        }
        report.add(text("engine"), text("id"), passed);
    }
    testkit::environment::say(&report.to_string());
    let fallen = Ratchet::read().fallen(&report);
    assert!(fallen.is_empty(), "{}", fallen.join("\n"));
}
