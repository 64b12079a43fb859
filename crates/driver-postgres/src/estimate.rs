//! How many rows a statement would touch, by the planner's word.

use engine::Failure;
use serde_json::Value;
use sql::{Dialect as _, StatementClass};
use tokio_postgres::Client;

use crate::rows;

/// EXPLAIN plans the statement and does not run it. None for what does not change rows.
pub async fn estimate_rows(client: &Client, statement: &str) -> Result<Option<i64>, Failure> {
    // EXPLAIN binds the first statement only: a second one in the text would run.
    let split = sql_postgres::DIALECT.split(statement);
    let [single] = split.as_slice() else { return Ok(None) };
    let single = single.text(statement);
    let kind = sql_postgres::DIALECT.classify(single).kind;
    if kind.class() != StatementClass::Dml || is_utility(single) {
        return Ok(None);
    }
    let json = rows::text(client, &format!("EXPLAIN (FORMAT JSON) {single}")).await?;
    let plan: Value = match serde_json::from_str(&json) {
        Ok(plan) => plan,
        Err(_) => return Ok(None),
    };
    Ok(modified_rows(&plan[0]["Plan"]))
}

/// EXPLAIN takes queries only; COPY is none, and an EXPLAIN ANALYZE would run.
fn is_utility(statement: &str) -> bool {
    let mut tokens = sql::lex::Lexer::new(statement, sql_postgres::split::RULES);
    let first = tokens.find(|t| !t.is_trivia());
    first.is_none_or(|t| t.is_word(statement, "copy") || t.is_word(statement, "explain"))
}

/// Rows that come into the ModifyTable nodes: their own estimate is 0 without RETURNING.
fn modified_rows(plan: &Value) -> Option<i64> {
    let children = plan["Plans"].as_array().map_or(&[][..], Vec::as_slice);
    if plan["Node Type"] == "ModifyTable" {
        // Init plans and CTEs are not what is written.
        let source =
            |p: &&Value| matches!(p["Parent Relationship"].as_str(), Some("Outer" | "Member"));
        return Some(children.iter().filter(source).filter_map(|p| p["Plan Rows"].as_i64()).sum());
    }
    let below: Vec<i64> = children.iter().filter_map(modified_rows).collect();
    (!below.is_empty()).then(|| below.iter().sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_is_written() {
        let plan = serde_json::json!({"Node Type": "CTE Scan", "Plan Rows": 7, "Plans": [
            {"Node Type": "ModifyTable", "Plan Rows": 0, "Plans": [
                {"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Plan Rows": 42},
                {"Node Type": "Seq Scan", "Parent Relationship": "InitPlan", "Plan Rows": 9}]}]});
        assert_eq!(modified_rows(&plan), Some(42));
        assert_eq!(
            modified_rows(&serde_json::json!({"Node Type": "Seq Scan", "Plan Rows": 1})),
            None
        );
    }
}
