//! Statements on PostgreSQL, for the tests' own use: not through our driver, which is what they test.

use std::error::Error as _;
use std::time::Duration;

use tokio_postgres::{NoTls, SimpleQueryMessage};

use super::Server;

/// A test's statement that takes longer hangs.
const LIMIT: Duration = Duration::from_secs(60);

pub(super) async fn run(
    server: &Server,
    database: Option<&str>,
    sql: &str,
) -> Result<Vec<Vec<Option<String>>>, String> {
    let url = database.map_or_else(|| server.url.clone(), |name| server.url_of(name));
    let (client, connection) =
        tokio_postgres::connect(&url, NoTls).await.map_err(|error| words(&error))?;
    // Ends when the client is dropped; its errors also reach the client's calls.
    let connection = tokio::spawn(connection);
    let answer = tokio::time::timeout(LIMIT, client.simple_query(sql)).await;
    drop(client);
    connection.abort();
    let messages =
        answer.map_err(|_| format!("no answer in {LIMIT:?}"))?.map_err(|error| words(&error))?;

    let mut rows = Vec::new();
    for message in messages {
        match message {
            // A new result begins: only the last one counts.
            SimpleQueryMessage::RowDescription(_) => rows.clear(),
            SimpleQueryMessage::Row(row) => {
                rows.push((0..row.len()).map(|i| row.get(i).map(str::to_owned)).collect());
            }
            _ => {}
        }
    }
    Ok(rows)
}

/// The server's own message, which tokio-postgres keeps in the source.
fn words(error: &tokio_postgres::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}
