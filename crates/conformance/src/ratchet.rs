//! `ratchet.tsv`: the rates that were reached, in per cent. Written by hand when a rate has risen; never lowered without a
//! reason beside it.

use crate::report::{Rate, Report};

const FILE: &str = include_str!("../ratchet.tsv");

/// Lines of `set <tab> engine <tab> per cent`; an engine without a line has nothing to hold.
pub struct Ratchet(Vec<(String, String, f64)>);

impl Ratchet {
    /// # Panics
    /// When the file is not what it must be.
    pub fn read() -> Self {
        Self(FILE.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).map(line).collect())
    }

    /// What is lower than it was, in sentences.
    pub fn fallen(&self, report: &Report) -> Vec<String> {
        let held = self.0.iter().filter(|(set, ..)| *set == report.set);
        held.filter_map(|(set, engine, reached)| {
            let rate = report.rates.get(engine)?;
            let now = per_cent(*rate);
            // The file has two places.
            (now + 0.005 < *reached)
                .then(|| format!("{set} {engine} has fallen from {reached} % to {now:.2} %"))
        })
        .collect()
    }
}

#[allow(clippy::cast_precision_loss, clippy::allow_attributes, reason = "counts of rows are small")]
fn per_cent(rate: Rate) -> f64 {
    100.0 * rate.passed as f64 / rate.total as f64
}

fn line(line: &str) -> (String, String, f64) {
    let fields: Vec<&str> = line.split('\t').collect();
    match fields.as_slice() {
        [set, engine, rate] => {
            let rate = rate.parse().unwrap_or_else(|_| panic!("ratchet.tsv: no number: {line}"));
            ((*set).to_owned(), (*engine).to_owned(), rate)
        }
        _ => panic!("ratchet.tsv: three fields are wanted: {line}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_has_fallen() {
        let ratchet = Ratchet(vec![
            line("split\tMYSQL\t66.67"),
            line("split\tTIDB\t100"),
            line("other\tTIDB\t1"),
        ]);
        let mut report = Report::new("split");
        for passed in [true, true, false] {
            report.add("MYSQL", "", passed);
            report.add("TIDB", "", passed);
        }
        assert_eq!(ratchet.fallen(&report), ["split TIDB has fallen from 100 % to 66.67 %"]);
    }

    #[test]
    fn the_file_can_be_read() {
        assert!(!Ratchet::read().0.is_empty());
    }
}
