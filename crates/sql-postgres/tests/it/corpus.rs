//! Valid statements give no syntax errors: a rate that may only rise.

use sql::Dialect as _;

#[test]
fn valid_statements_have_no_syntax_errors() {
    let Some(rows) = testkit::conformance::rows("corpus/pg.jsonl", None) else { return };
    let wrong: Vec<_> = rows
        .iter()
        .map(|row| row["sql"].as_str().unwrap())
        .filter_map(|sql| Some((sql, sql_postgres::DIALECT.syntax_errors(sql)?)))
        .filter(|(_, errors)| !errors.is_empty())
        .collect();
    println!("corpus/pg.jsonl: {}/{} without syntax errors", rows.len() - wrong.len(), rows.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_statement_of_the_corpus_has_a_kind() {
    let Some(rows) = testkit::conformance::rows("corpus/pg.jsonl", None) else { return };
    let unknown: Vec<_> = rows
        .iter()
        .map(|row| row["sql"].as_str().unwrap())
        .flat_map(|sql| {
            let statements = sql_postgres::DIALECT.split(sql);
            statements.into_iter().map(|s| s.text(sql).to_owned()).collect::<Vec<_>>()
        })
        .filter(|sql| sql_postgres::DIALECT.classify(sql).kind == sql::StatementKind::Unknown)
        .collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
}

/// Cut, doubled and spliced statements: whatever comes out has its place in the text, and nothing is lost in splitting.
#[test]
fn broken_statements_break_nothing() {
    let Some(rows) = testkit::conformance::rows("corpus/pg.jsonl", None) else { return };
    let splices = ["'", "\"", "$$", "/*", "(", ")", ";", "E'\\", "é", "BEGIN ATOMIC", "\0"];
    let mut tried = 0;
    for (n, row) in rows.iter().enumerate() {
        let sql = row["sql"].as_str().unwrap();
        let at = sql.floor_char_boundary(n * 7919 % (sql.len() + 1));
        let (left, right) = sql.split_at(at);
        let splice = splices[n % splices.len()];
        for broken in [left.to_owned(), right.to_owned(), format!("{left}{splice}{right}")] {
            tried += 1;
            let whole: String =
                sql_postgres::split::segments(&broken).map(|s| s.whole.of(&broken)).collect();
            assert_eq!(whole.trim_end(), broken.trim_end(), "segments cover the text");
            for statement in sql_postgres::DIALECT.split(&broken) {
                let text = statement.text(&broken);
                assert!(!text.is_empty() && text.trim_start() == text, "{text:?}");
                sql_postgres::DIALECT.classify(text);
            }
            for error in sql_postgres::DIALECT.syntax_errors(&broken).unwrap() {
                assert!(broken.get(error.span.start..error.span.end).is_some(), "{error:?}");
            }
        }
    }
    println!("{tried} broken statements");
}
