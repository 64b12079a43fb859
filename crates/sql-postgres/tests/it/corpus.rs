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

/// The tree holds the whole text, and what is made of it has its place in the text.
#[test]
fn conformance_corpus() {
    let Some(rows) = testkit::conformance::rows("corpus/pg.jsonl", None) else { return };
    let mut failed = Vec::new();
    for row in &rows {
        let sql = row["sql"].as_str().unwrap();
        let script = sql_postgres::DIALECT.parse(sql);
        let lossless = script.statements.iter().all(|s| {
            let text = s.statement.text(sql);
            squawk_syntax::SourceFile::parse(text).syntax_node().text() == text
        });
        if !lossless || script.errors().next().is_some() {
            failed.push(sql);
        }
    }
    println!("corpus POSTGRES {}/{}", rows.len() - failed.len(), rows.len());
    println!("corpus total {}/{}", rows.len() - failed.len(), rows.len());
    assert!(failed.is_empty(), "{failed:#?}");
}

/// Statements that say something to a reader of trees are not left out.
#[test]
fn known_statements_have_trees() {
    let Some(rows) = testkit::conformance::rows("corpus/pg.jsonl", None) else { return };
    let mut unread = Vec::new();
    for row in &rows {
        let sql = row["sql"].as_str().unwrap();
        for parsed in sql_postgres::DIALECT.parse(sql).statements {
            let kind = sql_postgres::DIALECT.classify(parsed.statement.text(sql)).kind;
            let readable = matches!(
                kind,
                sql::StatementKind::CreateTable
                    | sql::StatementKind::CreateView
                    | sql::StatementKind::CreateIndex
                    | sql::StatementKind::Insert
                    | sql::StatementKind::Update
                    | sql::StatementKind::Delete
                    | sql::StatementKind::DropTable
            );
            if readable && matches!(parsed.body, sql::tree::Body::Other | sql::tree::Body::Unparsed)
            {
                unread.push(parsed.statement.text(sql).to_owned());
            }
        }
    }
    assert!(unread.is_empty(), "{unread:#?}");
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
            sql_postgres::DIALECT.parse(&broken);
            for error in sql_postgres::DIALECT.syntax_errors(&broken).unwrap() {
                assert!(broken.get(error.span.start..error.span.end).is_some(), "{error:?}");
            }
        }
    }
    println!("{tried} broken statements");
}
