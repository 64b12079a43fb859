//! statement_type.jsonl: the kinds of a script's statements. A set: their order says nothing.

use std::collections::BTreeSet;

use conformance::Outcome;

use crate::readers::reader;

#[test]
fn conformance_statement_type() {
    conformance::run("statement_type", "statement_type.jsonl", |row| {
        let engine = row["engine"].as_str().unwrap_or_default();
        let Some(reader) = reader(engine) else { return Outcome::Failed("no reader".to_owned()) };
        let script = row["statement"].as_str().unwrap_or_default();
        let found: BTreeSet<_> =
            reader.statement_kinds(script).into_iter().map(sql::StatementKind::as_str).collect();
        let expect: Option<BTreeSet<_>> =
            row["expect"].as_array().map(|e| e.iter().filter_map(|t| t.as_str()).collect());
        if Some(&found) == expect.as_ref() {
            return Outcome::Passed;
        }
        Outcome::Failed(format!("found  {found:?}\nexpect {expect:?}"))
    });
}
