//! review.jsonl and walkthrough.jsonl: prints `SET ENGINE PASSED/TOTAL`, `SET total PASSED/TOTAL` and the failing ids.
//!
//! `conformance.ratchet` holds what was reached: `SET ENGINE PASSED TOTAL`. On the same data it may only rise; on other
//! data (another total) it says nothing.

use base::{EngineKind, Position};
use review::{Advice, Payload, RuleType};
use serde_json::Value;

use crate::support;

const RATCHET: &str = include_str!("conformance.ratchet");
const POSTGRES: &str = include_str!("conformance/postgres.sql");

#[test]
fn conformance_review() {
    let catalog = support::catalog(POSTGRES);
    let report = judge("review", "review.jsonl", |row| {
        let rule = RuleType::from_name(row["rule_type"].as_str()?)?;
        let payload = match &row["payload"] {
            Value::Null => Payload::None,
            payload => serde_json::from_value(payload.clone()).expect("a payload"),
        };
        let statement = row["statement"].as_str()?;
        let report =
            support::run(statement, Some(&catalog), &[support::config(rule, payload)], None);
        let mut found: Vec<Value> = report.advices.iter().map(shown).collect();
        let mut wanted: Vec<Value> = row["expect"].as_array()?.iter().map(relevant).collect();
        found.sort_by_key(ToString::to_string);
        wanted.sort_by_key(ToString::to_string);
        Some(compare(&wanted, &found))
    });
    println!("{report}");
}

#[test]
fn conformance_walkthrough() {
    // The database that the rows assume; the view reads the table.
    let catalog = support::catalog(
        "CREATE TABLE test (id int, name text); CREATE VIEW v1 AS SELECT id, name FROM test;",
    );
    let report = judge("walkthrough", "walkthrough.jsonl", |row| {
        let rules = [support::config(RuleType::BuiltinWalkThroughCheck, Payload::None)];
        let statement = row["statement"].as_str()?;
        let report = support::run(statement, Some(&catalog), &rules, None);
        let found = report.advices.first().map_or(Value::Null, |a| a.code.into());
        let advice = &row["expect"]["advice"];
        let wanted = if advice.is_null() { Value::Null } else { advice["code"].clone() };
        if !row["expect"]["metadata"].is_null() {
            return Some(Some("metadata is not compared yet".to_owned()));
        }
        Some(compare(&[wanted], &[found]))
    });
    println!("{report}");
}

/// None: as wanted. Some: what differs.
fn compare(wanted: &[Value], found: &[Value]) -> Option<String> {
    let show = |rows: &[Value]| rows.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    (wanted != found).then(|| format!("wanted [{}], found [{}]", show(wanted), show(found)))
}

fn shown(advice: &Advice) -> Value {
    serde_json::json!({
        "status": advice.status,
        "code": advice.code,
        "line": advice.start.map(|p: Position| p.line),
    })
}

fn relevant(expected: &Value) -> Value {
    serde_json::json!({
        "status": expected["status"],
        "code": expected["code"],
        "line": expected["line"],
    })
}

/// Runs `check` on the rows of engines that have rules; it gives None for a row that is not understood. Gives what is to
/// be printed.
fn judge(set: &str, file: &str, check: impl Fn(&Value) -> Option<Option<String>>) -> String {
    let Some(rows) = testkit::conformance::rows(file, None) else { return String::new() };
    let mut report = Vec::new();
    let mut failed = Vec::new();
    let mut total = (0, 0);
    for engine in EngineKind::ALL {
        let rows: Vec<&Value> = rows.iter().filter(|r| r["engine"] == engine.wire_name()).collect();
        if rows.is_empty() {
            continue;
        }
        let mut passed = 0;
        for row in &rows {
            let outcome = match review::dialect(*engine) {
                Some(_) => {
                    check(row).unwrap_or_else(|| Some("the row is not understood".to_owned()))
                }
                None => Some("the engine has no rules yet".to_owned()),
            };
            match outcome {
                None => passed += 1,
                Some(why) => failed.push((*engine, row["id"].to_string(), why)),
            }
        }
        report.push(format!("{set} {} {passed}/{}", engine.wire_name(), rows.len()));
        total = (total.0 + passed, total.1 + rows.len());
        ratchet(set, *engine, passed, rows.len());
    }
    report.push(format!("{set} total {}/{}", total.0, total.1));
    report.extend(failed.into_iter().map(|(engine, id, why)| match review::dialect(engine) {
        Some(_) => format!("  {id}: {why}"),
        None => format!("  {id}"),
    }));
    report.join("\n")
}

fn ratchet(set: &str, engine: EngineKind, passed: usize, total: usize) {
    let reached = RATCHET.lines().find_map(|line| {
        let words: Vec<&str> = line.split(' ').collect();
        let [s, e, reached, of] = words[..] else { return None };
        let same = s == set && e == engine.wire_name() && of == total.to_string();
        same.then(|| reached.parse::<usize>().expect("a number"))
    });
    if let Some(reached) = reached {
        let engine = engine.wire_name();
        assert!(passed >= reached, "{set} {engine} fell from {reached} to {passed} of {total}");
    }
}
