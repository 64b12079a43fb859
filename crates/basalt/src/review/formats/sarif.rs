//! SARIF 2.1.0: one run, with the rules that found something, in the order in which they did.

use review::{Advice, By, Fix, RuleType, Status};
use serde_json::{Value, json};

use crate::review::reviewed::{Reviewed, SYNTAX_ERROR, name};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Everything but the results, which come first: which rules found something is known at the end.
pub fn frame(rules: &[&'static str]) -> Value {
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "columnKind": "unicodeCodePoints",
            "results": [],
            "tool": { "driver": {
                "name": "basalt",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|name| rule(name)).collect::<Vec<_>>(),
            }},
        }],
    })
}

/// What was found in a file.
pub fn results(file: &Reviewed) -> Vec<Value> {
    let found = file.report.advices.iter().map(|advice| result(file, advice));
    let suppressed = file.report.suppressed.iter().map(|suppressed| {
        let mut result = result(file, &suppressed.advice);
        let kind = match suppressed.by {
            By::Comment => "inSource",
            By::Exception => "external",
        };
        result["suppressions"] = json!([{ "kind": kind, "justification": suppressed.reason }]);
        result
    });
    found.chain(suppressed).collect()
}

fn result(file: &Reviewed, advice: &Advice) -> Value {
    let name = name(advice);
    let mut physical = json!({ "artifactLocation": { "uri": uri(&file.path) } });
    if let Some(place) = file.place(advice) {
        physical["region"] = json!({
            "startLine": place.start.line,
            "startColumn": place.start.column,
            "endLine": place.end.line,
            "endColumn": place.end.column,
        });
    }
    let mut result = json!({
        "ruleId": name,
        "level": if advice.status == Status::Error { "error" } else { "warning" },
        "message": { "text": advice.content },
        "locations": [{ "physicalLocation": physical }],
    });
    if let Some(fix) = &advice.fix {
        result["fixes"] = json!([of_fix(file, fix)]);
    }
    result
}

fn of_fix(file: &Reviewed, fix: &Fix) -> Value {
    let replacements = fix.edits.iter().map(|edit| {
        let [start, end] = file.region(edit.span);
        json!({
            "deletedRegion": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            },
            "insertedContent": { "text": edit.text },
        })
    });
    json!({
        "description": { "text": fix.title },
        "artifactChanges": [{
            "artifactLocation": { "uri": uri(&file.path) },
            "replacements": replacements.collect::<Vec<_>>(),
        }],
    })
}

fn rule(name: &str) -> Value {
    let known = RuleType::from_name(name).and_then(review::rule);
    let (what, why) = match known {
        Some(rule) => (rule.doc.what, rule.doc.why),
        None if name == SYNTAX_ERROR => (
            "The script cannot be parsed.",
            "What cannot be parsed can be neither run nor reviewed.",
        ),
        None => (name, ""),
    };
    json!({
        "id": name,
        "shortDescription": { "text": what },
        "fullDescription": { "text": format!("{what} {why}").trim_end() },
    })
}

/// A path as a URI reference: what is not allowed in one is written as bytes in hexadecimal.
fn uri(path: &str) -> String {
    let lead = if path.starts_with('/') { "file://" } else { "" };
    let mut uri = lead.to_owned();
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_become_uri_references() {
        assert_eq!(uri("db/1 ä#.sql"), "db/1%20%C3%A4%23.sql");
        assert_eq!(uri("/srv/a:b.sql"), "file:///srv/a%3Ab.sql");
    }
}
