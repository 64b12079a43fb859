//! The corpus: every statement of it is one statement of a known kind.

use sql::{Dialect as _, StatementKind};
use sql_mysql::DIALECT;

/// Share of the corpus whose kind is known. A ratchet: it may only rise.
const KNOWN: f64 = 1.0;

#[test]
fn the_corpus_is_known() {
    let Some(rows) = testkit::conformance::rows("corpus/mysql.jsonl", None) else { return };
    let (mut known, mut all) = (0, 0);
    for row in &rows {
        let script = row["sql"].as_str().expect("sql is text");
        assert_eq!(
            DIALECT.split(script).len(),
            1,
            "a row of the corpus is one statement: {script}"
        );
        for statement in DIALECT.split(script) {
            let text = statement.text(script);
            all += 1;
            if DIALECT.classify(text).kind == StatementKind::Unknown {
                println!("unknown: {}", text.chars().take(120).collect::<String>());
            } else {
                known += 1;
            }
        }
    }
    let share = f64::from(known) / f64::from(all);
    assert!(share >= KNOWN, "{known} of {all} are known: {share:.4}");
}
