//! GitLab's code quality report: it compares the fingerprints of two branches, so they must not change when lines move.

use std::collections::HashMap;

use review::{Advice, Status};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::review::reviewed::{Reviewed, SYNTAX_ERROR, name};

pub fn findings(file: &Reviewed) -> Vec<Value> {
    // The same finding may be there several times: then it is told apart by its number.
    let mut seen: HashMap<String, usize> = HashMap::new();
    let finding = |advice: &Advice| {
        let name = name(advice);
        let place = file.place(advice);
        let code = place.map_or("", |p| p.span.of(&file.text));
        let what = format!("{}\0{name}\0{}\0{code}", file.path, advice.content);
        let nth = seen.entry(what.clone()).or_default();
        *nth += 1;
        json!({
            "description": advice.content,
            "check_name": name,
            "fingerprint": hex::encode(Sha256::digest(format!("{what}\0{nth}"))),
            "severity": match advice.status {
                Status::Error if name == SYNTAX_ERROR => "blocker",
                Status::Error => "major",
                _ => "minor",
            },
            "location": {
                "path": file.path,
                "lines": { "begin": place.map_or(1, |p| p.start.line) },
            },
        })
    };
    file.report.advices.iter().map(finding).collect()
}
