//! The SQL editor's half of the server: reading a real database, within limits, and the history of it.

mod cancel;
mod engines;
mod history;
mod refused;

use serde_json::{Value, json};
use testkit::app::{CallError, Client};

use crate::shop::list;

const QUERY: &str = "SQLService/Query";

/// Runs a request.
async fn ask(by: &Client, request: Value) -> Result<Value, CallError> {
    by.json(QUERY, request).await
}

/// The results of a request that is answered.
async fn results(by: &Client, database: &str, statement: &str) -> Vec<Value> {
    let answer = ask(by, json!({"name": database, "statement": statement})).await;
    list(&answer.expect("an answer")["results"])
}

/// The one result of a statement that works.
async fn result(by: &Client, request: Value) -> Value {
    let answer = ask(by, request).await.expect("an answer");
    let mut results = list(&answer["results"]);
    let one = results.pop().expect("a result");
    assert!(results.is_empty() && one["error"].is_null(), "{one}");
    one
}

/// The values of a result, row by row, each as `{kind: value}`.
fn rows(result: &Value) -> Vec<Vec<Value>> {
    list(&result["rows"]).iter().map(|row| list(&row["values"])).collect()
}
