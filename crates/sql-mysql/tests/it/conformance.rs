//! split.jsonl and statement_type.jsonl. Their statements include leading blanks and the terminator, ours do not.

use sql::{Dialect as _, StatementKind};
use sql_mysql::DIALECT;

#[test]
fn splits_as_expected() {
    for engine in ["MYSQL", "MARIADB", "TIDB", "OCEANBASE"] {
        for row in testkit::conformance::rows("split.jsonl", Some(engine)).unwrap_or_default() {
            let input = row["input"].as_str().expect("input is text");
            let expect: Vec<&str> = row["expect"]
                .as_array()
                .expect("a list of statements")
                .iter()
                .filter(|s| s["empty"] != true)
                .map(|s| s["text"].as_str().expect("text").trim().trim_end_matches(';').trim())
                .collect();
            let got: Vec<_> = DIALECT.split(input);
            assert_eq!(got.len(), expect.len(), "{row}");
            for (got, expect) in got.iter().zip(expect) {
                assert!(expect.ends_with(got.text(input)), "{}: {row}", got.text(input));
            }
            let segments: String = sql_mysql::segments(input).map(|s| s.whole.of(input)).collect();
            assert!(input.starts_with(&segments), "pieces follow one another: {row}");
            assert!(input[segments.len()..].trim().is_empty(), "pieces cover the text: {row}");
        }
    }
}

#[test]
fn statement_types_as_expected() {
    for engine in ["MYSQL", "MARIADB", "TIDB", "OCEANBASE"] {
        for row in
            testkit::conformance::rows("statement_type.jsonl", Some(engine)).unwrap_or_default()
        {
            let script = row["statement"].as_str().expect("statement is text");
            let got: Vec<_> = DIALECT
                .split(script)
                .iter()
                .map(|s| DIALECT.classify(s.text(script)).kind)
                .map(StatementKind::as_str)
                .collect();
            let expect: Vec<_> = row["expect"]
                .as_array()
                .expect("list")
                .iter()
                .map(|t| t.as_str().expect("text"))
                .collect();
            assert_eq!(got, expect, "{row}");
        }
    }
}

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
