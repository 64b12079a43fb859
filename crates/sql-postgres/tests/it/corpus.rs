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
