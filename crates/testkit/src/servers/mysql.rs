//! Statements on MariaDB and MySQL, for the tests' own use: not through our driver, which is what they test.

use std::time::Duration;

use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Opts, Row, Value};

use super::Server;

/// A test's statement that takes longer hangs.
const LIMIT: Duration = Duration::from_secs(60);

pub(super) async fn run(
    server: &Server,
    database: Option<&str>,
    sql: &str,
) -> Result<Vec<Vec<Option<String>>>, String> {
    let url = database.map_or_else(|| server.url.clone(), |name| server.url_of(name));
    let opts = Opts::from_url(&url).map_err(|error| error.to_string())?;
    tokio::time::timeout(LIMIT, run_on(opts, sql))
        .await
        .map_err(|_| format!("no answer in {LIMIT:?}"))?
        .map_err(|error| error.to_string())
}

async fn run_on(opts: Opts, sql: &str) -> mysql_async::Result<Vec<Vec<Option<String>>>> {
    let mut conn = Conn::new(opts).await?;
    let mut rows: Vec<Vec<Option<String>>> = Vec::new();
    let mut result = conn.query_iter(sql).await?;
    // One result a statement. The loop reads them all, so that a later statement's error is not lost.
    while !result.is_empty() {
        let has_columns = !result.columns_ref().is_empty();
        let of_this: Vec<Row> = result.collect().await?;
        if has_columns {
            rows = of_this
                .into_iter()
                .map(|row| row.unwrap().into_iter().map(text).collect())
                .collect();
        }
    }
    drop(result);
    conn.disconnect().await?;
    Ok(rows)
}

/// The text protocol gives bytes or NULL, nothing else.
fn text(value: Value) -> Option<String> {
    match value {
        Value::NULL => None,
        Value::Bytes(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        other => Some(other.as_sql(true)),
    }
}
