//! GitLab's code quality report: it compares the fingerprints of two branches, so they do not hold lines, which move.

use std::collections::HashMap;

use base::id::sha256_hex;
use serde_json::{Value, json};

use crate::findings::{Finding, Level};

/// `general` is where findings stand that are about no file: GitLab wants one.
pub fn code_quality(all: &[Finding], general: &str) -> Value {
    // The same finding may be there several times: then it is told apart by its number.
    let mut seen: HashMap<String, usize> = HashMap::new();
    let told = all.iter().map(|finding| {
        let what = format!("{}\0{}\0{}", finding.file, finding.title, finding.content);
        let nth = seen.entry(what.clone()).or_default();
        *nth += 1;
        let path = if finding.file.is_empty() { general } else { &finding.file };
        json!({
            "description": format!("{}: {} on {}", finding.title, finding.content, finding.targets.join(", ")),
            "check_name": finding.title,
            "fingerprint": sha256_hex(format!("{what}\0{nth}").as_bytes()),
            "severity": match finding.level {
                Level::Error => "critical",
                Level::Warning => "minor",
            },
            "location": {"path": path, "lines": {"begin": finding.line.unwrap_or(1)}},
        })
    });
    Value::Array(told.collect())
}
