//! split.jsonl: pieces with text, lines, columns and byte ranges.

use base::{LineIndex, Position};
use serde_json::{Value, json};

#[test]
fn conformance() {
    let Some(rows) = testkit::conformance::rows("split.jsonl", Some("POSTGRES")) else { return };
    let wrong: Vec<_> = rows
        .iter()
        .map(|row| {
            (row["id"].as_str().unwrap(), &row["expect"], pieces(row["input"].as_str().unwrap()))
        })
        .filter(|(_, expect, found)| *expect != found)
        .collect();
    println!("split.jsonl POSTGRES: {}/{}", rows.len() - wrong.len(), rows.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Segments as the data words them.
fn pieces(script: &str) -> Value {
    let lines = LineIndex::new(script);
    let at = |p: Position| json!({"line": p.line, "column": p.column});
    sql_postgres::split::segments(script)
        .map(|s| {
            let start = lines.position(script, s.whole.start);
            json!({
                "text": s.whole.of(script),
                "baseline": start.line - 1,
                "start": at(start),
                "end": at(lines.position(script, s.whole.end)),
                "range": {"start": s.whole.start, "end": s.whole.end},
                "empty": s.statement.is_none(),
            })
        })
        .collect()
}
