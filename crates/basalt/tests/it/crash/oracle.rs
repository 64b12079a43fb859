//! Compares what a run says with what is in the database.

use std::fmt;

use serde_json::Value;
use testkit::environment::say;

use super::script::Script;
use super::target::Target;
use crate::shop::{list, text};

/// What came of all kills.
pub struct Tally {
    name: String,
    pub kills: u32,
    runs: u32,
    /// Rows that are there more than once.
    double: u32,
    /// Rows of which the record and the database say different things.
    lost: u32,
    unknown: u32,
    /// Runs that ended otherwise than done or unknown, which no crash is a reason for.
    failed: u32,
}

impl Tally {
    pub fn new(name: &str) -> Self {
        let name = name.to_owned();
        Self { name, kills: 0, runs: 0, double: 0, lost: 0, unknown: 0, failed: 0 }
    }

    /// Counts the change number `n`, whose run ended as `run`.
    pub async fn count(
        &mut self,
        what: &str,
        target: &Target,
        script: Script,
        n: u32,
        run: &Value,
    ) {
        self.runs += 1;
        let at = &run["checkpoint"];
        let number = |name: &str| usize::try_from(at[name].as_i64().unwrap_or(0)).unwrap_or(0);
        let status = text(&run["status"]);
        let unknown = at["unknown"] == Value::Bool(true);
        let rows = script.rows();
        let applied = if status == "DONE" { rows.len() } else { number("applied") };
        let in_question =
            |n: usize| unknown && (number("openFirst")..=number("openLast")).contains(&n);
        for (i, step) in rows.iter().enumerate() {
            let Some(step) = step else { continue };
            let there = target.count(n, *step).await;
            let expected = u32::from(i < applied);
            if there > 1 {
                self.double += 1;
                say(&format!("DOUBLE {what}: row {step} is there {there} times: {run}"));
            } else if there != expected && !in_question(i + 1) {
                self.lost += 1;
                say(&format!(
                    "LOST {what}: row {step} is there {there} times, not {expected}: {run}"
                ));
            }
        }
        if unknown {
            self.unknown += 1;
            say(&format!("unknown {what}: {:?}", list(&at["evidence"])));
            assert!(
                !list(&at["evidence"]).is_empty(),
                "an unknown outcome has its evidence: {run}"
            );
        } else if status != "DONE" {
            self.failed += 1;
            say(&format!("FAILED {what}: {}", text(&run["detail"])));
        }
    }

    /// `unknown` is the share of unknown outcomes that the engine is allowed.
    pub fn expect(&self, unknown: f64) {
        assert!(self.kills > 0, "nothing was killed");
        assert_eq!((self.double, self.lost, self.failed), (0, 0, 0), "{self}");
        let share = f64::from(self.unknown) / f64::from(self.runs);
        assert!(share <= unknown, "{self}");
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, kills, runs, double, lost, unknown, failed } = self;
        write!(
            f,
            "{name}: kills {kills} double {double} lost {lost} unknown {unknown} (of {runs} changes; {failed} failed)"
        )
    }
}
