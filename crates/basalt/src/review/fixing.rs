//! `--fix`: makes the fixes that findings and lock forecasts carry, reviews what came of it, and so on until nothing is
//! left to do. With `--diff` the files stay as they are.
//!
//! Invariant: a text is written only if it can be parsed wherever the one before could.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use clap::ValueEnum;
use review::{Fix, Report, Safety, fix};
use similar::TextDiff;

use super::inputs::{Source, Text};

/// Which fixes are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Extent {
    /// Those after which a script does the same as before
    Safe,
    /// Also those that a person should read before the script is run
    All,
}

/// A fix may show what another hid. No script needs nearly as many rounds.
const ROUNDS: usize = 20;
/// Lines around a change in a difference.
const CONTEXT: usize = 3;

/// A script with its fixes made.
pub struct Mended {
    pub text: String,
    /// About the text as it is now.
    pub report: Report,
    pub made: usize,
}

pub fn mend(script: &str, extent: Extent, review: impl Fn(&str) -> Report) -> Mended {
    let mut now = Mended { text: script.to_owned(), report: review(script), made: 0 };
    for _ in 0..ROUNDS {
        let wanted =
            fixes(&now.report).filter(|f| extent == Extent::All || f.safety == Safety::Safe);
        let fixed = fix::apply(&now.text, wanted);
        if fixed.made == 0 || fixed.text == now.text {
            break;
        }
        let report = review(&fixed.text);
        if is_unreadable(&report) && !is_unreadable(&now.report) {
            break;
        }
        now = Mended { text: fixed.text, report, made: now.made + fixed.made };
    }
    now
}

/// Each once, but for those that a comment in the script declines.
pub fn fixes(report: &Report) -> impl Iterator<Item = &Fix> {
    let declined = |f: &&Fix| report.suppressed.iter().any(|s| s.advice.fix.as_ref() == Some(f));
    let of_advices = report.advices.iter().filter_map(|a| a.fix.as_ref());
    let of_locks = report.locks.iter().filter_map(|l| l.fix.as_ref()).filter(move |f| !declined(f));
    let is_new = |f: &&Fix| !report.advices.iter().any(|a| a.fix.as_ref() == Some(f));
    of_advices.chain(of_locks.filter(is_new))
}

fn is_unreadable(report: &Report) -> bool {
    report.advices.iter().any(|a| a.rule.is_none())
}

/// Writes a text where it was read.
pub fn write(source: &Source, before: &Text, text: &str) -> Result<()> {
    let Source::File(path) = source else { return Ok(()) };
    let mark = if before.marked { "\u{feff}" } else { "" };
    replace(path, &format!("{mark}{text}")).with_context(|| before.path.clone())
}

/// By a file beside it, so that nobody ever reads half of it.
fn replace(path: &Path, text: &str) -> Result<()> {
    // What a link names is written, not the link.
    let path = fs::canonicalize(path)?;
    let mut name = path.file_name().context("it has no name")?.to_owned();
    name.push(".basalt-fix");
    let aside = path.with_file_name(name);
    let written = fs::write(&aside, text)
        .and_then(|()| fs::set_permissions(&aside, fs::metadata(&path)?.permissions()))
        .and_then(|()| fs::rename(&aside, &path));
    if written.is_err() {
        // It is of no use to anybody; that it cannot be removed either says nothing more.
        let _ = fs::remove_file(&aside);
    }
    Ok(written?)
}

/// As `diff -u` writes it; empty when both are the same.
pub fn difference(path: &str, before: &str, after: &str) -> String {
    let (old, new) = (format!("a/{path}"), format!("b/{path}"));
    let diff = TextDiff::from_lines(before, after);
    diff.unified_diff().context_radius(CONTEXT).header(&old, &new).to_string()
}
