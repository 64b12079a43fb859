//! split.jsonl: pieces with text, lines, columns and byte ranges; the batches of SQL Server's scripts.

use conformance::Outcome;
use serde_json::{Value, json};
use sql::Reader;

use crate::readers::reader;

#[test]
fn conformance_split() {
    conformance::run("split", "split.jsonl", |row| {
        let engine = row["engine"].as_str().unwrap_or_default();
        let Some(reader) = reader(engine) else { return Outcome::Failed("no reader".to_owned()) };
        let input = row["input"].as_str().unwrap_or_default();
        let found = match row["kind"].as_str() {
            Some("split_raw") => texts(reader, input),
            Some("go_batch") => batches(input),
            _ => pieces(reader, input),
        };
        Outcome::of(&found, &row["expect"])
    });
}

fn pieces(reader: &dyn Reader, script: &str) -> Value {
    let at = |p: base::Position| json!({"line": p.line, "column": p.column});
    let piece = |p: sql::Piece| {
        json!({
            "text": p.span.of(script),
            "baseline": p.start.line - 1,
            "start": at(p.start),
            "end": at(p.end),
            "range": {"start": p.span.start, "end": p.span.end},
            "empty": p.statement.is_none(),
        })
    };
    reader.pieces(script).into_iter().map(piece).collect()
}

fn texts(reader: &dyn Reader, script: &str) -> Value {
    reader.pieces(script).iter().map(|p| p.span.of(script)).collect()
}

fn batches(script: &str) -> Value {
    let batch = |b: sql_mssql::Batch| {
        let command = b.count.map_or_else(String::new, |n| format!("GO {n}"));
        let (start, end) = (b.span.start, b.span.end);
        json!({"statements": {"text": b.span.of(script), "start": start, "end": end}, "command": command})
    };
    sql_mssql::batches(script).map(batch).collect()
}
