//! What would be marked, for people and for programs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Baseline, Report};
use crate::files::File;
use crate::findings::counted;
use crate::revisions::{State, Step};

/// One block for each database.
pub fn text(reports: &[Report], files: &[File]) -> String {
    let mut text = String::new();
    for report in reports {
        let _ = writeln!(text, "{}: {}", report.target, history(report));
        let width = report.steps.iter().map(|s| s.mark.version.len()).max().unwrap_or_default();
        for step in &report.steps {
            let path = step.mark.file.map_or("-", |at| files[at].path.as_str());
            let note = note(step);
            let _ = write!(text, "  {:<7} {:<width$}  {path}", said(step.state), step.mark.version);
            text.push_str(&if note.is_empty() { "\n".to_owned() } else { format!("  ({note})\n") });
        }
        if let Some(baseline) = report.baseline {
            let _ = writeln!(text, "  {}", of_baseline(baseline));
        }
        for left in &report.left {
            let _ =
                writeln!(text, "  {:<7} {}: {} ({})", "no", left.what, left.message, left.reason);
        }
    }
    text.truncate(text.trim_end().len());
    text
}

fn history(report: &Report) -> String {
    match &report.place {
        Some(place) => {
            format!("{}, {}, {}", place.tool.title(), place.name(), counted(report.rows, "row"))
        }
        None if report.steps.is_empty() && report.left.is_empty() => {
            "no history of a migration tool".to_owned()
        }
        None => "as far as was said".to_owned(),
    }
}

const fn said(state: State) -> &'static str {
    match state {
        State::New => "mark",
        State::There => "there",
        State::Differs => "differs",
    }
}

const fn of_baseline(baseline: Baseline) -> &'static str {
    match baseline {
        Baseline::New => "record  baseline: the schema as it is now",
        Baseline::Written | Baseline::There => "there   baseline",
    }
}

fn note(step: &Step) -> String {
    match step.state {
        State::Differs => "it is marked with another text, which stays".to_owned(),
        State::New | State::There => step.mark.note.clone(),
    }
}

pub fn json(reports: &[Report], files: &[File]) -> Value {
    let step = |s: &Step| {
        json!({
            "version": s.mark.version,
            "file": s.mark.file.map_or("", |at| files[at].path.as_str()),
            "sha256": s.sha256,
            "state": s.state.word(),
            "note": note(s),
        })
    };
    let report = |r: &Report| {
        let left =
            |l: &super::Left| json!({"what": l.what, "reason": l.reason, "message": l.message});
        json!({
            "target": r.target,
            "tool": r.place.as_ref().map(|p| p.tool.word()),
            "table": r.place.as_ref().map(super::Place::name),
            "rows": r.rows,
            "versions": r.steps.iter().map(step).collect::<Vec<_>>(),
            "baseline": r.baseline.map(Baseline::word),
            "left": r.left.iter().map(left).collect::<Vec<_>>(),
        })
    };
    reports.iter().map(report).collect()
}
