//! A pooler that gives each transaction another server connection takes away what a session is made of: its lock, its settings, its process id.
//!
//! A pooler shows itself by the process id that it invents at sign-in, for cancelling. Which mode it is in shows when a second connection
//! stands in a transaction: in session mode the two are never on the same server process.

use engine::{Engine as _, Finding, FindingLevel, Outbound, Session, Target, Transaction};
use tokio_postgres::{CancelToken, Client};

use crate::{PostgresEngine, backend_key, rows};

/// How the session that asks was made.
pub struct Connection<'a> {
    pub client: &'a Client,
    pub token: &'a CancelToken,
    pub outbound: &'a Outbound,
    pub target: &'a Target,
    pub has_tls: bool,
    /// The process that it was on at first.
    pub backend: &'a str,
}

/// `now` is the process that the session is on.
pub async fn judge(connection: &Connection<'_>, now: &str) -> Option<Finding> {
    if now != connection.backend {
        return Some(stop("its server process changed between two statements"));
    }
    let told = backend_key::process_id(connection.token, connection.has_tls).await?;
    if told.to_string() == now {
        return None;
    }
    let engine = PostgresEngine::new(connection.outbound.clone());
    let mut second = match engine.connect(connection.target).await {
        Ok(second) => second,
        Err(failure) => {
            return Some(Finding::new(
                "POOLER",
                FindingLevel::Warning,
                format!(
                    "a connection pooler stands before the server, and no second connection could be had to see whether it keeps sessions: {}; make sure it is in session mode",
                    failure.message
                ),
            ));
        }
    };
    let found = shares(connection, second.as_mut()).await;
    second.close().await;
    found.map(|why| stop(&why))
}

/// Why the two connections do not have a server process each; None when they do.
async fn shares(connection: &Connection<'_>, second: &mut dyn Session) -> Option<String> {
    if let Err(failure) = second.begin(&Transaction::default()).await {
        return Some(format!("it refuses transactions: {}", failure.message));
    }
    let theirs = second.fetch("SELECT pg_catalog.pg_backend_pid()", 1).await;
    let theirs = match theirs {
        Ok(rows) => rows.into_iter().flatten().next().flatten().unwrap_or_default(),
        Err(failure) => return Some(format!("a second connection failed: {}", failure.message)),
    };
    if theirs == connection.backend {
        return Some(format!("another connection was given the same server process, {theirs}"));
    }
    // While the second stands in its transaction, ours is on a process of its own, the one from before in session mode only.
    match rows::text(connection.client, "SELECT pg_catalog.pg_backend_pid()").await {
        Ok(ours) if ours == connection.backend => None,
        Ok(ours) => {
            Some(format!("the server process changed from {} to {ours}", connection.backend))
        }
        Err(failure) => Some(format!("the connection failed: {}", failure.message)),
    }
}

fn stop(why: &str) -> Finding {
    Finding::new(
        "POOLER",
        FindingLevel::Stop,
        format!(
            "a connection pooler that does not keep sessions (transaction or statement mode) stands before the server: {why}. Point the data source at the server itself, or set the pooler to session mode for Basalt's user"
        ),
    )
}
