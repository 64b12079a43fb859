//! Bitbucket's report of a commit, with annotations on the lines of its files.

use serde_json::{Value, json};

use crate::findings::{Finding, Findings, Level};

/// A report takes no more.
const MOST_ANNOTATIONS: usize = 1_000;
/// So many come in one request.
const TOGETHER: usize = 100;
const LONGEST: usize = 450;

pub struct Report {
    pub report: Value,
    /// Bodies of the requests that follow it.
    pub annotations: Vec<Value>,
}

pub fn report(findings: &Findings, failed: bool) -> Report {
    let count = |level| findings.count(level);
    let report = json!({
        "title": "Basalt",
        "details": findings.counts(),
        "report_type": "BUG",
        "reporter": "basalt",
        "result": if failed { "FAILED" } else { "PASSED" },
        "data": [
            {"title": "Errors", "type": "NUMBER", "value": count(Level::Error)},
            {"title": "Warnings", "type": "NUMBER", "value": count(Level::Warning)},
            {"title": "Affected rows", "type": "NUMBER", "value": findings.affected_rows},
        ],
    });
    let all: Vec<Value> = findings
        .all
        .iter()
        .take(MOST_ANNOTATIONS)
        .enumerate()
        .map(|(n, f)| annotation(n, f))
        .collect();
    Report { report, annotations: all.chunks(TOGETHER).map(|some| json!(some)).collect() }
}

fn annotation(n: usize, finding: &Finding) -> Value {
    let mut annotation = json!({
        "external_id": format!("basalt-{n}"),
        "annotation_type": "BUG",
        "severity": match finding.level {
            Level::Error => "HIGH",
            Level::Warning => "MEDIUM",
        },
        "summary": cut(&format!("{}: {}", finding.title, finding.content)),
        "details": cut(&format!("on {}", finding.targets.join(", "))),
    });
    if !finding.file.is_empty() {
        annotation["path"] = json!(finding.file);
        annotation["line"] = json!(finding.line.unwrap_or(1));
    }
    annotation
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
