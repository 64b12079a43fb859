//! Statements with one token taken out: the parser has to refuse what PostgreSQL refuses, and to take what it takes.

use sql::Dialect as _;
use squawk_syntax::SyntaxKind::{COMMENT, WHITESPACE};
use testkit::servers;
use tokio_postgres::NoTls;
use tokio_postgres::error::SqlState;

/// Of each statement, so many of its tokens are taken out, one at a time, spread over its length.
const EACH: usize = 4;

fn mutants(sql: &str) -> Vec<String> {
    let tree = squawk_syntax::SourceFile::parse(sql).syntax_node();
    let tokens: Vec<_> = tree
        .descendants_with_tokens()
        .filter_map(|element| element.as_token().cloned())
        .filter(|token| !matches!(token.kind(), WHITESPACE | COMMENT))
        .map(|token| {
            (usize::from(token.text_range().start()), usize::from(token.text_range().end()))
        })
        .collect();
    let step = tokens.len().div_ceil(EACH).max(1);
    let without = |&(start, end): &(usize, usize)| format!("{} {}", &sql[..start], &sql[end..]);
    tokens.iter().step_by(step).map(without).collect()
}

/// Whether PostgreSQL reads `sql`. It reads a whole message before it runs the first statement of it, and that one fails: nothing runs.
async fn is_read(client: &tokio_postgres::Client, sql: &str) -> bool {
    let answer = client.simple_query(&format!("SELECT 1/0;\n{sql}")).await;
    let error = answer.expect_err("the first statement fails");
    let state = error.code().expect("an error of the server");
    assert!(
        [SqlState::SYNTAX_ERROR, SqlState::DIVISION_BY_ZERO].contains(state)
            || state.code().starts_with("22")
            || state.code().starts_with("0A")
            || state.code().starts_with("42"),
        "{sql}: {error:?}"
    );
    *state == SqlState::DIVISION_BY_ZERO
}

#[tokio::test]
async fn conformance_mutants() {
    let Some(rows) = testkit::conformance::rows("corpus/pg.jsonl", None) else { return };
    let Some(server) = servers::postgres18().await.or(servers::postgres().await) else { return };
    let (client, connection) =
        tokio_postgres::connect(&server.url_of("postgres"), NoTls).await.expect("a connection");
    let driver = tokio::spawn(connection);
    let (mut refused, mut taken) = (0, 0);
    let (mut let_through, mut kept_out) = (Vec::new(), Vec::new());
    for row in &rows {
        for mutant in mutants(row["sql"].as_str().unwrap()) {
            let ours = sql_postgres::DIALECT.syntax_errors(&mutant).is_none_or(|e| e.is_empty());
            let theirs = is_read(&client, &mutant).await;
            if theirs {
                taken += 1;
            } else {
                refused += 1;
            }
            match (ours, theirs) {
                (true, false) => let_through.push(mutant),
                (false, true) => kept_out.push(mutant),
                _ => {}
            }
        }
    }
    drop(client);
    driver.await.expect("ends").expect("a whole connection");
    println!("mutants POSTGRES accepted {}/{refused}", let_through.len());
    println!("mutants POSTGRES rejected {}/{taken}", kept_out.len());
    assert!(let_through.len() * 100 <= refused, "{let_through:#?}");
    assert!(kept_out.len() * 100 <= taken, "{kept_out:#?}");
}
